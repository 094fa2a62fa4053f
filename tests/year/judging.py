"""The verdict on a year, and how large the ledger is after it."""

import asyncio
import time
from collections.abc import Awaitable
from dataclasses import dataclass
from pathlib import Path

from bot.database import Database
from bot.postgres import Postgres
from briefs.library import Library
from tests.year.far import Journal
from tests.year.life import opened
from tests.year.oracle import Count, Oracle
from tests.year.scenario import BRIEF, Scenario


@dataclass(frozen=True)
class Year:
    """A year that was lived: its scenario, folder, and server where there was one."""

    scenario: Scenario
    folder: Path
    server: str = ""


async def judged(made: Year) -> Count:
    """Count what was lost in a year and what came twice."""
    lines = list(Journal(made.folder / "journal").read())
    async with opened(made) as database, database.reading() as tx:
        published = [each.at for each in await Library().history(tx, BRIEF)]
    return Oracle(made.scenario, lines, sorted(published)).count()


async def beside(database: Database | Postgres, work: Awaitable[int]) -> tuple[int, float]:
    """Do something while others write all the time; return its result, and how long one of them waited at most."""
    worst = 0.0
    task = asyncio.ensure_future(work)
    while not task.done():
        began = time.perf_counter()
        async with database.transaction() as tx:
            await tx.execute("UPDATE deliveries SET late = late WHERE id = -1")
        worst = max(worst, time.perf_counter() - began)
        await asyncio.sleep(0.002)
    return await task, worst


async def size(made: Year, database: Database | Postgres) -> str:
    """Say how many rows the ledger has and how many bytes it takes."""
    async with database.reading() as tx:
        (deliveries,), (attempts,) = [
            await tx.fetch(f"SELECT COUNT(*) AS number FROM {table}") for table in ("deliveries", "attempts")
        ]
        if isinstance(database, Postgres):
            rows = await tx.fetch("SELECT pg_total_relation_size('deliveries') AS bytes")
            size = int(rows[0]["bytes"])
        else:
            size = (made.folder / "briefbot.sqlite3").stat().st_size
    what = "the table with its indexes" if made.server else "the whole file"
    return f"{deliveries['number']} deliveries, {attempts['number']} attempts, {size / 1e6:.1f} MB ({what})"
