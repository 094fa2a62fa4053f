"""The timeline: what was and what comes, as a picture and as a list."""

import asyncio
import calendar
import re
from collections.abc import Sequence
from datetime import date, timedelta

from briefs.marking import N_
from briefs.schema import ZONES, calendar_date
from briefs.timeline import entries, reach
from briefs.visible import Visible
from commands import choosing
from commands.desk import Desk
from commands.drawing.sheet import Sheet
from commands.model import Call, Choice, Command, Option, Reply, UserError
from commands.views import timeline as views
from commands.views.timeline import span_words
from commands.views.timeline_picture import Wanted
from commands.views.timeline_words import Teller

LONGEST = timedelta(days=36_525)
PATTERN = r"\d+ ?(?:days?|weeks?|months?|years?)|since(?: the)? report|report|all"
_LENGTH = re.compile(r"^(\d{1,4}) ?(day|week|month|year)s?$")
_SINCE = frozenset({"since the report", "since report", "report"})


async def timeline(desk: Desk, call: Call) -> Reply:
    """Show the timeline of a brief; it is painted in a thread, since that takes longer than an answer may."""
    seen = choosing.chosen(desk, call)
    zone = call.caller.zone if call.caller.zone in ZONES else None
    today = choosing.today(call)
    teller = Teller(seen, call.at, today, zone or "UTC", choosing.language(call))
    wanted = _wanted(seen, call, today)
    # Somebody who asks for days before the report wants what was then; a span alone does not.
    since = wanted.first if "from" in call.options else seen.brief.published
    found = entries(seen.brief, wanted.first, wanted.last, today, since)
    page = call.press.page if call.press else 1
    shown = await asyncio.to_thread(views.timeline, found, wanted, teller, _painted, page)
    return shown.with_(visibility="public") if choosing.is_share(call) else shown


def _painted(sheet: Sheet) -> bytes:
    from commands.drawing.painting import painted  # a start must not wait for Pillow and the font

    return painted(sheet)


def _wanted(seen: Visible, call: Call, today: date) -> Wanted:
    """Read which days are meant; raise UserError where that cannot be said."""
    theme, whole = str(call.options.get("theme", "auto")), bool(call.options.get("whole", False))
    named = str(call.options.get("span", "")).strip().casefold()
    since, until = call.options.get("from"), call.options.get("to")
    if since is None and until is None:
        span = _canonical(named or views.USUAL)
        first, last = _span(span, seen, today)
        return Wanted(first, last, span, theme, whole)
    if named:
        raise UserError(
            "Give either a span or from and to, not both; write it like {example}.", example=EXAMPLE
        )
    earliest, latest = reach(seen.brief, today)
    first = calendar_date(str(since)).day if since is not None else min(earliest, today)
    last = calendar_date(str(until)).last_day if until is not None else max(latest, today)
    _refuse_no_span(first, last)
    return Wanted(first, last, "", theme, whole)


def _refuse_no_span(first: date, last: date) -> None:
    if last < first:
        raise UserError(
            "from ({first}) lies behind to ({last}); turn them round, like {example}.",
            first=first, last=last, example=EXAMPLE,
        )  # fmt: skip
    if last - first > LONGEST:
        raise UserError(
            "From {first} to {last} is more than 100 years; ask for less, like {example}.",
            first=first, last=last, example=EXAMPLE,
        )  # fmt: skip


def _canonical(span: str) -> str:
    """Write a span as the buttons do: `3 months`, `1 year`, `since the report`, `all`."""
    if span in _SINCE:
        return "since the report"
    found = _LENGTH.match(span)
    if found is None:
        return span
    count = int(found[1])
    return f"{count} {found[2]}{'' if count == 1 else 's'}"


def _span(span: str, seen: Visible, today: date) -> tuple[date, date]:
    """The days of a span: a length reaches as far back as ahead, the report's begins with it."""
    if span == "all":
        return reach(seen.brief, today)
    if span == "since the report":
        return seen.brief.published, max(_months(today, 12), seen.brief.published)
    found = _LENGTH.match(span)
    if found is None or int(found[1]) == 0:
        raise UserError(
            "“{span}” is no span; write {spans}, or from= and to= with a date each.",
            span=span, spans=", ".join(("90 days", *views.SPANS)),
        )  # fmt: skip
    count, unit = int(found[1]), found[2]
    try:
        first, last = _back(today, count, unit), _back(today, -count, unit)
    except (OverflowError, ValueError):
        raise UserError("“{span}” is longer than the calendar; write span=all.", span=span) from None
    _refuse_no_span(first, last)
    return first, last


def _back(today: date, count: int, unit: str) -> date:
    if unit in {"day", "week"}:
        return today - timedelta(days=count * (7 if unit == "week" else 1))
    return _months(today, -count * (12 if unit == "year" else 1))


def _months(day: date, count: int) -> date:
    """The same day so many months on; the last of a month that is too short for it."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


async def complete_span(_desk: Desk, call: Call, partial: str) -> Sequence[Choice]:
    """Suggest spans."""
    language = choosing.language(call)
    return choosing.suggested({span: span_words(span, language) for span in views.SPANS}, partial)


EXAMPLE = "/brief timeline from=2026-01-01 to=2027-06-30"
COMMANDS = (
    Command(
        "brief timeline", N_("Show what was and what comes: watch dates and developments as a picture"), timeline,
        (
            Option("span", N_("How far back and ahead: 3 months, 1 year, since the report, all"),
                   completes=complete_span, pattern=PATTERN),
            Option("from", N_("The first day or month, in place of a span"), "date"),
            Option("to", N_("The last day or month, in place of a span"), "date"),
            Option("theme", N_("Light or dark paper"), "choice", choices=(
                Choice(N_("as the page is"), "auto"), Choice(N_("light"), "light"), Choice(N_("dark"), "dark"))),
            Option("whole", N_("Everything in one tall picture"), "boolean"),
            choosing.BRIEF,
        ),
        example="/brief timeline 1 year",
    ),
)  # fmt: skip
