"""The bot as a process that is killed.

Each life is a process of its own, forked from a server that has imported everything already: importing is
most of a start, and a run starts the bot hundreds of times.
"""

import asyncio
import os
import signal
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from bot.settings import Settings
from tests.crash.bot_under_test import live

FORKING = get_context("forkserver")
FORKING.set_forkserver_preload(
    ["__main__", "tests.crash.bot_under_test", "bot.discord_adapter.transport", "bot.slack_adapter.transport"]
)
STOP_SECONDS = 30.0


class Bot:
    """Starts, kills and stops the bot; what it logs stands in `bot.log` of its folder."""

    def __init__(
        self, folder: Path, clock: Path, settings: Callable[[], dict[str, str]], ledger: str
    ) -> None:
        self._folder = folder
        self._clock = clock
        self._settings = settings
        self._ledger = ledger
        self._process: ForkServerProcess | None = None
        self._pid = 0
        self._killing = asyncio.Lock()
        self.dead = asyncio.Event()
        self.dead.set()

    @property
    def pid(self) -> int:
        """The number of its last life at the system, 0 before the first."""
        return self._pid

    async def start(self) -> None:
        """Start it on the run's clock."""
        self.dead.clear()
        self._process = FORKING.Process(
            target=live, args=(self._folder, self._environment(), self._clock, self._ledger)
        )
        await asyncio.to_thread(self._process.start)
        self._pid = self._process.pid or 0

    async def kill(self) -> None:
        """SIGKILL, and wait until it is dead. Raises RuntimeError where it ended by itself before."""
        async with self._killing:
            if self._process is not None and not self.dead.is_set():
                self._process.kill()
                await self._ended(-signal.SIGKILL)

    async def stop(self) -> None:
        """SIGTERM, and wait until it has finished. Raises RuntimeError where it did not end well."""
        assert self._process is not None
        self._process.terminate()
        await self._ended(0)

    async def _ended(self, expected: int) -> None:
        assert self._process is not None
        await asyncio.to_thread(self._process.join, STOP_SECONDS)
        code = self._process.exitcode
        self._process.close()
        self.dead.set()
        if code != expected:
            raise RuntimeError(f"the bot ended with {code} instead of {expected}; see bot.log")

    def _environment(self) -> dict[str, str]:
        known = {name.upper() for name in Settings.model_fields}
        kept = {name: value for name, value in os.environ.items() if name not in known}
        ours = {
            "HOME": str(self._folder), "DATA_DIR": str(self._folder / "data"), "WEB_PORT": "0",
            "BRIEFS_DIR": str(self._folder / "briefs"),
        }  # fmt: skip
        return {**kept, **ours, **self._settings()}
