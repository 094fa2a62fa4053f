"""Several real processes of the bot on one PostgreSQL, in front of the loopback platforms."""

import asyncio
import contextlib
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from bot.postgres import KEY, LEADER, Postgres
from bot.settings import Settings

ROOT = Path(__file__).parent.parent
START_SECONDS = 60.0


@dataclass
class Bot:
    """One process of the bot."""

    process: Process
    folder: Path

    @property
    def pid(self) -> int:
        """Its number at the system."""
        return self.process.pid

    async def kill(self) -> None:
        """SIGKILL it."""
        if self.process.returncode is None:
            os.kill(self.pid, signal.SIGKILL)
            await self.process.wait()

    def log(self) -> str:
        """What it logged."""
        return (self.folder / "bot.log").read_text("utf-8")


@contextlib.asynccontextmanager
async def bot(folder: Path, url: str, **values: str) -> AsyncIterator[Bot]:
    """Start `briefbot run` in a folder of its own, and wait until it serves its page; kill it at the end."""
    folder.mkdir(parents=True, exist_ok=True)
    known = {name.upper() for name in Settings.model_fields}
    kept = {name: value for name, value in os.environ.items() if name not in known}
    ours = {"HOME": str(folder), "DATA_DIR": str(folder / "data"), "WEB_PORT": "0", "PYTHONPATH": str(ROOT)}
    with (folder / "bot.log").open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run", cwd=folder, stdin=DEVNULL, stdout=log, stderr=log,
            env={**kept, **ours, "DATABASE_URL": url, **values},
        )  # fmt: skip
    started = Bot(process, folder)
    try:
        await eventually(lambda: _said(started, "Open the page"), START_SECONDS)
        yield started
    finally:
        await started.kill()


async def eventually(ready: Callable[[], Awaitable[bool]], seconds: float) -> float:
    """Wait until something is so; return after how many seconds it was. Raises TimeoutError."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    async with asyncio.timeout(seconds):
        while not await ready():
            await asyncio.sleep(0.05)
    return loop.time() - began


async def leader(database: Postgres) -> int:
    """The process number at the system of the bot that leads, 0 where none does."""
    async with database.reading() as tx:
        held = await tx.fetch(
            "SELECT 1 AS held FROM pg_locks WHERE locktype = 'advisory' AND classid::bigint = ? AND objid = ?"
            " AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
            KEY, LEADER,
        )  # fmt: skip
        rows = await tx.fetch("SELECT name FROM processes WHERE leads = 1")
    return int(rows[0]["name"].rpartition(":")[2]) if held and rows else 0


async def _said(started: Bot, words: str) -> bool:
    if started.process.returncode is not None:
        raise RuntimeError(started.log())
    return words in started.log()
