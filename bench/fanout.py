"""Bulk on a platform that enforces its documented limits: how near to the least time, and who waits for it."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from bench import sides
from bench.pairs import Ratio, ratio_of
from bench.processes import ROOT, Peer
from bench.table import Row

ROUNDS = 3
IDLE_SECONDS, GAP = 15.0, 0.03
# topics/rate-limits: 50 requests a second; a channel takes 5 messages in 5 seconds.
A_SECOND, CHANNEL, CHANNEL_SECONDS = 50, 5, 5.0


@dataclass(frozen=True)
class Shape:
    """So many channels that are each told so many dates, over a way of so many milliseconds there and back."""

    what: str
    channels: int
    dates: int
    delay: float
    aim: float

    @property
    def messages(self) -> int:
        """How many messages that is."""
        return self.channels * self.dates

    @property
    def least(self) -> float:
        """The seconds that the limits alone take, from the first message to the last."""
        everywhere = (self.messages - 1) // A_SECOND * 1.0
        return max(everywhere, (self.dates - 1) // CHANNEL * CHANNEL_SECONDS)


CROWD = Shape("Discord: 2,000 messages over 500 channels", 500, 4, 0, 1.03)
FAR = Shape("Discord: the same, at 100±20 ms there and back", 500, 4, 100, 1.08)
HOT = Shape("Discord: 60 messages over 4 channels", 4, 15, 0, 1.02)


@dataclass(frozen=True)
class Run:
    """What one run showed."""

    seconds: float
    refused: int
    missing: int
    doubled: int
    idle: list[float]
    busy: list[float]
    late: list[float]


@contextmanager
def _both(shape: Shape) -> Iterator[tuple[Peer, Peer]]:
    with ExitStack() as stack:
        env = {"BENCH_CHANNELS": str(shape.channels), "BENCH_DELAY": str(shape.delay)}
        wire = stack.enter_context(Peer("bench.fanout_wire", env))
        root = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        shipped = ROOT / "briefs" / "korean-peninsula-2024"
        shutil.copytree(shipped, root / "briefs" / shipped.name)
        bot = stack.enter_context(
            Peer(
                "bench.fanout_bot",
                {
                    **sides.PAGE, **sides.to_discord(wire), "BENCH_DATES": str(shape.dates),
                    "BRIEFS_DIR": str(root / "briefs"), "DATA_DIR": str(root / "data"), "LOG_LEVEL": "WARNING",
                },
            )
        )  # fmt: skip
        wire.order("ready")
        yield wire, bot


def run(shape: Shape, asked: bool = False) -> Run:
    """Send it all once; `asked`: while somebody asks for a topic now and then."""
    with _both(shape) as (wire, bot):
        places = wire.order("limits")["places"]
        due = bot.order("follow", places=places)["due"]
        assert due == shape.messages, due
        idle = wire.order("ask", seconds=IDLE_SECONDS, gap=GAP)["ms"] if asked else []
        bot.order("go")
        busy = wire.order("ask", seconds=shape.least - 4, gap=GAP)["ms"][100:] if asked else []
        seen = wire.order("arrived", count=shape.messages, seconds=shape.least * 2 + 60)
        return Run(
            seen["seconds"], seen["refused"], shape.messages - seen["messages"], seen["doubled"], idle, busy,
            bot.order("late")["ms"],
        )  # fmt: skip


def p99(values: list[float]) -> float:
    """The value that 99 of 100 do not exceed."""
    return quantiles(values, n=100)[98]


def _row(shape: Shape, runs: list[Run]) -> Row:
    wrong = [sum(counts) for counts in zip(*((r.refused, r.missing, r.doubled) for r in runs), strict=True)]
    said = "{} 429s, {} lost, {} doubled".format(*wrong)
    ratio = ratio_of([(each.seconds, shape.least) for each in runs])
    return Row(f"{shape.what}, beside the least that the limits allow; {said}", ratio, "s", shape.aim)


def measure(rounds: int = ROUNDS) -> list[Row]:
    """Measure the shapes in turns."""
    runs: dict[Shape, list[Run]] = {shape: [] for shape in (CROWD, FAR, HOT)}
    for _ in range(rounds):
        for shape, done in runs.items():
            done.append(run(shape, asked=shape is CROWD))
    pairs = [(p99(each.busy), p99(each.idle)) for each in runs[CROWD]]
    answers = Row("Discord: p99 of an answer during that, beside idle", ratio_of(pairs), "ms", 1.5)
    return [*(_row(shape, done) for shape, done in runs.items()), answers]


def _once(shape: Shape) -> dict[str, Any]:
    seen = run(shape, asked=shape is CROWD)
    return {
        "ratio": seen.seconds / shape.least, "refused": seen.refused, "missing": seen.missing,
        "doubled": seen.doubled, "idle": (median(seen.idle), p99(seen.idle)) if seen.idle else None,
        "busy": (median(seen.busy), p99(seen.busy), max(seen.busy)) if seen.busy else None,
        "late": (min(seen.late), max(seen.late)) if seen.late else None,
    }  # fmt: skip


__all__ = ["CROWD", "FAR", "HOT", "Ratio", "measure", "run"]
