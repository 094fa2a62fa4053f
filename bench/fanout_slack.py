"""`python -m bench.fanout_slack`: the loopback Slack with hundreds of channels, its documented limits enforced.

BENCH_CHANNELS says how many channels there are.
"""

import asyncio
import contextlib
import gc
import os
import random
from collections import Counter
from statistics import median

import uvloop

from bench.orders import Json, Order, take_orders
from bench.slack_wire import Wire
from tests.peers.slack_peer import SlackPeer, world


class Fanout(Wire):
    """Orders on a Slack with a crowd of channels."""

    def __init__(self, peer: SlackPeer, crowd: list[str]) -> None:
        super().__init__(peer)
        self.crowd = crowd
        self._random = random.Random(1)
        self._came: list[tuple[float, int]] = []
        self._watching: asyncio.Task[None] | None = None

    async def limits(self) -> Json:
        """Enforce the limits from now on."""
        self._peer.enforce_rates = True
        self._watching = asyncio.create_task(self._watch())
        return {"places": [f"slack:{world.TEAM}/{channel}" for channel in self.crowd]}

    async def _watch(self) -> None:
        """Note when messages came: Slack's own stamps tell whole seconds here."""
        loop = asyncio.get_running_loop()
        while True:
            count = len(self._told())
            if count != (self._came[-1][1] if self._came else 0):
                self._came.append((loop.time(), count))
            await asyncio.sleep(0.02)

    async def arrived(self, count: int, seconds: float) -> Json:
        """Wait for so many messages: seconds from the first to the last, and what went wrong."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while len(self._told()) < count:  # noqa: ASYNC110
                    await asyncio.sleep(0.05)
        await asyncio.sleep(0.05)
        told = self._told()
        keys = Counter(told)
        return {
            "seconds": self._came[-1][0] - self._came[0][0],
            "refused": sum("ratelimited" in str(call.answer) for call in self._peer.refused),
            "messages": len(told),
            "doubled": len(told) - len(keys),
        }

    async def ask_now_and_then(self, seconds: float, gap: float) -> Json:
        """Ask for a topic now and then for a while: each acknowledgement's milliseconds."""
        taken: list[float] = []
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        while loop.time() < end:
            taken.append(await self._over_socket())
            await asyncio.sleep(gap * self._random.uniform(0.5, 1.5))
        return {"ms": taken, "median": median(taken)}

    def _told(self) -> list[str]:
        """The keys of the deliveries that stand in the crowd's channels."""
        every = (stored.payload for channel in self.crowd for stored in self._peer.messages(channel))
        return [each["metadata"]["event_payload"]["key"] for each in every if "metadata" in each]


async def main() -> None:
    """Serve until standard input ends."""
    gc.disable()  # what the far side clears away is no part of what is timed
    members = {"U1", "U2", "U9", world.BOT_USER}
    crowd = [f"C{number + 1}" for number in range(int(os.environ["BENCH_CHANNELS"]))]
    rooms = [world.Channel(id, id.lower(), members=set(members)) for id in crowd]
    async with SlackPeer(channels=rooms) as peer:
        wire = Fanout(peer, crowd)
        about = {"api_base": peer.api_base, "bot_token": peer.bot_token, "app_token": peer.app_token}
        orders: dict[str, Order] = {
            "ready": wire.ready, "limits": wire.limits, "arrived": wire.arrived, "ask": wire.ask_now_and_then,
        }  # fmt: skip
        await take_orders(orders, about)


if __name__ == "__main__":
    uvloop.run(main())
