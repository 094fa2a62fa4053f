"""The ledger under test: worked on between two lives of the bot, and looked at beside a living one."""

import asyncio
import sqlite3
import threading
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import asyncpg

from bot.database import Database
from bot.dialect import postgresql
from bot.postgres import Postgres
from briefs.library import Store, from_millis, to_millis
from scheduler.address import Destination
from scheduler.deliveries import Deliveries, Delivery
from scheduler.planner import Planned
from scheduler.subscriptions import Subscription, Subscriptions, subscription

BRIEF = "harbour-2025"


class Waiting(NamedTuple):
    """How much the bot can do now, and when (aware UTC) the next thing is to be done, if any."""

    now: int
    later: datetime | None


class Ledger(ABC):
    """The database of the bot under test, as far as one platform is concerned."""

    def __init__(self, platform: str) -> None:
        self._platform = platform

    @abstractmethod
    def opened(self) -> AbstractAsyncContextManager[Store]:
        """Open it while no bot runs."""

    @abstractmethod
    def _rows(self, query: str, *values: str | int) -> list[tuple[int | None, ...]]:
        """Read beside a running bot."""

    async def subscribe(
        self, places: Iterable[Destination], since: datetime
    ) -> dict[Destination, Subscription]:
        """Have every place follow the brief's dates; return a digest for each, to plan further ones beside."""
        digests = {}
        async with self.opened() as database, database.transaction() as tx:
            for place in places:
                reminders, digest = _wishes(place, since)
                await Subscriptions().add(tx, reminders)
                digests[place] = (await Subscriptions().add(tx, digest))[0]
        return digests

    async def add(self, planned: Sequence[Planned], now: datetime) -> None:
        """Plan messages."""
        async with self.opened() as database, database.transaction() as tx:
            for each in planned:
                await Deliveries().add(tx, each, now)

    async def rows(self) -> list[Delivery]:
        """Every delivery to the platform."""
        async with self.opened() as database, database.reading() as tx:
            return await Deliveries().where(tx, "destination LIKE ?", f"{self._platform}:%")

    async def lift(self) -> None:
        """Lift every stop, as an admin does once a channel is mended."""
        async with self.opened() as database, database.transaction() as tx:
            for stop in await Deliveries().stops.all(tx):
                await Deliveries().stops.lift(tx, stop.place)

    def stops(self) -> int:
        """How many places are stopped, read beside the running bot."""
        return self._number("SELECT COUNT(*) FROM stops")

    def doubts(self) -> int:
        """How many deliveries wait for their look-up, read beside the running bot."""
        return self._number(
            "SELECT COUNT(*) FROM deliveries WHERE state = 'sending' AND next_at IS NOT NULL"
            " AND destination LIKE ?", f"{self._platform}:%",
        )  # fmt: skip

    def waiting(self, now: datetime, due: datetime) -> Waiting:
        """What is left to do of all that was due by `due`, read beside the running bot."""
        rows = self._rows(
            "SELECT next_at AS at FROM deliveries WHERE state IN ('planned', 'retrying', 'sending')"
            " AND destination LIKE ? AND due_at <= ?"
            " UNION ALL SELECT mark_at FROM deliveries WHERE mark_at IS NOT NULL AND destination LIKE ?",
            f"{self._platform}:%", to_millis(due), f"{self._platform}:%",
        )  # fmt: skip
        later = [at for (at,) in rows if at is not None and at > to_millis(now)]
        return Waiting(len(rows) - len(later), from_millis(min(later)) if later else None)

    def close(self) -> None:  # noqa: B027  # a file needs no farewell
        """Look no more."""

    def _number(self, query: str, *values: str | int) -> int:
        return self._rows(query, *values)[0][0] or 0


class LedgerFile(Ledger):
    """A SQLite file."""

    def __init__(self, path: Path, platform: str) -> None:
        super().__init__(platform)
        self._path = path

    def opened(self) -> AbstractAsyncContextManager[Store]:
        return Database(self._path)

    def _rows(self, query: str, *values: str | int) -> list[tuple[int | None, ...]]:
        with closing(sqlite3.connect(f"file:{self._path}?mode=ro", uri=True)) as connection:
            return connection.execute(query, values).fetchall()


class LedgerServer(Ledger):
    """A database of a PostgreSQL server."""

    def __init__(self, url: str, platform: str) -> None:
        super().__init__(platform)
        self._url = url
        self._beside = Beside(url)

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[Store]:
        await self.deserted()
        async with Postgres(self._url) as database:
            yield database

    async def deserted(self) -> None:
        """Wait until the server has noticed the bot's death: it may still be at a last commit of the dead."""
        while self._rows(
            "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND application_name LIKE 'briefbot%'"
        ) != [(0,)]:
            await asyncio.sleep(0.01)

    def _rows(self, query: str, *values: str | int) -> list[tuple[int | None, ...]]:
        return self._beside.rows(query, *values)

    def close(self) -> None:
        self._beside.close()


class Beside:
    """Queries that are answered at once, by a connection with a thread of its own."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._loop = asyncio.new_event_loop()
        self._connection: asyncpg.Connection[asyncpg.Record] | None = None
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def rows(self, query: str, *values: str | int) -> list[tuple[int | None, ...]]:
        """Return all rows of a query."""
        return asyncio.run_coroutine_threadsafe(self._fetch(query, *values), self._loop).result(30)

    def close(self) -> None:
        """Hang up, and end the thread."""
        if self._connection is not None:
            asyncio.run_coroutine_threadsafe(self._connection.close(), self._loop).result(30)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(30)
        self._loop.close()

    async def _fetch(self, query: str, *values: str | int) -> list[tuple[int | None, ...]]:
        if self._connection is None:
            self._connection = await asyncpg.connect(self._url)
        return [tuple(row) for row in await self._connection.fetch(postgresql(query), *values)]


def _wishes(place: Destination, since: datetime) -> tuple[Subscription, Subscription]:
    reminders = subscription(BRIEF, "reminders", place, "web:local/reader", since)
    return reminders, subscription(BRIEF, "digest", place, "web:local/reader", since, catch_up="all")
