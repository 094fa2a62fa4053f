"""What a kill falls amid, where no single request triggers it."""

import asyncio
import random
from collections.abc import Awaitable, Callable

from tests.crash.brief import Folder
from tests.crash.clock import Ahead
from tests.crash.far import PATIENCE, Far, Hits
from tests.crash.kills import Kill
from tests.crash.ledger import Ledger


class Surroundings:
    """Brings about outages, storms, refusals and edits, and ends them. `limit`: seconds to wait for each."""

    def __init__(
        self, far: Far, folder: Folder, ledger: Ledger, clock: Ahead, rng: random.Random, limit: float
    ) -> None:
        self._far, self._folder, self._ledger = far, folder, ledger
        self._clock, self._rng, self._limit = clock, rng, limit
        self._out = False
        self._refusing = False

    async def recover(self, kill: Kill) -> None:
        """Let the platform come back into reach a moment after a start in its outage."""
        if self._out:
            await asyncio.sleep(kill.delay)
            await self._far.start()
            self._out = False

    async def meet(self, kill: Kill) -> None:
        """Bring about what the kill is to fall amid, and wait for its moment."""
        await {
            "storm": self._storm, "outage": self._outage, "break": self._break, "error": self._error,
            "stall": self._stall, "unplug": self._unplug, "refusal": self._refusal, "edit": self._edit,
            "anytime": self._anytime,
        }[kill.how](kill)  # fmt: skip
        await asyncio.sleep(kill.delay)

    async def subside(self, kill: Kill) -> None:
        """End an outage and a refusal, unless they are to last into the next start."""
        if not kill.still_out:
            await self.clear()

    async def clear(self) -> None:
        """End every outage and refusal; an admin lifts the stops."""
        if self._out:
            await self._far.start()
            self._out = False
        if self._refusing:
            self._far.mend()
            await self._ledger.lift()
            self._refusing = False

    async def _storm(self, kill: Kill) -> None:
        await self._hit(self._far.storm(10), 1 + kill.nth)

    async def _break(self, kill: Kill) -> None:
        await self._hit(self._far.break_off(1 + kill.nth, kill.after_storing))

    async def _error(self, kill: Kill) -> None:
        await self._hit(self._far.fail(1 + kill.nth, kill.after_storing))

    async def _stall(self, kill: Kill) -> None:
        patience = PATIENCE[self._far.name]
        await self._hit(self._far.stall(patience + 5))
        await asyncio.sleep(patience + 1)

    async def _outage(self, kill: Kill) -> None:
        await self._posts(kill.nth)
        await self._far.stop()
        self._out = True

    async def _unplug(self, kill: Kill) -> None:
        await self._posts(kill.nth)
        self._far.unplug()

    async def _refusal(self, kill: Kill) -> None:
        self._refusing = True
        for place in self._rng.sample([each for each in self._far.places if each.person is None], k=2):
            self._far.refuse(place)
        await until(lambda: self._ledger.stops() > 0, self._limit)

    async def _edit(self, kill: Kill) -> None:
        await self._posts(kill.nth)
        self._folder.change(self._clock.utc(), self._rng)

    async def _anytime(self, kill: Kill) -> None:
        """At any time, while it starts or later."""

    async def _hit(self, order: Hits, times: int = 1) -> None:
        await until(lambda: order.hits >= times, self._limit)

    async def _posts(self, more: int) -> None:
        goal = self._far.trap.posts + 1 + more
        await until(lambda: self._far.trap.posts >= goal, self._limit)


async def until(ready: Callable[[], bool], seconds: float) -> bool:
    """Wait until something is so, at most so long; return whether it is."""
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    while not ready():
        if loop.time() > end:
            return False
        await asyncio.sleep(0.05)
    return True


async def within(seconds: float, what: Awaitable[object]) -> None:
    """Wait for something, at most so long."""
    try:
        async with asyncio.timeout(seconds):
            await what
    except TimeoutError:
        return
