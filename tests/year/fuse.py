"""Death: at a moment of the simulated year the process kills itself with SIGKILL, at a point chosen beforehand."""

import os
import random
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

from briefs.library import Store, Transaction

# Where a process dies: before or after the platform has a message, amid a transaction, or right after one.
POINTS = ("before the platform", "after the platform", "in a claim", "in a write", "after a write")
# A point that is not passed for so long is given up for whichever comes next.
PATIENCE = timedelta(hours=36)


class Fuse:
    """Burns from `due` (aware UTC) on, and kills at the `count`-th time that the point is passed.

    `dying` is called right before, to note it where it outlives the process.
    """

    def __init__(
        self, due: datetime, rng: random.Random, clock: Callable[[], datetime], dying: Callable[[str], None]
    ) -> None:
        self._due, self._clock, self._dying = due, clock, dying
        self._point, self._count = rng.choice(POINTS), rng.choice([1, 1, 2, 3, 5, 8, 20])

    def passes(self, point: str) -> None:
        """Pass a point, or die there."""
        now = self._clock()
        if now < self._due or (point != self._point and now < self._due + PATIENCE):
            return
        self._count -= 1
        if self._count <= 0:
            self._dying(point)
            os.kill(os.getpid(), signal.SIGKILL)


class Mortal:
    """A store whose transactions are points at which the process may die."""

    def __init__(self, store: Store, fuse: Fuse) -> None:
        self._store, self._fuse = store, fuse

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """A writing transaction."""
        async with self._store.transaction() as tx:
            yield tx
            self._fuse.passes("in a write")
        self._fuse.passes("after a write")

    @asynccontextmanager
    async def claiming(self) -> AsyncIterator[Transaction]:
        """A transaction that takes rows."""
        async with self._store.claiming() as tx:
            yield tx
            self._fuse.passes("in a claim")

    def reading(self) -> AbstractAsyncContextManager[Any]:
        """A reading transaction."""
        return self._store.reading()
