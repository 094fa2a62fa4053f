"""Folding: the form in which two ways of typing the same words are equal, mapped back to the text.

Zero-width characters and soft hyphens are left out, Unicode is in its NFKC form (UAX 15), typographic
quotation marks, dashes and hyphens are plain, white space is one space, and the ends are bare. Case
is kept: it can carry meaning.
"""

import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

# How many characters before a place can decide whether it parts two: a syllable has three, and a few accents.
REACH = 8

_LEFT_OUT = "\u00ad\u034f\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
_QUOTATION = {**dict.fromkeys("‘’‚‛‹›", "'"), **dict.fromkeys("“”„‟«»", '"')}
_DASHES = dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-")
_PLAIN = {**_QUOTATION, **_DASHES}
# What folds to one character and is common: no-break and typesetters' spaces.
_ONE_FOR_ONE = {**_PLAIN, **dict.fromkeys("\u00a0\u2009\u202f", " ")}


class _Folded(NamedTuple):
    """A folded text. Folded character i comes from the original's [starts[i], ends[i])."""

    text: str
    starts: list[int]
    ends: list[int]


def fold(text: str) -> str:
    """Give the folded form of a text."""
    if not text.isascii():
        for sign in _LEFT_OUT:
            text = text.replace(sign, "")
        text = _replaced(unicodedata.normalize("NFKC", text), _PLAIN)
    return " ".join(text.split())


def _replaced(text: str, signs: dict[str, str]) -> str:
    """Replace single characters; on text of this size it is far faster than str.translate."""
    for sign, plain in signs.items():
        text = text.replace(sign, plain)
    return text


def folded_span(text: str, folded_quote: str) -> tuple[int, int] | None:
    """Find the span of `text` whose folded form is the folded quote, or None.

    A span never cuts a character that folding takes as one, as a letter and its accent.
    """
    if not folded_quote:
        return None
    span = _likely_span(text, folded_quote)
    if span is not None or folded_quote not in fold(text):
        return span
    folded, starts, ends = _folded(text)
    at = folded.find(folded_quote)
    while at >= 0:
        last = at + len(folded_quote) - 1
        opens = at == 0 or starts[at] != starts[at - 1]
        closes = last + 1 == len(folded) or starts[last + 1] != starts[last]
        if opens and closes:
            return starts[at], ends[last]
        at = folded.find(folded_quote, at + 1)
    return None


def _likely_span(text: str, folded_quote: str) -> tuple[int, int] | None:
    """Find the span where folding changes single characters only, as it mostly does: it costs a tenth."""
    start = _replaced(text, _ONE_FOR_ONE).find(folded_quote)
    end = start + len(folded_quote)
    if start < 0 or fold(text[start:end]) != folded_quote:
        return None
    opens = parts_here(text[max(0, start - REACH) : start], text[start:end])
    closes = parts_here(text[max(start, end - REACH) : end], text[end : end + 1])
    return (start, end) if opens and closes else None


def parts_here(before: str, after: str) -> bool:
    """Tell whether folding treats the text on both sides of a place apart.

    It does not between a letter and its accent, nor inside a Korean syllable that is written in parts.
    """
    if not after or after[0].isascii():
        return True
    if after[0] in _LEFT_OUT:
        return False
    if not before:
        return True
    decomposed = unicodedata.normalize("NFKD", after[0])
    if unicodedata.combining(decomposed[0]):
        return False
    normal = unicodedata.normalize
    return normal("NFKC", before + after[0]) == normal("NFKC", before) + normal("NFKC", after[0])


def _clusters(text: str) -> Iterator[tuple[str, int, int]]:
    """Cut a text into the smallest pieces that fold each for itself, with their spans."""
    piece, start, end = "", 0, 0
    for at, sign in enumerate(text):
        if sign in _LEFT_OUT:
            continue
        if piece and parts_here(piece, sign):
            yield piece, start, end
            piece = ""
        if not piece:
            start = at
        piece, end = piece + sign, at + 1
    if piece:
        yield piece, start, end


@lru_cache(maxsize=512)
def _folded(text: str) -> _Folded:
    signs: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for piece, start, end in _clusters(text):
        for sign in _replaced(unicodedata.normalize("NFKC", piece), _PLAIN):
            if not sign.isspace():
                signs.append(sign)
            elif not signs:
                continue
            elif signs[-1] == " ":
                ends[-1] = end
                continue
            else:
                signs.append(" ")
            starts.append(start)
            ends.append(end)
    if signs and signs[-1] == " ":
        del signs[-1], starts[-1], ends[-1]
    return _Folded("".join(signs), starts, ends)
