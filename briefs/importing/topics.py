"""Topics proposed: one for each section, and one for each name that several passages speak of."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from briefs.command_names import LONGEST, free_name
from briefs.folding import fold
from briefs.importing.pieces import Cut, Piece
from briefs.importing.proposals import Proposal, quotable, titled
from briefs.importing.slugs import STOP, slug, unused

MOST_SECTIONS, MOST_NAMES, MOST_POINTS = 30, 8, 5
_LONGEST_DESCRIPTION = 100
_SHORTEST_QUOTE = 20
_TOKEN = re.compile(r"[^\W\d_][\w’'-]*|[^\s\w]")
_LEAST_PASSAGES, _LEAST_TIMES = 2, 3
# A name that stands in more of the passages tells none of them apart.
_MOST_PASSAGES = 0.6


class Topics:
    """The topics being proposed; their commands are apart from each other and from those that are taken."""

    def __init__(self, brief: str, taken: Collection[str], used: set[str]) -> None:
        self._brief = brief
        self._taken = set(taken)
        self._used = used
        self._leads: set[tuple[str, str]] = set()

    def propose(self, cuts: Iterable[Cut]) -> list[Proposal]:
        """Propose the topics of a report."""
        every = list(cuts)
        sections = [self._section(each) for each in every if not each.recommends][:MOST_SECTIONS]
        pieces = [piece for each in every for piece in each.pieces if _is_quotable(piece)]
        named = [self._named(name, pieces) for name in names(pieces)]
        return [each for each in (*sections, *named) if each is not None]

    def _section(self, cut: Cut) -> Proposal | None:
        quotes = [(piece.id, _first(piece)) for piece in cut.pieces if _is_quotable(piece)]
        words = cut.heading or "What the report begins with"
        return self._topic(slug(words, LONGEST), words, quotes, "it is the section’s own topic")

    def _named(self, name: str, pieces: list[Piece]) -> Proposal | None:
        quotes = [
            (piece.id, quotable(piece.text, span))
            for piece in pieces
            for span in piece.sentences
            if name in piece.text[span[0] : span[1]]
        ]
        why = f"“{name}” stands in {len({id_ for id_, _ in quotes})} passages"
        return self._topic(slug(name, LONGEST), f"What the report says on: {name}", quotes, why)

    def _topic(self, name: str, words: str, quotes: list[tuple[str, str]], why: str) -> Proposal | None:
        long = [(passage, quote) for passage, quote in dict.fromkeys(quotes) if len(quote) >= _SHORTEST_QUOTE]
        lead = next((each for each in long if (each[0], fold(each[1])) not in self._leads), None)
        if lead is None:
            return None
        self._leads.add((lead[0], fold(lead[1])))
        command = free_name(name or "topic", self._brief, self._taken)
        self._taken.add(command)
        data: dict[str, Any] = {
            "id": unused(command, self._used), "command": command,
            "description": titled(words, _LONGEST_DESCRIPTION), "lead": _quote(lead),
        }  # fmt: skip
        others = [each for each in long if each != lead][:MOST_POINTS]
        points = [self._point(each) for each in others]
        if points:
            data["points"] = points
        return Proposal(data, f"{why}. Is /{command} what people would type, and is the lead its answer?")

    def _point(self, quote: tuple[str, str]) -> dict[str, Any]:
        return {"id": unused(slug(quote[1], 32) or "point", self._used), **_quote(quote)}


def names(pieces: Iterable[Piece]) -> list[str]:
    """Give the names and terms of several words, or with a capital, that several passages repeat."""
    times: Counter[str] = Counter()
    passages: Counter[str] = Counter()
    every = list(pieces)
    for piece in every:
        found = Counter(_terms(piece.text))
        times.update(found)
        passages.update(found.keys())
    most = max(_LEAST_PASSAGES, int(len(every) * _MOST_PASSAGES))
    often = [
        name
        for name, count in times.items()
        if count >= _LEAST_TIMES and _LEAST_PASSAGES <= passages[name] <= most
    ]
    often.sort(key=lambda name: (-times[name] * (1 + 2 * name.count(" ")), name))
    kept: list[str] = []
    for name in often:
        if len(kept) < MOST_NAMES and not any(name in other or other in name for other in kept):
            kept.append(name)
    return kept


def _terms(text: str) -> Iterator[str]:
    """Give runs of one to three words that begin and end with one that matters; one word alone has a capital."""
    tokens = _TOKEN.findall(text)
    for at, first in enumerate(tokens):
        if not _matters(first):
            continue
        if first[0].isupper() and at and tokens[at - 1][0] not in ".!?":
            yield first
        for length in (2, 3):
            run = tokens[at : at + length]
            if len(run) == length and _matters(run[-1]) and all(word[0].isalpha() for word in run):
                yield " ".join(run)


def _matters(word: str) -> bool:
    owns = word.endswith(("'s", "’s"))
    return word[0].isalpha() and len(word) > 2 and not owns and word.lower() not in STOP


def _is_quotable(piece: Piece) -> bool:
    return piece.kind == "passage" and piece.is_text


def _first(piece: Piece) -> str:
    return quotable(piece.text, piece.sentences[0])


def _quote(quote: tuple[str, str]) -> dict[str, str]:
    return {"passage": quote[0], "quote": quote[1]}
