"""The loopback Slack of a crash run."""

import functools
import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from scheduler.address import Destination
from tests.crash.clock import Ahead
from tests.crash.far import ROOMS, Arrived, Hits
from tests.crash.trap import Trap
from tests.peers.slack_peer import SlackPeer, world
from tests.peers.slack_peer.errors import ApiError, Json
from tests.peers.slack_peer.webapi import WebApi, read

# So long Slack may keep a message's metadata out of the history (design, part 6, waits 30 s for it).
LAG = 10.0
_HISTORY = ("conversations.history", "conversations.replies")


class _WebApi(WebApi):
    """Slack's Web API with a trap, and with a history that shows a message's metadata only after a while."""

    trap: Trap
    clock: Ahead

    async def handle(self, request: web.Request) -> web.StreamResponse:
        serve: Callable[[], Awaitable[web.StreamResponse]] = functools.partial(super().handle, request)
        match request.match_info["method"]:
            case "conversations.history" | "conversations.replies":
                return await self.trap.look_up(serve)
            case "chat.update":
                return await self.trap.edit(serve) or _LOST
            case "chat.postMessage":
                return await self.trap.post(_key(await read(request)), serve) or _LOST
            case _:
                return await serve()

    def _call(self, name: str, args: Json, token: str) -> Json | ApiError:
        answer = super()._call(name, args, token)
        if name in _HISTORY and isinstance(answer, dict):
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

    def arrived(self) -> list[Arrived]:
        every = (stored.payload for stand in self.state.messages.values() for stored in stand)
        return [
            Arrived(key, json.dumps(payload, ensure_ascii=False))
            for payload in every
            if (key := _key(payload))
        ]

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

    def unplug(self) -> None:
        self.sockets.drop()

    def refuse(self, where: Destination) -> None:
        self.state.channels[where.channel].restricted = True

    def mend(self) -> None:
        for channel in self.state.channels.values():
            channel.restricted = False

    def heal(self) -> None:
        self.state.failures.orders.clear()

    def unlawful(self) -> list[str]:
        return self.sockets.mistakes


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
