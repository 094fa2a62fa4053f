"""Work that goes on behind an acknowledgement, and is finished before the adapter closes."""

import asyncio
import logging
import secrets
from collections.abc import Coroutine

log = logging.getLogger(__name__)


class Tasks:
    """The tasks under way. One that fails leaves its trace in the log."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[None]] = set()

    def start(self, work: Coroutine[None, None, None], name: str) -> None:
        """Begin some work; `name` is what the log calls it."""
        task = asyncio.create_task(work, name=name)
        self._running.add(task)
        task.add_done_callback(self._done)

    async def finish(self, seconds: float) -> None:
        """Wait for what is under way, and cancel what takes longer."""
        if not self._running:
            return
        _, late = await asyncio.wait(self._running, timeout=seconds)
        for task in late:
            log.warning("%s was cut off after %g s", task.get_name(), seconds)
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (problem := task.exception()):
            log.error("%s failed (%s)", task.get_name(), secrets.token_hex(4), exc_info=problem)
