"""The far side: both loopback platforms with a trap in front, and the faults that a run orders of them."""

import functools
import json
import re
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from aiohttp import web

from scheduler.address import Destination
from tests.crash.clock import Ahead
from tests.crash.trap import Trap
from tests.peers.discord_peer import Channel as DiscordChannel
from tests.peers.discord_peer import DiscordPeer, Guild, Member
from tests.peers.discord_peer.world import READER_USER
from tests.peers.slack_peer import SlackPeer, world
from tests.peers.slack_peer.errors import ApiError, Json
from tests.peers.slack_peer.webapi import WebApi, read

ROOMS = 6
GUILD = "100000000000000009"
# What the bot's requests wait for at most, in seconds (bot/discord_adapter/sending.py, slack_adapter/transport.py).
PATIENCE = {"discord": 60.0, "slack": 30.0}
# So long Slack may keep a message's metadata out of the history (design, part 6, waits 30 s for it).
LAG = 10.0
_NONCE = re.compile(rb'"nonce"\s*:\s*"([^"]+)"')
_POSTS = r"^/channels/\d+/messages$"


class Hits(Protocol):
    """An order of failures; `hits` counts the requests that met it."""

    hits: int


class Far(Protocol):
    """One platform as a crash run sees it."""

    name: str
    trap: Trap
    places: tuple[Destination, ...]

    def settings(self) -> dict[str, str]:
        """Return the environment that leads the bot here."""

    async def start(self) -> None:
        """Come (back) into reach."""

    async def stop(self) -> None:
        """Go out of reach, keeping everything."""

    def arrived(self) -> list[str]:
        """The short keys of the deliveries that stand here, one for each message."""

    def storm(self, times: int) -> Hits:
        """Refuse the next deliveries for their rate, a second's wait each."""

    def break_off(self, times: int, after_storing: bool) -> Hits:
        """Cut the connection of the next deliveries instead of answering."""

    def fail(self, times: int, after_storing: bool) -> Hits:
        """Answer the next deliveries with an error of the server's own."""

    def stall(self, seconds: float) -> Hits:
        """Store the next delivery, and answer it so late."""

    def heal(self) -> None:
        """Forget what was ordered."""

    def unlawful(self) -> list[str]:
        """What the bot sent that the platform's own description forbids."""


class Discord(DiscordPeer):
    """The loopback Discord with a trap."""

    name = "discord"

    def __init__(self, clock: Ahead) -> None:
        rooms = [DiscordChannel(str(int(GUILD) + 1 + n), f"room-{n}") for n in range(ROOMS)]
        guild = Guild(GUILD, "Crash", channels=rooms, members={READER_USER: Member()})
        super().__init__(guilds=[guild], clock=clock.now)
        self.trap = Trap()
        inbox = Destination("discord", "@me", f"@{READER_USER}")
        self.places = (*(Destination("discord", GUILD, room.id) for room in rooms), inbox)

    def settings(self) -> dict[str, str]:
        return {"DISCORD_TOKEN": self.token, "DISCORD_API_BASE": self.api_base}

    async def _rest(self, request: web.Request) -> web.StreamResponse:
        serve = functools.partial(super()._rest, request)
        if not re.search(r"/channels/\d+/messages$", request.path):
            return await serve()
        if request.method == "GET":
            return await self.trap.look_up(serve)
        found = _NONCE.search(await request.read())
        return await self.trap.post(found[1].decode() if found else None, serve) or _LOST

    def arrived(self) -> list[str]:
        every = (stored for stored in self.state.stored.values() if stored.only_for is None)
        return [stored.nonce for stored in every if stored.nonce]

    def storm(self, times: int) -> Hits:
        slow = {"message": "You are being rate limited.", "retry_after": 1.0, "global": False}
        headers = {"Retry-After": "1", "X-RateLimit-Scope": "shared"}
        return self.fail_next("POST", _POSTS, status=429, body=slow, times=times, headers=headers)

    def break_off(self, times: int, after_storing: bool) -> Hits:
        return self.fail_next(
            "POST", _POSTS, status=None, drop=True, times=times, after_storing=after_storing
        )

    def fail(self, times: int, after_storing: bool) -> Hits:
        return self.fail_next("POST", _POSTS, status=503, times=times, after_storing=after_storing)

    def stall(self, seconds: float) -> Hits:
        return self.fail_next("POST", _POSTS, status=None, delay=seconds, after_storing=True)

    def heal(self) -> None:
        self.failures.orders.clear()

    def unlawful(self) -> list[str]:
        return self.violations


class _WebApi(WebApi):
    """Slack's Web API with a trap, and with a history that shows a message's metadata only after a while."""

    trap: Trap
    clock: Ahead

    async def handle(self, request: web.Request) -> web.StreamResponse:
        serve: Callable[[], Awaitable[web.StreamResponse]] = functools.partial(super().handle, request)
        method = request.match_info["method"]
        if method in ("conversations.history", "conversations.replies"):
            return await self.trap.look_up(serve)
        if method != "chat.postMessage":
            return await serve()
        return await self.trap.post(_key(await read(request)), serve) or _LOST

    def _call(self, name: str, args: Json, token: str) -> Json | ApiError:
        answer = super()._call(name, args, token)
        if name in ("conversations.history", "conversations.replies") and isinstance(answer, dict):
            old = self.clock.now() - LAG
            shown = [_bare(each) if float(each["ts"]) > old else each for each in answer.get("messages", [])]
            return {**answer, "messages": shown}
        return answer


class Slack(SlackPeer):
    """The loopback Slack with a trap."""

    name = "slack"

    def __init__(self, clock: Ahead) -> None:
        members = {"U1", "U2", "U9", world.BOT_USER}
        rooms = [world.Channel(f"C{n + 1}", f"room-{n}", members=set(members)) for n in range(ROOMS)]
        super().__init__(channels=rooms, clock=clock)
        self.trap = Trap()
        self.api = _WebApi(self.state, self.bot_token, self.app_token)
        self.api.trap, self.api.clock = self.trap, clock
        inbox = Destination("slack", world.TEAM, "@U1")
        self.places = (*(Destination("slack", world.TEAM, room.id) for room in rooms), inbox)

    def settings(self) -> dict[str, str]:
        return {
            "SLACK_BOT_TOKEN": self.bot_token, "SLACK_APP_TOKEN": self.app_token,
            "SLACK_API_BASE": self.api_base,
        }  # fmt: skip

    def arrived(self) -> list[str]:
        every = (stored for stand in self.state.messages.values() for stored in stand)
        return [key for stored in every if (key := _key(stored.payload))]

    def storm(self, times: int) -> Hits:
        return self.fail_next("chat.postMessage", error="ratelimited", times=times)

    def break_off(self, times: int, after_storing: bool) -> Hits:
        return self.fail_next("chat.postMessage", drop=True, times=times, after_storing=after_storing)

    def fail(self, times: int, after_storing: bool) -> Hits:
        error = "internal_error"
        return self.fail_next(
            "chat.postMessage", error=error, status=503, times=times, after_storing=after_storing
        )

    def stall(self, seconds: float) -> Hits:
        return self.fail_next("chat.postMessage", delay=seconds, after_storing=True)

    def heal(self) -> None:
        self.state.failures.orders.clear()

    def unlawful(self) -> list[str]:
        return []


FAR: dict[str, Callable[[Ahead], Far]] = {"discord": Discord, "slack": Slack}
_LOST = web.Response(status=500)


def _key(message: Json) -> str | None:
    """The delivery's key in the metadata of a message, or of the call that posts one."""
    metadata: Any = message.get("metadata") or {}
    if isinstance(metadata, str):
        metadata = json.loads(metadata)
    key = (metadata.get("event_payload") or {}).get("key")
    return None if key is None else str(key)


def _bare(message: Json) -> Json:
    return {name: value for name, value in message.items() if name != "metadata"}
