"""The loopback Discord of a crash run."""

import functools
import json
import re

from aiohttp import web

from scheduler.address import Destination
from tests.crash.clock import Ahead
from tests.crash.far import ROOMS, Arrived, Hits
from tests.crash.trap import Trap
from tests.peers.discord_peer import Channel, DiscordPeer, Guild, Member
from tests.peers.discord_peer.faults import Failure
from tests.peers.discord_peer.world import READER_USER

GUILD = "100000000000000009"
_NONCE = re.compile(rb'"nonce"\s*:\s*"([^"]+)"')
_POSTS = r"^/channels/\d+/messages$"
_MESSAGE = re.compile(r"/channels/\d+/messages(?P<one>/\d+)?$")
_FORBIDDEN = {"message": "Missing Permissions", "code": 50013}


class Discord(DiscordPeer):
    """The loopback Discord with a trap."""

    name = "discord"

    def __init__(self, clock: Ahead) -> None:
        rooms = [Channel(str(int(GUILD) + 1 + n), f"room-{n}") for n in range(ROOMS)]
        guild = Guild(GUILD, "Crash", channels=rooms, members={READER_USER: Member()})
        super().__init__(guilds=[guild], clock=clock.now)
        self.trap = Trap()
        inbox = Destination("discord", "@me", f"@{READER_USER}")
        self.places = (*(Destination("discord", GUILD, room.id) for room in rooms), inbox)
        self._refusals: list[Failure] = []

    def settings(self) -> dict[str, str]:
        return {"DISCORD_TOKEN": self.token, "DISCORD_API_BASE": self.api_base}

    async def _rest(self, request: web.Request) -> web.StreamResponse:
        serve = functools.partial(super()._rest, request)
        asked = _MESSAGE.search(request.path)
        if asked is None:
            return await serve()
        if asked["one"]:
            return await self.trap.edit(serve) or _LOST
        if request.method == "GET":
            return await self.trap.look_up(serve)
        found = _NONCE.search(await request.read())
        return await self.trap.post(found[1].decode() if found else None, serve) or _LOST

    def arrived(self) -> list[Arrived]:
        every = (stored for stored in self.state.stored.values() if stored.only_for is None)
        return [
            Arrived(stored.nonce, json.dumps(stored.payload, ensure_ascii=False))
            for stored in every
            if stored.nonce
        ]

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

    def unplug(self) -> None:
        self.gateway.drop_sockets()

    def refuse(self, where: Destination) -> None:
        path = f"^/channels/{where.channel}/messages"
        self._refusals.append(self.fail_next("POST", path, status=403, body=_FORBIDDEN, times=10_000))

    def mend(self) -> None:
        self._refusals.clear()
        self.heal()

    def heal(self) -> None:
        self.failures.orders[:] = self._refusals

    def unlawful(self) -> list[str]:
        return self.violations


_LOST = web.Response(status=500)
