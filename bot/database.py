"""The database: one SQLite file for one process, with numbered migrations.

Writes go through one connection, each in a transaction that takes the write lock at once; reads have a
connection of their own and see one consistent state.
"""

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator, Callable, Collection, Coroutine, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import aiosqlite

from bot.filelock import FileLock
from bot.versions import upgrade
from briefs.library import Row, Value

# WAL with synchronous=FULL keeps every committed transaction through a crash and a power cut.
# What is deleted is given back to the disk a piece at a time; a file that was made before keeps it for new rows.
_SETTINGS = (
    "PRAGMA auto_vacuum = INCREMENTAL",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA busy_timeout = 5000",
    "PRAGMA foreign_keys = ON",
)
# A file gives pages back where more than this share of it is free, so many (of 4 KB) at a time.
_FREE_SHARE, _FREED_AT_ONCE = 0.25, 250


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
        async with _open(self._writer).together() as statements:
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
        """Let SQLite keep its statistics, its log and its file small; for once a day."""
        line = _open(self._writer)
        while await self._gives_back(line):
            pass  # others have their turn between two pieces
        async with line.alone():
            await line.connection.execute("PRAGMA optimize")
            await line.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    async def _gives_back(self, line: "_Line") -> bool:
        """Give a piece of the file back to the disk where much of it is free; say whether that helped."""
        async with line.alone():
            free, pages = await line.pragma("freelist_count"), await line.pragma("page_count")
            if free <= _FREE_SHARE * pages:
                return False
            await line.connection.execute_fetchall(f"PRAGMA incremental_vacuum({_FREED_AT_ONCE})")
            return await line.pragma("freelist_count") < free

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
        # Closing the cursor would be another crossing to the connection's thread; a statement that gives no rows
        # is over once it was run.
        cursor = await self._connection.execute(sql, values)
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

    @property
    def awaited(self) -> bool:
        """Whether something waits for the commit."""
        return bool(self._after)

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
        self._waiting = 0
        self._group: _Group | None = None

    @contextlib.asynccontextmanager
    async def alone(self) -> AsyncIterator[None]:
        """Wait for the connection and keep it.

        A task holds one transaction at a time: a second one would wait for the first for ever, or not see
        what the first wrote.
        """
        async with self._held():
            if self._group is not None:
                await _surely(self._group.commit())
            yield

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

    @contextlib.asynccontextmanager
    async def together(self) -> AsyncIterator[Statements]:
        """A writing transaction that shares its commit with those that wait for the connection by its end.

        A commit waits for the disk, several milliseconds on most; without this fifty messages a second, with
        three transactions each, would take all of its time.
        """
        async with self._held():
            group = self._group
            entered = self._joined(group) if group is not None else self._begun()
            async with entered as statements:
                yield statements
            group = self._group
            assert group is not None
            # What is done after a commit is done before anybody else sees what was written.
            if statements.awaited or not self._waiting:
                await _surely(group.commit())
        await asyncio.shield(group.done)

    @contextlib.asynccontextmanager
    async def _begun(self) -> AsyncIterator[Statements]:
        try:
            await self.connection.execute("BEGIN IMMEDIATE")
            yield Statements(self.connection)
        except BaseException:
            await _surely(self.connection.rollback())
            raise
        self._group = _Group(self, asyncio.get_running_loop().create_future())
        if self._waiting:
            # The lock is handed on in the order in which it was asked for: first to all who wait now.
            self._group.closing = asyncio.create_task(self._close_group(self._group))

    @contextlib.asynccontextmanager
    async def _joined(self, group: "_Group") -> AsyncIterator[Statements]:
        try:
            await self.connection.execute("SAVEPOINT member")
            yield Statements(self.connection)
            await self.connection.execute("RELEASE member")
        except BaseException:
            await _surely(self._undo())
            raise

    async def _undo(self) -> None:
        await self.connection.execute("ROLLBACK TO member")
        await self.connection.execute("RELEASE member")

    async def _close_group(self, group: "_Group") -> None:
        async with self._lock:
            if self._group is group:
                await group.commit()

    @contextlib.asynccontextmanager
    async def _held(self) -> AsyncIterator[None]:
        task = asyncio.current_task()
        if task in self._holders:
            raise RuntimeError("this task has a transaction open already; hand that one on")
        self._waiting += 1
        try:
            await self._lock.acquire()
        finally:
            self._waiting -= 1
        try:
            self._holders.add(task)
            yield
        finally:
            self._holders.discard(task)
            self._lock.release()

    async def pragma(self, name: str) -> int:
        """Ask SQLite for one of its numbers."""
        ((value,),) = await self.connection.execute_fetchall(f"PRAGMA {name}")
        return int(value)

    async def close(self) -> None:
        async with self.alone():
            await self.connection.close()


class _Group:
    """Transactions that are committed together. Whoever commits it holds the connection."""

    def __init__(self, line: _Line, done: "asyncio.Future[None]") -> None:
        self._line = line
        self.done = done
        self.closing: asyncio.Task[None] | None = None

    async def commit(self) -> None:
        """Commit them all, or undo them all where that fails; `done` says which to each."""
        self._line._group = None
        try:
            await self._line.connection.execute("COMMIT")
        except BaseException as problem:  # noqa: BLE001  # it is handed on to every member
            await asyncio.shield(self._line.connection.rollback())
            self.done.set_exception(problem)
            self.done.exception()  # those who wait for it hear of it; with nobody left it is no loss
        else:
            self.done.set_result(None)


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


async def _surely(work: Coroutine[Any, Any, None]) -> None:
    """Finish something before the connection is given on, even where the caller is cancelled meanwhile."""
    task = asyncio.ensure_future(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait((task,))
        raise


def _open(line: _Line | None) -> _Line:
    if line is None:
        raise RuntimeError("the database is not open; use it inside `async with Database(path)`")
    return line
