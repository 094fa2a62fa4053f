"""The peer's time: the wall's, or one that a test steps."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import time
from typing import Protocol


class Clock(Protocol):
    """Seconds since the epoch, and waiting in them."""

    def now(self) -> float:
        """Seconds since the epoch."""

    async def sleep(self, seconds: float) -> None:
        """Return once so many seconds of this clock have passed."""


class WallClock:
    """The machine's time."""

    def now(self) -> float:
        """Seconds since the epoch."""
        return time.time()

    async def sleep(self, seconds: float) -> None:
        """Wait for real."""
        await asyncio.sleep(seconds)


class SteppedClock:
    """Stands still until `advance`. It starts at the real time, which signature checks compare with."""

    def __init__(self, start: float | None = None) -> None:
        self._now = time.time() if start is None else start
        self._waiting: list[tuple[float, int, asyncio.Future[None]]] = []
        self._order = itertools.count()

    def now(self) -> float:
        """Seconds since the epoch."""
        return self._now

    async def sleep(self, seconds: float) -> None:
        """Wait until the clock was advanced so far."""
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (self._now + seconds, next(self._order), future))
        await future

    async def advance(self, seconds: float) -> None:
        """Move the clock, waking in order whoever waits for an instant up to there."""
        goal = self._now + seconds
        while self._waiting and self._waiting[0][0] <= goal:
            due, _, future = heapq.heappop(self._waiting)
            self._now = max(self._now, due)
            if not future.done():
                future.set_result(None)
            await asyncio.sleep(0.005)
        self._now = goal
        await asyncio.sleep(0)
