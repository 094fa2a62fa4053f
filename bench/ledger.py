"""The delivery ledger at a hundred thousand subscriptions, beside what the machine could do at best.

Each measurement runs in a process of its own (`bench.ledger_runs`), on a database file that was filled before.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench.pairs import Ratio, ratio_of
from bench.processes import ROOT
from bench.table import Row

ROUNDS = 3
ROWS, TOUCHED = 100_000, 10_000


def ordered(order: str, folder: Path) -> dict[str, Any]:
    """Run one measurement in a process of its own."""
    command = [sys.executable, "-m", "bench.ledger_runs", order, str(folder)]
    ran = subprocess.run(
        command, cwd=folder, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=True, capture_output=True
    )
    found: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return found


def measure(rounds: int = ROUNDS) -> list[Row]:
    """Fill a database once, then measure ours and the baselines in turns, each on a copy of it."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        ordered("fill", root)
        measured = [
            {name: ordered(name, root) for name in ("idle", "hand", "scan", "publish", "jobs")}
            for _ in range(rounds)
        ]
    return [*rows_of(measured)]


def rows_of(measured: list[dict[str, dict[str, Any]]]) -> list[Row]:
    """The rows of the table from all rounds."""

    def pairs(ours: tuple[str, str], theirs: tuple[str, str] | float) -> Ratio:
        return ratio_of(
            [
                (one[ours[0]][ours[1]], theirs if isinstance(theirs, float) else one[theirs[0]][theirs[1]])
                for one in measured
            ]
        )

    many = f"{ROWS:,} subscriptions on SQLite"
    due = f"{ROWS:,} due at one minute"
    touched = f"A publish that moves the date of {TOUCHED:,}"
    jobs = "APScheduler with a job each"
    stretch = "longest work of the loop at a stretch, beside 50 ms"
    return [
        Row(f"{many}: idle tick, beside 1 ms", pairs(("idle", "ms"), 1.0), "ms", 1.0),
        Row(f"{many}: idle tick, beside {jobs}, in memory", pairs(("idle", "ms"), ("jobs", "ms")), "ms", 1.0),
        Row(f"{due}, handed over, beside a bare batched scan at the same sync level",
            pairs(("hand", "seconds"), ("scan", "seconds")), "s", 2.0),
        Row(f"{due}, handed over: CPU, beside the bare scan's", pairs(("hand", "cpu"), ("scan", "cpu")), "s", 2.0),
        Row(f"{due}, handed over, beside {jobs}",
            pairs(("hand", "seconds"), ("jobs", "seconds")), "s", 1.0),
        Row(f"{due}: longest stall of the loop, beside 50 ms", pairs(("hand", "stall"), 50.0), "ms", 1.0, digits=1),
        Row(f"{due}: longest stall, beside {jobs}", pairs(("hand", "stall"), ("jobs", "stall")), "ms", 1.0,
            digits=1),
        Row(f"{touched}: beside 2 s", pairs(("publish", "seconds"), 2.0), "s", 1.0),
        Row(f"{touched}: CPU, beside 2 s", pairs(("publish", "cpu"), 2.0), "s", 1.0),
        Row(f"{touched}: longest stall, beside 50 ms", pairs(("publish", "stall"), 50.0), "ms", 1.0, digits=1),
        Row(f"{due}: {stretch}", pairs(("hand", "own"), 50.0), "ms",
            1.0, digits=1),
        Row(f"{touched}: {stretch}", pairs(("publish", "own"), 50.0), "ms", 1.0,
            digits=1),
        Row(f"{touched}: beside {jobs}, in memory", pairs(("publish", "seconds"), ("jobs", "moved")), "s", 1.0),
        Row(f"{touched}: longest stall, beside {jobs}", pairs(("publish", "stall"), ("jobs", "moving")), "ms", 1.0,
            digits=1),
        *(
            Row(f"{said}: peak memory, beside {jobs}", pairs((order, "mb"), ("jobs", "mb")), "MB", 1.0, digits=0)
            for said, order in ((many, "idle"), (due, "hand"), (touched, "publish"))
        ),
    ]  # fmt: skip
