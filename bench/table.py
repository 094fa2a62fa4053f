"""The rows of the bench, as Markdown and in docs/performance.md."""

import os
import platform
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.pairs import Ratio

PAGE = Path(__file__).parent.parent / "docs" / "performance.md"
BEGIN, END = "<!-- bench: begin -->", "<!-- bench: end -->"
HEAD = "| what | ours | baseline | ratio: median (low–high) of five pairs | aim | met? |"


@dataclass(frozen=True, slots=True)
class Row:
    """One measurement. `unit` is appended to both sides; `most` says whether the aim is an upper bound."""

    what: str
    ratio: Ratio
    unit: str
    aim: float
    most: bool = True
    digits: int = 2

    @property
    def met(self) -> bool:
        """Whether the median reaches the aim."""
        return self.ratio.median <= self.aim if self.most else self.ratio.median >= self.aim

    def __str__(self) -> str:
        ours, theirs = (
            f"{side:,.{self.digits}f} {self.unit}" for side in (self.ratio.ours, self.ratio.theirs)
        )
        aim = f"{'≤' if self.most else '≥'} {self.aim:.2f}"
        return (
            f"| {self.what} | {ours} | {theirs} | {self.ratio} | {aim} | {'yes' if self.met else '**no**'} |"
        )


def table(rows: Iterable[Row]) -> str:
    """Write the rows as a Markdown table."""
    return "\n".join([HEAD, "|---|---:|---:|---:|---:|---|", *map(str, rows)])


def machine() -> str:
    """Say on what the numbers were measured."""
    return f"{os.cpu_count()} cores ({platform.machine()}), Python {platform.python_version()}, {platform.system()}"


def write(rows: Sequence[Row]) -> None:
    """Put the table between the two markers of docs/performance.md."""
    before, rest = PAGE.read_text(encoding="utf-8").split(BEGIN)
    after = rest.split(END)[1]
    made = f"{BEGIN}\n`python -m bench --write` on {machine()}:\n\n{table(rows)}\n{END}"
    PAGE.write_text(f"{before}{made}{after}", encoding="utf-8")
