"""The picture of a timeline: what is on its sheet, and the alt text that says all of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from briefs.freshness import Level, freshness
from commands.drawing.sheet import Key, Sheet
from commands.model import Picture
from commands.views.parts import freshness_words
from commands.views.timeline_words import Line, Teller
from commands.wording import counting, long_date, speaking


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody asked to see: the days, the span's own name, the theme, and whether in one picture."""

    first: date
    last: date
    span: str
    theme: str = "auto"
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """The entries of one picture, and those before and behind it that are on others."""

    lines: Sequence[Line]
    earlier: Sequence[Line] = ()
    later: Sequence[Line] = ()


def picture(piece: Piece, wanted: Wanted, teller: Teller) -> Picture:
    """The picture with all its words, not painted yet."""
    _ = speaking(teller.language)
    return Picture(
        f"timeline-{teller.visible.brief.brief}.png", b"", alt_text(piece.lines, wanted, teller),
        told=_("The list beside the picture has the rest."),
    )  # fmt: skip


def sheet(piece: Piece, wanted: Wanted, teller: Teller) -> Sheet:
    """What is on the picture, on light paper."""
    _, language = speaking(teller.language), teller.language
    fresh = freshness(teller.visible.brief, teller.today)
    rows = tuple(line.row for line in piece.lines)
    return Sheet(
        _("Timeline"),
        teller.visible.brief.title,
        span(wanted, language),
        _age(teller),
        _dated(teller),
        _("Today · {date}").format(date=long_date(teller.today, language)),
        rows,
        _keys(piece, language),
        _("The picture has no sign for these words; the list beside it has them."),
        language,
        _earlier(piece.earlier, language),
        _later(piece.later, language),
        fresh.level in (Level.stale, Level.expired),
        marks_today=_marks_today(piece, wanted, teller.today),
    )


def _marks_today(piece: Piece, wanted: Wanted, today: date) -> bool:
    """Whether today lies among a picture's entries, or at an end of them where nothing is left out."""
    past = sum(line.row.tense == "past" for line in piece.lines)
    begins = past > 0 or not piece.earlier
    ends = past < len(piece.lines) or not piece.later
    return wanted.first <= today <= wanted.last and begins and ends


def _age(teller: Teller) -> str:
    return freshness_words(freshness(teller.visible.brief, teller.today), teller.language)


def _dated(teller: Teller) -> str:
    _, brief = speaking(teller.language), teller.visible.brief
    fresh = freshness(brief, teller.today)
    said = (
        _("Published {published}, last reviewed {reviewed}")
        if fresh.reviewed
        else _("Published {published}, not reviewed since")
    )
    return said.format(
        published=long_date(brief.published, teller.language),
        reviewed=long_date(fresh.as_of, teller.language),
    )


def _keys(piece: Piece, language: str) -> tuple[Key, ...]:
    """Explain the marks that are on a picture, and no others."""
    _, rows = speaking(language), [line.row for line in piece.lines]
    shapes = {row.shape for row in rows if not row.span}
    tenses = {row.tense == "past" for row in rows}
    found = [
        (True in tenses, Key("circle", True, _("filled: past"))),
        (False in tenses, Key("circle", False, _("hollow: to come"))),
        ("square" in shapes, Key("square", True, _("square: editor's note"))),
        ("diamond" in shapes, Key("diamond", True, _("diamond: forecast"))),
        ("flag" in shapes, Key("flag", True, _("triangle: the report"))),
        (any(row.span for row in rows), Key("circle", True, _("bar: only the month is known"), span=True)),
    ]
    return tuple(key for shown, key in found if shown)


def _earlier(lines: Sequence[Line], language: str) -> str:
    n_ = counting(language)
    said = n_(
        "and {count} earlier entry: {first}", "and {count} earlier entries: {first} to {last}", len(lines)
    )  # fmt: skip
    return _left_out(said, lines)


def _later(lines: Sequence[Line], language: str) -> str:
    n_ = counting(language)
    said = n_("and {count} later entry: {first}", "and {count} later entries: {first} to {last}", len(lines))
    return _left_out(said, lines)


def _left_out(said: str, lines: Sequence[Line]) -> str:
    return said.format(count=len(lines), first=lines[0].day, last=lines[-1].day) if lines else ""


def alt_text(lines: Sequence[Line], wanted: Wanted, teller: Teller) -> str:
    """Say all that a picture shows: its head, then a line for each entry with today in its place."""
    _, language = speaking(teller.language), teller.language
    today = long_date(teller.today, language)
    head = _("Timeline of {title}, {span}. {dated}: {age}. Today is {today}.").format(
        title=teller.visible.brief.title, span=span(wanted, language), dated=_dated(teller), age=_age(teller),
        today=today,
    )  # fmt: skip
    return "\n".join((head, *(line.alt for line in lines)))


def span(wanted: Wanted, language: str) -> str:
    """Name the days that are shown."""
    first, last = long_date(wanted.first, language), long_date(wanted.last, language)
    return speaking(language)("{first} to {last}").format(first=first, last=last)
