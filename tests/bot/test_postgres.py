"""What several processes rely on in the server, and what an operator reads where it cannot be used."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import asyncpg
import pytest
import pytest_asyncio

from bot.facts import Facts
from bot.postgres import CHANNEL, Postgres
from bot.server import ServerUnusable, told
from bot.versions import DatabaseTooNew, migrations
from bot.web.lobby import Lobby
from commands.model import Reply
from scheduler.address import LOBBY
from tests.engines import opened

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
Pair = tuple[Postgres, Postgres]


@pytest_asyncio.fixture
async def both(url: str) -> AsyncIterator[Pair]:
    """Two processes' views of one database."""
    async with Postgres(url) as one, Postgres(url) as other:
        yield one, other


async def test_writers_of_two_processes_take_turns_and_lose_no_update(both: Pair) -> None:
    facts = Facts()

    async def add_one(database: Postgres) -> None:
        async with database.transaction() as tx:
            before = int(await facts.get(tx, "count") or 0)
            await asyncio.sleep(0)
            await facts.set(tx, "count", str(before + 1))

    await asyncio.gather(*(add_one(database) for database in both for _ in range(20)))
    async with both[0].reading() as tx:
        assert await facts.get(tx, "count") == "40"


async def test_claims_run_beside_each_other_and_never_beside_a_writer(both: Pair) -> None:
    one, other = both
    async with one.claiming() as first:
        assert await first.reserve(["a", "b"]) == {"a", "b"}

        async def claim() -> set[str]:
            async with other.claiming() as tx:
                return await tx.reserve(["b", "c"])

        assert await asyncio.create_task(claim()) == {"c"}
        writing = asyncio.create_task(_write(other))
        done, _ = await asyncio.wait({writing}, timeout=0.2)
        assert not done
    await writing


async def _write(database: Postgres) -> None:
    async with database.transaction() as tx:
        await Facts().set(tx, "a", "b")


async def test_what_others_keep_in_memory_is_announced_once_it_is_committed(both: Pair) -> None:
    heard: asyncio.Queue[str] = asyncio.Queue()
    connection = await asyncpg.connect(both[0].url)
    try:
        await connection.add_listener(CHANNEL, lambda *said: heard.put_nowait(said[3]))
        async with both[0].transaction() as tx:
            await Facts().set(tx, "a", "b")
            await tx.execute("INSERT INTO grants VALUES ('slack:T1/U1', 'admin', 'slack:T1/U2', 1)")
            await tx.execute("UPDATE people SET zone = ?", "UTC")
            await asyncio.sleep(0.1)
            assert heard.empty()
        async with asyncio.timeout(5):
            assert await heard.get() == f"{both[0].token} grants people"
    finally:
        await connection.close()


async def test_text_is_ordered_by_its_bytes_as_sqlite_does(contract: str) -> None:
    async with opened() as database, database.transaction() as tx:
        for name in ("b", "B", "ä", "a", "_"):
            await Facts().set(tx, name, "")
        rows = await tx.fetch("SELECT name FROM facts ORDER BY name")
        assert [row["name"] for row in rows] == ["B", "_", "a", "b", "ä"]


async def test_text_with_a_nul_is_kept_as_far_as_the_server_can(both: Pair) -> None:
    async with both[0].transaction() as tx:
        await Facts().set(tx, "a", "before\0after")
        assert await Facts().get(tx, "a") == "before\N{REPLACEMENT CHARACTER}after"


async def test_the_pages_history_is_kept(contract: str) -> None:
    async with opened() as database:
        lobby = Lobby(database)
        first = await lobby.post(LOBBY, "k1", Reply("One", summary="One"), NOON)
        assert await lobby.post(LOBBY, "k1", Reply("Two", summary="Two"), NOON) == first
        assert await lobby.find(LOBBY, "k1") == first
        assert await lobby.edit(LOBBY, first, Reply("Three", summary="Three"), NOON)
        messages, cursor = await lobby.latest(10)
        assert [each.reply.title for each in messages] == ["Three"]
        assert (cursor.message, await lobby.edited_after(cursor)) == (first, [])
        async with database.transaction() as tx:
            assert await lobby.purge(tx, NOON.replace(hour=13)) == 1


async def test_a_server_that_is_not_there_is_named_without_its_password() -> None:
    url = "postgresql://briefbot:s3cret@127.0.0.1:1/briefbot?sslmode=disable"
    with pytest.raises(ServerUnusable) as refused:
        async with Postgres(url):
            pass
    said = str(refused.value)
    assert said.startswith("The server of postgresql://briefbot@127.0.0.1:1/briefbot cannot be used (")
    assert said.endswith(
        "; see that it runs, that the database and its role exist, and that DATABASE_URL names them"
        " (README, Several machines)."
    )
    assert "s3cret" not in said


async def test_a_database_that_is_not_there_is_said_so(url: str) -> None:
    with pytest.raises(ServerUnusable, match=r'database "nowhere" does not exist'):
        async with Postgres(f"{url.rpartition('/')[0]}/nowhere"):
            pass


async def test_a_database_of_a_later_version_is_refused(url: str) -> None:
    async with Postgres(url) as database, database.transaction() as tx:
        await tx.execute("INSERT INTO schema_version (version, name) VALUES (9999, '9999_later')")
    with pytest.raises(DatabaseTooNew) as refused:
        async with Postgres(url):
            pass
    assert str(refused.value) == (
        f"The database {told(url)} has version 9999, and this program knows versions up to"
        f" {migrations()[-1].number}. Install the newer Briefbot again, or name another database in DATABASE_URL."
    )


async def test_two_processes_that_start_at_once_make_the_tables_once(url: str) -> None:
    async def start() -> None:
        async with Postgres(url):
            pass

    await asyncio.gather(start(), start())
    async with Postgres(url) as database, database.reading() as tx:
        rows = await tx.fetch("SELECT version FROM schema_version ORDER BY version")
    assert [row["version"] for row in rows] == [each.number for each in migrations()]
