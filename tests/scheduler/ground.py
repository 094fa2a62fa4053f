"""What the scheduler's tests stand on: a small brief, subscriptions and an open ledger."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

from bot.database import Database
from bot.postgres import Postgres
from briefs.library import Library
from briefs.reading import Document, read_brief
from briefs.schema import Brief, CalendarDate, EditorBasis, Lead, WatchDate
from scheduler.address import Destination, destination
from scheduler.deliveries import Deliveries, Delivery, Replanned
from scheduler.outcomes import Outcome, Sent
from scheduler.people import People
from scheduler.replanner import Replanner
from scheduler.subscriptions import Kind, Subscription, Subscriptions, subscription
from tests.briefs.sample import SAMPLE_REPORT, SAMPLE_YAML
from tests.engines import opened

LOBBY = destination("web:local/lobby")
HARBOUR = destination("slack:T1/C1")
PIER = destination("discord:1/2")
BASIS = EditorBasis(editor="Named for the test", source="https://example.org/date")


def at(text: str) -> datetime:
    """Read an instant in UTC: `2026-11-24 00:00`."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def document() -> Document:
    """The sample brief, read."""
    return read_brief(SAMPLE_YAML.encode(), SAMPLE_REPORT.encode())


def brief_with(*watch_dates: WatchDate) -> Brief:
    """The sample brief with other watch dates."""
    return document().brief.model_copy(update={"watch_dates": watch_dates})


def single(id_: str, day: str, *leads: str, zone: str = "UTC", **more: object) -> WatchDate:
    """A watch date with one date: `2026-12-18`, `2026-12` or `2026-12-18T15:00`."""
    values = {
        "id": id_,
        "title": f"The day of {id_}",
        "date": day,
        "remind": leads,
        "zone": zone,
        "basis": BASIS,
    }
    return WatchDate.model_validate({**values, **more})


def yearly(id_: str, first: date, *leads: str, title: str = "{ordinal} anniversary") -> WatchDate:
    """A watch date that returns each year, counted in Seoul."""
    return WatchDate(
        id=id_, title=title, yearly_from=first, zone="Asia/Seoul", remind=tuple(map(Lead, leads)), basis=BASIS
    )


SIGNING = yearly("treaty-signing", date(1965, 6, 22), "90d", "30d", "7d", "1d", "0d")
IN_FORCE = yearly("treaty-in-force", date(1965, 12, 18), "90d", "30d", "7d", "1d", "0d")


def following(
    kind: Kind = "reminders",
    where: Destination = LOBBY,
    since: str = "2026-11-24 00:00",
    id_: int = 1,
    **more: object,
) -> Subscription:
    """A subscription of the sample brief."""
    made = subscription("harbour-2025", kind, where, "web:local/reader", at(since), **more)  # type: ignore[arg-type]
    return replace(made, id=id_)


@dataclass
class Ground:
    """An open database in memory with the stores over it."""

    database: Database | Postgres
    library: Library = field(default_factory=Library)
    subscriptions: Subscriptions = field(default_factory=Subscriptions)
    deliveries: Deliveries = field(default_factory=Deliveries)
    people: People = field(default_factory=People)

    @property
    def replanner(self) -> Replanner:
        """What plans anew."""
        return Replanner(self.library, self.subscriptions, self.deliveries)

    async def follow(self, made: Subscription) -> Subscription:
        """Store a subscription."""
        async with self.database.transaction() as tx:
            return (await self.subscriptions.add(tx, made))[0]

    async def replan(self, brief: Brief, now: str) -> Replanned:
        """Plan a brief anew; return how many deliveries were added, changed and cancelled."""
        async with self.database.transaction() as tx:
            return await self.replanner.replan_brief(tx, brief, at(now))

    async def publish(self, yaml: str, now: str) -> Replanned:
        """Publish the sample brief with this YAML: store it and plan what it changes, in one transaction."""
        made = read_brief(yaml.encode(), SAMPLE_REPORT.encode())
        async with self.database.transaction() as tx:
            await self.library.store(tx, made, "web:local/reader", at(now), "an edit", "file")
            return await self.replanner.replan_published(tx, made.brief.brief, at(now))

    async def claim(self, now: str, limit: int = 50) -> list[Delivery]:
        """Take what is due."""
        async with self.database.transaction() as tx:
            return await self.deliveries.claim(tx, at(now), limit)

    async def claims(self, now: str, ticks: int = 10) -> list[Delivery]:
        """Take what is due in several ticks of one moment: what is late goes out one a tick."""
        return [each for _ in range(ticks) for each in await self.claim(now)]

    async def settle(self, each: Delivery, outcome: Outcome, now: str) -> Delivery:
        """Call the platform for a delivery that was taken, and store what became of it."""
        async with self.database.transaction() as tx:
            assert await self.deliveries.compose(tx, each.id, '{"title": "Soon"}', 3)
            await self.deliveries.confirm(tx, each.id, outcome, at(now))
            found = await self.deliveries.get(tx, each.id)
        assert found is not None
        return found

    async def send(self, now: str, ticks: int = 1) -> list[Delivery]:
        """Send what is due, all of which arrives."""
        taken = await self.claims(now, ticks)
        return [await self.settle(each, Sent(f"m{each.id}"), now) for each in taken]

    async def all(self) -> list[Delivery]:
        """Every delivery, the first due first."""
        async with self.database.reading() as tx:
            return await self.deliveries.where(tx, "1 = 1")

    async def states(self) -> dict[str, str]:
        """The state of every delivery, by lead and announced date."""
        return {f"{each.lead} {each.announced}".strip(): each.state for each in await self.all()}


@asynccontextmanager
async def ground() -> AsyncIterator[Ground]:
    """Open an empty ledger, on the engine whose turn it is."""
    async with opened() as database:
        yield Ground(database)


def day(text: str) -> CalendarDate:
    """A calendar date that is a whole day."""
    return CalendarDate(date.fromisoformat(text))
