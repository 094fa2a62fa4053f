"""Questions to answers: the engine over what one audience may see of one revision."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz import fuzz, process

from briefs.answering import phrasing
from briefs.answering.features import Asked, Features, Weighing, meant, meant_not_covered
from briefs.answering.index import Index, Row
from briefs.answering.meaning import Likeness, Meaning, Near
from briefs.answering.model import Answer, Answers
from briefs.answering.terms import Terms
from briefs.answering.units import Unit, units
from briefs.answering.weights import Weights, chances, kind, ranked, weights
from briefs.schema import Section
from briefs.visible import Visible

MOST = 3
# So many sentences more, that lie nearest by the encoder, are compared closely.
NEAREST = 20
# A neighbour that is at least this likely beside the best sentence is quoted with it: the two answer together.
TOGETHER = 0.5


@dataclass(frozen=True, slots=True)
class Ranked:
    """A sentence that was compared with a question."""

    place: int
    features: Features
    rank: float


class Answering:
    """Answers questions out of the visible part of one revision. `ask` may be called from any thread.

    It takes up to a tenth of a second, so an event loop calls it in a thread. `meaning` is the encoder's side, where
    there is one; until it is ready, answers come without it.
    """

    def __init__(self, visible: Visible, meaning: Meaning | None = None) -> None:
        self._visible = visible
        self._terms = Terms(visible.brief)
        self.units = units(visible)
        self._index = Index(
            Row(self._of(unit.text), tuple(map(self._of, unit.questions))) for unit in self.units
        )
        self._weighing = Weighing(self._index)
        self._not_covered = [self._of(question) for question in visible.brief.not_covered]
        self._passages: dict[str, frozenset[str]] = {}
        self._bare = not any(unit.questions for unit in self.units)
        self._near = Near(self.units, visible.brief.not_covered, meaning) if meaning else None

    @property
    def texts(self) -> Sequence[str]:
        """Give what an encoder has to encode before it can help: nothing where there is none."""
        return self._near.texts if self._near else ()

    def ask(self, question: str) -> Answers:
        """Answer a question in the report's own words, or say that it does not answer."""
        comparison = self.compare(question)
        if comparison is None:
            return Answers(False, (), self._sections(question, ()))
        chosen = comparison.weights
        confidence = chosen.confidence(comparison.decisive)
        answered = confidence >= chosen.threshold
        passages = tuple(self._answers(comparison.ranked, confidence)) if answered else ()
        return Answers(answered, passages, self._sections(question, comparison.ranked))

    def compare(self, question: str, *, leave_out: bool = False) -> "Comparison | None":
        """Compare a question with the sentences that it could be about; None where there is none.

        `leave_out` leaves the question itself out of those that the editors wrote, to learn from them.
        """
        terms = self._of(phrasing.core(question))
        asked = self._weighing.asked(question, terms)
        near = (
            self._near.likeness(question, leave_out=leave_out)
            if self._near and not phrasing.is_cjk(question)
            else None
        )
        places = list(dict.fromkeys([*self._index.find(terms), *(near.nearest(NEAREST) if near else ())]))
        if not places or not terms:
            return None
        name = kind(cjk=phrasing.is_cjk(question), encoder=near is not None, bare=self._bare)
        without = terms if leave_out else None
        against = self._against(asked, near, without)
        found = [
            (place, self._features(asked, place, row, near)) for place, row in self._rows(places, without)
        ]
        return Comparison(name, found, against)

    def _rows(self, places: Sequence[int], without: frozenset[str] | None) -> Iterable[tuple[int, Row]]:
        for place, row in zip(places, self._index.rows(places), strict=True):
            left = tuple(asked for asked in row.asked if asked != without)
            yield place, row if len(left) == len(row.asked) else Row(row.own, left)

    def _features(self, asked: Asked, place: int, row: Row, near: Likeness | None) -> dict[str, float]:
        unit = self.units[place]
        found = self._weighing.sentence(asked, row, unit.text, self._around(unit))
        return found | meant(near.sentences[place], near.questions(place)) if near else found

    def _against(
        self, asked: Asked, near: Likeness | None, without: frozenset[str] | None
    ) -> dict[str, float]:
        """Give what speaks against any answer at all."""
        questions = [terms for terms in self._not_covered if terms != without]
        found = self._weighing.not_covered(asked, questions)
        return found | meant_not_covered(near.uncovered) if near else found

    def _around(self, unit: Unit) -> frozenset[str]:
        """Give the terms of a sentence's passage and heading."""
        passage = unit.passage
        found = self._passages.get(passage.id)
        if found is None:
            found = self._passages[passage.id] = self._of(f"{passage.text} {passage.heading}")
        return found

    def _of(self, text: str) -> frozenset[str]:
        return frozenset(self._terms.of(text))

    def _answers(self, found: Sequence[Ranked], confidence: float) -> Iterable[Answer]:
        """Give the best sentences, none twice, each with its neighbour where the two answer together."""
        shares = chances([each.rank for each in found])
        used: set[int] = set()
        given = 0
        for at, each in enumerate(found):
            if each.place in used or given == MOST:
                continue
            places = self._together(found, shares, at, used)
            used |= set(places)
            given += 1
            yield self._answer(places, confidence * shares[at] / shares[0])

    def _together(
        self, found: Sequence[Ranked], shares: Sequence[float], at: int, used: set[int]
    ) -> list[int]:
        place, following = found[at].place, found[at + 1] if at + 1 < len(found) else None
        if following is None or following.place in used or abs(following.place - place) != 1:
            return [place]
        same = self.units[following.place].passage is self.units[place].passage
        return (
            sorted([place, following.place]) if same and shares[at + 1] >= TOGETHER * shares[at] else [place]
        )

    def _answer(self, places: Sequence[int], score: float) -> Answer:
        passage = self.units[places[0]].passage
        span = self.units[places[0]].span[0], self.units[places[-1]].span[1]
        return Answer(passage.id, passage.heading, passage.text, passage.text[slice(*span)], span, score)

    def _sections(self, question: str, found: Sequence[Ranked]) -> tuple[Section, ...]:
        """Give the sections of the best sentences, then those whose titles are nearest."""
        held = [self._visible.section_of(self.units[each.place].passage.id) for each in found]
        by_id = {part.id: part for part in self._visible.brief.sections}
        titles = {id: part.title for id, part in by_id.items()}
        near = [
            by_id[id]
            for _, _, id in process.extract(question, titles, scorer=fuzz.token_set_ratio, limit=MOST)
        ]
        ordered = {part.id: part for part in [*held, *near] if part is not None}
        return tuple(ordered.values())[:MOST]


class Comparison:
    """A question beside the sentences that it could be about. `against` is what speaks against any answer."""

    def __init__(self, kind: str, found: Sequence[tuple[int, Features]], against: Features) -> None:
        self.kind = kind
        self.found = found
        self.against = against

    @property
    def weights(self) -> Weights:
        """The coefficients for this kind of question."""
        return weights()[self.kind]

    @cached_property
    def ranked(self) -> list[Ranked]:
        """The sentences, best first; of two alike, the one that stands first in the report."""
        every = [Ranked(place, features, self.weights.rank(features)) for place, features in self.found]
        return sorted(every, key=lambda each: (-each.rank, each.place))

    @cached_property
    def decisive(self) -> Features:
        """What the decision is taken from."""
        best = self.ranked[0]
        return {**best.features, **self.against, **ranked([each.rank for each in self.ranked])}
