"""The dates that an English text names, each with its sentence.

A month, a day and a day without its year are found, and years by themselves, in words such as "the
beginning of 2024" too. What is relative ("next spring") is not a date.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from briefs.date_checks import EARLIEST, LATEST
from briefs.importing.pieces import Piece
from briefs.importing.words import is_unfinished

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_MONTH = "|".join(f"{name[:3]}(?:{name[3:]})?" if len(name) > 3 else name for name in MONTHS)
_MONTH = rf"(?:{_MONTH.replace('Sep(', 'Sept?(')})\.?"
_DAY = r"(?:[12]\d|3[01]|0?[1-9])"
_YEAR = r"(?:1[89]\d\d|2[01]\d\d)"
_PARTS = (
    r"(?i:(?:the\s+)?(?:beginning|start|middle|end|close|first half|second half)\s+of"
    r"|(?:the\s+)?(?:first|second|third|fourth|last) quarter\s+of|early|mid-?|late"
    r"|(?:the\s+)?(?:spring|summer|autumn|fall|winter)(?:\s+of)?|Q[1-4])"
)
_DATE = re.compile(
    rf"(?<![\w.,/$€£-])(?P<iso>{_YEAR}-(?:0[1-9]|1[0-2])-(?:[12]\d|3[01]|0[1-9]))(?![\w-])"
    rf"|\b(?P<month>{_MONTH})\s+(?P<day>{_DAY})(?:st|nd|rd|th)?(?:\s*[–-]\s*{_DAY})?(?:,?\s+(?P<year>{_YEAR}))?(?![\w,.]?\d)"
    rf"|\b(?P<day2>{_DAY})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<month2>{_MONTH})(?:,?\s+(?P<year2>{_YEAR}))?(?!\w)"
    rf"|\b(?P<month3>{_MONTH})\s+(?:of\s+)?(?P<year3>{_YEAR})(?!\w)"
    rf"|(?<![\w.,/$€£-])(?:(?P<part>{_PARTS})\s*)?(?P<year4>{_YEAR})(?![\w%]|[.,]\d|[–-]\d{{3}})"
)
LONGEST_DATELINE = 80
_DATED = re.compile(r"^\W*(?:published|dated|date|updated|released|issued|as of)\b", re.IGNORECASE)
_ANNIVERSARY = re.compile(
    r"\b(?:\d{1,3}(?:st|nd|rd|th)|[a-z]+(?:ieth|enth|fth|tieth))\s+anniversary\b", re.IGNORECASE
)


class Exact(StrEnum):
    """How exactly a text names a date."""

    day = "day"
    yearless = "day without its year"
    month = "month"
    part = "part of a year"
    year = "year"
    unnamed = "anniversary without its day"


@dataclass(frozen=True, slots=True)
class Mention:
    """A date that a passage names: its words, its sentence, and the first day that it may mean.

    `day` is None for an anniversary whose day the text does not give, and for a day without its year until
    `with_years` gives it one.
    """

    passage: str
    words: str
    sentence: str
    exact: Exact
    day: date | None
    month: int = 0
    number: int = 0


def mentions(pieces: Iterable[Piece]) -> list[Mention]:
    """Find the dates of a report's passages, in the order of the text; footnotes and tables name none."""
    return [found for piece in pieces if piece.is_text for found in _in_piece(piece)]


def with_years(found: Iterable[Mention], published: date) -> list[Mention]:
    """Give days without a year the year that brings them nearest to the day of publication."""
    return [_with_year(each, published) if each.exact is Exact.yearless else each for each in found]


def date_in(text: str) -> date | None:
    """Give the only whole day that a text names, or None."""
    days = {each.day for each in _in_text("", text, text) if each.exact is Exact.day}
    return days.pop() if len(days) == 1 else None


def is_dateline(text: str) -> bool:
    """Tell whether a short line ends with the day or the month when something was published."""
    found = list(_DATE.finditer(text)) if len(text) <= LONGEST_DATELINE else []
    if len(found) != 1 or re.search(r"[^\W_]", text[found[0].end() :]):
        return False
    before = text[: found[0].start()].strip()
    return bool(found[0]["month"] or found[0]["month2"] or found[0]["month3"] or found[0]["iso"]) and (
        not is_unfinished(before) or before[-1:] in ",(" or bool(_DATED.match(before))
    )


def _in_piece(piece: Piece) -> Iterator[Mention]:
    for start, end in piece.sentences:
        sentence = piece.text[start:end]
        yield from _in_text(piece.id, sentence, sentence)


def _in_text(passage: str, text: str, sentence: str) -> Iterator[Mention]:
    for found in _DATE.finditer(text):
        mention = _mention(found, passage, sentence)
        if mention is not None:
            yield mention
    for anniversary in _ANNIVERSARY.finditer(text):
        yield Mention(passage, anniversary[0], sentence, Exact.unnamed, None)


def _mention(found: re.Match[str], passage: str, sentence: str) -> Mention | None:
    if found["iso"]:
        return _dated(found[0], passage, sentence, Exact.day, *map(int, found["iso"].split("-")))
    month = next((found[name] for name in ("month", "month2", "month3") if found[name]), "")
    number = found["day"] or found["day2"]
    year = next((found[name] for name in ("year", "year2", "year3", "year4") if found[name]), "")
    if not month:
        return _dated(found[0], passage, sentence, Exact.part if found["part"] else Exact.year, int(year))
    at = next(each for each, name in enumerate(MONTHS, start=1) if name.startswith(month[:3]))
    if number and not year:
        return Mention(passage, found[0], sentence, Exact.yearless, None, at, int(number))
    exact = Exact.day if number else Exact.month
    return _dated(found[0], passage, sentence, exact, int(year), at, int(number or 1))


def _dated(
    words: str, passage: str, sentence: str, exact: Exact, year: int, month: int = 1, day: int = 1
) -> Mention | None:
    """Give the mention, or None for a day that the calendar does not have."""
    try:
        first = date(year, month, day)
    except ValueError:
        return None
    return Mention(passage, words.strip(), sentence, exact, first) if EARLIEST <= year <= LATEST else None


def _with_year(mention: Mention, published: date) -> Mention:
    years = (published.year - 1, published.year, published.year + 1)
    near = [day for year in years if (day := _day(year, mention.month, mention.number))]
    nearest = min(near, key=lambda day: abs(day - published), default=None)
    return replace(mention, day=nearest)


def _day(year: int, month: int, number: int) -> date | None:
    try:
        return date(year, month, number)
    except ValueError:
        return None
