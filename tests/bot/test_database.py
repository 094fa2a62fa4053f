"""The database loses nothing that it committed, and belongs to one process."""

import asyncio
import os
import signal
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest

from bot.actions import Actions
from bot.database import Database
from bot.facts import Facts
from bot.filelock import InUse
from bot.seen import Seen
from bot.versions import DatabaseTooNew, migrations, statements_of
from briefs.library import Store
from commands.model import Press
from tests.engines import opened

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
HOLD = """
import asyncio, pathlib, sys
from bot.database import Database
async def hold():
    async with Database(pathlib.Path(sys.argv[1])):
        print("open", flush=True)
        sys.stdin.readline()
asyncio.run(hold())
"""


def file_in(folder: Path) -> Path:
    return folder / "data" / "briefbot.sqlite3"


async def refused_write(database: Store, after: Callable[[], None]) -> None:
    """Write something good and then something that the database refuses."""
    async with database.transaction() as tx:
        tx.after_commit(after)
        await Facts().set(tx, "kept", "no")
        await tx.execute("INSERT INTO facts (name, value) VALUES ('kept', 'twice')")


async def test_the_data_folder_and_file_are_private(tmp_path: Path) -> None:
    path = file_in(tmp_path)
    async with Database(path) as database, database.transaction() as tx:
        await tx.execute("INSERT INTO facts (name, value) VALUES ('a', 'b')")
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


async def test_a_commit_is_durable_and_a_failure_leaves_nothing(tmp_path: Path) -> None:
    facts = Facts()
    async with Database(file_in(tmp_path)) as database:
        async with database.transaction() as tx:
            await facts.set(tx, "kept", "yes")
        with pytest.raises(sqlite3.IntegrityError):
            await refused_write(database, lambda: None)
    async with Database(file_in(tmp_path)) as database, database.reading() as tx:
        assert await facts.get(tx, "kept") == "yes"


async def test_every_commit_waits_for_the_disk(tmp_path: Path) -> None:
    async with Database(file_in(tmp_path)) as database:
        async with database.reading() as tx:
            assert (await tx.fetch("PRAGMA journal_mode"))[0]["journal_mode"] == "wal"
            assert (await tx.fetch("PRAGMA synchronous"))[0]["synchronous"] == 2
        async with database.transaction() as tx:
            assert (await tx.fetch("PRAGMA synchronous"))[0]["synchronous"] == 2
        await database.tidy()


async def test_writers_take_turns_and_lose_no_update(contract: str) -> None:
    facts = Facts()
    async with opened() as database:

        async def add_one() -> None:
            async with database.transaction() as tx:
                before = int(await facts.get(tx, "count") or 0)
                await asyncio.sleep(0)
                await facts.set(tx, "count", str(before + 1))

        await asyncio.gather(*(add_one() for _ in range(50)))
        async with database.reading() as tx:
            assert await facts.get(tx, "count") == "50"


async def test_a_reader_sees_one_state_while_others_write(contract: str, tmp_path: Path) -> None:
    facts = Facts()
    on_disk = Database(file_in(tmp_path))  # in memory a reader and a writer share a connection
    async with on_disk if contract == "sqlite" else opened() as database:

        async def write() -> None:
            async with database.transaction() as tx:
                await facts.set(tx, "a", "new")

        async with database.reading() as reader:
            assert await facts.get(reader, "a") is None
            await asyncio.create_task(write())
            assert await facts.get(reader, "a") is None
        async with database.reading() as reader:
            assert await facts.get(reader, "a") == "new"


async def test_a_cancelled_transaction_leaves_the_next_one_free(contract: str) -> None:
    facts = Facts()
    async with opened() as database:
        started = asyncio.Event()

        async def interrupted() -> None:
            async with database.transaction() as tx:
                await facts.set(tx, "a", "half")
                started.set()
                await asyncio.Event().wait()

        task = asyncio.create_task(interrupted())
        await started.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        async with database.transaction() as tx:
            assert await facts.get(tx, "a") is None


@pytest.mark.parametrize("kept", [True, False], ids=["in a file", "in memory"])
async def test_a_transaction_inside_a_transaction_is_an_error_and_no_deadlock(
    kept: bool, contract: str, tmp_path: Path
) -> None:
    on_disk = kept and contract == "sqlite"
    async with Database(file_in(tmp_path)) if on_disk else opened() as database, database.transaction():
        for inner in (database.transaction, database.claiming, database.reading):
            with pytest.raises(RuntimeError, match="a transaction open already; hand that one on"):
                async with inner():
                    pass


async def test_what_waits_for_the_commit_is_not_done_after_a_rollback(contract: str) -> None:
    done: list[str] = []
    async with opened() as database:
        async with database.transaction() as tx:
            tx.after_commit(lambda: done.append("committed"))
            assert done == []
        with pytest.raises((sqlite3.IntegrityError, asyncpg.UniqueViolationError)):
            await refused_write(database, lambda: done.append("rolled back"))
    assert done == ["committed"]


async def test_a_second_process_is_refused_and_told_which_is_the_first(tmp_path: Path) -> None:
    path = file_in(tmp_path)
    first = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert first.stdout is not None
        assert first.stdout.readline() == "open\n"
        with pytest.raises(InUse) as refused:
            async with Database(path):
                pass
        message = str(refused.value)
        assert message.startswith(f"Another Briefbot (process {first.pid}, running since 20")
        assert message.endswith(
            f"uses the database {path}. Stop it first, or name another folder for this one in DATA_DIR."
        )
    finally:
        os.kill(first.pid, signal.SIGKILL)
        first.communicate()
    async with Database(path) as database, database.reading() as tx:
        assert await tx.fetch("SELECT * FROM deliveries") == []


async def test_the_same_process_is_refused_as_well(tmp_path: Path) -> None:
    path = file_in(tmp_path)
    async with Database(path):
        with pytest.raises(InUse, match=f"process {os.getpid()}"):
            async with Database(path):
                pass


async def test_a_file_of_a_later_version_is_refused(tmp_path: Path) -> None:
    path = file_in(tmp_path)
    async with Database(path) as database, database.transaction() as tx:
        await tx.execute("INSERT INTO schema_version (version, name) VALUES (99, '0099_later')")
    with pytest.raises(DatabaseTooNew) as refused:
        async with Database(path):
            pass
    assert str(refused.value) == (
        f"The database {path} has version 99, and this program knows versions up to {migrations()[-1].number}."
        " Install the newer Briefbot again, or name another folder in DATA_DIR."
    )
    with sqlite3.connect(path) as direct:
        direct.execute("DELETE FROM schema_version WHERE version = 99")
    direct.close()
    async with Database(path):
        pass


def test_a_migration_is_cut_at_its_statements_only() -> None:
    script = "-- why\nCREATE TABLE a (b TEXT DEFAULT ';');\n\nCREATE INDEX c ON a (b);\n-- the end\n"
    assert statements_of(script) == [
        "-- why\nCREATE TABLE a (b TEXT DEFAULT ';');",
        "CREATE INDEX c ON a (b);",
    ]
    with pytest.raises(RuntimeError, match="ends inside a statement"):
        statements_of("CREATE TABLE a (b TEXT)")


async def test_a_request_is_new_once(contract: str) -> None:
    seen = Seen()
    async with opened() as database, database.transaction() as tx:
        assert await seen.first_time(tx, "slack:1.2", NOON)
        assert not await seen.first_time(tx, "slack:1.2", NOON)
        assert await seen.purge(tx, NOON) == 0
        assert await seen.purge(tx, NOON.replace(hour=13)) == 1
        assert await seen.first_time(tx, "slack:1.2", NOON)


async def test_a_button_is_known_after_a_restart(tmp_path: Path) -> None:
    actions = Actions()
    press = Press("page", "brief show", (("section", "yoon-1"), ("order", "“new”")), "harbour-2025", 3, 2)
    async with Database(file_in(tmp_path)) as database, database.transaction() as tx:
        await actions.keep(tx, {"page:k1": press}, NOON)
        await actions.keep(tx, {"page:k1": Press("open", "brief help")}, NOON)
    async with Database(file_in(tmp_path)) as database, database.transaction() as tx:
        assert await actions.get(tx, "page:k1") == press
        assert await actions.all(tx, 10) == {"page:k1": press}
        assert await actions.get(tx, "page:k2") is None
        assert await actions.purge(tx, NOON.replace(hour=13)) == 1
        assert await actions.get(tx, "page:k1") is None


async def test_a_fact_is_remembered_until_it_is_forgotten(contract: str) -> None:
    facts = Facts()
    async with opened() as database, database.transaction() as tx:
        await facts.set(tx, "greeted:slack:T1", "2026")
        await facts.set(tx, "greeted:slack:T1", "2027")
        assert await facts.get(tx, "greeted:slack:T1") == "2027"
        assert await facts.forget(tx, "greeted:slack:T1")
        assert not await facts.forget(tx, "greeted:slack:T1")


async def test_transactions_that_wait_for_each_other_share_a_commit_and_fail_alone(tmp_path: Path) -> None:
    async with Database(tmp_path / "shared.sqlite3") as database:
        async with database.transaction() as tx:
            await tx.execute("CREATE TABLE told (number INTEGER)")
        commits: list[str] = []
        assert database._writer is not None
        await database._writer.connection.set_trace_callback(commits.append)

        async def tell(number: int) -> None:
            async with database.transaction() as tx:
                await tx.execute("INSERT INTO told VALUES (?)", number)
                if number % 5 == 4:
                    raise LookupError(number)

        ended = await asyncio.gather(*map(tell, range(20)), return_exceptions=True)
        assert [isinstance(each, LookupError) for each in ended] == [n % 5 == 4 for n in range(20)]
        async with database.reading() as tx:
            rows = await tx.fetch("SELECT number FROM told ORDER BY number")
        assert [row["number"] for row in rows] == [n for n in range(20) if n % 5 != 4]
        assert commits.count("COMMIT") <= 2


async def test_a_shared_commit_that_fails_is_told_to_each_that_shared_it(tmp_path: Path) -> None:
    async with Database(tmp_path / "shared.sqlite3") as database:
        async with database.transaction() as tx:
            await tx.execute("CREATE TABLE parent (id INTEGER PRIMARY KEY)")
            await tx.execute(
                "CREATE TABLE child (of INTEGER REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED)"
            )

        async def add(of: int | None) -> None:
            async with database.transaction() as tx:
                await tx.execute("INSERT INTO child VALUES (?)", of)

        ended = await asyncio.gather(add(None), add(7), add(None), return_exceptions=True)
        assert all(isinstance(each, sqlite3.IntegrityError) for each in ended)
        await add(None)
        async with database.reading() as tx:
            assert len(await tx.fetch("SELECT * FROM child")) == 1


async def test_one_that_is_cancelled_while_it_waits_leaves_the_others_their_commit(tmp_path: Path) -> None:
    async with Database(tmp_path / "shared.sqlite3") as database:
        async with database.transaction() as tx:
            await tx.execute("CREATE TABLE told (number INTEGER)")
        inside = asyncio.Event()

        async def tell(number: int) -> None:
            async with database.transaction() as tx:
                inside.set()
                await tx.execute("INSERT INTO told VALUES (?)", number)

        first, second = asyncio.create_task(tell(1)), asyncio.create_task(tell(2))
        await inside.wait()
        second.cancel()
        await asyncio.gather(first, second, return_exceptions=True)
        async with database.reading() as tx:
            assert {row["number"] for row in await tx.fetch("SELECT number FROM told")} >= {1}
        await tell(3)
