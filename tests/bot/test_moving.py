"""An installation moves from its file to a server whole, once, and with the file left as it was."""

import asyncio
import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import pytest
from typer.testing import CliRunner

import bot.cli_moving  # noqa: F401  # it adds its command
from bot.cli import Exit, app
from bot.command_line import audit_log, history
from bot.database import Database, DatabaseMoved
from bot.facts import Facts
from bot.filelock import InUse
from bot.moving import NotMoved, move
from bot.postgres import Postgres
from bot.server import told
from bot.settings import Settings
from commands.desk import AuditEntry
from scheduler.address import destination
from scheduler.planner import digest_now
from scheduler.subscriptions import Subscription, Subscriptions, subscription
from tests.office import ADMIN, CHANNEL, NOW, READER, office, shipped

LATER = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)


async def lived_in(path: Path) -> None:
    """An installation in which something happened in most of its tables."""
    async with office(shipped(), path=path) as bot:
        await bot.say("/brief follow", READER)
        await bot.say("/brief timezone Asia/Seoul", READER)
        await bot.say("/brief topics", READER)
        async with bot.desk.store.transaction() as tx:
            made, _ = await bot.desk.subscriptions.add(
                tx, subscription("korean-peninsula-2024", "digest", CHANNEL, "", NOW)
            )
            brief = bot.desk.revisions()["korean-peninsula-2024"].brief
            await bot.desk.deliveries.add(tx, digest_now(brief, made, NOW), NOW)
            gone, _ = await bot.desk.subscriptions.add(
                tx, subscription("korean-peninsula-2024", "digest", destination("slack:T1/C9"), "", NOW)
            )
            await tx.execute("DELETE FROM subscriptions WHERE id = ?", gone.id)
            await bot.desk.grants.give(tx, "slack:T1/U2", "admin", str(ADMIN.person), NOW)
            await bot.desk.proposals.add(tx, shipped(), "slack:T1/U2", NOW, "why not", "slack", 1)
            await bot.desk.audit.note(
                tx, AuditEntry(NOW, "slack:T1/U2", "", "looked", detail="before\0after")
            )
            await Facts().set(tx, "told", "“ja” 日本語 \N{GRINNING FACE}")
        await bot.deliver(NOW)


async def rows(database: Database | Postgres, table: str) -> list[tuple[object, ...]]:
    async with database.reading() as tx:
        found = await tx.fetch(f"SELECT * FROM {table}")
    return sorted((tuple(cast(Iterable[object], row)) for row in found), key=repr)


async def test_everything_is_there_and_numbering_goes_on_where_it_stood(tmp_path: Path, url: str) -> None:
    path = tmp_path / "briefbot.sqlite3"
    await lived_in(path)
    before = hashlib.sha256(path.read_bytes()).hexdigest()
    moved = await move(path, url, LATER)
    assert hashlib.sha256(path.read_bytes()).hexdigest() == before
    path.with_name("briefbot.sqlite3.moved").unlink()
    async with Database(path) as file, Postgres(url) as server:
        for table, checked in moved.items():
            here, there = await rows(file, table), await rows(server, table)
            assert repr(there) == repr(here).replace("\\x00", "\N{REPLACEMENT CHARACTER}"), table
            assert checked.rows == len(here), table
        full = {table for table, checked in moved.items() if checked.rows}
        assert full > {
            "revisions",
            "subscriptions",
            "deliveries",
            "attempts",
            "actions",
            "people",
            "facts",
            "audit",
        }
        again = subscription("korean-peninsula-2024", "digest", destination("slack:T1/C8"), "", NOW)
        assert await added(server, again) == await added(file, again)


async def added(database: Database | Postgres, wanted: Subscription) -> int:
    async with database.transaction() as tx:
        return (await Subscriptions().add(tx, wanted))[0].id


async def test_the_file_is_marked_and_neither_a_bot_nor_a_second_move_takes_it(
    tmp_path: Path, url: str
) -> None:
    path = tmp_path / "briefbot.sqlite3"
    await lived_in(path)
    await move(path, url, LATER)
    said = (
        f"The content of {path} was moved to {told(url)} at 2026-11-25 09:30 UTC. Set DATABASE_URL to work there, or"
        f" delete {path}.moved to go on with the file as it was then."
    )
    with pytest.raises(DatabaseMoved) as refused:
        async with Database(path):
            pass
    assert str(refused.value) == said
    with pytest.raises(NotMoved) as again:
        await move(path, url, LATER)
    assert str(again.value) == f"{said} Nothing was moved."


async def test_a_database_that_holds_something_is_not_touched(tmp_path: Path, url: str) -> None:
    path = tmp_path / "briefbot.sqlite3"
    await lived_in(path)
    async with Postgres(url) as server, server.transaction() as tx:
        await Facts().set(tx, "there", "before")
    with pytest.raises(NotMoved) as refused:
        await move(path, url, LATER)
    assert str(refused.value) == (
        f"The database {told(url)} is not empty (facts), and nothing in it is overwritten; name an empty one with"
        " --to. Nothing was moved."
    )
    async with Postgres(url) as server:
        assert await rows(server, "facts") == [("there", "before")]
        assert await rows(server, "revisions") == []


async def test_a_file_on_which_a_bot_runs_is_not_moved(tmp_path: Path, url: str) -> None:
    path = tmp_path / "briefbot.sqlite3"
    async with Database(path):
        with pytest.raises(InUse, match=r"^Another Briefbot \(process \d+, running since .*Stop it first"):
            await move(path, url, LATER)
    async with Postgres(url) as server:
        assert await rows(server, "facts") == []


async def test_a_file_that_is_not_there_is_said_so(tmp_path: Path, url: str) -> None:
    path = tmp_path / "nothing.sqlite3"
    with pytest.raises(NotMoved) as refused:
        await move(path, url, LATER)
    assert str(refused.value) == (
        f"There is no database {path}; name the file with --from, or start anew on the server."
    )


def test_the_command_says_what_it_moved_and_what_to_do_next_and_the_shell_reads_the_server(
    tmp_path: Path, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    asyncio.run(lived_in(tmp_path / "briefbot.sqlite3"))
    nowhere = CliRunner().invoke(app, ["migrate-database"])
    assert (nowhere.exit_code, nowhere.stderr) == (
        Exit.SETTINGS,
        "Name the server with --to postgresql://briefbot@db.example.org/briefbot, or in DATABASE_URL.\n",
    )
    done = CliRunner().invoke(app, ["migrate-database", "--to", url])
    assert done.exit_code == 0, done.output
    lines = done.stdout.splitlines()
    assert any(line.split()[:3] == ["revisions", "1", "rows"] for line in lines)
    assert lines[-1] == (
        f"Everything is on {told(url)}, and was read back from there. The file is as it was; a note beside it keeps"
        " a bot from working on it by mistake. Set DATABASE_URL to that address on each machine, then start the bot."
    )
    settings = Settings.model_validate({"data_dir": tmp_path, "database_url": url})
    assert [each.number for each in history(settings, "korean-peninsula-2024", NOW)] == [1]
    assert "looked" in [each.action for each in audit_log(settings, 50, NOW)]
