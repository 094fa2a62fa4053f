"""The ledger's file: worked on between two lives of the bot, and looked at beside a living one."""

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from bot.database import Database
from briefs.library import from_millis, to_millis
from scheduler.address import Destination
from scheduler.deliveries import Deliveries, Delivery
from scheduler.planner import Planned
from scheduler.subscriptions import Subscription, Subscriptions, subscription

BRIEF = "harbour-2025"


class Waiting(NamedTuple):
    """How much the bot can do now, and when (aware UTC) the next thing is to be done, if any."""

    now: int
    later: datetime | None


class LedgerFile:
    """The database of the bot under test, as far as one platform is concerned."""

    def __init__(self, path: Path, platform: str) -> None:
        self._path = path
        self._platform = platform

    async def subscribe(
        self, places: Iterable[Destination], since: datetime
    ) -> dict[Destination, Subscription]:
        """Have every place follow the brief's dates; return a digest for each, to plan further ones beside."""
        digests = {}
        async with Database(self._path) as database, database.transaction() as tx:
            for place in places:
                reminders, digest = _wishes(place, since)
                await Subscriptions().add(tx, reminders)
                digests[place] = (await Subscriptions().add(tx, digest))[0]
        return digests

    async def add(self, planned: Sequence[Planned], now: datetime) -> None:
        """Plan messages."""
        async with Database(self._path) as database, database.transaction() as tx:
            for each in planned:
                await Deliveries().add(tx, each, now)

    async def rows(self) -> list[Delivery]:
        """Every delivery to the platform."""
        async with Database(self._path) as database, database.reading() as tx:
            return await Deliveries().where(tx, "destination LIKE ?", f"{self._platform}:%")

    async def lift(self) -> None:
        """Lift every stop, as an admin does once a channel is mended."""
        async with Database(self._path) as database, database.transaction() as tx:
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

    def _number(self, query: str, *values: str | int) -> int:
        return self._rows(query, *values)[0][0] or 0

    def _rows(self, query: str, *values: str | int) -> list[tuple[int | None, ...]]:
        with closing(sqlite3.connect(f"file:{self._path}?mode=ro", uri=True)) as connection:
            return connection.execute(query, values).fetchall()


def _wishes(place: Destination, since: datetime) -> tuple[Subscription, Subscription]:
    reminders = subscription(BRIEF, "reminders", place, "web:local/reader", since)
    return reminders, subscription(BRIEF, "digest", place, "web:local/reader", since, catch_up="all")
