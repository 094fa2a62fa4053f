"""Moments in HTML: UTC for whoever reads without scripts; the script knows the reader's zone."""

from datetime import UTC, datetime

from babel.dates import format_date, format_time, get_datetime_format
from markupsafe import Markup


def iso(when: datetime) -> str:
    """Write a moment for the `datetime` attribute."""
    return when.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def absolute(when: datetime, style: str, language: str) -> str:
    """Write a moment in UTC. A date alone says no zone, as it would not without the script."""
    local = when.astimezone(UTC)
    day = str(format_date(local, "long", locale=language))
    time = f"{format_time(local, 'HH:mm', locale=language)} UTC"
    both = str(get_datetime_format("medium", locale=language)).format(time, day)
    return {"time": time, "both": both}.get(style, day)


def time_element(when: datetime, style: str = "both", language: str = "en") -> Markup:
    """Write a `<time>` that the page's script puts into the reader's zone."""
    return Markup('<time datetime="{}" data-style="{}">{}</time>').format(
        iso(when), style, absolute(when, style, language)
    )
