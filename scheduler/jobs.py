"""The fixed jobs that APScheduler runs, and the watch that keeps them going when the machine's clock jumps.

APScheduler keeps each job's next run as a time of day. When the clock is set back by an hour, a job that
runs each second therefore rests for an hour; the watch measures the clock against the monotonic one, which
no one sets, and lets every job run at once when they part.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler

log = logging.getLogger(__name__)

WATCH_SECONDS = 1.0
# NTP corrects half a second at a time without a jump; what is more was set, or slept through.
JUMP = timedelta(seconds=2)


class Jobs:
    """A few jobs, in memory. `clock` returns the machine's time (aware UTC)."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._watching: asyncio.Task[None] | None = None

    def add(
        self, name: str, work: Callable[[], Coroutine[Any, Any, None]], every: timedelta,
        first: timedelta | None = None,
    ) -> None:  # fmt: skip
        """Run something again and again, on the second; a run that is late is made up for once.

        It runs `first` from now for the first time, or after `every`. What is due is due at a whole minute, so
        it need not wait for the rest of a second.
        """
        begin = (self._clock() + (first or every)).replace(microsecond=0)
        self._scheduler.add_job(
            work, "interval", seconds=every.total_seconds(), start_date=begin, id=name, name=name,
            coalesce=True, max_instances=1, misfire_grace_time=None,
        )  # fmt: skip

    def start(self) -> None:
        """Begin to run them."""
        self._scheduler.start()
        self._watching = asyncio.create_task(self._watch(), name="the machine's clock")

    def stop(self) -> None:
        """Begin no further run."""
        if self._watching is not None:
            self._watching.cancel()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    async def _watch(self) -> None:
        monotonic = asyncio.get_running_loop().time
        apart = self._clock() - _epoch(monotonic())
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            before, apart = apart, self._clock() - _epoch(monotonic())
            if abs(apart - before) > JUMP:
                log.warning(
                    "the machine's clock jumped by %.0f s; everything due is looked for anew",
                    (apart - before).total_seconds(),
                )
                self._run_all()

    def _run_all(self) -> None:
        for job in self._scheduler.get_jobs():
            job.modify(next_run_time=self._clock())


def _epoch(seconds: float) -> datetime:
    return datetime.fromtimestamp(0, UTC) + timedelta(seconds=seconds)
