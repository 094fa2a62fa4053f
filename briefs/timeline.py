"""What of a brief stands on a calendar: the report itself, watch dates, the editor's notes, forecasts.

Days here are those that the brief counts; a clock time is in the entry's own zone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from briefs.dates import next_occurrence, occurrences
from briefs.schema import (
    Brief,
    CalendarDate,
    Judgement,
    Note,
    OccurrenceOutcome,
    OutcomeResult,
    Precision,
    WatchDate,
)


class Kind(StrEnum):
    """What an entry is about. `outcome` is what became of a forecast, `forecast` the day that it names."""

    published = "published"
    reviewed = "reviewed"
    watch_date = "watch date"
    note = "note"
    outcome = "outcome"
    forecast = "forecast"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: its date, its kind, the part of the brief that it comes from.

    `title` is a watch date's, its number filled in; `outcome` what happened on it.
    """

    date: CalendarDate
    kind: Kind
    part: WatchDate | Note | Judgement | None = None
    title: str = ""
    outcome: OccurrenceOutcome | None = None

    @property
    def zone(self) -> str:
        """The zone in which a clock time is meant."""
        return self.part.zone if isinstance(self.part, WatchDate) else "UTC"


def entries(brief: Brief, first: date, last: date, today: date, anniversaries: date) -> tuple[Entry, ...]:
    """Every entry that touches the days from `first` to `last`, in order.

    A yearly date is counted from the day `anniversaries` on; where it was cancelled it has no days to come.
    """
    found = [
        each
        for each in (*_fixed(brief), *_watched(brief, first, last, today, anniversaries))
        if each.date.day <= last and each.date.last_day >= first
    ]
    return tuple(sorted(found, key=_order))


def reach(brief: Brief, today: date) -> tuple[date, date]:
    """The first and the last day of all there is; of a yearly date its next occurrence."""
    days = [each.date for each in _fixed(brief)]
    days += [each.date for each in brief.watch_dates if each.date is not None]
    coming = (next_occurrence(each, today) for each in brief.watch_dates if each.yearly_from)
    days += [each.date for each in coming if each]
    return min(each.day for each in days), max(today, *(each.last_day for each in days))


def _order(entry: Entry) -> tuple[date, bool, str]:
    """A month stands before its days."""
    return entry.date.day, entry.date.precision is not Precision.month, str(entry.date)


def _fixed(brief: Brief) -> Iterator[Entry]:
    """Everything that has one date and no more."""
    yield Entry(CalendarDate(brief.published), Kind.published)
    if brief.reviewed is not None:
        yield Entry(CalendarDate(brief.reviewed), Kind.reviewed)
    yield from (Entry(note.date, Kind.note, note) for note in brief.notes)
    for judgement in brief.judgements:
        settled = judgement.outcome
        if settled.result is not OutcomeResult.open and settled.on is not None:
            yield Entry(settled.on, Kind.outcome, judgement)
        elif judgement.by is not None:
            yield Entry(judgement.by, Kind.forecast, judgement)


def _watched(brief: Brief, first: date, last: date, today: date, anniversaries: date) -> Iterator[Entry]:
    for watch_date in brief.watch_dates:
        since, until = first, last
        if watch_date.yearly_from is not None:
            since = max(first, anniversaries)
            until = min(last, today) if watch_date.cancelled else last
        for each in occurrences(watch_date, since, until):
            yield Entry(each.date, Kind.watch_date, watch_date, each.title, _outcome(watch_date, each.date))


def _outcome(watch_date: WatchDate, day: CalendarDate) -> OccurrenceOutcome | None:
    return next((each for each in watch_date.outcomes if each.occurrence.day == day.day), None)
