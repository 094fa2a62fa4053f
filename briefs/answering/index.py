"""The terms of every sentence of one brief, in FTS5: which sentences a question could be about."""

import math
import sqlite3
import threading
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

# A question is compared closely with so many sentences: those that share the most terms with it.
CANDIDATES = 60
# Terms that more of the sentences hold than this find nothing; they only slow a large index down.
COMMON = 0.2
_SMALL = 200


@dataclass(frozen=True)
class Row:
    """A sentence's own terms, and those of the questions that it answers."""

    own: frozenset[str]
    asked: tuple[frozenset[str], ...]

    @cached_property
    def pool(self) -> frozenset[str]:
        """All of them."""
        return self.own.union(*self.asked)


class Index:
    """Sentences by their place (from 0). Any thread may use it."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._lock = threading.Lock()
        self._store = sqlite3.connect(":memory:", check_same_thread=False)
        self._store.execute(
            "CREATE VIRTUAL TABLE units USING fts5(own, asked, tokenize='unicode61', detail=none)"
        )
        # A small brief is compared with a question as a whole: its rows stay at hand.
        self._kept: dict[int, Row] = {}
        self._holding: Counter[str] = Counter()
        self.size = 0
        self._store.executemany(
            "INSERT INTO units(rowid, own, asked) VALUES (?, ?, ?)", map(self._stored, rows)
        )
        self.rarest = self._weight(0)

    def _stored(self, row: Row) -> tuple[int, str, str]:
        self._holding.update(row.pool)
        if self.size < _SMALL:
            self._kept[self.size] = row
        self.size += 1
        # A line break keeps the questions apart; FTS5 takes it for white space.
        return (
            self.size - 1,
            " ".join(sorted(row.own)),
            "\n".join(" ".join(sorted(asked)) for asked in row.asked),
        )

    def _weight(self, holding: int) -> float:
        """The inverse document frequency as BM25 counts it, for a term that so many sentences hold."""
        return math.log(1 + (self.size - holding + 0.5) / (holding + 0.5))

    def weight(self, term: str) -> float:
        """Say how much a term tells, from 0; one that no sentence holds tells the most."""
        return self._weight(self._holding[term])

    def knows(self, term: str) -> bool:
        """Tell whether any sentence, or a question that it answers, holds a term."""
        return term in self._holding

    def find(self, terms: Collection[str]) -> list[int]:
        """Give the places of the sentences that share the most with the terms, at most CANDIDATES."""
        if self.size <= _SMALL:
            return list(range(self.size))
        known = sorted(
            (term for term in set(terms) if self.knows(term)), key=lambda term: self._holding[term]
        )
        telling = [term for term in known if self._holding[term] <= COMMON * self.size] or known[:1]
        if not telling:
            return []
        match = " OR ".join(f'"{term}"' for term in telling)
        with self._lock:
            found = self._store.execute(
                "SELECT rowid FROM units WHERE units MATCH ? ORDER BY rank LIMIT ?", (match, CANDIDATES)
            ).fetchall()
        return [place for (place,) in found]

    def rows(self, places: Sequence[int]) -> list[Row]:
        """Give the terms of some sentences, in the order of their places."""
        if self.size <= _SMALL:
            return [self._kept[place] for place in places]
        marks = ",".join("?" * len(places))
        with self._lock:
            found = self._store.execute(
                f"SELECT rowid, own, asked FROM units WHERE rowid IN ({marks})",  # noqa: S608  # marks alone
                tuple(places),
            ).fetchall()
        by_place = {place: _row(own, asked) for place, own, asked in found}
        return [by_place[place] for place in places]


def _row(own: str, asked: str) -> Row:
    return Row(frozenset(own.split()), tuple(frozenset(line.split()) for line in asked.splitlines()))
