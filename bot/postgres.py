"""The database on a PostgreSQL server, shared by several processes; it stands in for `bot.database.Database`.

SQLite lets one transaction write at a time, and the stores rely on it: what a writing transaction has read
stays so until it commits. An advisory lock keeps that promise here, across all processes. Claims alone run
beside each other: they take rows by row locks. Sources: postgresql.org/docs, 13.3.5 (advisory locks), 13.2.1
(each statement of a READ COMMITTED transaction sees what was committed before it began).
"""

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Self

import asyncpg

from bot.dialect import migration_step, postgresql, written_table
from bot.server import ServerUnusable, told
from bot.versions import upgrade
from briefs.library import Row, Value

if TYPE_CHECKING:
    from asyncpg.pool import PoolConnectionProxy

# The first halves of this program's advisory locks, and the second halves that have names.
KEY, PRESENCE, PLACES = 1_651_664_384, 1_651_664_385, 1_651_664_386
WRITERS, LEADER = 1, 2
CHANNEL = "briefbot"
# What other processes keep in memory: a commit that changes one of these tables is announced to them.
ANNOUNCED = frozenset({"revisions", "people", "grants", "lobby"})
CONNECTIONS = 8
CONNECT_SECONDS, STATEMENT_SECONDS = 10.0, 60.0
# Who holds a lock and says nothing for so long is frozen or cut off; the server ends its session.
HELD_FOR = "15s"
# A server may have been set up to forget the last commits in a crash; this program's are kept.
_SESSION = {
    "application_name": "briefbot",
    "synchronous_commit": "on",
    "idle_in_transaction_session_timeout": HELD_FOR,
}
# Idle timeouts of sessions, by which a silent process loses its lead, came with this version.
OLDEST = 14

Mode = Literal["write", "claim", "read"]
_LOCKS: dict[Mode, str] = {
    "write": f"SELECT pg_advisory_xact_lock({KEY}, {WRITERS})",
    "claim": f"SELECT pg_advisory_xact_lock_shared({KEY}, {WRITERS})",
}


class Postgres:
    """The open database behind a `postgresql://` address.

    Use it as `async with Postgres(url) as database`. Raises `ServerUnusable` where it cannot be opened,
    `bot.versions.DatabaseTooNew` where a later version wrote it.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        # Names this process in what it announces, so that it does not listen to itself.
        self.token = secrets.token_hex(8)
        self._pool: asyncpg.Pool[asyncpg.Record] | None = None
        self._holders: set[asyncio.Task[Any] | None] = set()
        # In this process writers wait here, and not on connections that readers need.
        self._writing, self._claiming = asyncio.Lock(), asyncio.Lock()

    async def __aenter__(self) -> Self:
        """Connect, and bring the tables up to date."""
        self._pool = await reached(
            self.url,
            asyncpg.create_pool(
                self.url, min_size=1, max_size=CONNECTIONS, timeout=CONNECT_SECONDS,
                command_timeout=STATEMENT_SECONDS, server_settings=_SESSION,
            ),
        )  # fmt: skip
        try:
            await self._check_version()
            async with self.transaction() as tx:
                await upgrade(
                    tx,
                    f"The database {told(self.url)}",
                    "name another database in DATABASE_URL",
                    migration_step,
                )
        except BaseException:
            await self.close()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connections."""
        await self.close()

    async def close(self) -> None:
        """Close the connections; closing twice is harmless."""
        pool, self._pool = self._pool, None
        if pool is not None:
            try:
                await asyncio.wait_for(pool.close(), CONNECT_SECONDS)
            except TimeoutError:
                pool.terminate()

    @contextlib.asynccontextmanager
    async def transaction(self) -> AsyncIterator["PostgresStatements"]:
        """Open a writing transaction. No other one writes meanwhile, in any process."""
        async with self._turn("write", self._writing) as statements:
            yield statements
        statements.run_after_commit()

    @contextlib.asynccontextmanager
    async def claiming(self) -> AsyncIterator["PostgresStatements"]:
        """Open a writing transaction that runs beside those of its kind in other processes."""
        async with self._turn("claim", self._claiming) as statements:
            yield statements
        statements.run_after_commit()

    @contextlib.asynccontextmanager
    async def reading(self) -> AsyncIterator["PostgresStatements"]:
        """Open a reading transaction: one consistent state, whatever is written meanwhile."""
        async with self._turn("read", contextlib.nullcontext()) as statements:
            yield statements

    async def tidy(self) -> None:
        """The server keeps its own statistics and log; there is nothing to do."""

    @contextlib.asynccontextmanager
    async def _turn(
        self, mode: Mode, turn: contextlib.AbstractAsyncContextManager[None]
    ) -> AsyncIterator["PostgresStatements"]:
        if self._pool is None:
            raise RuntimeError("the database is not open; use it inside `async with Postgres(url)`")
        isolation: Literal["repeatable_read", "read_committed"]
        isolation = "repeatable_read" if mode == "read" else "read_committed"
        with self._alone():
            async with turn, self._pool.acquire() as connection:
                statements = PostgresStatements(connection, self.token)
                async with connection.transaction(isolation=isolation, readonly=mode == "read"):
                    if mode in _LOCKS:
                        await connection.execute(_LOCKS[mode])
                    yield statements
                    await statements.announce()

    @contextlib.contextmanager
    def _alone(self) -> Any:
        """A task holds one transaction at a time, as with SQLite: a second one would wait for the first."""
        task = asyncio.current_task()
        if task in self._holders:
            raise RuntimeError("this task has a transaction open already; hand that one on")
        self._holders.add(task)
        try:
            yield
        finally:
            self._holders.discard(task)

    async def _check_version(self) -> None:
        assert self._pool is not None
        async with self._pool.acquire() as connection:
            found = connection.get_server_version().major
        if found < OLDEST:
            raise ServerUnusable(
                f"The server of {told(self.url)} is PostgreSQL {found}; Briefbot needs {OLDEST} or later."
            )


class PostgresStatements:
    """A transaction, as `briefs.library.Transaction` has it."""

    def __init__(self, connection: "PoolConnectionProxy[asyncpg.Record]", token: str) -> None:
        self._connection = connection
        self._token = token
        self._after: list[Callable[[], None]] = []
        self._changed: set[str] = set()

    async def execute(self, sql: str, *values: Value) -> int:
        """Run one statement and return the number of rows that it changed."""
        self._note(sql)
        status = await self._connection.execute(postgresql(sql), *map(storable, values))
        number = status.rpartition(" ")[2]
        return int(number) if number.isdecimal() else 0

    async def execute_many(self, sql: str, rows: Sequence[Sequence[Value]]) -> int:
        """Run one statement for each row of values and return the number of rows changed in all."""
        if not rows:
            return 0
        self._note(sql)
        changed = await self._connection.fetchmany(
            f"{postgresql(sql)} RETURNING 1", [tuple(map(storable, row)) for row in rows]
        )
        return len(changed)

    async def fetch(self, sql: str, *values: Value) -> Sequence[Row]:
        """Run a query (or a statement with RETURNING) and return all its rows."""
        self._note(sql)
        return list(await self._connection.fetch(postgresql(sql), *map(storable, values)))

    async def reserve(self, names: Collection[str]) -> set[str]:
        """Keep named things until the end; return those which no other process keeps."""
        rows = await self._connection.fetch(
            f"SELECT name FROM unnest($1::text[]) AS name WHERE pg_try_advisory_xact_lock({PLACES}, hashtext(name))",  # noqa: S608
            sorted(names),
        )
        return {row["name"] for row in rows}

    def after_commit(self, action: Callable[[], None]) -> None:
        """Do something once the transaction is committed, and never if it is rolled back."""
        self._after.append(action)

    def run_after_commit(self) -> None:
        """Do what waited for the commit."""
        for action in self._after:
            action()

    async def announce(self) -> None:
        """Tell the other processes, once this is committed, what they have to read anew."""
        if self._changed:
            told = " ".join([self._token, *sorted(self._changed)])
            await self._connection.execute("SELECT pg_notify($1, $2)", CHANNEL, told)

    def _note(self, sql: str) -> None:
        table = written_table(sql)
        if table in ANNOUNCED:
            self._changed.add(table)


async def reached(url: str, opening: Any) -> Any:
    """Open something on a server; raise `ServerUnusable` where that fails."""
    try:
        return await opening
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, ValueError) as problem:
        raise ServerUnusable(
            f"The server of {told(url)} cannot be used ({problem or type(problem).__name__}); see that it runs, that"
            " the database and its role exist, and that DATABASE_URL names them (README, Several machines)."
        ) from problem


def storable(value: Value) -> Value:
    """Write a value so that it can be kept: PostgreSQL's text holds no NUL (datatype-character); SQLite's does."""
    return value.replace("\0", "\N{REPLACEMENT CHARACTER}") if isinstance(value, str) else value
