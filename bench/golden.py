"""The golden questions: what is asked of the shipped brief, and the report's words that answer."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import yaml

from briefs.answering.units import Unit
from briefs.reading import read_folder
from briefs.source import find_quote
from briefs.visible import Visible, visible

ROOT = Path(__file__).parent.parent
GOLDEN = ROOT / "tests" / "golden"
SHIPPED = ROOT / "briefs" / "korean-peninsula-2024"
NOW = datetime(2026, 11, 24, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Golden:
    """One question. `answers` are the report's words that answer it, each enough; none where nothing answers."""

    question: str
    language: str
    answers: tuple[str, ...]

    def right(self, units: Iterable[Unit]) -> set[int]:
        """Give the places of the sentences that answer."""
        return {
            place for place, unit in enumerate(units) if any(_meets(unit, words) for words in self.answers)
        }


def _meets(unit: Unit, words: str) -> bool:
    place = find_quote(unit.passage, words)
    return place is not None and place[0] < unit.span[1] and unit.span[0] < place[1]


def golden(name: str) -> list[Golden]:
    """Read one of the files of tests/golden: questions, held_out or development."""
    read = yaml.safe_load((GOLDEN / f"{name}.yaml").read_text(encoding="utf-8"))
    answerable = [
        Golden(each["question"], each["language"], (each["answer"], *each.get("also", ())))
        for each in read["answerable"]
    ]
    return answerable + [Golden(each["question"], each["language"], ()) for each in read["unanswerable"]]


def shipped() -> Visible:
    """Give all of the shipped brief."""
    document = read_folder(SHIPPED)
    seen = visible(document.brief, document.source, 1, "admins", NOW)
    assert seen is not None, "the shipped brief is for everyone"
    return seen


def bare(seen: Visible) -> Visible:
    """Give the same brief as if its editors had written no questions."""
    brief = seen.brief.model_copy(update={"answers": {}, "not_covered": ()})
    return Visible(brief, seen.source, seen.revision, seen.audience)
