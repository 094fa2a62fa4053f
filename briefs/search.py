"""Search over the passages of one brief: an FTS5 index in memory, built from the published revision."""

import re
import sqlite3
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from briefs.schema import Questions, Section
from briefs.sentences import sentences
from briefs.visible import Visible

_WORD = re.compile(r"\w+", re.UNICODE)
# Words that say nothing about the subject (English only: the passages are matched in their own language).
_STOP = frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "by",
        "did",
        "do",
        "does",
        "for",
        "from",
        "has",
        "have",
        "how",
        "i",
        "in",
        "is",
        "it",
        "its",
        "of",
        "on",
        "or",
        "that",
        "the",
        "their",
        "this",
        "to",
        "was",
        "were",
        "what",
        "when",
        "where",
        "which",
        "who",
        "why",
        "will",
        "with",
        "would",
    ]
)

# How much a word that matches by another name counts beside one that was asked for.
OTHER_NAMES = 0.3
# So many letters of a word stand for its forms when the sentence is chosen (negotiate, negotiations).
STEM = 5


@dataclass(frozen=True, slots=True)
class Hit:
    """One passage that matches, with the span of its best sentence. A lower `rank` is better (bm25)."""

    passage: str
    span: tuple[int, int]
    rank: float


def window(text: str, span: tuple[int, int]) -> tuple[int, int]:
    """Return the span of whole sentences that hold a span, with the sentence before and after."""
    spans = sentences(text)
    first = next(at for at, (_, end) in enumerate(spans) if end >= span[0])
    last = next((at for at, (_, end) in enumerate(spans) if end >= span[1]), len(spans) - 1)
    return spans[max(first - 1, 0)][0], spans[min(last + 1, len(spans) - 1)][1]


def _asked(answers: Iterable[Questions]) -> Iterator[str]:
    return (question for entry in answers for question in entry.questions)


def _words(query: str) -> list[str]:
    words = [word for word in _WORD.findall(query.casefold()) if word not in _STOP]
    return words or _WORD.findall(query.casefold())


class Index:
    """The searchable passages of what one audience may see."""

    def __init__(self, visible: Visible) -> None:
        self._visible = visible
        self._store = sqlite3.connect(":memory:", check_same_thread=False)
        self._store.execute(
            "CREATE VIRTUAL TABLE passages USING fts5(id unindexed, heading, body, more, tokenize='porter unicode61')"
        )
        self._store.executemany("INSERT INTO passages VALUES (?, ?, ?, ?)", self._rows())

    def _rows(self) -> list[tuple[str, str, str, str]]:
        answers = self._visible.brief.answers
        return [
            (id, passage.heading, passage.text, " ".join(_asked(answers.get(id, ()))))
            for id, passage in self._visible.source.passages.items()
            if passage.kind != "imprint"
        ]

    def _other_names(self, query: str) -> list[str]:
        """The words of the aliases and glossary entries that the query mentions under some name."""
        folded = query.casefold()
        groups = [
            (name, *others)
            for names in (self._visible.brief.aliases, self._visible.brief.glossary)
            for name, others in names.items()
        ]
        named = [group for group in groups if any(_mentions(folded, name) for name in group)]
        return [word for group in named for name in group for word in _words(name)]

    def _ranks(self, words: list[str]) -> dict[str, float]:
        """The passages that hold any of the words, with their bm25 (lower is better)."""
        if not words:
            return {}
        match = " OR ".join(f'"{word}"' for word in dict.fromkeys(words))
        rows = self._store.execute(
            "SELECT id, bm25(passages, 0, 2.0, 4.0, 1.0) FROM passages WHERE passages MATCH ?", (match,)
        )
        return dict(rows.fetchall())

    def search(self, query: str, limit: int = 5) -> list[Hit]:
        """Return the best passages first; a passage holding the query word for word comes before all.

        What matches by another name of something counts OTHER_NAMES as much as the words themselves.
        """
        asked, others = _words(query), self._other_names(query)
        direct, named = self._ranks(asked), self._ranks(others)
        ranks = {
            id: direct.get(id, 0.0) + OTHER_NAMES * named.get(id, 0.0)
            for id in dict.fromkeys([*direct, *named])
        }
        best = sorted(ranks, key=lambda id: (not self._verbatim(id, query), ranks[id]))[:limit]
        return [Hit(id, self._span(id, query, asked, others), ranks[id]) for id in best]

    def _verbatim(self, id: str, query: str) -> bool:
        return query.casefold() in self._visible.source.passages[id].text.casefold()

    def _span(self, id: str, query: str, asked: list[str], others: list[str]) -> tuple[int, int]:
        text = self._visible.source.passages[id].text
        at = text.casefold().find(query.casefold())
        if at >= 0 and len(text.casefold()) == len(text):
            return at, at + len(query)
        weights = {word[:STEM]: OTHER_NAMES for word in others} | {word[:STEM]: 1.0 for word in asked}
        return max(
            sentences(text),
            key=lambda span: sum(w for stem, w in weights.items() if stem in text[slice(*span)].casefold()),
        )

    def nearest_sections(self, query: str, limit: int = 3) -> list[Section]:
        """Return the sections whose titles are nearest to the words, for when nothing matches."""
        sections = self._visible.brief.sections
        titles = {part.id: part.title for part in sections}
        found = process.extract(query, titles, scorer=fuzz.token_set_ratio, limit=limit)
        by_id = {part.id: part for part in sections}
        return [by_id[id] for _, _, id in found]


def _mentions(folded: str, name: str) -> bool:
    wanted = re.escape(name.casefold())
    boundary = r"\b" if name.isascii() else ""
    return re.search(f"{boundary}{wanted}{boundary}", folded) is not None


class Indexes:
    """The indexes in use, a few at a time: one for each revision and what is visible of it."""

    def __init__(self, size: int = 16) -> None:
        self._size = size
        self._kept: OrderedDict[tuple[object, ...], Index] = OrderedDict()

    def of(self, visible: Visible) -> Index:
        """Return the index of what is visible, built on first use."""
        key = (visible.brief.brief, visible.revision, tuple(visible.source.passages), visible.audience)
        if key not in self._kept:
            self._kept[key] = Index(visible)
            if len(self._kept) > self._size:
                self._kept.popitem(last=False)
        return self._kept[key]
