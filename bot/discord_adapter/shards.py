"""Further connections to Discord, which over 2,500 servers are required: one for each shard but the first.

Sources: events/gateway (Sharding; Session Start Limit). Events of direct messages come to shard 0 alone.
"""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable

from bot.pacing import Budget, Pacer

# So many sessions may begin within five seconds, as GET /gateway/bot says; 1 for all but the largest bots.
SPAN = 5.0
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0

log = logging.getLogger(__name__)


class Shards:
    """Holds a connection for each shard from the second on, and opens each anew by itself where it is lost.

    `connect` holds the connection of one shard (its number, and how many there are) until it ends; `changed` is
    told whenever one came or went.
    """

    def __init__(self, connect: Callable[[int, int], Awaitable[None]], changed: Callable[[], None]) -> None:
        self._connect, self._changed = connect, changed
        self._keeping: list[asyncio.Task[None]] = []
        self._up: set[int] = set()
        self._pacer, self._sessions = Pacer(), Budget(1, SPAN)
        self.count = 1

    @property
    def up(self) -> int:
        """How many of them are connected."""
        return len(self._up)

    async def hold(self, count: int, at_once: int) -> None:
        """Hold as many connections as there are shards besides the first; `at_once` may begin within SPAN."""
        self._sessions.limit = max(1, at_once)
        if count != self.count:
            await self.close()
            self.count = count
            self._keeping = [
                asyncio.create_task(self._keep(number), name=f"shard {number}") for number in range(1, count)
            ]

    async def close(self) -> None:
        """End them all."""
        tasks, self._keeping, self.count = self._keeping, [], 1
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def begins(self) -> None:
        """Wait until one more session may begin."""
        turn = await self._pacer.take((self._sessions,))
        # Discord counts it when it arrives; by then it has.
        asyncio.get_running_loop().call_later(0.5, turn.end)

    def note(self, number: int, there: bool) -> None:
        """Note that a shard's connection came or went."""
        (self._up.add if there else self._up.discard)(number)
        self._changed()

    async def _keep(self, number: int) -> None:
        pause = FIRST_PAUSE
        while True:
            began = asyncio.get_running_loop().time()
            try:
                await self._connect(number, self.count)
            except Exception as problem:  # noqa: BLE001  # whatever it was, the shard's servers need it back
                log.warning("shard %d of %d: %s", number, self.count, str(problem) or type(problem).__name__)
            finally:
                self.note(number, False)
            lasted = asyncio.get_running_loop().time() - began
            pause = FIRST_PAUSE if lasted > LONGEST_PAUSE else min(pause * 2, LONGEST_PAUSE)
            await asyncio.sleep(pause * random.uniform(0.5, 1))  # noqa: S311  # spreads restarts, keeps no secret
