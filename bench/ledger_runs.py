"""`python -m bench.ledger_runs ORDER FOLDER`: one measurement of the ledger; its figures are the last line said."""

import asyncio
import gc
import json
import resource
import shutil
import sqlite3
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import uvloop
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bench.ledger import ROWS, TOUCHED
from bot.database import Database
from briefs.library import Library, Transaction, to_millis
from briefs.reading import read_brief
from commands import publish as publishing
from scheduler.address import Destination
from scheduler.deliveries import Deliveries
from scheduler.delivery import Delivery
from scheduler.outcomes import Outcome
from scheduler.replanner import Replanner, chunks
from scheduler.runner import Runner
from scheduler.subscriptions import Subscriptions, subscription
from tests.briefs.sample import SAMPLE_REPORT, SAMPLE_YAML

BRIEF, BEFORE = "harbour-2025", datetime(2026, 1, 1, tzinfo=UTC)
DUE = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
TICKS, SCANNED = 200, 200
Figures = dict[str, float]
_DATES = """\
watch_dates:
  - {id: everybody, title: Everybody's day, date: 2026-03-01T09:00, zone: UTC, remind: [0d],
     basis: {editor: Set for the bench, source: "https://example.org/a"}}
  - {id: some, title: The day of some, date: SOME, zone: UTC, remind: [0d],
     basis: {editor: Set for the bench, source: "https://example.org/b"}}
"""


class Ground:
    """The stores over one open database file."""

    def __init__(self, database: Database) -> None:
        self.database, self.library = database, Library()
        self.subscriptions, self.deliveries = Subscriptions(), Deliveries()
        self.replanner = Replanner(self.library, self.subscriptions, self.deliveries)

    async def replanned(self, tx: Transaction, brief_id: str, now: datetime) -> None:
        """Plan anew what a revision changes."""
        await self.replanner.replan_published(tx, brief_id, now)

    def runner(self, deliver: Callable[[Delivery], Awaitable[Outcome]]) -> Runner:
        """A runner over them that stands at the due minute."""
        return Runner(
            self.database, self.library, self.subscriptions, self.deliveries, deliver, deliver,
            clock=lambda: DUE,
        )  # fmt: skip


class Heartbeat:
    """Measures by how many milliseconds the event loop came late at worst.

    `own` is how many of them at most the loop's thread was itself at work, and not waiting for the processor.
    """

    def __init__(self) -> None:
        self.worst = self.own = 0.0

    async def __aenter__(self) -> "Heartbeat":
        self._task = asyncio.create_task(self._beat())
        await asyncio.sleep(0)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _beat(self) -> None:
        while True:
            slept, worked = time.perf_counter(), time.thread_time()
            await asyncio.sleep(0.001)
            self.worst = max(self.worst, (time.perf_counter() - slept) * 1000 - 1)
            self.own = max(self.own, (time.thread_time() - worked) * 1000)


def brief_text(some: str) -> bytes:
    """The bench's brief, with one of its two dates on a day."""
    head, _, rest = SAMPLE_YAML.partition("watch_dates:\n")
    tail = rest[rest.index("\njudgements:") :] if "\njudgements:" in rest else ""
    return (head + _DATES.replace("SOME", some) + tail).encode()


async def publish(ground: Ground, some: str, now: datetime) -> None:
    """Publish a revision as the bot does."""
    made = read_brief(brief_text(some), SAMPLE_REPORT.encode())
    await publishing.publish(
        ground.database, ground.library, ground.replanned, made, author="web:local/bench", at=now,
        reason="the bench", origin="file",
    )  # fmt: skip


async def fill(ground: Ground) -> Figures:
    """Store ROWS subscriptions of one date each, of which TOUCHED follow the second date, and plan them."""
    await publish(ground, "2026-06-01", BEFORE)
    places = [Destination("discord", str(10**17 + n % 2500), str(2 * 10**17 + n)) for n in range(ROWS)]
    for number in range(0, ROWS, 2000):
        async with ground.database.transaction() as tx:
            for place_number in range(number, number + 2000):
                subject = "date:some" if place_number < TOUCHED else "date:everybody"
                made = subscription(
                    BRIEF, "reminders", places[place_number], "web:local/bench", BEFORE, subject=subject
                )
                await ground.subscriptions.add(tx, made)
    async with ground.database.reading() as tx:
        everyone = await ground.subscriptions.ids_of_brief(tx, BRIEF)
    brief = ground.library.current[BRIEF].brief
    for some in chunks(everyone):
        async with ground.database.transaction() as tx:
            standing = await ground.subscriptions.some(tx, some)
            await ground.replanner.replan_some(tx, brief, standing, BEFORE)
    async with ground.database.transaction() as tx:
        # Everybody is due at one minute; those whose date moves are due later in the year.
        await tx.execute("UPDATE deliveries SET due_at = ?, next_at = ? WHERE item = 'everybody'",
                         to_millis(DUE), to_millis(DUE))  # fmt: skip
    return {"rows": len(everyone)}


async def idle(ground: Ground) -> Figures:
    """How long a tick takes where nothing is due."""

    async def never(_: Delivery) -> Outcome:
        raise AssertionError("nothing is due")

    runner = ground.runner(never)
    await runner.tick(BEFORE)
    begun = time.perf_counter()
    for _ in range(TICKS):
        await runner.tick(BEFORE)
    return {"ms": (time.perf_counter() - begun) * 1000 / TICKS, "mb": _peak()}


async def hand(ground: Ground) -> Figures:
    """How long it takes until everything due at one minute was claimed and handed to its sender.

    Each round claims as a tick of the runner does: what is due, in doubt and to be marked.
    """
    await _all_due(ground)
    handed = 0
    async with Heartbeat() as heart:
        begun, worked = time.perf_counter(), time.process_time()
        while True:
            async with ground.database.claiming() as tx:
                taken = await ground.deliveries.claim(tx, DUE)
                taken += await ground.deliveries.claim_doubtful(tx, DUE)
                taken += await ground.deliveries.claim_marks(tx, DUE)
            if not taken:
                break
            handed += len(taken)
        seconds, cpu = time.perf_counter() - begun, time.process_time() - worked
    assert handed == ROWS, handed
    return {"seconds": seconds, "cpu": cpu, "stall": heart.worst, "own": heart.own, "mb": _peak()}


async def move(ground: Ground) -> Figures:
    """How long a publish takes that moves the date of TOUCHED subscriptions."""
    async with ground.database.reading() as tx:
        await ground.library.load(tx)
    async with Heartbeat() as heart:
        begun, worked = time.perf_counter(), time.process_time()
        await publish(ground, "2026-06-02", BEFORE + timedelta(days=1))
        seconds, cpu = time.perf_counter() - begun, time.process_time() - worked
    async with ground.database.reading() as tx:
        rows = await tx.fetch(
            "SELECT COUNT(*) AS number FROM deliveries WHERE item = 'some' AND announced = '2026-06-02'"
        )
    assert rows[0]["number"] == TOUCHED, rows[0]["number"]
    return {"seconds": seconds, "cpu": cpu, "stall": heart.worst, "own": heart.own, "mb": _peak()}


def scan(path: Path) -> Figures:
    """A bare batched scan: take what is due in batches, mark it, commit, nothing else."""
    line = sqlite3.connect(path, isolation_level=None)
    line.execute("PRAGMA journal_mode = WAL")
    line.execute("PRAGMA synchronous = FULL")
    line.execute("UPDATE deliveries SET next_at = ?, due_at = ?", (to_millis(DUE), to_millis(DUE)))
    found, begun, worked = 0, time.perf_counter(), time.process_time()
    while True:
        line.execute("BEGIN IMMEDIATE")
        rows = line.execute(
            "SELECT * FROM deliveries WHERE state IN ('planned', 'retrying') AND next_at <= ?"
            " ORDER BY next_at, id LIMIT ?", (to_millis(DUE), SCANNED),
        ).fetchall()  # fmt: skip
        line.executemany(
            "UPDATE deliveries SET state = 'sending', attempts = attempts + 1, next_at = NULL, updated_at = ?"
            " WHERE id = ?", [(to_millis(DUE), row[0]) for row in rows],
        )  # fmt: skip
        line.execute("COMMIT")
        found += len(rows)
        if not rows:
            break
    assert found == ROWS, found
    seconds, cpu = time.perf_counter() - begun, time.process_time() - worked
    line.close()
    return {"seconds": seconds, "cpu": cpu}


async def jobs() -> Figures:
    """APScheduler with a job for each subscription, in memory: idle, TOUCHED of them moved, all of them due."""
    scheduler, done, fired = AsyncIOScheduler(timezone=UTC), asyncio.Event(), 0

    async def deliver() -> None:
        nonlocal fired
        fired += 1
        if fired == ROWS:
            done.set()

    due = datetime.now(UTC) + timedelta(seconds=150)
    scheduler.start(paused=True)
    made = [scheduler.add_job(deliver, "date", run_date=due, misfire_grace_time=None) for _ in range(ROWS)]
    scheduler.resume()
    idle_ms = await _idle_jobs(scheduler)
    async with Heartbeat() as moving:
        begun = time.perf_counter()
        for job in made[:TOUCHED]:
            job.reschedule("date", run_date=due + timedelta(milliseconds=1))
        moved = time.perf_counter() - begun
        await asyncio.sleep(0.01)
    waits = (due - datetime.now(UTC)).total_seconds()
    assert waits > 1, waits
    async with Heartbeat() as heart:
        await asyncio.sleep(waits - 0.05)
        heart.worst, begun = 0.0, time.perf_counter() + 0.05
        await done.wait()
        seconds = time.perf_counter() - begun
    scheduler.shutdown(wait=False)
    return {
        "ms": idle_ms, "moved": moved, "moving": moving.worst, "seconds": seconds, "stall": heart.worst,
        "mb": _peak(),
    }  # fmt: skip


async def _idle_jobs(scheduler: AsyncIOScheduler) -> float:
    """How many milliseconds it takes to find that no job is due."""
    begun = time.perf_counter()
    for _ in range(TICKS):
        scheduler.wakeup()
        await asyncio.sleep(0)
    return (time.perf_counter() - begun) * 1000 / TICKS


async def _all_due(ground: Ground) -> None:
    async with ground.database.transaction() as tx:
        await tx.execute("UPDATE deliveries SET next_at = ?, due_at = ?", to_millis(DUE), to_millis(DUE))


def _peak() -> float:
    """The most megabytes that this process had resident; getrusage would name its parent's where those are more."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    line = next(each for each in status.read_text().splitlines() if each.startswith("VmHWM"))
    return int(line.split()[1]) / 1000


async def measured(order: str, folder: Path) -> Figures:
    """Run an order, on a copy of the filled database unless it fills it."""
    filled = folder / "filled.sqlite3"
    if order == "jobs":
        return await jobs()
    path = filled if order == "fill" else folder / f"{order}.sqlite3"
    if order != "fill":
        for left in ("-wal", "-shm"):
            path.with_name(path.name + left).unlink(missing_ok=True)
        shutil.copyfile(filled, path)
    if order == "scan":
        return scan(path)
    work: dict[str, Callable[[Ground], Awaitable[Figures]]] = {
        "fill": fill, "idle": idle, "hand": hand, "publish": move,
    }  # fmt: skip
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(Database(path))
        figures = await work[order](Ground(database))
        await database.tidy()
    return figures


def main(arguments: list[str]) -> None:
    """Measure and print."""
    gc.freeze()  # what is imported is never looked through again, as in the bot
    found: dict[str, Any] = uvloop.run(measured(arguments[0], Path(arguments[1])))
    print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1:])
