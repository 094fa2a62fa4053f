"""`make year`: live a year in minutes, with a death every few days, and count what was lost and what came twice."""

import argparse
import asyncio
import contextlib
import os
import sys
import tempfile
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

from scheduler.delivery_clearing import clear
from scheduler.runner import KEEP
from tests import postgresql
from tests.crash.broken import LEDGERS
from tests.engines import ENGINES
from tests.year.far import Journal
from tests.year.judging import Year, judged, size
from tests.year.life import opened
from tests.year.oracle import Count
from tests.year.run import year
from tests.year.scenario import Scenario

# The machine does not die, so that nothing has to reach a disk.
MEMORY = Path("/dev/shm")  # a folder of its own is made in it


def main() -> int:
    """Run what the command line asks for; 1 where anything is wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.year", description=__doc__)
    parser.add_argument("--places", type=int, default=1000)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--keep", type=int, default=KEEP.days, help="for how many days what is finished is kept"
    )
    parser.add_argument("--ledger", choices=LEDGERS, default="sound", help="one that is broken on purpose")
    parser.add_argument("--engine", choices=ENGINES, default="sqlite")
    given = parser.parse_args()
    with contextlib.ExitStack() as stack:
        url = stack.enter_context(postgresql.server()) if given.engine == "postgresql" else ""
        server = stack.enter_context(postgresql.database(url)) if url else ""
        root = MEMORY if os.access(MEMORY, os.W_OK) else None
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="year-", dir=root)))
        return _run(given, folder, server)


def _run(given: argparse.Namespace, folder: Path, server: str) -> int:
    scenario = Scenario(given.seed, given.places, given.days)
    began = time.monotonic()
    killed = year(scenario, folder, server, given.ledger, timedelta(days=given.keep), _say)
    lived = time.monotonic() - began
    made = Year(scenario, folder, server)
    count = asyncio.run(judged(made))
    _tell(scenario, count, folder)
    print(f"  {killed} deaths in {given.days} days, {lived:.0f} s")
    asyncio.run(_cleared(made))
    print(f"lost={len(count.lost)} doubled={len(count.doubled)} deaths={killed}")
    return int(bool(count.lost or count.doubled))


def _tell(scenario: Scenario, count: Count, folder: Path) -> None:
    print(
        f"{scenario.places} places, {len(scenario.followers)} subscriptions, {count.arrived} messages arrived"
    )
    events = Counter(each.what for each in scenario.events)
    print("  what people did:", ", ".join(f"{what} {number}" for what, number in sorted(events.items())))
    print("  as expected:", ", ".join(f"{kind} {number}" for kind, number in sorted(count.kinds.items())))
    points = Counter(line["point"] for line in Journal(folder / "journal").read() if line["what"] == "died")
    print("  died", ", ".join(f"{point} {number}" for point, number in sorted(points.items())))
    for name, found in (("lost", count.lost), ("doubled", count.doubled)):
        print(f"  {name}: {len(found)}", *found[:20], sep="\n    ")


async def _cleared(made: Year) -> None:
    """Tell how large the ledger is, and how large once all of it is finished for long."""
    async with opened(made) as database:
        print("  the ledger after the year:", await size(made, database))
        began = time.monotonic()
        number = await clear(database, made.scenario.end + timedelta(days=1200) - KEEP)
        await database.tidy()
        print(
            f"  {number} deliveries deleted in {time.monotonic() - began:.1f} s; then:",
            await size(made, database),
        )


def _say(line: str) -> None:
    print(f"  {line}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
