"""What an encoder adds: how near a question lies to sentences and to questions, where their vectors are at hand."""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from briefs.answering.phrasing import core, is_cjk
from briefs.answering.units import Unit


class Meaning(Protocol):
    """Vectors of texts, as an encoder gives them; see `Encoder` for their form. Any thread may use it."""

    def ready(self) -> bool:
        """Tell whether questions can be encoded now."""

    def known(self, texts: Sequence[str]) -> Any | None:
        """Return the vectors of all the texts, or None as long as one of them is still to be encoded."""

    def of(self, question: str) -> Any:
        """Return the vector of one question, encoded now (about 15 ms)."""


class Near:
    """The vectors of one brief: its sentences, their questions, and those that are not covered.

    Only what is in Latin letters counts: the encoder reads English.
    """

    def __init__(self, units: Sequence[Unit], not_covered: Iterable[str], meaning: Meaning) -> None:
        self._meaning = meaning
        questions = [
            (place, core(q)) for place, unit in enumerate(units) for q in unit.questions if not is_cjk(q)
        ]
        uncovered = [core(question) for question in not_covered if not is_cjk(question)]
        self.texts = [unit.text for unit in units] + [question for _, question in questions] + uncovered
        self._sentences = len(units)
        self._uncovered = len(units) + len(questions)
        self._rows: dict[int, list[int]] = {}
        for row, (place, _) in enumerate(questions, start=len(units)):
            self._rows.setdefault(place, []).append(row)
        self._matrix: Any = None

    def likeness(self, question: str, *, leave_out: bool = False) -> "Likeness | None":
        """Compare a question with everything; None as long as the vectors are not at hand."""
        if not self._meaning.ready():
            return None
        if self._matrix is None:
            self._matrix = self._meaning.known(self.texts)
        if self._matrix is None:
            return None
        cosines = (self._matrix @ self._meaning.of(core(question))).tolist()
        if leave_out:
            cosines = [
                0.0 if text == core(question) else each
                for text, each in zip(self.texts, cosines, strict=True)
            ]
        return Likeness(cosines[: self._sentences], cosines, self._rows, cosines[self._uncovered :])


class Likeness:
    """How near one question lies to everything in a brief (cosines)."""

    def __init__(
        self, sentences: list[float], every: list[float], rows: dict[int, list[int]], uncovered: list[float]
    ) -> None:
        self.sentences = sentences
        self.uncovered = uncovered
        self._every = every
        self._rows = rows

    def questions(self, place: int) -> list[float]:
        """Give how near the questions of one sentence are."""
        return [self._every[row] for row in self._rows.get(place, ())]

    def nearest(self, limit: int) -> list[int]:
        """Give the places of the sentences that lie nearest, by themselves or by a question of theirs."""
        best = {place: max(self._every[row] for row in rows) for place, rows in self._rows.items()}
        return sorted(
            range(len(self.sentences)), key=lambda at: -max(self.sentences[at], best.get(at, -1.0))
        )[:limit]
