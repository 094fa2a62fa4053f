"""Moments that people name: `1h`, `3d`, `tomorrow`, `2026-12-01`, `2026-12-01 15:00`."""

import re
from datetime import datetime, time, timedelta

from briefs.marking import capital, reason
from briefs.schema import calendar_date
from commands.model import Inline, Instant, UserError
from commands.wording import speaking
from scheduler.people import FOR_GOOD
from scheduler.when import clock_time, instant_of, zone_info

MORNING = time(9)
EXAMPLES = "1h, 3d, tomorrow or 2026-12-01"
# What an option takes as one value in a typed line: a span, tomorrow or a day.
PATTERN = r"\d+ ?(?:m|min|h|hours?|d|days?|w|weeks?)|tomorrow(?: morning)?|\d{4}-\d{2}-\d{2}"
_SPAN = re.compile(r"^(\d{1,4}) ?(m|min|h|hours?|d|days?|w|weeks?)$")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def read(words: str, now: datetime, zone: str, hour: str = "") -> datetime:
    """Return the instant (aware UTC) that the words mean in a zone; raise UserError for a past one or none.

    A day without an hour, and `tomorrow`, mean the morning, 09:00, or `hour` where it is given.
    """
    found = _read(words.strip().casefold(), now, zone, _hour(hour))
    if found is None:
        raise UserError("“{words}” is no moment; write it like {examples}.", words=words, examples=EXAMPLES)
    if found <= now:
        raise UserError(
            "“{words}” has passed; write a later one, like {examples}.", words=words, examples=EXAMPLES
        )
    return found


def until(end: datetime, language: str) -> Inline:
    """Say the end of a mute, behind the word until."""
    return speaking(language)("they end it") if end == FOR_GOOD else Instant(end)


def _hour(hour: str) -> time | None:
    try:
        return clock_time(hour) if hour else None
    except ValueError as problem:
        raise UserError("{problem}.", problem=capital(reason(problem))) from None


def _read(words: str, now: datetime, zone: str, hour: time | None) -> datetime | None:
    span = _SPAN.match(words)
    if span:
        return _whole_minute(now + timedelta(**{_UNITS[span[2][0]]: int(span[1])}))
    if words in {"tomorrow", "tomorrow morning"}:
        day = now.astimezone(zone_info(zone)).date() + timedelta(days=1)
        return instant_of(day, hour or MORNING, zone)
    try:
        date_ = calendar_date(words.upper())
    except ValueError:
        return None
    return instant_of(date_.day, date_.at or hour or MORNING, zone)


def _whole_minute(instant: datetime) -> datetime:
    """The first whole minute at or after an instant: what is asked for in an hour never comes earlier."""
    below = instant.replace(second=0, microsecond=0)
    return below if below == instant else below + timedelta(minutes=1)
