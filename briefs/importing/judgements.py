"""Judgements proposed from the words of likelihood that the report uses."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, NamedTuple

from briefs.importing.mentions import Exact, mentions
from briefs.importing.pieces import Piece
from briefs.importing.proposals import LONGEST_QUOTE, Proposal
from briefs.importing.slugs import slug, unused
from briefs.likelihood import LIKELIHOOD

MOST = 200
_BEFORE = re.compile(
    r"(?:\b(?:it|there)\s+(?:is|was|remains|seems|appears)\s+(?:\w+\s+){0,2}|\b(?:is|are|remains?|seems?|would|will|may|"
    r"could|might)\s+(?:(?:very|most|highly|quite|more|also|well)\s+)?)$",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"^(?:\s+(?:not|never|well|likely|probably|possibly|have|be))*(?:\s+(?:that|to))?(?![\w’'])",
    re.IGNORECASE,
)
_CLAUSES = re.compile(
    r"[;:]\s+|,\s+(?:and|but|while|whereas|so)\s+|,\s+(?=(?:there|it)\s+(?:is|was)\b|(?:inevitabl|probabl|possibl)y\b)",
    re.IGNORECASE,
)
_OUGHT = re.compile(
    r"\b(?:will|would|may|might|could)\s+(?:also\s+|therefore\s+)?be\s+"
    r"(?:necessary|important|essential|beneficial|required|needed|desirable|advisable|useful|imperative)\b"
    r"|\b(?:impossible|not possible)\s+to\b",
    re.IGNORECASE,
)
# So far behind a word stands what makes advice of it ("will also be necessary").
_AHEAD = 40
_LONGEST_PHRASE = 100


class Judged(NamedTuple):
    """The judgements and the words that are likely none, as parts of the brief, and how many were left out."""

    judgements: list[Proposal]
    others: list[Proposal]
    left_out: int


class _Phrase(NamedTuple):
    """A phrase of likelihood, the clause around it, and whether it says what ought to be."""

    words: str
    quote: str
    ought: bool


def judged(pieces: Iterable[Piece], published: date, used: set[str]) -> Judged:
    """Propose a judgement for each clause with a word of likelihood, in the order of the text."""
    judgements: list[Proposal] = []
    others: list[Proposal] = []
    left_out = 0
    for piece in pieces:
        for phrase in _phrases(piece) if piece.kind == "passage" and piece.is_text else ():
            if len(judgements) + len(others) >= MOST:
                left_out += 1
            elif phrase.ought:
                others.append(_no_judgement(piece, phrase))
            else:
                judgements.append(_judgement(piece, phrase, published, used))
    return Judged(judgements, others, left_out)


def _phrases(piece: Piece) -> Iterator[_Phrase]:
    """Give the phrases of a passage, one a clause. A sentence too long to quote gives none."""
    for first, last in piece.sentences:
        ends = first
        for found in LIKELIHOOD.finditer(piece.text, first, last) if last - first <= LONGEST_QUOTE else ():
            if found.start() >= ends and not _is_month(piece.text, found, first):
                start, ends = _clause(piece.text, found.start(), first, last)
                yield _phrase(piece.text, found, start, ends)


def _phrase(text: str, found: re.Match[str], start: int, end: int) -> _Phrase:
    """Give the word with the verbs around it, and the clause to quote."""
    before = _BEFORE.search(text[start : found.start()])
    after = _AFTER.match(text[found.end() : end])
    opens = start + before.start() if before else found.start()
    closes = found.end() + (after.end() if after else 0)
    words = text[opens:closes].strip()
    ought = _OUGHT.search(text, opens, min(end, found.end() + _AHEAD)) is not None
    return _Phrase(words if len(words) <= _LONGEST_PHRASE else found[0], text[start:end].strip(), ought)


def _is_month(text: str, found: re.Match[str], first: int) -> bool:
    """Tell the month of May from the verb, which has a capital only where it begins a sentence."""
    return found[0] == "May" and (found.start() != first or bool(re.match(r"\s+\d", text[found.end() :])))


def _clause(text: str, at: int, first: int, last: int) -> tuple[int, int]:
    """Give the clause around a place, where its sentence has several that each stand alone."""
    start, end = first, last
    for parted in _CLAUSES.finditer(text, first, last):
        if LIKELIHOOD.search(text, first, parted.start()) and LIKELIHOOD.search(text, parted.end(), last):
            if parted.end() <= at:
                start = parted.end()
            elif parted.start() >= at:
                end = min(end, parted.start())
    return start, end


def _judgement(piece: Piece, phrase: _Phrase, published: date, used: set[str]) -> Proposal:
    data: dict[str, Any] = {
        "id": unused(slug(_without(phrase), 32) or "judgement", used),
        "passage": piece.id,
        "quote": phrase.quote,
        "likelihood": phrase.words,
    }
    why = f"the report says “{phrase.words}”; is it a forecast that a later day can settle?"
    last = _last_day(piece, phrase, published)
    if last is not None:
        data["by"] = last.isoformat()
        why += f" {last.isoformat()} is the last day of the year that the sentence names."
    return Proposal(data, why)


def _without(phrase: _Phrase) -> str:
    return phrase.quote.replace(phrase.words, " ", 1)


def _last_day(piece: Piece, phrase: _Phrase, published: date) -> date | None:
    """Give the last day of the latest year that the clause names, where it is not over already."""
    named = [
        each.day
        for each in mentions([Piece(piece.id, piece.kind, phrase.quote)])
        if each.day and each.exact is Exact.year
    ]
    last = max((date(day.year, 12, 31) for day in named), default=None)
    return last if last and last >= published else None


def _no_judgement(piece: Piece, phrase: _Phrase) -> Proposal:
    data = {
        "passage": piece.id, "quote": phrase.quote, "word": phrase.words,
        "reason": "Says what ought to be done or what cannot be said, and forecasts nothing.",
    }  # fmt: skip
    return Proposal(data, f"is “{phrase.words}” no forecast? Then keep it; otherwise make a judgement of it.")
