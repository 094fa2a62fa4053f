"""What an encoder adds: how near a question lies to sentences and to questions, where their vectors are at hand."""

import heapq
from collections.abc import Iterable, Sequence
from typing import Protocol

from briefs.answering.phrasing import core, is_cjk
from briefs.answering.units import Unit


class Meaning(Protocol):
    """Compares texts by their meaning. Any thread may use it."""

    def cosines(self, texts: Sequence[str], question: str) -> Sequence[float] | None:
        """Say how near a question lies to each text, from -1 to 1; None as long as that is not known.

        The same `texts` come with each question about one brief. None has them made ready for a later one.
        """


class Near:
    """What one brief gives an encoder to compare: its sentences, their questions, and those that are not covered.

    Only what is in Latin letters counts: the encoder reads English.
    """

    def __init__(self, units: Sequence[Unit], not_covered: Iterable[str], meaning: Meaning) -> None:
        self._meaning = meaning
        asked = [
            (place, core(q)) for place, unit in enumerate(units) for q in unit.questions if not is_cjk(q)
        ]
        uncovered = [core(question) for question in not_covered if not is_cjk(question)]
        self.texts = (*(unit.text for unit in units), *(question for _, question in asked), *uncovered)
        self._sentences = len(units)
        self._uncovered = len(units) + len(asked)
        self._rows: dict[int, list[int]] = {}
        for row, (place, _) in enumerate(asked, start=len(units)):
            self._rows.setdefault(place, []).append(row)

    def likeness(self, question: str, *, leave_out: bool = False) -> "Likeness | None":
        """Compare a question with everything; None as long as the vectors are not at hand."""
        asked = core(question)
        found = self._meaning.cosines(self.texts, asked)
        if found is None:
            return None
        cosines = list(found)
        if leave_out:
            cosines = [0.0 if text == asked else each for text, each in zip(self.texts, cosines, strict=True)]
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
        best = list(self.sentences)
        for place, rows in self._rows.items():
            best[place] = max(best[place], *(self._every[row] for row in rows))
        return heapq.nlargest(limit, range(len(best)), key=best.__getitem__)
