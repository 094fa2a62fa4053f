"""The verdict on a year, and how large the ledger is after it."""

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
