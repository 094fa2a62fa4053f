"""The hello to a server that the bot joined, said once, where people see it."""

import asyncio
import itertools
import logging
from collections.abc import Awaitable, Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from bot.adapter import Front
from bot.discord_adapter.incoming import Payload
from bot.discord_adapter.kinds import Permission
from commands.model import Reply
from scheduler.address import Destination
from scheduler.outcomes import Doubtful, Outcome, Retry, Sent

TRIES, PAUSE = 3, 5.0
# A server where the bot may write, by its permissions, but is refused in so many channels is left alone:
# Discord bans whoever collects refusals (topics/rate-limits, Invalid Requests).
CHANNELS = 3
_TEXT = 0
_NEEDED = Permission.VIEW_CHANNEL | Permission.SEND_MESSAGES | Permission.EMBED_LINKS

log = logging.getLogger(__name__)


class _Server(NamedTuple):
    """A server to be greeted: its locale, and the channels where that may be done, the best one first."""

    id: str
    locale: str
    channels: tuple[str, ...]


class Hello:
    """Greets one server after another; each server's hello carries a nonce, so that it comes once."""

    def __init__(
        self,
        front: Front,
        send: Callable[[Destination, Reply, str], Awaitable[Outcome]],
        clock: Callable[[], datetime],
    ) -> None:
        self._front = front
        self._send = send
        self._clock = clock
        self._servers: asyncio.Queue[_Server] = asyncio.Queue()

    def receive(self, server: Payload, me: str) -> None:
        """Take note of a server that Discord announced (GUILD_CREATE); `me` is the bot's user id.

        What is kept of it until its turn is where it may be greeted, and not its channels, roles and members.
        """
        if not server.get("unavailable"):
            places = tuple(itertools.islice(channels(server, me), CHANNELS))
            self._servers.put_nowait(_Server(server["id"], server.get("preferred_locale") or "en", places))

    async def run(self) -> None:
        """Greet until cancelled."""
        while True:
            server = await self._servers.get()
            try:
                await self._greet(server)
            except Exception:
                log.exception("greeting the server %s failed; it is tried again at the next start", server.id)

    async def _greet(self, server: "_Server") -> None:
        workspace = f"discord:{server.id}"
        reply = await self._front.greeting(workspace, self._clock(), server.locale)
        if reply is None:
            return
        for channel in server.channels:
            if await self._said(Destination("discord", server.id, channel), reply, f"h{server.id}"):
                await self._front.greeted(workspace, self._clock())
                return
        log.info("there is no channel in the server %s where the bot may say hello", server.id)

    async def _said(self, channel: Destination, reply: Reply, key: str) -> bool:
        for _ in range(TRIES):
            told = await self._send(channel, reply, key)
            if not isinstance(told, Retry | Doubtful):
                return isinstance(told, Sent)
            await asyncio.sleep(PAUSE)
        return False


def channels(server: Payload, me: str) -> Iterator[str]:
    """List where a hello belongs: the system channel, then the text channels from the top."""
    system = server.get("system_channel_id")
    texts = [channel for channel in server.get("channels") or () if channel["type"] == _TEXT]
    for channel in sorted(
        texts, key=lambda each: (each["id"] != system, each.get("position", 0), int(each["id"]))
    ):
        if may_speak(server, channel, me):
            yield channel["id"]


def may_speak(server: Payload, channel: Payload, me: str) -> bool:
    """Reckon whether the bot may write in a channel (topics/permissions, Permission Overwrites)."""
    if server.get("owner_id") == me:
        return True
    mine = {server["id"], *_roles(server, me)}
    held = 0
    for role in server.get("roles") or ():
        if role["id"] in mine:
            held |= int(role["permissions"])
    if held & Permission.ADMINISTRATOR:
        return True
    overwrites = {each["id"]: each for each in channel.get("permission_overwrites") or ()}
    for ids in ({server["id"]}, mine - {server["id"]}, {me}):
        held = _overwritten(held, [overwrites[id] for id in ids if id in overwrites])
    return held & _NEEDED == _NEEDED


def _overwritten(held: int, overwrites: list[Mapping[str, Any]]) -> int:
    for each in overwrites:
        held &= ~int(each["deny"])
    for each in overwrites:
        held |= int(each["allow"])
    return held


def _roles(server: Payload, me: str) -> list[str]:
    for member in server.get("members") or ():
        if member["user"]["id"] == me:
            return list(member.get("roles") or ())
    return []
