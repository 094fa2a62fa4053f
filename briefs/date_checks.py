"""Whether a brief's dates can be right: no clock is asked, only the brief itself."""

import re
from collections.abc import Iterator
from datetime import date

from briefs.dates import anniversary
from briefs.faults import said
from briefs.findings import Finding, Path
from briefs.marking import N_
from briefs.schema import Brief, CalendarDate, Precision, WatchDate

EARLIEST, LATEST = 1800, 2200

_PLACEHOLDERS = re.compile(r"\{(?:ordinal|number)\}")
_BRACE = re.compile(r"\{[^{}]*\}?|\}")


def dates(brief: Brief) -> Iterator[Finding]:
    """Give everything about dates that cannot be right."""
    if brief.reviewed is not None and brief.reviewed < brief.published:
        yield Finding(
            ("reviewed",), N_("the brief was reviewed before it was published"),
            N_("{reviewed}, with published: {published}", reviewed=brief.reviewed, published=brief.published),
            N_("write the day of the last review"),
        )  # fmt: skip
    for path, day in _days(brief):
        if not EARLIEST <= day.year <= LATEST:
            yield Finding(
                path,
                N_("the year cannot be right"),
                f'"{day}"',
                N_("write a year from {earliest} to {latest}", earliest=EARLIEST, latest=LATEST),
            )
    yield from _judged(brief)
    for at, note in enumerate(brief.notes):
        if note.kind == "development" and note.date.day < _first_of_month(brief.published, note.date):
            yield _too_early(("notes", at, "date"), N_("a development"), note.date, brief.published)
    for at, watch_date in enumerate(brief.watch_dates):
        yield from _placeholders(at, watch_date)
        yield from _outcomes(at, watch_date)


def _days(brief: Brief) -> Iterator[tuple[Path, date]]:
    yield ("published",), brief.published
    if brief.reviewed:
        yield ("reviewed",), brief.reviewed
    for at, watch_date in enumerate(brief.watch_dates):
        if watch_date.date:
            yield ("watch_dates", at, "date"), watch_date.date.day
        if watch_date.yearly_from:
            yield ("watch_dates", at, "yearly_from"), watch_date.yearly_from
    for at, note in enumerate(brief.notes):
        yield ("notes", at, "date"), note.date.day
    for at, judgement in enumerate(brief.judgements):
        if judgement.by:
            yield ("judgements", at, "by"), judgement.by.day
        if judgement.outcome.on:
            yield ("judgements", at, "outcome", "on"), judgement.outcome.on.day


def _judged(brief: Brief) -> Iterator[Finding]:
    for at, judgement in enumerate(brief.judgements):
        for path, day in (
            (("judgements", at, "by"), judgement.by),
            (("judgements", at, "outcome", "on"), judgement.outcome.on),
        ):
            if day is not None and day.day < _first_of_month(brief.published, day):
                yield _too_early(path, N_("a forecast's day"), day, brief.published)


def _first_of_month(published: date, beside: CalendarDate) -> date:
    """Give the day to compare with: a month that is known only as a month begins on its first."""
    return published.replace(day=1) if beside.precision is Precision.month else published


def _too_early(path: Path, what: str, day: CalendarDate, published: date) -> Finding:
    return Finding(
        path, N_("{what} lies before the report was published", what=what),
        N_("\"{day}\", with published: {published}", day=day, published=published),
        N_("write a day on or after {published}", published=published),
    )  # fmt: skip


def _placeholders(at: int, watch_date: WatchDate) -> Iterator[Finding]:
    for brace in _BRACE.findall(_PLACEHOLDERS.sub("", watch_date.title)):
        yield Finding(
            ("watch_dates", at, "title"), N_("a title knows only the placeholders {ordinal} and {number}"),
            said(brace), N_("write it like \"{ordinal} anniversary of the treaty\""),
        )  # fmt: skip


def _outcomes(at: int, watch_date: WatchDate) -> Iterator[Finding]:
    seen: set[CalendarDate] = set()
    for number, outcome in enumerate(watch_date.outcomes):
        path = ("watch_dates", at, "outcomes", number, "occurrence")
        if not _occurs(watch_date, outcome.occurrence):
            yield Finding(
                path, N_("{id} does not occur then", id=watch_date.id), f'"{outcome.occurrence}"',
                N_("write the day of an occurrence, like {day}", day=_an_occurrence(watch_date)),
            )  # fmt: skip
        elif outcome.occurrence in seen:
            yield Finding(
                path,
                N_("an occurrence has two outcomes"),
                f'"{outcome.occurrence}"',
                N_("make one of the two"),
            )
        seen.add(outcome.occurrence)


def _occurs(watch_date: WatchDate, when: CalendarDate) -> bool:
    if watch_date.yearly_from is None:
        only = watch_date.date
        return only is not None and (when.day == only.day or str(only).startswith(str(when)))
    first = watch_date.yearly_from
    return (
        when.precision is Precision.day
        and when.day.year > first.year
        and when.day == anniversary(first, when.day.year)
    )


def _an_occurrence(watch_date: WatchDate) -> str:
    first = watch_date.yearly_from
    return str(watch_date.date) if first is None else str(anniversary(first, first.year + 1))
