"""What a proposal is: the data of one part of the brief, and what it rests on; and spans to quote."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from briefs.folding import fold

LONGEST_TITLE = 80
LONGEST_QUOTE = 1000
_CLAUSE = re.compile(r"[,;:](?=\s)|\s[–—-]\s")
_SHORTEST_CLAUSE = 25


@dataclass(frozen=True, slots=True)
class Proposal:
    """One part of the brief as data, and the reason that a person reads beside it."""

    data: Mapping[str, Any]
    why: str


def titled(words: str, longest: int = LONGEST_TITLE) -> str:
    """Make a title of the first words of a quote; three dots stand for the rest."""
    words = " ".join(words.split())
    if len(words) <= longest:
        return words.rstrip(" .,;:")
    return words[: longest - 1].rsplit(" ", 1)[0].rstrip(" .,;:") + "…"


def quotable(text: str, span: tuple[int, int], *, whole: bool = False) -> str:
    """Give the words of a span that may be quoted: not the whole passage, unless `whole` allows it.

    A passage of one sentence gives its first clause, and failing that its first words; a word alone gives
    nothing.
    """
    quote = text[span[0] : span[1]].strip()
    if len(quote) > LONGEST_QUOTE:
        return quote[:LONGEST_QUOTE].rsplit(" ", 1)[0]
    if whole or fold(quote).rstrip(".!?") != fold(text).rstrip(".!?"):
        return quote
    ends = [found.start() for found in _CLAUSE.finditer(quote) if found.start() >= _SHORTEST_CLAUSE]
    return quote[: ends[0]] if ends else quote.rpartition(" ")[0]
