"""A date that moves after it was told: three corrections, no stale notice, new notices at the new lead times."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.sender import Sender
from commands.dispatch import Dispatcher
from scheduler.outcomes import Needless
from tests.walking import Talks, awaited, pass_to, published
from tests.wires import GENERAL, GUILD, OPENERS, Wire

NINE = timedelta(hours=9)
PLACES = {
    "discord": (f"discord:{GUILD}/{GENERAL}", f"discord:{GUILD}/110000000000000002", "discord:@me/@200000000000000001"),
    "slack": ("slack:T1/C1", "slack:T1/C2", "slack:T1/@U1"),
}  # fmt: skip


@pytest.fixture(params=["discord", "slack"])
async def wire(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Wire]:
    """The bot behind one platform; at the end nothing unlawful was sent to it."""
    async with OPENERS[request.param](tmp_path) as opened:
        yield opened
        assert opened.unlawful() == []


async def everything(wire: Wire) -> list[str]:
    """What the three destinations were told of the talks, each in order."""
    channels = [await wire.arrived(place) for place in PLACES[wire.platform][:2]]
    messages = [each for shown in (*channels, await wire.inbox()) for each in shown]
    return [each.text for each in messages if "The talks" in each.text]


async def counted(wire: Wire, words: str, count: int) -> None:
    """Wait until so many messages hold some words, and see that there is no further one."""
    async with asyncio.timeout(20):
        while sum(words in text for text in await everything(wire)) < count:
            await asyncio.sleep(0.05)
    assert sum(words in text for text in await everything(wire)) == count


async def test_a_date_moved_by_thirty_days_is_corrected_once_at_each_of_three_destinations(
    wire: Wire, tmp_path: Path
) -> None:
    talks = await Talks.told(wire, tmp_path, *PLACES[wire.platform])
    old = talks.day
    pass_to(wire, old - timedelta(days=7) + NINE)
    await counted(wire, "The talks: in 7 days", 3)

    talks.day = old + timedelta(days=30)
    talks.write()
    await published(wire, 3)
    new = f"{talks.day:%B} {talks.day.day}, {talks.day.year}"
    before = f"{old:%B} {old.day}, {old.year}"
    said = f"This date was announced here for {before}. It is now on {new}, in 37 days."
    await counted(wire, f"The talks: moved to {new}", 3)
    assert sum(said in text for text in await everything(wire)) == 3
    await counted(wire, "Moved: The talks: in 7 days", 3)
    assert sum(f"Moved to {new}, see below." in text for text in await everything(wire)) == 3
    assert len(await everything(wire)) == 6

    pass_to(wire, old + NINE)
    await asyncio.sleep(2.5)
    assert len(await everything(wire)) == 6
    pass_to(wire, talks.day - timedelta(days=7) + NINE)
    await counted(wire, "The talks: in 7 days", 6)
    pass_to(wire, talks.day + NINE)
    await counted(wire, "The talks: today", 3)
    assert len(await everything(wire)) == 12


async def test_a_cancelled_date_is_told_once_at_each_and_marked(wire: Wire, tmp_path: Path) -> None:
    talks = await Talks.told(wire, tmp_path, *PLACES[wire.platform])
    pass_to(wire, talks.day - timedelta(days=7) + NINE)
    await counted(wire, "The talks: in 7 days", 3)
    talks.write(cancelled=True)
    await published(wire, 3)
    await counted(wire, "It is cancelled.", 3)
    assert sum("Called off" in text for text in await everything(wire)) == 3
    await counted(wire, "Cancelled, see below.", 3)
    pass_to(wire, talks.day + NINE)
    await asyncio.sleep(2.5)
    assert len(await everything(wire)) == 6


async def test_a_date_that_the_brief_names_no_more_is_told_by_its_old_title(
    wire: Wire, tmp_path: Path
) -> None:
    path = tmp_path / "briefs" / "korean-peninsula-2024" / "brief.yaml"
    without = path.read_text("utf-8")
    talks = await Talks.told(wire, tmp_path, wire.channel)
    pass_to(wire, talks.day - timedelta(days=7) + NINE)
    await awaited(wire.arrived, "The talks: in 7 days")
    path.write_text(without, "utf-8")
    told = await awaited(wire.arrived, "The brief does not name it any more.")
    assert "The talks: cancelled" in told.text


async def test_no_old_message_is_marked_after_an_unfollow(wire: Wire, tmp_path: Path) -> None:
    talks = await Talks.told(wire, tmp_path, wire.channel)
    pass_to(wire, talks.day - timedelta(days=7) + NINE)
    await counted(wire, "The talks: in 7 days", 1)
    talks.day += timedelta(days=30)
    talks.write()
    await counted(wire, "Moved: The talks: in 7 days", 1)
    desk = wire.app.desk
    async with desk.store.transaction() as tx:
        (old,) = await desk.deliveries.where(
            tx, "item = 'talks' AND amended_by > 0 AND destination = ?", wire.channel
        )
        await desk.subscriptions.end(tx, old.subscription, wire.clock.utc())
    sender = Sender(desk, Dispatcher(desk), wire.app.adapters, wire.clock.utc)
    assert await sender.mark(old) == Needless("the subscription ended, so nothing more is written there")
