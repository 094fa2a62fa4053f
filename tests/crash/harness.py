"""The crash harness: start, kill, start again; at the end let everything drain and count."""

import asyncio
import random
import sqlite3
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from bot.database import Database
from briefs.library import to_millis
from scheduler.address import Destination
from scheduler.deliveries import Deliveries, Delivery
from scheduler.planner import Planned, digest_now, key_of
from scheduler.subscriptions import Subscription, Subscriptions, subscription
from tests.crash import kills
from tests.crash.books import Books, Verdict
from tests.crash.brief import Folder
from tests.crash.clock import Ahead
from tests.crash.far import FAR, PATIENCE, Hits
from tests.crash.kills import Kill
from tests.crash.process import Bot

# A start and a connection take so long on a slow machine; what is due is sown for that moment.
START = timedelta(seconds=1.5)
LIMIT = 7.0
BACKLOG = 40
# Downtimes before the last starts: past a look-up's wait, past each step of the backoff.
DRAINS = (60.0, 100.0, 400.0, 1200.0, *[4500.0] * 6)
DRAIN_SECONDS = 30.0
QUIET_SECONDS = 1.0


@dataclass(frozen=True)
class Result:
    """What a run found."""

    platform: str
    verdict: Verdict
    kills: int
    aimed: int
    between: int
    deliveries: int
    histogram: list[str]
    unlawful: list[str]

    @property
    def clean(self) -> bool:
        """Whether nothing was lost and nothing doubled."""
        return not self.verdict.lost and not self.verdict.doubled


class Harness:
    """One platform, one data folder, one seed."""

    def __init__(self, platform: str, folder: Path, seed: int, ledger: str = "sound") -> None:
        self.clock = Ahead()
        self.far = FAR[platform](self.clock)
        self.books = Books(platform)
        self._rng = random.Random(seed)
        self._seed = seed
        self._path = folder / "data" / "briefbot.sqlite3"
        self._folder = Folder(folder / "briefs")
        self._bot = Bot(folder, {}, ledger)
        self._home = folder
        self._ledger = ledger
        self._sown = 0
        self._out = False

    async def run(self, count: int, say: Callable[[str], None] = print) -> Result:
        """Kill so often, drain, and count."""
        self._folder.write(self.clock.utc())
        await self.far.start()
        self._bot = Bot(self._home, self.far.settings(), self._ledger)
        await self._subscribe()
        aimed = 0
        try:
            for number, kill in enumerate(kills.plan(self._seed, count), start=1):
                aimed += await self._round(kill)
                if number % 20 == 0:
                    say(f"{self.far.name}: {number} kills, {len(self.far.arrived())} messages")
            await self._drain()
            return await self._result(count, aimed)
        finally:
            await self._bot.kill()
            await self.far.stop()

    async def _round(self, kill: Kill) -> bool:
        """Start the bot with something due and kill it; return whether the kill fell as it was aimed."""
        await self.far.trap.settled()
        self.clock.jump(kill.downtime)
        if kill.new_date:
            self._folder.add(self.clock.utc())
        await self._sow(kill.sown)
        if kill.aimed:
            self.far.trap.arm(kill.aimed, kill.nth, kill.delay, self._bot.kill)
        await self._bot.start(self.clock.offset)
        if self._out:
            await asyncio.sleep(kill.delay)
            await self.far.start()
            self._out = False
        fell = await self._fell(kill)
        await self._bot.kill()
        self.far.trap.disarm()
        self.far.heal()
        self.books.killed(await self._look())
        if self._out and not kill.still_out:
            await self.far.start()
            self._out = False
        return fell

    async def _fell(self, kill: Kill) -> bool:
        if kill.aimed:
            await _within(LIMIT, self._bot.dead.wait())
            return self._bot.dead.is_set()
        await {
            "storm": self._storm, "outage": self._outage, "break": self._break, "error": self._error,
            "edit": self._edit, "anytime": self._anytime, "stall": self._stall,
        }[kill.how](kill)  # fmt: skip
        await asyncio.sleep(kill.delay)
        return False

    async def _storm(self, kill: Kill) -> None:
        await self._hit(self.far.storm(10), 1 + kill.nth)

    async def _break(self, kill: Kill) -> None:
        await self._hit(self.far.break_off(1 + kill.nth, kill.after_storing))

    async def _error(self, kill: Kill) -> None:
        await self._hit(self.far.fail(1 + kill.nth, kill.after_storing))

    async def _stall(self, kill: Kill) -> None:
        patience = PATIENCE[self.far.name]
        await self._hit(self.far.stall(patience + 5))
        await asyncio.sleep(patience + 1)

    async def _outage(self, kill: Kill) -> None:
        await self._posts(kill.nth)
        await self.far.stop()
        self._out = True

    async def _edit(self, kill: Kill) -> None:
        await self._posts(kill.nth)
        self._folder.change(self.clock.utc(), self._rng)

    async def _anytime(self, kill: Kill) -> None:
        """At any time, while it starts or later."""

    async def _hit(self, order: Hits, times: int = 1) -> None:
        await _until(lambda: order.hits >= times, LIMIT)

    async def _posts(self, more: int) -> None:
        goal = self.far.trap.posts + 1 + more
        await _until(lambda: self.far.trap.posts >= goal, LIMIT)

    async def _subscribe(self) -> None:
        """Have every place follow the brief's dates, and one digest each to plan further ones beside."""
        now = self.clock.utc() - timedelta(hours=1)
        async with Database(self._path) as database, database.transaction() as tx:
            for place in self.far.places:
                for made in _wishes(place, now):
                    await Subscriptions().add(tx, made)

    async def _sow(self, count: int) -> None:
        """Plan digests for the moment at which the bot will have started, unless there is enough to do."""
        due = self.clock.utc() + START
        async with Database(self._path) as database, database.transaction() as tx:
            rows = await Deliveries().where(tx, "1 = 1")
            waiting = [row for row in self.books.observe(rows, due) if row.state in ("planned", "retrying")]
            if len(waiting) < BACKLOG:
                for place in self._rng.choices(self.far.places, k=count):
                    standing = await Subscriptions().at(tx, place)
                    await Deliveries().add(tx, self._digest(standing, due), due)
            self.books.observe(await Deliveries().where(tx, "1 = 1"), due)

    def _digest(self, standing: list[Subscription], due: datetime) -> Planned:
        """A digest as `/brief-admin digest send` plans it; the serial number stands for its second."""
        self._sown += 1
        digest = next(each for each in standing if each.kind == "digest")
        made = digest_now(self._folder.brief, digest, due)
        key = key_of(made.subscription, made.kind, made.item, self._sown, made.lead, made.announced)
        return replace(made, key=key, occurrence=self._sown)

    async def _look(self) -> list[Delivery]:
        """Note the ledger as the kill left it; return what is due on the platform."""
        now = self.clock.utc()
        async with Database(self._path) as database, database.reading() as tx:
            return self.books.observe(await Deliveries().where(tx, "1 = 1"), now)

    async def _drain(self) -> None:
        """Start it without faults until nothing is left to do."""
        await self.far.trap.settled()
        if self._out:
            await self.far.start()
        for downtime in DRAINS:
            self.clock.jump(downtime)
            await self._bot.start(self.clock.offset)
            await _until(lambda: not self._open(), DRAIN_SECONDS)
            await asyncio.sleep(QUIET_SECONDS)
            await self._bot.stop()
            await self._look()
            if not self._open():
                return

    def _open(self) -> int:
        """How many due deliveries of the platform are not settled, read beside the running bot."""
        connection = sqlite3.connect(f"file:{self._path}?mode=ro", uri=True)
        try:
            found = connection.execute(
                "SELECT COUNT(*) FROM deliveries WHERE state IN ('planned', 'retrying', 'sending')"
                " AND destination LIKE ? AND due_at <= ?",
                (f"{self.far.name}:%", to_millis(self.clock.utc())),
            ).fetchone()
            return int(found[0])
        finally:
            connection.close()

    async def _result(self, count: int, aimed: int) -> Result:
        books = self.books
        verdict = books.verdict(self.far.arrived(), self._folder.meetings, self.clock.utc())
        lines = [
            f"{state}: {number} deliveries, in {books.kills_with[state]} of {count} kills"
            for state, number in books.histogram.most_common()
        ]
        due = sum(each.row.due_at <= self.clock.utc() for each in books.entries.values())
        between = books.kills_with["at the platform"]
        return Result(self.far.name, verdict, count, aimed, between, due, lines, self.far.unlawful())


def _wishes(place: Destination, now: datetime) -> tuple[Subscription, Subscription]:
    reminders = subscription("harbour-2025", "reminders", place, "web:local/reader", now)
    return reminders, subscription("harbour-2025", "digest", place, "web:local/reader", now, catch_up="all")


async def _until(ready: Callable[[], bool], seconds: float) -> bool:
    """Wait until something is so, at most so long; return whether it is."""
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    while not ready():
        if loop.time() > end:
            return False
        await asyncio.sleep(0.05)
    return True


async def _within(seconds: float, what: Awaitable[object]) -> None:
    try:
        async with asyncio.timeout(seconds):
            await what
    except TimeoutError:
        return
