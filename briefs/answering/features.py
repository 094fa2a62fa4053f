"""How well a sentence fits a question: the numbers that the weights (weights.json) are for.

A term weighs its inverse document frequency, a light word (words.yaml) a third of that. A *share* is the part of the
question's weight that something holds, from 0 to 1.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from briefs.answering import phrasing
from briefs.answering.index import Index, Row
from briefs.answering.words import stem, words

Features = Mapping[str, float]

LIGHT = 0.3
# A missing term counts as telling where it weighs so much of what the rarest term weighs.
TELLING = 0.45
BEST = 3
MANY_NAMES = 2
# So many weights are kept: those of the terms and questions that come up again and again.
KEPT = 20_000


@dataclass(frozen=True)
class Asked:
    """A question, taken apart. `weights` holds its terms; `total` is what they weigh together."""

    text: str
    weights: Mapping[str, float]
    total: float
    kinds: frozenset[str]

    def share(self, held: Collection[str]) -> float:
        """Give the share of the question that some terms hold."""
        return sum(weight for term, weight in self.weights.items() if term in held) / self.total

    def latin_share(self, held: Collection[str]) -> float:
        """Give the share of what the question says in English, in names or in words of the glossary."""
        latin = {term: weight for term, weight in self.weights.items() if term.isascii()}
        whole = sum(latin.values()) or 1.0
        return sum(weight for term, weight in latin.items() if term in held) / whole


class Weighing:
    """Weighs terms by how many sentences of one brief hold them."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._light = words().light
        self.of = lru_cache(maxsize=KEPT)(self._of)
        self.total = lru_cache(maxsize=KEPT)(self._total)

    def _of(self, term: str) -> float:
        return self._index.weight(term) * (LIGHT if term in self._light else 1.0)

    def _total(self, terms: frozenset[str]) -> float:
        return sum(self.of(term) for term in sorted(terms))

    def asked(self, question: str, terms: Iterable[str]) -> Asked:
        """Take a question apart."""
        weights = {term: self.of(term) for term in sorted(set(terms))}
        return Asked(question, weights, sum(weights.values()) or 1.0, phrasing.kinds(question))

    def likeness(self, asked: Asked, other: frozenset[str]) -> float:
        """Compare a question with another one: Dice's coefficient of their weighted terms, from 0 to 1."""
        return 2 * asked.share(other) * asked.total / (asked.total + self.total(other))

    def unknown(self, asked: Asked) -> float:
        """Give the share of a question that no sentence of the brief, and no question that it answers, holds."""
        unknown = sum(weight for term, weight in asked.weights.items() if not self._index.knows(term))
        return unknown / asked.total

    def unknown_names(self, asked: Asked) -> float:
        """Count the names and numbers in a question that the brief does not hold, up to MANY_NAMES."""
        named = {stem(word.casefold()) for word in phrasing.names(asked.text)}
        return float(
            min(sum(term in named and not self._index.knows(term) for term in asked.weights), MANY_NAMES)
        )

    def sentence(self, asked: Asked, row: Row, text: str, around: Collection[str]) -> dict[str, float]:
        """Compare a question with one sentence; `around` holds the terms of its passage and heading."""
        alike = _best(self.likeness(asked, other) for other in row.asked)
        pool = row.pool
        missing = [weight for term, weight in asked.weights.items() if term not in pool]
        telling = TELLING * self._index.rarest
        return {
            "closest": alike[0],
            "closest_three": sum(alike) / BEST,
            "pool": asked.share(pool),
            "sentence": asked.share(row.own),
            "passage": asked.share(around),
            "one_question": max((asked.share(other) for other in row.asked), default=0.0),
            "latin_sentence": asked.latin_share(row.own),
            "latin_pool": asked.latin_share(pool),
            "no_number": float(phrasing.lacks_number(asked.kinds, text)),
            "no_date": float(phrasing.lacks_date(asked.kinds, text)),
            "missing": max(missing, default=0.0) / self._index.rarest,
            "missing_telling": float(sum(weight > telling for weight in missing)),
        }

    def not_covered(self, asked: Asked, questions: Sequence[frozenset[str]]) -> dict[str, float]:
        """Compare a question with those that the report is known not to answer."""
        alike = _best(self.likeness(asked, other) for other in questions)
        return {
            "unknown": self.unknown(asked),
            "unknown_names": self.unknown_names(asked),
            "uncovered": alike[0],
            "uncovered_three": sum(alike) / BEST,
            "uncovered_one": max((asked.share(other) for other in questions), default=0.0),
        }


def meant(sentence: float, questions: Iterable[float]) -> dict[str, float]:
    """Put together what the encoder says of a sentence: how near it lies, and its questions (cosines)."""
    near = _best(questions)
    return {"near_sentence": sentence, "near": near[0], "near_three": sum(near) / BEST}


def meant_not_covered(questions: Iterable[float]) -> dict[str, float]:
    """Put together what the encoder says of the questions that the report is known not to answer."""
    near = _best(questions)
    return {"near_uncovered": near[0], "near_uncovered_three": sum(near) / BEST}


def _best(values: Iterable[float]) -> list[float]:
    """Give the three highest values, filled up with 0."""
    return sorted([*values, *[0.0] * BEST], reverse=True)[:BEST]
