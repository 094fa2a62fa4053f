"""Lines: a text cut where its language allows, so that no word and no sign is lost.

Where a line may end is Unicode's line breaking algorithm (UAX 14), in which no line begins with a Japanese
full stop or ends with an opening bracket. Two rules are stricter than it: Korean is kept together between its
blanks, as Korean print does, and so are words with a hyphen in them (Japan-ROK).
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

from uniseg.linebreak import line_break_units

Width = Callable[[str], float]
_HANGUL = re.compile(r"[ᄀ-ᇿ㄰-㆏가-힣]")


def wrapped(words: str, room: float, width: Width) -> tuple[str, ...]:
    """Cut a text into lines of at most `room`; only a piece that fits no line is cut inside itself."""
    lines: list[str] = []
    line = ""
    for unit in _units(_folded(words)):
        if width((line + unit).rstrip()) <= room:
            line += unit
            continue
        if line.strip():
            lines.append(line.rstrip())
        *whole, line = _fitting(unit, room, width)
        lines += whole
    return (*lines, line.rstrip()) if line.strip() else tuple(lines)


def _folded(words: str) -> str:
    return unicodedata.normalize("NFC", " ".join(words.split()))


def _units(words: str) -> Iterator[str]:
    """The pieces that stay together, each with the blank behind it."""
    for word in re.findall(r"\S+\s*", words):
        yield from _pieces(word)


@lru_cache(maxsize=10_000)
def _pieces(word: str) -> tuple[str, ...]:
    """Cut what stands between two blanks. A word of plain letters is one piece."""
    if _HANGUL.search(word) or (word.isascii() and "/" not in word):
        return (word,)
    return tuple(_hyphenated(line_break_units(word)))


def _hyphenated(units: Iterable[str]) -> Iterator[str]:
    """Join what a hyphen joins."""
    held = ""
    for unit in units:
        held += unit
        if not unit.endswith(("-", "‐")):
            yield held
            held = ""
    if held:
        yield held


def _fitting(unit: str, room: float, width: Width) -> list[str]:
    """Cut a piece that is wider than a line, between any two of its signs."""
    parts = [""]
    for sign in unit:
        if parts[-1] and width((parts[-1] + sign).rstrip()) > room:
            parts.append("")
        parts[-1] += sign
    return parts
