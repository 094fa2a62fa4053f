"""The bot as a process that is killed."""

import asyncio
import os
import sys
from asyncio.subprocess import Process
from pathlib import Path

from bot.settings import Settings

ROOT = Path(__file__).parent.parent.parent
STOP_SECONDS = 15.0


class Bot:
    """Starts, kills and stops the bot; what it logs stands in `bot.log` of its folder."""

    def __init__(self, folder: Path, settings: dict[str, str], ledger: str) -> None:
        self._folder = folder
        self._settings = settings
        self._ledger = ledger
        self._process: Process | None = None
        self.dead = asyncio.Event()

    async def start(self, ahead: float) -> None:
        """Start it, its clock so many seconds ahead."""
        self.dead.clear()
        with (self._folder / "bot.log").open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "tests.crash.bot_under_test", "--ahead", repr(ahead), "--ledger", self._ledger,
                cwd=self._folder, env=self._environment(), stdout=log, stderr=log,
            )  # fmt: skip

    async def kill(self) -> None:
        """SIGKILL, and wait until it is dead."""
        if self._process is not None:
            if self._process.returncode is None:
                self._process.kill()
            await self._process.wait()
        self.dead.set()

    async def stop(self) -> int:
        """SIGTERM, and wait until it has finished; its exit code."""
        assert self._process is not None
        if self._process.returncode is None:
            self._process.terminate()
        async with asyncio.timeout(STOP_SECONDS):
            return await self._process.wait()

    @property
    def exit_code(self) -> int | None:
        """The code with which it ended by itself, or None."""
        return self._process.returncode if self._process else None

    def _environment(self) -> dict[str, str]:
        known = {name.upper() for name in Settings.model_fields}
        kept = {name: value for name, value in os.environ.items() if name not in known}
        ours = {
            "HOME": str(self._folder), "DATA_DIR": str(self._folder / "data"), "WEB_PORT": "0",
            "BRIEFS_DIR": str(self._folder / "briefs"), "PYTHONPATH": str(ROOT),
        }  # fmt: skip
        return {**kept, **ours, **self._settings}
