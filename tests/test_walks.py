"""A person's walk on each platform, through its real wire: follow, receive, snooze, receive again, mute, unfollow."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.walking import Talks, awaited, pass_to
from tests.wires import ADMINS, OPENERS, Shown, Wire

NINE = timedelta(hours=9)


# Not Slack over HTTP: Bolt holds a request's signed time against the machine's clock, and a walk moves its own.
@pytest.fixture(params=["discord", "slack", "web"])
async def wire(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Wire]:
    """The bot behind one platform; at the end nothing unlawful was sent to it."""
    async with OPENERS[request.param](tmp_path, admins=ADMINS, review="off") as opened:
        yield opened
        assert opened.unlawful() == []


async def test_follow_receive_snooze_receive_again_mute_unfollow(wire: Wire, tmp_path: Path) -> None:
    talks = await Talks.told(wire, tmp_path)
    await wire.say("/brief timezone UTC")
    followed = await wire.say("/brief follow talks")
    who = "This page now follows" if wire.platform == "web" else "You now follow"
    assert f"{who} the watch date “The talks”." in followed.text
    assert "Days are announced at 09:00, UTC time." in followed.text

    pass_to(wire, talks.day - timedelta(days=7) + NINE)
    received = await awaited(wire.inbox, "The talks: in 7 days")
    offered = await wire.press(received, "Snooze")
    assert offered.buttons[:3] == ["In 1 hour", "Tomorrow 09:00", "On a date…"]
    snoozed = await wire.press(offered, "Tomorrow 09:00")
    assert "“The talks” comes to" in snoozed.text
    pass_to(wire, talks.day - timedelta(days=6) + NINE)
    await awaited(wire.inbox, "The talks: in 6 days")
    first, again = await delivered(wire, 2)
    assert "7 days before" in (await why(wire, first)).text
    assert "snooze" in (await why(wire, again)).text.casefold()

    muted = await wire.say("/brief mute always")
    assert "You get no messages until you end it with /brief mute off." in muted.text
    pass_to(wire, talks.day + NINE)
    await asyncio.sleep(2.5)
    assert not [each for each in await wire.inbox() if "The talks: today" in each.text]
    muted_away = await row(wire, "0d")
    assert "since this person muted the bot until they end it." in (await why(wire, muted_away)).text
    assert "What you follow is sent to you from now on." in (await wire.press(muted, "Listen again")).text

    stopped = await wire.say("/brief unfollow")
    if "What is followed here" in stopped.text:  # the page follows every date from its first start
        number = next(label for label in stopped.buttons if label.startswith("Unfollow"))
        stopped = await wire.press(stopped, number)
    assert "Nothing more is sent." in stopped.text
    assert "“the person had muted the bot”" in (await why(wire, muted_away)).text


async def why(wire: Wire, delivery: int) -> Shown:
    """What the admin reads about a delivery."""
    return await wire.say(f"/brief-admin why {delivery}", admin=True)


async def delivered(wire: Wire, count: int) -> list[int]:
    """The deliveries of the talks that arrived, in order, once the ledger knows so many."""
    async with asyncio.timeout(10):
        while True:
            async with wire.app.database.reading() as tx:
                rows = await wire.app.desk.deliveries.where(
                    tx, "item = 'talks' AND state = 'sent' AND destination = ?", wire.reader
                )
            if len(rows) == count:
                return [each.id for each in rows]
            await asyncio.sleep(0.05)


async def row(wire: Wire, lead: str) -> int:
    """The delivery of the talks with a lead time, whatever became of it."""
    async with wire.app.database.reading() as tx:
        rows = await wire.app.desk.deliveries.where(
            tx, "item = 'talks' AND lead = ? AND destination = ?", lead, wire.reader
        )
    return rows[-1].id
