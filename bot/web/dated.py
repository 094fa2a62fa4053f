"""Moments and days in HTML: UTC for whoever reads without scripts; the script knows the reader's zone."""

from datetime import UTC, date, datetime

from babel.dates import format_date, format_datetime
from markupsafe import Markup

_PATTERNS = {
    "date": "d MMMM y",
    "time": "HH:mm 'UTC'",
    "both": "d MMMM y, HH:mm 'UTC'",
    "relative": "d MMMM y",
}


def iso(when: datetime) -> str:
    """Write a moment for the `datetime` attribute."""
    return when.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def absolute(when: datetime, style: str) -> str:
    """Write a moment in UTC. A date alone says no zone, as it would not without the script."""
    return str(format_datetime(when.astimezone(UTC), _PATTERNS[style], locale="en"))


def time_element(when: datetime, style: str = "both") -> Markup:
    """Write a `<time>` that the page's script puts into the reader's zone."""
    return Markup('<time datetime="{}" data-style="{}">{}</time>').format(
        iso(when), style, absolute(when, style)
    )


def day(when: date) -> str:
    """Write a calendar day."""
    return str(format_date(when, "d MMMM y", locale="en"))
