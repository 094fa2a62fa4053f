"""Ratios of two timings taken in turns, so that a busy machine slows both alike."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Ratio:
    """Ours divided by theirs over some pairs: the median, and the smallest and largest pair.

    `ours` and `theirs` are the medians of the two sides, in the unit that they were measured in.
    """

    median: float
    low: float
    high: float
    ours: float
    theirs: float

    def __str__(self) -> str:
        """Write the ratio with its spread: 1.12 (1.08-1.19)."""
        return f"{self.median:.2f} ({self.low:.2f}-{self.high:.2f})"


def interleaved(ours: Callable[[], float], theirs: Callable[[], float], pairs: int = 5) -> Ratio:
    """Measure both sides in turns, after one unmeasured turn of each; which goes first alternates."""
    ours(), theirs()
    measured = []
    for number in range(pairs):
        if number % 2:
            other = theirs()
            measured.append((ours(), other))
        else:
            own = ours()
            measured.append((own, theirs()))
    return ratio_of(measured)


async def interleaved_async(
    ours: Callable[[], Awaitable[float]], theirs: Callable[[], Awaitable[float]], pairs: int = 5
) -> Ratio:
    """Measure like `interleaved`, for measurements that are awaited."""
    await ours()
    await theirs()
    measured = []
    for number in range(pairs):
        if number % 2:
            other = await theirs()
            measured.append((await ours(), other))
        else:
            own = await ours()
            measured.append((own, await theirs()))
    return ratio_of(measured)


def ratio_of(measured: list[tuple[float, float]]) -> Ratio:
    """Summarize pairs of (ours, theirs)."""
    ratios = [own / other for own, other in measured]
    return Ratio(
        median(ratios), min(ratios), max(ratios),
        median(own for own, _ in measured), median(other for _, other in measured),
    )  # fmt: skip
