"""Settings: every problem at once, with its cure, and no secret."""

from pathlib import Path

import pytest

from bot.settings import Settings, SettingsError, read_settings
from scheduler.address import Person

ENVIRONMENT = [name.upper() for name in Settings.model_fields]


@pytest.fixture(autouse=True)
def empty(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty environment in a folder of its own."""
    for name in ENVIRONMENT:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_nothing_has_to_be_set() -> None:
    settings = read_settings()
    assert (settings.web_host, settings.web_port, settings.discord_token) == ("127.0.0.1", 8080, None)


def test_a_dotenv_file_is_read_and_empty_lines_in_it_mean_unset(empty: Path) -> None:
    (empty / ".env").write_text(
        "WEB_PORT=9090\nDISCORD_TOKEN=\nADMINS=slack:T1/U1, discord:42\nWORKSPACES=\n"
    )
    settings = read_settings()
    assert settings.web_port == 9090
    assert settings.discord_token is None
    assert settings.admins == {Person("slack", "T1", "U1"), Person("discord", "", "42")}
    assert settings.workspaces == frozenset()


def test_every_problem_is_reported_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADMINS", "somebody")
    monkeypatch.setenv("WORKSPACES", "here")
    monkeypatch.setenv("DISCORD_API_BASE", "discord.example")
    with pytest.raises(SettingsError) as problem:
        read_settings()
    assert str(problem.value).splitlines() == [
        "DISCORD_API_BASE: 'discord.example' is no address; write it like https://example.org/api",
        "ADMINS: 'somebody' is no person; write it like slack:T1/U1 or discord:123",
        "WORKSPACES: 'here' is no workspace; write it like slack:T1 or discord:123",
    ]


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        (
            {"SLACK_APP_TOKEN": "xapp-1"},
            "SLACK_APP_TOKEN is set without SLACK_BOT_TOKEN; set both (README, Connect Slack)",
        ),
        (
            {"SLACK_BOT_TOKEN": "xoxb-1"},
            "SLACK_BOT_TOKEN is set without SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET with"
            " PUBLIC_PORT (HTTP); set one of them (README, Connect Slack)",
        ),
        (
            {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s"},
            "SLACK_SIGNING_SECRET needs PUBLIC_PORT, the port on which Slack reaches /slack/events",
        ),
        (
            {"WEB_HOST": "0.0.0.0"},
            "WEB_HOST is not a loopback address; the page is for this machine only: use 127.0.0.1",
        ),
    ],
)
def test_what_belongs_together_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, values: dict[str, str], sentence: str
) -> None:
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as problem:
        read_settings()
    assert str(problem.value) == sentence


def test_no_secret_is_ever_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "very-secret")
    monkeypatch.setenv("WEB_PORT", "many")
    with pytest.raises(SettingsError) as problem:
        read_settings()
    assert "very-secret" not in str(problem.value)
    monkeypatch.delenv("WEB_PORT")
    assert "very-secret" not in repr(read_settings())
    assert read_settings().secrets() == ("very-secret",)
