"""A topic command's whole way on Discord: payload in to answer out, beside bare discord.py."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median

from bench import sides
from bench.pairs import ratio_of
from bench.sides import Side
from bench.table import Row

WARM, ASKED, LOADED, CONCURRENCY, TURNS = 500, 250, 1200, 8, 3
P50, CPU, THROUGHPUT = 1.10, 1.15, 0.9


@dataclass
class Measured:
    """What one side did in a pair: milliseconds of single answers, CPU and wall seconds of loads."""

    ms: list[float] = field(default_factory=list)
    answers: int = 0
    cpu: float = 0.0
    seconds: float = 0.0

    def ask(self, side: Side) -> None:
        """Ask one after the other."""
        self.ms += side.peer.order("load", count=ASKED)["ms"]

    def load(self, side: Side) -> None:
        """Ask CONCURRENCY at once."""
        before = side.bot.cpu()
        self.seconds += side.peer.order("load", count=LOADED, concurrency=CONCURRENCY)["seconds"]
        self.cpu += side.bot.cpu() - before
        self.answers += LOADED


@contextmanager
def _both(loop: str) -> Iterator[tuple[Side, Side]]:
    with sides.ours() as ours, sides.bare(loop) as bare:
        for side in (ours, bare):
            side.peer.order("load", count=WARM, concurrency=CONCURRENCY)
        yield ours, bare


def pair(loop: str) -> tuple[Measured, Measured]:
    """Measure fresh processes of both sides in turns."""
    own, other = Measured(), Measured()
    with _both(loop) as (ours, bare):
        turns = [(own, ours), (other, bare)]
        for turn in range(TURNS):
            for measured, side in turns[:: 1 if turn % 2 else -1]:
                measured.ask(side)
            for measured, side in turns[:: 1 if turn % 2 else -1]:
                measured.load(side)
    return own, other


def fastest_loop() -> str:
    """Say on which event loop bare discord.py answers faster, which makes it the baseline."""
    with sides.bare("uvloop") as one, sides.bare("asyncio") as two:
        taken: dict[str, list[float]] = {"uvloop": [], "asyncio": []}
        for side in (one, two):
            side.peer.order("load", count=WARM)
        for _ in range(TURNS):
            for name, side in (("uvloop", one), ("asyncio", two)):
                taken[name] += side.peer.order("load", count=ASKED)["ms"]
    return min(taken, key=lambda name: median(taken[name]))


def measure(pairs: int = 5) -> list[Row]:
    """Measure latency, CPU and throughput from the same pairs."""
    loop = fastest_loop()
    measured = [pair(loop) for _ in range(pairs)]
    beside = f"bare discord.py on {loop}"
    p50 = ratio_of([(median(own.ms), median(other.ms)) for own, other in measured])
    cpu = ratio_of([(_cpu_ms(own), _cpu_ms(other)) for own, other in measured])
    rate = ratio_of([(_rate(own), _rate(other)) for own, other in measured])
    return [
        Row(f"Discord, `/dprk-demands`: p50, beside {beside}", p50, "ms", P50),
        Row(f"Discord: CPU per answer, {CONCURRENCY} at once", cpu, "ms", CPU),
        Row(f"Discord: answers per second, {CONCURRENCY} at once", rate, "/s", THROUGHPUT, False, 0),
    ]


def _cpu_ms(measured: Measured) -> float:
    return measured.cpu / measured.answers * 1000


def _rate(measured: Measured) -> float:
    return measured.answers / measured.seconds
