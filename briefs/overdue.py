"""What should have an outcome by a day and has none: forecasts with a date, and single watch dates.

A yearly date comes round whether or not anything happens, so that nothing is owed for it. A date from before
the report is the report's own past.
"""

from datetime import date

from briefs.schema import Brief, CalendarDate, Judgement, OutcomeResult, WatchDate


def is_overdue(part: Judgement | WatchDate, brief: Brief, today: date) -> bool:
    """Say whether the part's date has passed without an outcome."""
    by = settles_on(part)
    return by is not None and brief.published <= by.last_day < today and not _is_settled(part)


def settles_on(part: Judgement | WatchDate) -> CalendarDate | None:
    """The date by which the part can be judged, where it has one."""
    return part.by if isinstance(part, Judgement) else part.date


def overdue(brief: Brief, today: date) -> tuple[Judgement | WatchDate, ...]:
    """Every part whose date has passed without an outcome, the longest overdue first."""
    parts: tuple[Judgement | WatchDate, ...] = (*brief.judgements, *brief.watch_dates)
    found = [part for part in parts if is_overdue(part, brief, today)]
    return tuple(sorted(found, key=lambda part: str(settles_on(part))))


def _is_settled(part: Judgement | WatchDate) -> bool:
    if isinstance(part, Judgement):
        return part.outcome.result is not OutcomeResult.open
    return part.cancelled is not None or bool(part.outcomes)
