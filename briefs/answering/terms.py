"""A text as the terms that are compared: stems, names under one name, and pairs of signs.

English words become their stems (Snowball's Porter2). What the brief's `aliases` call alike becomes one term,
whatever it is called; a word of the `glossary` becomes the English words that the report uses for it. Chinese
characters, kana and Hangul are written without reliable spaces, so each pair of neighbouring signs is a term.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from briefs.answering.words import stem, words
from briefs.schema import Brief

_CJK = r"\u3040-\u30ff\u31f0-\u31ff\u3400-\u9fff\uf900-\ufaff\uac00-\ud7af\u1100-\u11ff々ー"
_TOKEN = re.compile(rf"[{_CJK}]+|[^\W{_CJK}_]+")
_IS_CJK = re.compile(rf"[{_CJK}]")
# Two hiragana in a row are mostly endings and particles.
_HIRAGANA = re.compile(r"^[\u3040-\u309f]+$")
_POSSESSIVE = re.compile(r"['’]s\b")
# An abbreviation of two or three capitals is looked for as it is written: "US" is not "us".
_SHORT = 3


class Terms:
    """Turns texts into terms, with the names that one brief knows."""

    def __init__(self, brief: Brief) -> None:
        self._words = words()
        groups = [[name, *others] for name, others in brief.aliases.items()]
        self._names = {_written(name): at for at, group in enumerate(groups) for name in group}
        self._glossary = {name.casefold(): tuple(words) for name, words in brief.glossary.items()}
        self._exact = _any_of([name for name in self._names if _is_short(name)], 0)
        self._loose = _any_of([name for name in self._names if not _is_short(name)], re.IGNORECASE)
        self._foreign = _any_of(list(self._glossary), re.IGNORECASE)

    def of(self, text: str) -> list[str]:
        """Give the terms of a text that say anything, in no particular order; what occurs twice is there twice."""
        plain = _POSSESSIVE.sub("", text).replace("’", "'")
        names: list[str] = []
        for pattern in (self._exact, self._loose):
            names += [self._name(found) for found in pattern.findall(plain)]
            plain = pattern.sub(" ", plain)
        # A glossary's word may hold a name (日韓関係 holds none, 한미동맹 does): it is looked for in the whole text.
        words = [word for found in self._foreign.findall(text) for word in self._glossary[found.casefold()]]
        english = [term for word in words for term in self._english(word)]
        found = [*names, *english, *self._words.merged(list(_plain(plain)))]
        return [term for term in found if term not in self._words.empty and not _HIRAGANA.match(term)]

    def _name(self, found: str) -> str:
        return f"name{self._names[_written(found)]}"

    def _english(self, phrase: str) -> list[str]:
        """Give the terms of a phrase of the glossary, its names among them."""
        names = [
            self._name(found) for pattern in (self._exact, self._loose) for found in pattern.findall(phrase)
        ]
        rest = self._loose.sub(" ", self._exact.sub(" ", phrase))
        return [*names, *self._words.merged(list(_plain(rest)))]


def _written(name: str) -> str:
    return name if _is_short(name) else name.casefold()


def _is_short(name: str) -> bool:
    return name.isascii() and name.isupper() and len(name) <= _SHORT


def _any_of(names: Sequence[str], flags: int) -> re.Pattern[str]:
    """Find the longest of some names; one in Latin letters only as whole words."""
    longest = sorted(names, key=len, reverse=True)
    bounded = [rf"\b{re.escape(name)}\b" if name.isascii() else re.escape(name) for name in longest]
    return re.compile("|".join(bounded) if bounded else r"(?!)", flags)


def _plain(text: str) -> Iterator[str]:
    for found in _TOKEN.findall(text):
        if _IS_CJK.match(found):
            yield from pairs(found)
        else:
            yield stem(found.casefold())


def pairs(run: str) -> list[str]:
    """Give each two neighbouring signs of a run; a single sign alone."""
    return [first + second for first, second in pairwise(run)] or [run]
