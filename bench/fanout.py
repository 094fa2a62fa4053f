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
# In how many seconds so many messages go: to all channels of a bot together, and to each of them.
# topics/rate-limits: 50 requests a second; a channel takes 5 messages in 5 seconds.
DISCORD = ((50, 1.0), (5, 5.0))
# reference/methods/chat.postMessage: one a second in a channel; several hundred a minute, taken for 300.
SLACK = ((300, 60.0), (1, 1.0))


@dataclass(frozen=True)
class Shape:
    """So many channels that are each told so many dates, over a way of so many milliseconds there and back.

    `alone`: each date in a message of its own; otherwise those of a channel share one.
    """

    what: str
    channels: int
    dates: int
    delay: float
    aim: float
    platform: str = "discord"
    alone: bool = True

    @property
    def messages(self) -> int:
        """How many messages that is."""
        return self.channels * (self.dates if self.alone else 1)

    @property
    def least(self) -> float:
        """The seconds that the limits alone take, from the first message to the last."""
        (everywhere, span), (there, its_span) = DISCORD if self.platform == "discord" else SLACK
        at: list[float] = []
        for number in range(self.messages):
            before, its_before = number - everywhere, number - there * self.channels
            at.append(
                max(
                    at[before] + span if before >= 0 else 0.0,
                    at[its_before] + its_span if its_before >= 0 else 0.0,
                )
            )
        return at[-1]


CROWD = Shape("Discord: 2,000 messages over 500 channels", 500, 4, 0, 1.03)
FAR = Shape("Discord: the same, at 100±20 ms there and back", 500, 4, 100, 1.08)
HOT = Shape("Discord: 60 messages over 4 channels", 4, 15, 0, 1.02)
FOLDED = Shape("Discord: 2,000 deliveries to 500 channels in 500 messages", 500, 4, 0, 1.03, alone=False)
SLACK_CROWD = Shape("Slack: 500 messages over 125 channels", 125, 4, 0, 1.03, "slack")
SLACK_HOT = Shape("Slack: 60 messages over 4 channels", 4, 15, 0, 1.02, "slack")
CALM = Shape("Discord: 45 messages to 45 channels", 45, 1, 0, 1.0)
SHAPES = (CROWD, FAR, HOT, FOLDED, SLACK_CROWD, SLACK_HOT)
ASKED = (CROWD, SLACK_CROWD)


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
        slack = shape.platform == "slack"
        wire = stack.enter_context(Peer("bench.fanout_slack" if slack else "bench.fanout_wire", env))
        root = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        shipped = ROOT / "briefs" / "korean-peninsula-2024"
        shutil.copytree(shipped, root / "briefs" / shipped.name)
        bot = stack.enter_context(
            Peer(
                "bench.fanout_bot",
                {
                    **sides.PAGE, **(sides.to_slack(wire, "socket") if slack else sides.to_discord(wire)),
                    "BENCH_DATES": str(shape.dates), "BENCH_ALONE": str(int(shape.alone)),
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
        assert due == shape.channels * shape.dates, due
        idle = wire.order("ask", seconds=IDLE_SECONDS, gap=GAP)["ms"] if asked else []
        bot.order("go")
        busy = wire.order("ask", seconds=min(shape.least - 4, 40.0), gap=GAP)["ms"][100:] if asked else []
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
    runs: dict[Shape, list[Run]] = {shape: [] for shape in (*SHAPES, CALM)}
    for _ in range(rounds):
        for shape, done in runs.items():
            done.append(run(shape, asked=shape in ASKED))
    return [
        *(_row(shape, runs[shape]) for shape in SHAPES),
        *(_answers(shape, runs[shape]) for shape in ASKED),
        *_late(runs[CALM]),
    ]


def _answers(shape: Shape, runs: list[Run]) -> Row:
    pairs = [(p99(each.busy), p99(each.idle)) for each in runs]
    return Row(f"p99 of an answer during that ({shape.what}), beside idle", ratio_of(pairs), "ms", 1.5)


def _late(runs: list[Run]) -> list[Row]:
    """How late what nothing limits is sent, beside what is allowed."""
    p95 = ratio_of([(quantiles(each.late, n=20)[18] / 1000, 1.0) for each in runs])
    most = ratio_of([(max(each.late) / 1000, 5.0) for each in runs])
    return [
        Row(f"{CALM.what}: lateness, p95, beside a second", p95, "s", 1.0),
        Row(f"{CALM.what}: lateness, the latest, beside five seconds", most, "s", 1.0),
    ]


def once(shape: Shape) -> dict[str, Any]:
    """What one run of a shape shows, for a look while something is changed."""
    seen = run(shape, asked=shape in ASKED)
    return {
        "seconds": seen.seconds, "ratio": seen.seconds / (shape.least or 1.0), "refused": seen.refused,
        "missing": seen.missing, "doubled": seen.doubled,
        "idle": (median(seen.idle), p99(seen.idle)) if seen.idle else None,
        "busy": (median(seen.busy), p99(seen.busy), max(seen.busy)) if seen.busy else None,
        "late": (quantiles(seen.late, n=20)[18], max(seen.late)) if len(seen.late) > 2 else None,
    }  # fmt: skip


__all__ = [
    "CALM",
    "CROWD",
    "FAR",
    "FOLDED",
    "HOT",
    "SLACK_CROWD",
    "SLACK_HOT",
    "Ratio",
    "measure",
    "once",
    "run",
]
