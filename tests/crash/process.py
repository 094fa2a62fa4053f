"""The bot as a process that is killed."""

import asyncio
import contextlib
import os
import signal
import sys
from asyncio.subprocess import Process
from collections.abc import Callable
from pathlib import Path

from bot.settings import Settings

ROOT = Path(__file__).parent.parent.parent
STOP_SECONDS = 15.0


class Bot:
    """Starts, kills and stops the bot; what it logs stands in `bot.log` of its folder."""

    def __init__(
        self, folder: Path, clock: Path, settings: Callable[[], dict[str, str]], ledger: str
    ) -> None:
        self._folder = folder
        self._clock = clock
        self._settings = settings
        self._ledger = ledger
        self._process: Process | None = None
        self.dead = asyncio.Event()
        self.dead.set()

    async def start(self) -> None:
        """Start it on the run's clock."""
        self.dead.clear()
        with (self._folder / "bot.log").open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "tests.crash.bot_under_test",
                "--clock", str(self._clock), "--ledger", self._ledger,
                cwd=self._folder, env=self._environment(), stdout=log, stderr=log,
            )  # fmt: skip

    async def kill(self) -> None:
        """SIGKILL, and wait until it is dead. Raises RuntimeError where it ended by itself."""
        if self._process is not None and not self.dead.is_set():
            if self._process.returncode not in (None, -signal.SIGKILL):
                raise RuntimeError(f"the bot ended by itself with {self._process.returncode}; see bot.log")
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
            await self._process.wait()
        self.dead.set()

    async def stop(self) -> None:
        """SIGTERM, and wait until it has finished. Raises RuntimeError where it did not end well."""
        assert self._process is not None
        if self._process.returncode is None:
            self._process.terminate()
        async with asyncio.timeout(STOP_SECONDS):
            code = await self._process.wait()
        self.dead.set()
        if code != 0:
            raise RuntimeError(f"the bot ended with {code}; see bot.log")

    def _environment(self) -> dict[str, str]:
        known = {name.upper() for name in Settings.model_fields}
        kept = {name: value for name, value in os.environ.items() if name not in known}
        ours = {
            "HOME": str(self._folder), "DATA_DIR": str(self._folder / "data"), "WEB_PORT": "0",
            "BRIEFS_DIR": str(self._folder / "briefs"), "PYTHONPATH": str(ROOT),
        }  # fmt: skip
        return {**kept, **ours, **self._settings()}
