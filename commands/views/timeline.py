"""A brief's timeline as a reply: pictures of what was and what comes, each with the same list beside it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from briefs.freshness import Level, freshness
from briefs.timeline import Entry
from commands.drawing.sheet import Key, Sheet
from commands.model import Action, Block, Heading, Listing, Picture, Press, Prose, Reply, text
from commands.pages import FIRST, REST, size
from commands.views.parts import footer, freshness_words, warning
from commands.views.report import button
from commands.views.timeline_words import Line, Teller
from commands.wording import counting, long_date, speaking

# Slack takes 1,000 characters of alt text with a file, Discord 1,024.
ALT = 1000
# More entries than these make a picture that nobody reads in a chat, or anywhere.
ROWS, TALLEST = 10, 60
SPANS = ("3 months", "1 year", "since the report", "all")

Paint = Callable[[Sheet], bytes]


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
    """The entries of one picture, and how many it leaves out on either side."""

    lines: Sequence[Line]
    earlier: Sequence[Line] = ()
    later: Sequence[Line] = ()


def timeline(entries: Sequence[Entry], wanted: Wanted, teller: Teller, paint: Paint) -> Reply:
    """The picture around today first, then those of what comes later, then those of what was earlier."""
    _ = speaking(teller.language)
    visible, language = teller.visible, teller.language
    lines = [teller.line(each) for each in entries]
    intro = Prose(text(_intro(lines, wanted, teller)))
    blocks: list[Block] = [*warning(visible, teller.today, language), intro]
    for heading, piece in _pieces(lines, wanted, teller, FIRST - sum(map(size, blocks))):
        blocks += [Heading(heading)] if heading else []
        blocks += [_picture(piece, wanted, teller, paint), Listing(tuple(line.said for line in piece.lines))]
    return Reply(
        _("Timeline of {title}").format(title=visible.brief.title),
        tuple(blocks),
        actions=_buttons(wanted, teller),
        footer=footer(visible, teller.today, language),
        summary=_summary(lines, wanted, teller),
    )


def _intro(lines: Sequence[Line], wanted: Wanted, teller: Teller) -> str:
    _ = speaking(teller.language)
    span = _span(wanted, teller.language)
    if lines:
        return _("{span}; today is {today}.").format(
            span=span, today=long_date(teller.today, teller.language)
        )
    said = _("Nothing of this brief falls into these days ({span}). Ask for more with span=all.")
    return said.format(span=span)


def _span(wanted: Wanted, language: str) -> str:
    first, last = long_date(wanted.first, language), long_date(wanted.last, language)
    return speaking(language)("{first} to {last}").format(first=first, last=last)


def _summary(lines: Sequence[Line], wanted: Wanted, teller: Teller) -> str:
    """One sentence for notifications: how much was, how much comes, and what comes next."""
    _ = speaking(teller.language)
    coming = [line for line in lines if line.row.tense != "past"]
    if not coming:
        return _intro(lines, wanted, teller)
    said = _("{past} entries are past, {coming} to come; the next: {day} ({far}), {words}")
    next_ = coming[0]
    return said.format(
        past=len(lines) - len(coming), coming=len(coming), day=next_.day, far=next_.row.far, words=next_.row.words
    )  # fmt: skip


# --- which entries share a picture ------------------------------------------------------------------


def _pieces(lines: Sequence[Line], wanted: Wanted, teller: Teller, room: int) -> list[tuple[str, Piece]]:
    """Cut the entries: those around today, later ones in order, earlier ones from the nearest back."""
    _ = speaking(teller.language)
    if not lines:
        return []
    fits = _fitting(wanted, teller)
    start, end = _around(lines, lambda found: fits(found, room))
    found = [("", Piece(lines[start:end], lines[:start], lines[end:]))]
    at = end
    while at < len(lines):
        to = next((to for to in range(len(lines), at + 1, -1) if fits(lines[at:to], REST)), at + 1)
        found.append((_("Later"), Piece(lines[at:to], lines[:at], lines[to:])))
        at = to
    at = start
    while at > 0:
        since = next((since for since in range(at - 1) if fits(lines[since:at], REST)), at - 1)
        found.append((_("Earlier"), Piece(lines[since:at], lines[:since], lines[at:])))
        at = since
    return found


def _fitting(wanted: Wanted, teller: Teller) -> Callable[[Sequence[Line], int], bool]:
    """Say what one picture holds: so many entries that its alt text and its list are whole everywhere."""
    if wanted.whole:
        return lambda lines, _room: len(lines) <= TALLEST
    head = len(_alt((), wanted, teller))

    def fits(lines: Sequence[Line], room: int) -> bool:
        said = size(Listing(tuple(line.said for line in lines)))
        alt = head + sum(len(line.alt) + 1 for line in lines)
        return len(lines) <= ROWS and said <= room and alt <= ALT

    return fits


def _around(lines: Sequence[Line], fits: Callable[[Sequence[Line]], bool]) -> tuple[int, int]:
    """Grow from today, now by one that comes, now by one that was, while it fits."""
    now = sum(line.row.tense == "past" for line in lines)
    start, end = (now, now + 1) if now < len(lines) else (now - 1, now)
    while True:
        before = start > 0 and fits(lines[start - 1 : end])
        after = end < len(lines) and fits(lines[start : end + 1])
        if not (before or after):
            return start, end
        if after and (end - now <= now - start or not before):
            end += 1
        else:
            start -= 1


# --- the picture ------------------------------------------------------------------------------------


def _picture(piece: Piece, wanted: Wanted, teller: Teller, paint: Paint) -> Picture:
    _ = speaking(teller.language)
    light = _sheet(piece, wanted, teller)
    dark = replace(light, dark=True)
    return Picture(
        f"timeline-{teller.visible.brief.brief}.png",
        paint(dark if wanted.theme == "dark" else light),
        _alt(piece.lines, wanted, teller),
        paint(dark) if wanted.theme == "auto" else b"",
        _("The list beside the picture has the rest."),
    )


def _sheet(piece: Piece, wanted: Wanted, teller: Teller) -> Sheet:
    _, language = speaking(teller.language), teller.language
    fresh = freshness(teller.visible.brief, teller.today)
    rows = tuple(line.row for line in piece.lines)
    return Sheet(
        _("Timeline"),
        teller.visible.brief.title,
        _span(wanted, language),
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
    return n_(
        "and {count} earlier entry ({first}), on another page",
        "and {count} earlier entries ({first} to {last}), on other pages",
        len(lines),
    ).format(count=len(lines), first=lines[0].day, last=lines[-1].day) if lines else ""  # fmt: skip


def _later(lines: Sequence[Line], language: str) -> str:
    n_ = counting(language)
    return n_(
        "and {count} later entry ({first}), on another page",
        "and {count} later entries ({first} to {last}), on other pages",
        len(lines),
    ).format(count=len(lines), first=lines[0].day, last=lines[-1].day) if lines else ""  # fmt: skip


def _alt(lines: Sequence[Line], wanted: Wanted, teller: Teller) -> str:
    """Say all that a picture shows: its head, then a line for each entry with today in its place."""
    _, language = speaking(teller.language), teller.language
    today = long_date(teller.today, language)
    head = _("Timeline of {title}, {span}. {dated}: {age}. Today is {today}.").format(
        title=teller.visible.brief.title, span=_span(wanted, language), dated=_dated(teller), age=_age(teller),
        today=today,
    )  # fmt: skip
    return "\n".join((head, *(line.alt for line in lines)))


# --- buttons ----------------------------------------------------------------------------------------


def span_words(span: str, language: str) -> str:
    """Name one of SPANS."""
    _ = speaking(language)
    return {
        "3 months": _("3 months"), "1 year": _("1 year"),
        "since the report": _("Since the report"), "all": _("All"),
    }[span]  # fmt: skip


def _buttons(wanted: Wanted, teller: Teller) -> tuple[Action, ...]:
    _, visible = speaking(teller.language), teller.visible
    theme = {} if wanted.theme == "auto" else {"theme": wanted.theme}
    spans = tuple(
        button(visible, span_words(span, teller.language), "brief timeline", span=span, **theme)
        for span in SPANS
        if span != wanted.span
    )
    options = tuple(sorted({"brief": visible.brief.brief, "span": wanted.span, **theme}.items()))
    if not wanted.span:
        given = {"from": str(wanted.first), "to": str(wanted.last), "brief": visible.brief.brief, **theme}
        options = tuple(sorted(given.items()))
    share = Press("share", "brief timeline", options, visible.brief.brief, visible.revision)
    return (
        *spans,
        button(visible, _("All dates"), "brief dates"),
        button(visible, _("Remind me"), "brief follow"),
        Action(_("Share to channel"), share),
    )
