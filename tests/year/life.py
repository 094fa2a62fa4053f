"""One life of the bot in the simulated year: from its start until it is killed, or the year is over."""

import contextlib
import random
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from bot.app import desk_of
from bot.database import Database
from bot.housekeeping import Housekeeping
from bot.outside import Outside
from bot.postgres import Postgres
from bot.sender import Sender
from bot.settings import Settings
from bot.web.lobby import Lobby
from briefs.library import Library, Transaction
from briefs.reading import read_brief
from commands.dispatch import Dispatcher
from commands.publish import publish
from scheduler.address import Person, destination
from scheduler.runner import KEEP, Runner
from scheduler.subscriptions import Subscription, Subscriptions, subscription
from tests.crash.broken import LEDGERS
from tests.year.far import Far, Journal, Line
from tests.year.fuse import Fuse, Mortal
from tests.year.scenario import BEGIN, BRIEF, Day, Event, Follower, Scenario, document

PLATFORMS = ("discord", "slack")
ADMIN = Person("web", "local", "admin")
A_SECOND, A_DAY, A_WEEK = timedelta(seconds=1), timedelta(days=1), timedelta(days=7)
AT_ONCE = 100


@dataclass(frozen=True)
class Order:
    """What a life is given: the year, its folder or server, when it begins and from when on it is to die.

    `keep`: how long finished deliveries are kept.
    """

    scenario: Scenario
    folder: Path
    server: str
    ledger: str
    number: int
    begin: datetime
    dies: datetime
    keep: timedelta = KEEP


class Place(Protocol):
    """Where a year is kept."""

    @property
    def folder(self) -> Path:
        """The folder of its journal and file."""

    @property
    def server(self) -> str:
        """The address of its database; empty where that is a file in the folder."""


@contextlib.asynccontextmanager
async def opened(where: Place) -> AsyncIterator[Database | Postgres]:
    """Open the database of a year."""
    made = Postgres(where.server) if where.server else Database(where.folder / "briefbot.sqlite3")
    async with made as database:
        yield database


async def live(order: Order) -> None:
    """Live one life."""
    async with opened(order) as database:
        await Life(order, Journal(order.folder / "journal"), database).live()


class Life:
    """The bot, on a clock that jumps from one thing to do to the next."""

    def __init__(self, order: Order, journal: Journal, database: Database | Postgres) -> None:
        self._order, self._journal, self._scenario = order, journal, order.scenario
        self.now, self._kept, self._planned = order.begin, BEGIN, order.begin
        rng = random.Random(f"{order.scenario.seed} {order.number}")
        fuse = Fuse(order.dies, rng, self._clock, self._dying)
        self._store: Any = Mortal(database, fuse)
        self._far: Any = {name: Far(name, journal, self._clock, rng, fuse) for name in PLATFORMS}
        ledger = LEDGERS[order.ledger]()
        self._outside = Outside(self._store, Library(), Subscriptions(), ledger, self._far, self._clock)
        settings = Settings.model_construct()
        self._desk = desk_of(self._store, self._outside.library, self._outside, settings, {}, ledger)
        sender = Sender(self._desk, Dispatcher(self._desk), self._far, self._clock)
        self._runner = Runner(
            self._store, self._desk.library, self._desk.subscriptions, ledger, sender.deliver, sender.find,
            clock=self._clock, mark=sender.mark, jitter=rng.random, keep=order.keep,
            housekeep=Housekeeping(database, Lobby(database)),
        )  # fmt: skip
        # When people did what they do in the year, and when they first tried.
        self._done: set[int] = set()
        self._tried: dict[int, datetime] = {}

    async def live(self) -> None:
        """Start, and go on until the year is over."""
        for line in self._journal.read():
            self._recall(line)
        async with self._store.reading() as tx:
            await self._desk.library.load(tx)
        if not self._done:
            await self._first()
        self._journal.write("started", self.now)
        await self._runner.lead()
        while (moment := await self._next()) < self._scenario.end:
            self.now = moment
            await self._people()
            await self._duties()
            while await self._runner.tick(self.now):
                self.now += A_SECOND
        self._journal.write("the year is over", self.now)

    def _clock(self) -> datetime:
        return self.now

    def _dying(self, point: str) -> None:
        self._journal.write("died", self.now, point=point)

    def _recall(self, line: Line) -> None:
        at = datetime.fromisoformat(line["at"])
        match line["what"]:
            case "sent":
                self._far[line["to"].partition(":")[0]].recall(line)
            case "done":
                self._done.add(line["event"])
            case "tries":
                self._tried.setdefault(line["event"], at)
            case "kept house":
                self._kept = at

    async def _first(self) -> None:
        """Publish the first revision, and have the first followers follow it."""
        await self._publish(self._scenario.first)
        first = [each for each in self._scenario.followers if each.created == BEGIN]
        for start in range(0, len(first), AT_ONCE):
            async with self._store.transaction() as tx:
                for each in first[start : start + AT_ONCE]:
                    await self._desk.subscriptions.add(tx, _wanted(each, self.now))
        self._note_done(0, self.now)

    def _note_done(self, number: int, at: datetime) -> None:
        self._done.add(number)
        self._journal.write("done", at, event=number)

    async def _publish(self, days: list[Day] | tuple[Day, ...]) -> None:
        await publish(
            self._store, self._desk.library, self._outside.replan, read_brief(*document(days)),
            author="file", at=self.now, reason="the year", origin="file",
        )  # fmt: skip

    async def _next(self) -> datetime:
        """The next moment at which there is something to do."""
        async with self._store.reading() as tx:
            rows = await tx.fetch(
                "SELECT MIN(next_at) AS at FROM deliveries WHERE state IN ('planned', 'retrying')"
                " UNION ALL SELECT MIN(next_at) FROM deliveries WHERE state = 'sending'"
                " UNION ALL SELECT MIN(mark_at) FROM deliveries WHERE mark_at IS NOT NULL"
            )
        due = [datetime.fromtimestamp(row["at"] / 1000, UTC) for row in rows if row["at"] is not None]
        people = [at for number, at in self._plans() if number not in self._done]
        return max(min([*due, *people, self._kept + A_DAY]), self.now + A_SECOND)

    def _plans(self) -> list[tuple[int, datetime]]:
        """What people have in mind, by number: events, and as negative numbers who will join."""
        joining = [(-each.number, each.created) for each in self._scenario.followers if each.created > BEGIN]
        return [*joining, *((each.number, each.at) for each in self._scenario.events)]

    async def _people(self) -> None:
        """What people do by now, once each, in order."""
        for each in self._scenario.followers:
            if BEGIN < each.created <= self.now and -each.number not in self._done:
                await self._once(-each.number, each, self._joined, self._join)
        for event in self._scenario.events:
            if event.at <= self.now and event.number not in self._done:
                if event.what == "publish":
                    await self._publish(event.days)
                    self._note_done(event.number, self.now)
                else:
                    await self._once(event.number, event, self._happened, self._happen)

    async def _once(self, number: int, what: Any, known: Any, do: Any) -> None:
        """Do something unless an earlier life did it and died before it could note that."""
        at = self.now
        async with self._store.transaction() as tx:
            if number in self._tried and await known(tx, what):
                at = self._tried[number]
            else:
                self._tried[number] = at
                self._journal.write("tries", at, event=number)
                await do(tx, what)
        self._note_done(number, at)

    async def _joined(self, tx: Transaction, each: Follower) -> bool:
        return await self._found(tx, each) is not None

    async def _join(self, tx: Transaction, each: Follower) -> None:
        stored, _ = await self._desk.subscriptions.add(tx, _wanted(each, self.now))
        await self._outside.replan_subscription(tx, stored.id, self.now)

    async def _happened(self, tx: Transaction, event: Event) -> bool:
        each = self._scenario.followers[event.who - 1]
        found = await self._found(tx, each)
        person = destination(each.place).person
        match event.what:
            case "mute":
                assert person is not None
                return (await self._desk.people.get(tx, person)).muted_until == event.until
            case "end":
                return found is None
        return found is None or found.paused == (event.what == "pause")

    async def _happen(self, tx: Transaction, event: Event) -> None:
        each, desk = self._scenario.followers[event.who - 1], self._desk
        place = destination(each.place)
        found = await self._found(tx, each)
        if event.what == "mute":
            assert place.person is not None
            await desk.people.mute(tx, place.person, event.until)
            await self._outside.replan_at(tx, place, self.now)
        elif found is not None and event.what == "end":
            await desk.subscriptions.end(tx, found.id, self.now)
            await self._outside.replan_subscription(tx, found.id, self.now)
        elif found is not None:
            await desk.subscriptions.change(tx, replace(found, paused=event.what == "pause"))
            await self._outside.replan_subscription(tx, found.id, self.now)

    async def _found(self, tx: Transaction, each: Follower) -> Subscription | None:
        there = await self._desk.subscriptions.at(tx, destination(each.place))
        return next((one for one in there if (one.kind, one.schedule) == (each.kind, each.schedule)
                     and (one.subject == each.subject or each.subject.startswith("date:"))), None)  # fmt: skip

    async def _duties(self) -> None:
        """What the leader does once a day; the plan, which reaches weeks ahead, grows once a week to save time.

        Each start makes it grow as well.
        """
        if self.now >= self._kept + A_DAY:
            self._kept = self.now
            if self.now >= self._planned + A_WEEK:
                self._planned = self.now
                await self._runner.extend(self.now)
            await self._runner.keep_house(self.now)
            self._journal.write("kept house", self.now)


def _wanted(each: Follower, now: datetime) -> Subscription:
    return subscription(
        BRIEF, each.kind, destination(each.place), ADMIN, now, subject=each.subject, schedule=each.schedule,  # type: ignore[arg-type]
        zone=each.zone, leads=each.leads, catch_up=each.catch_up,  # type: ignore[arg-type]
    )  # fmt: skip
