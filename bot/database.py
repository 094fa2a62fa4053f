"""The database: one SQLite file for one process, with numbered migrations.

Writes go through one connection, each in a transaction that takes the write lock at once; reads have a
connection of their own and see one consistent state.
"""

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import aiosqlite

from bot.filelock import FileLock
from bot.versions import upgrade
from briefs.library import Row, Value

# WAL with synchronous=FULL keeps every committed transaction through a crash and a power cut.
_SETTINGS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA busy_timeout = 5000",
    "PRAGMA foreign_keys = ON",
)


class DatabaseMoved(Exception):  # noqa: N818  # it reads as the sentence it is
    """The file's content is on a server now. The text says where, and what to do."""


def marker_of(path: Path) -> Path:
    """The note beside a file that was moved to a server."""
    return path.with_name(path.name + ".moved")


class Database:
    """The open database. `path` None keeps everything in memory, for a rehearsal or a test.

    Use it as `async with Database(path) as database`. Opening a file that another process has open raises
    `bot.filelock.InUse`, one that was moved to a server `DatabaseMoved`, and one that a later version wrote
    `bot.versions.DatabaseTooNew`.
    """

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self._lock: FileLock | None = None
        self._writer: _Line | None = None
        self._reader: _Line | None = None

    async def __aenter__(self) -> Self:
        """Create the file where there is none, lock it, and bring its tables up to date."""
        if self.path is not None:
            self._prepare(self.path)
        holders: set[asyncio.Task[Any] | None] = set()
        try:
            self._writer = await _connect(self.path, holders)
            await self._migrate()
            self._reader = self._writer if self.path is None else await _connect(self.path, holders)
        except BaseException:
            await self.close()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file and give it free."""
        await self.close()

    async def close(self) -> None:
        """Close the connections and release the lock; closing twice is harmless."""
        reader, writer, lock = self._reader, self._writer, self._lock
        self._reader = self._writer = self._lock = None
        if reader is not None and reader is not writer:
            await reader.close()
        if writer is not None:
            await writer.close()
        if lock is not None:
            lock.release()

    @contextlib.asynccontextmanager
    async def transaction(self) -> AsyncIterator["Statements"]:
        """Open a writing transaction; it commits at the end and rolls back on an exception."""
        async with _open(self._writer).turn("BEGIN IMMEDIATE") as statements:
            yield statements
        statements.run_after_commit()

    def claiming(self) -> contextlib.AbstractAsyncContextManager["Statements"]:
        """Open a writing transaction that takes rows which nobody holds; here it is like any other."""
        return self.transaction()

    @contextlib.asynccontextmanager
    async def reading(self) -> AsyncIterator["Statements"]:
        """Open a reading transaction: one consistent state, whatever is written meanwhile."""
        async with _open(self._reader).turn("BEGIN") as statements:
            yield statements

    async def tidy(self) -> None:
        """Let SQLite keep its statistics and its log small; for once a day."""
        line = _open(self._writer)
        async with line.alone():
            await line.connection.execute("PRAGMA optimize")
            await line.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _prepare(self, path: Path) -> None:
        if marker_of(path).exists():
            raise DatabaseMoved(marker_of(path).read_text("utf-8").strip())
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._lock = FileLock(path.with_name(path.name + ".lock"), path)
        self._lock.acquire()
        path.touch(mode=0o600)
        path.chmod(0o600)

    async def _migrate(self) -> None:
        async with self.transaction() as tx:
            await upgrade(tx, f"The database {self.path}", "name another folder in DATA_DIR")


class Statements:
    """A transaction, as `briefs.library.Transaction` has it."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection
        self._after: list[Callable[[], None]] = []

    async def execute(self, sql: str, *values: Value) -> int:
        """Run one statement and return the number of rows that it changed."""
        async with self._connection.execute(sql, values) as cursor:
            return max(cursor.rowcount, 0)

    async def execute_many(self, sql: str, rows: Sequence[Sequence[Value]]) -> int:
        """Run one statement for each row of values and return the number of rows changed in all."""
        if not rows:
            return 0
        async with self._connection.executemany(sql, rows) as cursor:
            return max(cursor.rowcount, 0)

    async def fetch(self, sql: str, *values: Value) -> Sequence[Row]:
        """Run a query (or a statement with RETURNING) and return all its rows."""
        return list(await self._connection.execute_fetchall(sql, values))

    async def reserve(self, names: Collection[str]) -> set[str]:
        """Keep other processes off named things until the end; there are none, so that all of them are kept."""
        return set(names)

    def after_commit(self, action: Callable[[], None]) -> None:
        """Do something once the transaction is committed, and never if it is rolled back."""
        self._after.append(action)

    def run_after_commit(self) -> None:
        """Do what waited for the commit."""
        for action in self._after:
            action()


class _Line:
    """One connection, used by one task at a time."""

    def __init__(self, connection: aiosqlite.Connection, holders: set[asyncio.Task[Any] | None]) -> None:
        self.connection = connection
        self._lock = asyncio.Lock()
        self._holders = holders

    @contextlib.asynccontextmanager
    async def alone(self) -> AsyncIterator[None]:
        """Wait for the connection and keep it.

        A task holds one transaction at a time: a second one would wait for the first for ever, or not see
        what the first wrote.
        """
        task = asyncio.current_task()
        if task in self._holders:
            raise RuntimeError("this task has a transaction open already; hand that one on")
        async with self._lock:
            self._holders.add(task)
            try:
                yield
            finally:
                self._holders.discard(task)

    @contextlib.asynccontextmanager
    async def turn(self, begin: str) -> AsyncIterator[Statements]:
        async with self.alone():
            try:
                await self.connection.execute(begin)
                statements = Statements(self.connection)
                yield statements
                await self.connection.execute("COMMIT")
            except BaseException:
                # The connection's thread works in order, so this comes after whatever was interrupted,
                # and before the next transaction even if this wait is interrupted too.
                await asyncio.shield(self.connection.rollback())
                raise

    async def close(self) -> None:
        async with self.alone():
            await self.connection.close()


async def _connect(path: Path | None, holders: set[asyncio.Task[Any] | None]) -> _Line:
    connection = await aiosqlite.connect(":memory:" if path is None else path, isolation_level=None)
    connection.row_factory = sqlite3.Row
    try:
        for setting in _SETTINGS:
            await connection.execute(setting)
    except BaseException:
        await connection.close()
        raise
    return _Line(connection, holders)


def _open(line: _Line | None) -> _Line:
    if line is None:
        raise RuntimeError("the database is not open; use it inside `async with Database(path)`")
    return line
