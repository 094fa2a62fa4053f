"""`python -m bench.fanout_wire`: the loopback Discord with hundreds of channels, its documented limits enforced.

BENCH_CHANNELS says how many channels there are; BENCH_DELAY is how many milliseconds a round trip takes, give
or take a fifth, half of it each way.
"""

import asyncio
import contextlib
import os
import random
import time
from collections import Counter
from statistics import median

import uvloop
from aiohttp import web

from bench.discord_wire import Wire
from bench.orders import Json, Order, take_orders
from tests.peers.discord_peer import Channel, Guild
from tests.peers.discord_peer.world import default_guilds

GUILD = "100000000000000009"
FIRST_CHANNEL = 130000000000000000
SPREAD = 0.2
KEY = 16


class Fanout(Wire):
    """The wire, with a crowd of channels and a way that takes its time."""

    def __init__(self, channels: int, delay: float) -> None:
        super().__init__()
        crowd = [Channel(str(FIRST_CHANNEL + number), f"c{number}") for number in range(channels)]
        team = default_guilds()[0]
        self.state.add_guild(Guild(GUILD, "Crowd", crowd, [], dict(team.members)))
        self.crowd = crowd
        self._delay = delay
        self._random = random.Random(1)
        self._posts: list[tuple[float, float, int]] = []

    async def _rest(self, request: web.Request) -> web.StreamResponse:
        if not request.path.endswith("/messages") or request.method != "POST":
            return await super()._rest(request)
        await self._way()
        arrived = time.perf_counter()
        answer = await super()._rest(request)
        await self._way()
        self._posts.append((arrived, time.perf_counter(), answer.status))
        return answer

    async def _way(self) -> None:
        if self._delay:
            await asyncio.sleep(self._delay / 2 * self._random.uniform(1 - SPREAD, 1 + SPREAD))

    async def limits(self) -> Json:
        """Enforce the limits from now on, and count anew."""
        self.enforce_rates = True
        self._posts.clear()
        return {"places": [f"discord:{GUILD}/{channel.id}" for channel in self.crowd]}

    async def arrived(self, count: int, seconds: float) -> Json:
        """Wait for so many messages: seconds from the first arrival to the last answer, and what went wrong."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while sum(status == 200 for *_, status in self._posts) < count:  # noqa: ASYNC110
                    await asyncio.sleep(0.05)
        # A hello has a key of another length.
        kept = [
            stored
            for channel in self.crowd
            for stored in self.messages(channel)
            if len(stored.nonce or "") == KEY
        ]
        nonces = Counter(stored.nonce for stored in kept)
        return {
            "seconds": max(answered for _, answered, _ in self._posts)
            - min(first for first, *_ in self._posts),
            "refused": sum(status == 429 for *_, status in self._posts),
            "messages": len(kept),
            "doubled": len(kept) - len(nonces),
        }

    async def ask_now_and_then(self, seconds: float, gap: float) -> Json:
        """Ask for a topic now and then for a while: each answer's milliseconds."""
        session, payload = self.gateway.connected[0], self._ask_payload()
        taken: list[float] = []
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            taken.append(await self._ask(session, payload) * 1000)
            await asyncio.sleep(gap * self._random.uniform(0.5, 1.5))
        return {"ms": taken, "median": median(taken)}


async def main() -> None:
    """Serve until standard input ends."""
    channels, delay = int(os.environ["BENCH_CHANNELS"]), float(os.environ["BENCH_DELAY"]) / 1000
    async with Fanout(channels, delay) as wire:
        about = {"api_base": wire.api_base, "gateway": wire.gateway.address, "token": wire.token}
        orders: dict[str, Order] = {
            "ready": wire.ready, "limits": wire.limits, "arrived": wire.arrived, "ask": wire.ask_now_and_then,
        }  # fmt: skip
        await take_orders(orders, about)


if __name__ == "__main__":
    uvloop.run(main())
