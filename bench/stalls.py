"""How long the event loop stands still while the encoder works, beside the same bot without it.

Each turn starts the whole bot on the shipped brief with an empty data directory, so that the encoder reads all of its
texts for the first time, and asks fifty questions then. A heartbeat asks to be woken each millisecond from the start
of the encoder to the last answer; its longest delay counts.
"""

import asyncio
import contextlib
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Literal

from bench.golden import SHIPPED, golden
from bench.pairs import interleaved_async
from bench.table import Row
from bot.app import App, running
from bot.encoding import AFTER
from bot.settings import Settings
from briefs.visible import visible
from scheduler.runner import utc_now

# The issue asks that the encoder's batches never block the loop for longer.
STALL_MS = 20.0
BEAT, QUESTIONS, LONGEST = 0.001, 50, 300
# The bot's own start, which stalls for longer, is over so many seconds before the encoder starts.
STARTED = 1.0


class Heartbeat:
    """Wakes each millisecond; `longest` is by how many milliseconds it was late at most."""

    def __init__(self) -> None:
        self.longest = 0.0

    async def beat(self) -> None:
        """Beat until cancelled."""
        while True:
            begun = time.perf_counter()
            await asyncio.sleep(BEAT)
            self.longest = max(self.longest, (time.perf_counter() - begun - BEAT) * 1000)


@contextlib.asynccontextmanager
async def beating() -> AsyncIterator[Heartbeat]:
    """Beat while the context is open."""
    heart = Heartbeat()
    task = asyncio.create_task(heart.beat(), name="heartbeat")
    try:
        yield heart
    finally:
        task.cancel()


async def longest(encoder: Literal["auto", "off"]) -> float:
    """Start the bot, have it asked, and give the longest stall in milliseconds."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder), briefs_dir=SHIPPED.parent, web_port=0, encoder=encoder)
        async with running(settings) as app:
            await asyncio.sleep(AFTER - STARTED)
            async with beating() as heart:
                if encoder == "auto":
                    await _encoded(app)
                await _asked(app)
        return heart.longest


async def _encoded(app: App) -> None:
    """Wait until a question is compared by meaning."""
    for _ in range(LONGEST):
        if "encoder" in await _compared(app, "What would Kim demand?"):
            return
        await asyncio.sleep(1)
    raise TimeoutError(f"the encoder did not get ready within {LONGEST} seconds")


async def _asked(app: App) -> None:
    for asked in golden("questions")[:QUESTIONS]:
        await _compared(app, asked.question)


async def _compared(app: App, question: str) -> str:
    """Ask as `/brief ask` does, and name the weights that it was answered by."""
    (revision,) = app.desk.revisions().values()
    document = revision.document
    seen = visible(document.brief, document.source, revision.number, "everyone", utc_now())
    assert seen is not None, "the shipped brief is for everyone"
    found = await asyncio.to_thread(lambda: app.desk.answerings.of(seen).compare(question))
    return found.kind if found else ""


def rows(pairs: int = 5) -> list[Row]:
    """Measure, as a row of the table."""
    found = asyncio.run(interleaved_async(lambda: longest("auto"), lambda: longest("off"), pairs))
    what = "The longest stall of the loop while the encoder reads a brief and answers, beside the same bot without it"
    return [Row(what, found, "ms", STALL_MS / found.theirs)]
