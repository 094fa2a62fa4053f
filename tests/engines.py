"""The engines on which the stores keep their contract: SQLite in memory, and a PostgreSQL server.

A test that uses `contract` runs on both. `opened` opens an empty database of the engine whose turn it is.
"""

import asyncio
import contextlib
import functools
from collections.abc import AsyncIterator, Iterator

import pytest

from bot.database import Database
from bot.postgres import Postgres
from briefs.library import Transaction
from tests import postgresql

ENGINES = ("sqlite", "postgresql")
# Deleting rows is far quicker than TRUNCATE, which makes new files, or than another database.
_EMPTY = """
DO $$ DECLARE named text; BEGIN
    FOR named IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'schema_version' LOOP
        EXECUTE format('DELETE FROM %I', named);
    END LOOP;
    FOR named IN SELECT sequencename FROM pg_sequences WHERE last_value IS NOT NULL LOOP
        EXECUTE format('SELECT setval(%L, 1, false)', named);
    END LOOP;
END $$
"""


class _Turn:
    """Whose turn it is, and the server once it was needed; it runs until the tests end."""

    engine = "sqlite"
    stack = contextlib.ExitStack()


@functools.cache
def server() -> str:
    """The address of the server, started at the first call; skips the test where there is none."""
    try:
        return _Turn.stack.enter_context(postgresql.server())
    except postgresql.Missing as missing:
        pytest.skip(str(missing))


@functools.cache
def _shared_database() -> str:
    return asyncio.run(postgresql.fresh(server()))


@pytest.fixture(params=ENGINES)
def contract(request: pytest.FixtureRequest) -> Iterator[str]:
    """Run the test on each engine."""
    if request.param == "postgresql":
        _shared_database()
    _Turn.engine = request.param
    yield request.param
    _Turn.engine = "sqlite"


@pytest.fixture
def url() -> Iterator[str]:
    """The address of an empty database of its own."""
    with postgresql.database(server()) as made:
        yield made


@contextlib.asynccontextmanager
async def opened() -> AsyncIterator[Database | Postgres]:
    """Open an empty database of the engine whose turn it is."""
    if _Turn.engine == "sqlite":
        async with Database(None) as in_memory:
            yield in_memory
        return
    async with Postgres(_shared_database()) as database:
        async with database.transaction() as tx:
            await tx.execute(_EMPTY)
        yield database


async def tables(tx: Transaction) -> list[str]:
    """The names of the tables of the engine whose turn it is."""
    where = {
        "sqlite": "sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
        "postgresql": "(SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public') AS named",
    }[_Turn.engine]
    return [row["name"] for row in await tx.fetch(f"SELECT name FROM {where}")]


def shut_down() -> None:
    """End the server."""
    _Turn.stack.close()
