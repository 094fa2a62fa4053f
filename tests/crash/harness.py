"""The crash harness: start, kill, start again; at the end let everything drain and count."""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from scheduler.address import Destination
from scheduler.planner import Planned, digest_now, key_of
from scheduler.subscriptions import Subscription
from tests.crash import kills
from tests.crash.books import BETWEEN, Books, Verdict
from tests.crash.brief import Folder
from tests.crash.clock import Ahead
from tests.crash.discord_far import Discord
from tests.crash.far import Far
from tests.crash.kills import Kill
from tests.crash.ledger import Ledger, LedgerFile, LedgerServer
from tests.crash.process import Bot
from tests.crash.slack_far import Slack
from tests.crash.surroundings import Surroundings, until, within

FAR: dict[str, Callable[[Ahead], Far]] = {"discord": Discord, "slack": Slack}
# A start and a connection take so long on a slow machine; what is due is sown for that moment.
START = timedelta(seconds=1)
# So long a kill waits for its moment, in seconds.
LIMIT = 8.0
BACKLOG = 40
# Past the wait of a look-up after a start, which no kill shall have to sit out.
RIPE_SECONDS = 31.0
# A drain that does nothing for so long is over, whatever is left.
DRAIN_SECONDS = 90.0
QUIET_SECONDS = 1.5


@dataclass(frozen=True)
class Result:
    """What a run found.

    due: deliveries that were due. amended: corrections and cancellations that arrived. fell: kills that a
    request triggered. between: kills that found a delivery between `sending` and `sent`.
    """

    platform: str
    verdict: Verdict
    kills: int
    fell: int
    between: int
    due: int
    amended: int
    histogram: list[str]
    unlawful: list[str]

    @property
    def aimed(self) -> bool:
        """Whether at least half of the kills fell between `sending` and `sent`."""
        return 2 * self.between >= self.kills

    @property
    def sound(self) -> bool:
        """Whether nothing was lost, doubled, misleading or against the platform's rules."""
        return not self.verdict and not self.unlawful


class Harness:
    """One platform, one data folder, one seed. `limit`: seconds that a kill waits for its moment.

    `server`: the address of an empty PostgreSQL database, in place of a file in the folder.
    """

    def __init__(
        self, platform: str, folder: Path, seed: int, ledger: str = "sound", limit: float = LIMIT,
        server: str = "",
    ) -> None:  # fmt: skip
        self.clock = Ahead(folder / "clock")
        self.far = FAR[platform](self.clock)
        self.books = Books()
        self._rng = random.Random(seed)
        self._seed = seed
        self._ledger: Ledger = LedgerFile(folder / "data" / "briefbot.sqlite3", platform)
        if server:
            self._ledger = LedgerServer(server, platform)
        self._folder = Folder(folder / "briefs")
        self._bot = Bot(
            folder, folder / "clock", lambda: {"DATABASE_URL": server, **self.far.settings()}, ledger
        )
        self._around = Surroundings(self.far, self._folder, self._ledger, self.clock, self._rng, limit)
        self._digests: dict[Destination, Subscription] = {}
        self._limit = limit
        self._sown = 0
        self._fell = 0

    async def run(self, count: int, say: Callable[[str], None] = print, *, early: bool = False) -> Result:
        """Kill so often, drain, and count. `early`: stop at the first kill after which a fault shows."""
        self._folder.write(self.clock.utc())
        await self.far.start()
        try:
            since = self.clock.utc() - timedelta(hours=1)
            self._digests = await self._ledger.subscribe(self.far.places, since)
            for number, kill in enumerate(kills.plan(self._seed, count), start=1):
                await self._round(kill)
                if number % 20 == 0:
                    say(f"{self.far.name}: {number} kills, {len(self.far.arrived())} messages")
                if early and (found := await self._early()):
                    return self._result(found, number)
            return self._result(await self._drained(), count)
        finally:
            await self._bot.kill()
            await self.far.stop()

    async def _round(self, kill: Kill) -> None:
        """Start the bot with something due, and kill it."""
        await self._pass(kill.downtime)
        await self._prepare(kill)
        if kill.aimed:
            self.far.trap.arm(kill.aimed, kill.nth, kill.delay, self._bot.kill)
        await self._bot.start()
        await self._around.recover(kill)
        if kill.aimed:
            await self._fall(kill)
        else:
            await self._around.meet(kill)
        await self._bot.kill()
        self.far.trap.disarm()
        self.far.heal()
        self.books.killed(await self._ledger.rows(), self.clock.utc())
        await self._around.subside(kill)

    async def _pass(self, seconds: float) -> None:
        """Let a while pass. A request is late by seconds: one that takes effect after its look-up comes twice."""
        if seconds:
            await self.far.trap.settled()
            self.clock.jump(seconds)

    async def _prepare(self, kill: Kill) -> None:
        """What happens while the bot is down: edits of the brief, digests that come due."""
        now = self.clock.utc()
        if kill.new_date:
            self._folder.add(now)
        if kill.change:
            self._folder.change(now, self._rng, self._worth_changing())
        rows = await self._ledger.rows()
        due = now + START
        ready = sum(row.next_at is not None and row.next_at <= due for row in rows)
        places = self._rng.choices(self.far.places, k=kill.sown if ready < BACKLOG else 1)
        await self._ledger.add([self._digest(place, due) for place in places], now)
        self.books.observe(await self._ledger.rows())

    def _worth_changing(self) -> set[str]:
        """The dates of which a place may have been told a moment ago, or of which it was told before."""
        rows = [each.row for each in self.books.entries.values() if each.row.kind != "digest"]
        doubtful = {row.item for row in rows if row.at_platform}
        return doubtful or {row.item for row in rows[-50:] if row.state == "sent"}

    def _digest(self, place: Destination, due: datetime) -> Planned:
        """A digest as `/brief-admin digest send` plans it; the serial number stands for its second."""
        self._sown += 1
        made = digest_now(self._folder.brief, self._digests[place], due)
        key = key_of(made.subscription, made.kind, made.item, self._sown, made.lead, made.announced)
        return replace(made, key=key, occurrence=self._sown)

    async def _fall(self, kill: Kill) -> None:
        """Wait until the trap has sprung; a look-up's turn is brought forward."""
        if kill.aimed == "asked" and await until(lambda: self._ledger.doubts() > 0, self._limit / 2):
            await (
                self.far.trap.settled()
            )  # what takes effect after its look-up comes twice (docs/reliability.md)
            self.clock.jump(RIPE_SECONDS)
        await within(self._limit, self._bot.dead.wait())
        self._fell += self._bot.dead.is_set()

    async def _early(self) -> Verdict:
        """What shows already; what takes effect late is waited for before anything is called lost."""
        if self.books.early(self.far.arrived()):
            await self.far.trap.settled()
        return self.books.early(self.far.arrived())

    async def _drained(self) -> Verdict:
        """Start it without faults, and move the clock to what it waits for until nothing is left to do."""
        await self.far.trap.settled()
        await self._around.clear()
        due = self.clock.utc()
        await self._bot.start()
        while await until(lambda: self._ledger.waiting(self.clock.utc(), due).now == 0, DRAIN_SECONDS):
            later = self._ledger.waiting(self.clock.utc(), due).later
            if later is not None:
                self.clock.jump(max(0.0, (later - self.clock.utc()).total_seconds()) + 0.1)
                continue
            await asyncio.sleep(QUIET_SECONDS)
            if self._ledger.waiting(self.clock.utc(), due) == (0, None):
                break
        await self._bot.stop()
        self.books.observe(await self._ledger.rows())
        return self.books.verdict(self.far.arrived(), self._folder.meetings, due)

    def _result(self, verdict: Verdict, count: int) -> Result:
        books = self.books
        lines = [
            f"{state}: {number} deliveries, in {books.kills_with[state]} of {count} kills"
            for state, number in books.histogram.most_common()
        ]
        due, amended = books.due(self.clock.utc()), books.amended(self.far.arrived())
        between, unlawful = books.kills_with[BETWEEN], list(self.far.unlawful())
        return Result(self.far.name, verdict, count, self._fell, between, due, amended, lines, unlawful)
