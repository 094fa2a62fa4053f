"""Promises of the whole project: its rooms, its words, its settings, its documents."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.discord_adapter.listing import invite_link
from bot.settings import Settings
from commands import parsing
from commands.catalogue import FIXED
from commands.model import Command
from tests.office import office, shipped

ROOT = Path(__file__).parent.parent
ROOMS = ("briefs", "scheduler", "commands", "bot")
PLATFORM_LIBRARIES = {"discord", "slack_bolt", "slack_sdk", "aiohttp"}
CLOCKS = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("time", "time"),
}
STATEMENT = re.compile(
    r"^\s*(SELECT\b.*\bFROM|INSERT INTO|UPDATE \w+ SET|DELETE FROM|CREATE (VIRTUAL )?TABLE) (IF NOT EXISTS )?(\w+)"
)


def files(*rooms: str) -> list[Path]:
    return sorted(path for room in rooms for path in (ROOT / room).rglob("*.py"))


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.module.split(".")[0]


@pytest.mark.parametrize("room", ROOMS)
def test_each_room_imports_only_what_stands_to_its_left(room: str) -> None:
    right = set(ROOMS[ROOMS.index(room) + 1 :])
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in files(room)
        for name in imports(path)
        if name in right
    ]
    assert wrong == []


def test_platform_libraries_are_known_under_bot_alone() -> None:
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in files("briefs", "scheduler", "commands")
        for name in imports(path)
        if name in PLATFORM_LIBRARIES
    ]
    assert wrong == []


def test_yaml_is_parsed_in_briefs_alone() -> None:
    assert [p for p in files("scheduler", "commands", "bot") if {"yaml", "ruamel"} & set(imports(p))] == []


def test_the_clock_is_read_in_bot_and_in_the_runner_alone() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in files("briefs", "scheduler", "commands")
        if path.name != "runner.py"
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and (node.value.id, node.attr) in CLOCKS
    ]
    assert wrong == []


TABLES = {
    "briefs/library.py": {"revisions"}, "briefs/search.py": {"passages"},
    "briefs/answering/index.py": {"units"},
    "scheduler/subscriptions.py": {"subscriptions"}, "scheduler/people.py": {"people"},
    "scheduler/feeds.py": {"feeds"}, "scheduler/grants.py": {"grants"},
    "scheduler/identities.py": {"identities", "link_codes"},
    "briefs/proposals.py": {"proposals"}, "briefs/misses.py": {"misses"}, "bot/audit.py": {"audit"},
    "scheduler/stops.py": {"stops"}, "scheduler/attempts.py": {"attempts"},
    "bot/actions.py": {"actions"}, "bot/seen.py": {"seen"},
    "bot/facts.py": {"facts"}, "bot/web/lobby.py": {"lobby"}, "bot/versions.py": {"schema_version"},
    "bot/postgres.py": {"unnest"},
    "bot/copying.py": {"sqlite_master", "sqlite_sequence", "pragma_table_info"},
    "bot/membership.py": {"processes", "pg_database"},
}  # fmt: skip


def test_sql_stands_in_the_file_named_for_its_table() -> None:
    wrong = []
    for path in files(*ROOMS):
        name = str(path.relative_to(ROOT))
        allowed = {"deliveries"} if name.startswith("scheduler/deliver") else TABLES.get(name, set())
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found = STATEMENT.match(node.value)
                if found and not {found[4], found[1].split()[1]} & allowed:
                    wrong.append(f"{name}: {node.value[:60]}")
    assert wrong == []


def test_platforms_are_no_business_of_commands() -> None:
    pattern = re.compile(r"platform\s*==\s*[\"'](slack|discord)")
    assert [p for p in files("commands", "briefs") if pattern.search(p.read_text("utf-8"))] == []


def test_no_two_commands_share_a_path_and_each_has_words_that_fit_both_platforms() -> None:
    paths = [command.path for command in FIXED]
    assert len(paths) == len(set(paths))
    for command in FIXED:
        assert 1 <= len(command.summary) <= 100, command.path
        assert command.example.startswith(f"/{command.path}"), command.path
        for option in command.options:
            assert 1 <= len(option.description) <= 100, (command.path, option.name)


def test_required_options_come_first() -> None:
    for command in FIXED:
        required = [option.required for option in command.options]
        assert required == sorted(required, reverse=True), command.path


@pytest.mark.parametrize("command", FIXED, ids=lambda command: command.path)
def test_every_command_stands_in_the_readme(command: Command) -> None:
    assert f"/{command.path}" in (ROOT / "README.md").read_text("utf-8")


def test_the_example_of_settings_names_each_setting_once() -> None:
    lines = (ROOT / ".env.example").read_text("utf-8").splitlines()
    named = [line.split("=")[0] for line in lines if line and not line.startswith("#")]
    assert sorted(named) == sorted(name.upper() for name in Settings.model_fields)


def test_locks_hold_hashes_and_no_addresses() -> None:
    for lock in ROOT.glob("requirements*.lock"):
        text = lock.read_text("utf-8")
        assert "--hash=sha256:" in text
        assert "://" not in text


def test_the_readme_speaks_of_the_report_and_its_licence() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    assert "publisher is unknown" in readme
    assert "make run" in readme
    assert "make test" in readme


def test_the_readme_invites_with_the_permissions_that_the_bot_needs() -> None:
    assert invite_link("APPLICATION_ID") in (ROOT / "README.md").read_text("utf-8")


@pytest.mark.parametrize("command", FIXED, ids=lambda command: command.path)
async def test_every_example_is_understood(command: Command) -> None:
    async with office(shipped()) as bot:
        found, given = bot.desk.registry.parse(command.example, bot.desk.revisions(), bot.now)
        assert found.path == command.path
        parsing.coerce(found, given)
