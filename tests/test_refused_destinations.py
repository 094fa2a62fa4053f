"""A destination that refuses for good: its admins are told once, nothing is tried meanwhile, nothing is lost."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.peers.discord_peer.permissions import Permission
from tests.walking import Talks, awaited, pass_to
from tests.wires import ADMINS, GENERAL, OPENERS, DiscordWire, Shown, SlackWire, Wire

NINE = timedelta(hours=9)


@pytest.fixture(params=["discord", "slack"])
async def wire(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Wire]:
    """The bot behind one platform, with an admin on it."""
    async with OPENERS[request.param](tmp_path, admins=ADMINS, review="off") as opened:
        yield opened


async def close(wire: Wire) -> None:
    """Shut the channel to the bot."""
    if isinstance(wire, DiscordWire):
        await wire.peer.deny(GENERAL, Permission.SEND_MESSAGES)
    elif isinstance(wire, SlackWire):
        wire.peer.state.channels["C1"].is_archived = True


async def open_again(wire: Wire) -> None:
    """Let the bot write again."""
    if isinstance(wire, DiscordWire):
        await wire.peer.deny(GENERAL, Permission(0))
    elif isinstance(wire, SlackWire):
        wire.peer.state.channels["C1"].is_archived = False


def posts(wire: Wire) -> int:
    """How often the bot tried to post into the channel."""
    if isinstance(wire, DiscordWire):
        path = f"/channels/{GENERAL}/messages"
        return sum(each.method == "POST" and each.path.endswith(path) for each in wire.peer.requests)
    assert isinstance(wire, SlackWire)
    tried: list[Any] = [
        call for call in wire.peer.calls("chat.postMessage") if call.args.get("channel") == "C1"
    ]
    return len(tried)


async def test_a_closed_channel_is_told_once_holds_its_messages_and_gets_them_when_it_is_open(
    wire: Wire, tmp_path: Path
) -> None:
    talks = await Talks.told(wire, tmp_path, wire.channel)
    await close(wire)
    pass_to(wire, talks.day - timedelta(days=7) + NINE)

    told = await awaited(lambda: admins_inbox(wire), "A destination refuses messages")
    assert "1 message waits for it." in told.text
    assert "When that is mended, write /brief-admin resume there" in told.text
    tried = posts(wire)
    await asyncio.sleep(3)
    assert posts(wire) == tried
    assert len(await admins_inbox(wire)) == 1
    listed = await wire.say("/brief-admin deliveries", admin=True)
    assert "Messages that wait: 1." in listed.text

    await open_again(wire)
    wire.clock.jump(3600)
    resumed = await wire.say("/brief-admin resume", admin=True)
    assert "what waited for it and is still of use goes out now" in resumed.text
    arrived = await awaited(wire.arrived, "The talks: in 7 days")
    assert "This message is 60 minutes late." in arrived.text


async def admins_inbox(wire: Wire) -> list[Shown]:
    """What the admin was sent directly."""
    if isinstance(wire, SlackWire):
        return await wire.arrived(wire.peer.state.direct("U9").id)
    assert isinstance(wire, DiscordWire)
    admin = ADMINS.rpartition(":")[2]
    found = [channel for channel in wire.peer.state.channels.values() if channel.recipient_id == admin]
    return [each for channel in found for each in await wire.arrived(channel.id)]
