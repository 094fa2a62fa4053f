"""Which questions the answering engine's weights are learned from, and by which features."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bench.encoded import Encoded
from bench.golden import bare, golden
from bench.learning import (
    FALSE_ANSWERS,
    FALSE_ANSWERS_BARE,
    Example,
    Table,
    learn,
    left_out,
    threshold,
)
from briefs.answering import Answering
from briefs.answering import weights as stored
from briefs.answering.phrasing import is_cjk
from briefs.visible import Visible

FILE = Path(stored.__file__).with_name("weights.json")
FROM = ("questions", "development", "strangers")
# Nothing but lists of questions tells the strangers' near misses from what is answered: without such lists, to learn
# from them would silence nearly every answer.
FROM_BARE = FROM[:2]
LEXICAL = (
    "closest", "closest_three", "pool", "sentence", "passage", "one_question", "latin_sentence", "latin_pool",
)  # fmt: skip
NEAR = ("near_sentence", "near", "near_three")
PLAIN = ("sentence", "passage", "latin_sentence")
ALWAYS = (
    "top",
    "lead",
    "chance",
    "unknown",
    "unknown_names",
    "no_number",
    "no_date",
    "missing",
    "missing_telling",
)
UNCOVERED = ("uncovered", "uncovered_three", "uncovered_one")
NEAR_UNCOVERED = ("near_uncovered", "near_uncovered_three")


@dataclass(frozen=True, slots=True)
class Kind:
    """One set of weights: which questions it is for, and from which features it is learned."""

    cjk: bool
    encoder: bool
    bare: bool

    @property
    def name(self) -> str:
        """Its name in weights.json."""
        return stored.kind(cjk=self.cjk, encoder=self.encoder, bare=self.bare)

    @property
    def ranking(self) -> tuple[str, ...]:
        """The features that rank."""
        near = NEAR[:1] if self.bare else NEAR
        return (PLAIN if self.bare else LEXICAL) + (near if self.encoder else ())

    @property
    def decision(self) -> tuple[str, ...]:
        """The features that decide."""
        against = () if self.bare else UNCOVERED + (NEAR_UNCOVERED if self.encoder else ())
        return ALWAYS + self.ranking + against


KINDS = tuple(
    Kind(cjk, encoder, bare)
    for cjk, encoder in ((False, False), (False, True), (True, False))
    for bare in (False, True)
)


def write(seen: Visible) -> None:
    """Learn every set of weights from the shipped brief, and write weights.json."""
    meaning = Encoded()
    made = {}
    for kind in KINDS:
        engine = Answering(bare(seen) if kind.bare else seen, meaning if kind.encoder else None)
        made[kind.name] = asdict(_learned(engine, kind, seen))
    held = {
        "made": "python -m bench.answers --fit",
        "from": FROM,
        "from without lists of questions": FROM_BARE,
        "weights": made,
    }
    FILE.write_text(json.dumps(held, indent=1) + "\n", encoding="utf-8")
    stored.weights.cache_clear()


def _learned(engine: Answering, kind: Kind, seen: Visible) -> stored.Weights:
    asked = [
        (number, found)
        for number, name in enumerate(FROM_BARE if kind.bare else FROM)
        for each in golden(name)
        if is_cjk(each.question) == kind.cjk
        and (found := _example(engine, each.question, each.right(engine.units))) is not None
    ]
    own = [] if kind.bare else list(_editors(engine, kind, seen))
    table = Table.of([*(example for _, example in asked), *own], kind.ranking, kind.decision)
    files, answers = np.array([number for number, _ in asked]), table.right.any(axis=1)[: len(asked)]
    sure, places = left_out(table, files)
    limit = (
        threshold(sure, answers, files * 0, FALSE_ANSWERS_BARE)  # the files together
        if kind.bare
        else threshold(sure, answers, files, FALSE_ANSWERS)
    )
    print(_report(kind.name, sure, places, answers, limit), flush=True)
    return learn(table, limit)


def _report(name: str, sure: Any, places: Any, answers: Any, limit: float) -> str:
    """Say how questions fared that were left out of the learning."""
    given, ranked = sure[answers] >= limit, places[answers]
    shares = {
        "ranked first": ranked < 0.5,
        "ranked within three": ranked < 2.5,
        "answered": given,
        "first": given & (ranked < 0.5),
        "within three": given & (ranked < 2.5),
    }
    said = ", ".join(f"{what} {each.mean():.3f}" for what, each in shares.items())
    false = int((sure[~answers] >= limit).sum())
    return f"{name}: {answers.sum()} answerable, {said}; {false} of {(~answers).sum()} unanswerable answered at {limit}"


def _example(
    engine: Answering, question: str, right: Iterable[int], *, editors: bool = False
) -> Example | None:
    found, wanted = engine.compare(question, leave_out=editors), set(right)
    if found is None:
        return None
    rows = frozenset(row for row, (place, _) in enumerate(found.found) if place in wanted)
    return Example([features for _, features in found.found], found.against, rows, editors)


def _editors(engine: Answering, kind: Kind, seen: Visible) -> Iterator[Example]:
    """The editors' own questions, each left out of the brief when it is asked."""
    asked: dict[str, set[int]] = {question: set() for question in seen.brief.not_covered}
    for place, unit in enumerate(engine.units):
        for question in unit.questions:
            asked.setdefault(question, set()).add(place)
    for question, right in asked.items():
        made = _example(engine, question, right, editors=True) if is_cjk(question) == kind.cjk else None
        if made is not None:
            yield made
