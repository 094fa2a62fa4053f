"""Recommendations proposed: the items below a heading that announces them, or sentences that say what to do."""

import re
from collections.abc import Iterable, Iterator

from briefs.importing.pieces import Cut, Piece
from briefs.importing.proposals import Proposal, quotable, titled
from briefs.importing.slugs import slug, unused

MOST = 50
_OUGHT = re.compile(
    r"\b(?:should|must|ought to|needs? to|ha(?:s|ve) to|it is (?:imperative|essential|necessary|vital)|we recommend"
    r"|recommends?)\b",
    re.IGNORECASE,
)
_STRONG = re.compile(r"\b(?:should|ought to|we recommend|it is imperative)\b", re.IGNORECASE)


def recommended(cuts: Iterable[Cut], used: set[str]) -> list[Proposal]:
    """Propose the report's recommendations.

    Where no heading announces any, each sentence with "should" or "ought to" is proposed.
    """
    every = list(cuts)
    announced = [piece for each in every if each.recommends for piece in _advice(each)]
    if announced:
        return [_announced(piece, used) for piece in announced[:MOST]]
    found = [_found(piece, span, used) for each in every for piece, span in normative(each)]
    return found[:MOST]


def normative(cut: Cut) -> Iterator[tuple[Piece, tuple[int, int]]]:
    """Give the sentences of a section that say what somebody should do."""
    for piece in cut.pieces:
        for span in piece.sentences if piece.kind == "passage" and piece.is_text else ():
            if _STRONG.search(piece.text, *span):
                yield piece, span


def _advice(cut: Cut) -> list[Piece]:
    """Give the items of a section, its paragraphs where it has none; footnotes and tables are no advice."""
    passages = [piece for piece in cut.pieces if piece.kind == "passage" and piece.is_text]
    return [piece for piece in passages if piece.is_item] or passages


def _announced(piece: Piece, used: set[str]) -> Proposal:
    spans = piece.sentences
    span = next((each for each in spans if _OUGHT.search(piece.text, *each)), spans[0])
    why = "it stands below the heading of the recommendations; is this the sentence that says it shortest?"
    return _proposal(piece, span, used, why)


def _found(piece: Piece, span: tuple[int, int], used: set[str]) -> Proposal:
    words = _STRONG.search(piece.text, *span)
    said = words[0] if words else ""
    return _proposal(piece, span, used, f"no heading announces recommendations; this sentence says “{said}”.")


def _proposal(piece: Piece, span: tuple[int, int], used: set[str], why: str) -> Proposal:
    quote = quotable(piece.text, span, whole=True)
    words = quote[len(_said_before(quote)) :]
    data = {
        "id": unused(slug(words, 32) or "recommendation", used), "title": titled(quote),
        "passage": piece.id, "quote": quote,
    }  # fmt: skip
    return Proposal(data, why)


def _said_before(quote: str) -> str:
    """Give what stands before the verb of the advice: the id is made of what ought to be done."""
    found = _OUGHT.search(quote)
    return quote[: found.end()] if found and found.end() < len(quote) - 10 else ""
