"""What walks through the whole bot have in common: a date of their own, time that passes, messages awaited."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from scheduler.address import destination
from scheduler.subscriptions import subscription
from tests.wires import Shown, Wire

ID = "korean-peninsula-2024"
_DATE = """watch_dates:
  - id: talks
    title: The talks
    date: {day}
    zone: UTC
    remind: [7d, 0d]
    basis: {{editor: Set for the walk, source: "https://example.org/talks"}}
    touches: [dprk-demands]
"""
_CANCELLED = '    cancelled: {{editor: "Called off", source: "https://example.org/off"}}\n'


class Talks:
    """A watch date of the walk, written into the folder's brief."""

    def __init__(self, folder: Path, day: datetime) -> None:
        self._path = folder / "briefs" / ID / "brief.yaml"
        self._without = self._path.read_text("utf-8")
        self.day = day

    @classmethod
    async def told(cls, wire: Wire, folder: Path, *places: str) -> "Talks":
        """Publish the date, twenty days ahead, and have some places follow it."""
        today = datetime.combine(wire.clock.utc().date(), datetime.min.time(), UTC)
        talks = cls(folder, today + timedelta(days=20))
        talks.write()
        await published(wire, 2)
        await follow(wire, *places)
        return talks

    def write(self, *, cancelled: bool = False) -> None:
        """Write the brief with the date as it stands; the folder's watcher publishes it."""
        written = _DATE.format(day=self.day.date()) + (_CANCELLED.format() if cancelled else "")
        self._path.write_text(self._without.replace("watch_dates:\n", written, 1), "utf-8")


async def published(wire: Wire, number: int) -> None:
    """Wait until a revision of the brief serves."""
    async with asyncio.timeout(10):
        while wire.app.desk.revisions()[ID].number < number:
            await asyncio.sleep(0.02)


async def follow(wire: Wire, *places: str) -> None:
    """Have some places follow all dates, at 09:00 UTC."""
    now = wire.clock.utc()
    async with wire.app.database.transaction() as tx:
        for place in places:
            made, _ = await wire.app.desk.subscriptions.add(
                tx, subscription(ID, "reminders", destination(place), "", now, subject="date:talks")
            )
            await wire.app.desk.outside.replan_subscription(tx, made.id, now)


def pass_to(wire: Wire, moment: datetime) -> None:
    """Let time pass until a moment."""
    ahead = moment - wire.clock.utc()
    assert ahead > timedelta(0), "a walk goes forward"
    wire.clock.jump(ahead.total_seconds())


async def awaited(look: Callable[[], Awaitable[list[Shown]]], words: str, count: int = 1) -> Shown:
    """Wait until so many messages hold some words; return the last of them."""
    found: list[Shown] = []
    async with asyncio.timeout(15):
        while len(found) < count:
            await asyncio.sleep(0.05)
            found = [each for each in await look() if words in each.text]
    assert len(found) == count, [each.text for each in found]
    return found[-1]
