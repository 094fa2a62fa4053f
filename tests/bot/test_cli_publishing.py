"""The command line of publishing, run as people run it."""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

import bot.cli_publishing  # noqa: F401  # it adds its commands
from bot.app import running
from bot.cli import app
from tests.commands.test_publishing import TOPIC
from tests.office import SHIPPED
from tests.wires import settings_for

ID = SHIPPED.name


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation in a folder of its own, told by the environment."""
    settings_for(tmp_path)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("BRIEFS_DIR", str(tmp_path / "briefs"))
    monkeypatch.setenv("WEB_PORT", "0")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    """The shipped brief with a new topic, elsewhere."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    for name in ("brief.yaml", "report.md"):
        (folder / name).write_bytes((SHIPPED / name).read_bytes())
    path = folder / "brief.yaml"
    path.write_text(path.read_text("utf-8").replace("topics:\n", TOPIC, 1), "utf-8")
    return folder


def say(*arguments: str, answer: str = "") -> tuple[int, str]:
    """Run `briefbot` with some arguments; return its exit code and what it printed."""
    result = CliRunner().invoke(app, list(arguments), input=answer)
    return result.exit_code, result.output


def started(home: Path) -> int:
    """Start the bot once and stop it; return the revision that served."""

    async def start() -> int:
        async with running(settings_for(home)) as opened:
            return opened.desk.revisions()[ID].number

    return asyncio.run(start())


def test_publishing_shows_what_changes_asks_and_puts_the_file_into_the_folder(
    home: Path, changed: Path
) -> None:
    started(home)
    there = home / "briefs" / ID / "brief.yaml"
    before = there.read_bytes()
    code, said = say("publish", str(changed), answer="n\n")
    assert code == 0
    assert "Commands that appear: /brand-new." in said
    assert "Nothing is sent at once, and no planned message changes." in said
    assert "Nothing was published." in said
    assert there.read_bytes() == before
    code, said = say("publish", str(changed / "brief.yaml"), "--yes")
    assert code == 0
    assert "A running bot takes it up within two seconds" in said
    assert there.read_bytes() == (changed / "brief.yaml").read_bytes()
    assert started(home) == 2


def test_faults_and_nothing_new_end_with_a_sentence(home: Path, changed: Path) -> None:
    started(home)
    assert say("publish", str(SHIPPED)) == (
        0, f"That is revision 1 of {ID} to the letter; nothing is to be published.\n",
    )  # fmt: skip
    (changed / "brief.yaml").write_text("format: 1\n", "utf-8")
    code, said = say("publish", str(changed))
    assert code == 65
    assert "brief.yaml:1:1:" in said


def test_history_export_and_audit(home: Path, changed: Path, tmp_path: Path) -> None:
    started(home)
    say("publish", str(changed), "--yes")
    started(home)
    code, said = say("history", ID, "--json")
    assert code == 0
    assert [each["revision"] for each in json.loads(said)] == [2, 1]
    out = tmp_path / "out"
    assert say("export", ID, "1", str(out)) == (0, f"Revision 1 of {ID} stands in {out}.\n")
    assert (out / "brief.yaml").read_bytes() == (SHIPPED / "brief.yaml").read_bytes()
    assert say("export", ID, "1", str(out)) == (
        65, f"{out} is there already, and nothing is overwritten; name another folder.\n",
    )  # fmt: skip
    code, said = say("export", ID, "9", str(tmp_path / "none"))
    assert (code, said) == (65, f"There is no revision 9 of {ID}; briefbot history {ID} lists them.\n")
    entries = json.loads(say("audit", "--json")[1])
    assert [(each["actor"], each["action"], each["subject"]) for each in entries] == [
        ("file", "published", f"{ID} 2"), ("file", "published", f"{ID} 1"),
    ]  # fmt: skip
    assert say("history", "nothing") == (
        65, "No revision of nothing is stored; briefbot check names the briefs there are.\n",
    )  # fmt: skip
    assert datetime.fromisoformat(entries[0]["at"]).tzinfo == UTC
