"""Two admins at one platform: one proposes a version of the brief, the other is shown it and decides."""

import contextlib
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Protocol, cast

from tests.peers.discord_peer import Member, Upload, User
from tests.peers.discord_peer.permissions import MANAGER
from tests.peers.discord_peer.world import MANAGER_USER
from tests.peers.slack_peer import SlackPeer, world
from tests.peers.slack_peer.exchange import Exchange, Stored
from tests.wires import ADMINS, GUILD, OPENERS, DiscordWire, Shown, SlackWire, Wire, until

SECOND_ON_DISCORD, SECOND_ON_SLACK = "200000000000000003", "U8"
TWO_ADMINS = f"{ADMINS},discord:{SECOND_ON_DISCORD},slack:T1/{SECOND_ON_SLACK}"
TEAM = f"discord:{GUILD},slack:T1"


class Door(Protocol):
    """A platform through which a brief is published. The author is the wire's admin."""

    @property
    def wire(self) -> Wire:
        """The platform with the bot behind it."""

    async def upload(self, yaml: bytes, reason: str) -> Shown:
        """Send a brief.yaml along with `/brief-admin upload`, as the author."""

    async def say(self, line: str, *, author: bool = False) -> Shown:
        """Type a line, as the second admin or as the author."""

    async def asked(self) -> list[Shown]:
        """What stands in the second admin's direct messages, oldest first."""

    async def heard(self) -> list[Shown]:
        """What stands in the author's direct messages, oldest first."""

    async def press(self, shown: Shown, label: str) -> Shown:
        """Press a button of an answer, or of a message to the second admin."""

    def attached(self, shown: Shown, name: str) -> bytes:
        """The content of a file that came with a message to the second admin."""

    def body(self, shown: Shown) -> str:
        """The words of a message, without those of its notification."""

    async def fresh(self, topic: str) -> Shown:
        """Ask for a topic that was just published, as the author, in the way in which it answers first here."""


class DiscordDoor:
    """The attachment of a command, and buttons in direct messages."""

    def __init__(self, wire: DiscordWire) -> None:
        self.wire = wire

    async def upload(self, yaml: bytes, reason: str) -> Shown:
        options: dict[str, Any] = {"file": Upload("brief.yaml", yaml), "reason": reason}
        return await self._as(MANAGER_USER, "brief-admin upload", options)

    async def say(self, line: str, *, author: bool = False) -> Shown:
        command, given = self.wire.app.front.parse(line)
        types = {option.name: option.kind for option in command.options}
        options = {n: int(v) if types[n] == "integer" else v for n, v in given.items()}
        return await self._as(MANAGER_USER if author else SECOND_ON_DISCORD, command.path, options)

    async def _as(self, user: str, path: str, options: dict[str, Any]) -> Shown:
        exchange = await self.wire.peer.command(path, options, user=user)
        return self.wire.message(await exchange.answer(), private=exchange.ephemeral)

    async def asked(self) -> list[Shown]:
        return self._direct(SECOND_ON_DISCORD)

    async def heard(self) -> list[Shown]:
        return self._direct(MANAGER_USER)

    def _direct(self, user: str) -> list[Shown]:
        stored = self.wire.peer.messages(user)
        return [self.wire.message(each.payload, private=True) for each in stored if each.only_for is None]

    async def press(self, shown: Shown, label: str) -> Shown:
        return await self.wire.press(shown, label)

    def attached(self, shown: Shown, name: str) -> bytes:
        files = self.wire.peer.stored(shown.raw).files.values()
        return next(each.data for each in files if each.filename == name)

    def body(self, shown: Shown) -> str:
        return self.wire.message({**shown.raw, "content": ""}, private=False).text

    async def fresh(self, topic: str) -> Shown:
        await until(lambda: topic in {each["name"] for each in self.wire.peer.commands()}, 2)
        return await self._as(MANAGER_USER, topic, {})


class SlackDoor:
    """A modal with a file input, and buttons in direct messages, files in the thread below."""

    def __init__(self, wire: SlackWire) -> None:
        self.wire = wire

    async def upload(self, yaml: bytes, reason: str) -> Shown:
        form = await self.wire.say("/brief-admin upload", admin=True)
        assert form.form == ["file", "report", "reason", "brief"]
        file = self.wire.peer.attach("brief.yaml", yaml, user="U9")
        return await self.wire.fill(form, {"file": [file], "reason": reason})

    async def say(self, line: str, *, author: bool = False) -> Shown:
        name, _, rest = line.removeprefix("/").partition(" ")
        user = "U9" if author else SECOND_ON_SLACK
        return await self._answered(await self.wire.peer.command(f"/{name}", rest, user=user))

    async def _answered(self, exchange: Exchange) -> Shown:
        """The answer itself: its files, deliveries and marks appear in the same conversations."""
        answer = await exchange.shown(1)
        assert isinstance(answer, Stored)
        return self.wire.message(answer.payload, private=answer.ephemeral, user=exchange.user)

    async def asked(self) -> list[Shown]:
        return self._direct(SECOND_ON_SLACK)

    async def heard(self) -> list[Shown]:
        return self._direct("U9")

    def _direct(self, user: str) -> list[Shown]:
        stored = self.wire.peer.direct_messages(user)
        return [self.wire.message(each.payload, private=True, user=user) for each in stored]

    async def press(self, shown: Shown, label: str) -> Shown:
        message, user = shown.raw
        actions = [
            each for block in message["blocks"] if block["type"] == "actions" for each in block["elements"]
        ]
        key = next(each["action_id"] for each in actions if each["text"]["text"] == label)
        return await self._answered(await self.wire.peer.click(key, message=message, user=user))

    def attached(self, shown: Shown, name: str) -> bytes:
        message, _ = shown.raw
        below = [
            each.payload for each in self.wire.peer.direct_messages(SECOND_ON_SLACK)
            if each.payload.get("thread_ts") == message["ts"]
        ]  # fmt: skip
        file = next(f for payload in below for f in payload["files"] if f["name"] == name)
        return self.wire.peer.state.files[file["id"]].data

    def body(self, shown: Shown) -> str:
        return shown.text

    async def fresh(self, topic: str) -> Shown:
        return await self.say(f"/brief topic {topic}", author=True)


def door(wire: Wire) -> Door:
    """Let a second admin join the wire's platform."""
    if isinstance(wire, DiscordWire):
        second = User(SECOND_ON_DISCORD, "second")
        wire.peer.state.users[second.id] = second
        wire.peer.guild().members[second.id] = Member(MANAGER)
        return DiscordDoor(wire)
    assert isinstance(wire, SlackWire)
    wire.peer.state.users[SECOND_ON_SLACK] = world.User(SECOND_ON_SLACK, "second")
    wire.peer.state.channels["C1"].members.add(SECOND_ON_SLACK)
    return SlackDoor(wire)


@contextlib.asynccontextmanager
async def opened(platform: str, folder: Path, **more: Any) -> AsyncIterator[Door]:
    """Open the bot behind a platform with two admins of its team."""
    settings = {"admins": TWO_ADMINS, "workspaces": TEAM, **more}
    async with OPENERS[platform](folder, **settings) as wire:
        yield door(wire)
        assert wire.unlawful() == []


@contextlib.asynccontextmanager
async def both(folder: Path, **more: Any) -> AsyncIterator[tuple[DiscordDoor, SlackDoor]]:
    """Open one bot behind both platforms."""
    async with SlackPeer() as slack:
        tokens = {
            "slack_bot_token": slack.bot_token, "slack_app_token": slack.app_token,
            "slack_api_base": slack.api_base,
        }  # fmt: skip
        async with opened("discord", folder, **tokens, **more) as on_discord:
            on_slack = door(SlackWire(slack, on_discord.wire.app, on_discord.wire.clock))
            await on_slack.wire.connected()
            yield cast(DiscordDoor, on_discord), cast(SlackDoor, on_slack)
            assert on_slack.wire.unlawful() == []


class Foreseen:
    """A messages.txt: what publishing would send, as it was shown before."""

    def __init__(self, content: bytes) -> None:
        self._parts = re.split(r"^== ", content.decode(), flags=re.MULTILINE)[1:]

    def of(self, verb: str, destination: str) -> list[str]:
        """The messages of a kind to a destination, the soonest first."""
        begins = f"{verb}: {destination}, "
        return [part.partition(" ==\n")[2] for part in self._parts if part.startswith(begins)]


def words(text: str) -> list[str]:
    """The words of a text in order; platforms set them with marks of their own."""
    return re.findall(r"\w+", text)
