"""Watch dates to occurrences: what falls when, under which title.

Days here are calendar days as the brief counts them; which instant a reader is told is the planner's.
"""

import calendar
import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, timedelta

from briefs.marking import N_
from briefs.schema import Brief, CalendarDate, WatchDate


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One time that a watch date comes round.

    `index` is 0 for single dates and the anniversary's number (61) for yearly ones; `title` has its
    {ordinal} and {number} filled in.
    """

    watch_date: WatchDate
    index: int
    date: CalendarDate
    title: str

    @property
    def last_day(self) -> datetime.date:
        """The last calendar day of the occurrence: the month's last where only the month is known."""
        return self.date.last_day


def ordinal(number: int) -> str:
    """Write a number as an English ordinal: 1st, 2nd, 11th, 62nd."""
    if 10 <= number % 100 <= 20:
        return f"{number}th"
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def anniversary(first: date, year: int) -> date:
    """The anniversary of a day in a year; 29 February falls on 28 February in common years."""
    if (first.month, first.day) == (2, 29) and not calendar.isleap(year):
        return date(year, 2, 28)
    return first.replace(year=year)


def occurrences(watch_date: WatchDate, first: date, last: date) -> list[Occurrence]:
    """Every occurrence that touches the days from first to last, both included, in order.

    A yearly date occurs from its first anniversary on; a month occurs on each of its days. Whether the
    date was cancelled is not asked here, since a cancelled date still has a past.
    """
    if watch_date.date is not None:
        only = Occurrence(watch_date, 0, watch_date.date, watch_date.title)
        return [only] if only.date.day <= last and only.last_day >= first else []
    origin = watch_date.yearly_from
    if origin is None:
        raise ValueError(N_("the watch date {id!r} has neither date: nor yearly_from:", id=watch_date.id))
    years = range(max(first.year, origin.year + 1), last.year + 1)
    found = (_yearly(watch_date, origin, year) for year in years)
    return [each for each in found if first <= each.date.day <= last]


def occurrence_of(watch_dates: Iterable[WatchDate], item: str, index: int) -> Occurrence | None:
    """Find an occurrence by its watch date's id, present or former, and its index; None where it is gone."""
    found = next((each for each in watch_dates if item in (each.id, *each.formerly)), None)
    if found is None:
        return None
    if found.yearly_from is None:
        return next((each for each in occurrences(found, date.min, date.max) if each.index == index), None)
    year = found.yearly_from.year + index
    return _yearly(found, found.yearly_from, year) if index > 0 and year <= MAXYEAR else None


def next_occurrence(watch_date: WatchDate, on: date) -> Occurrence | None:
    """The occurrence that is under way on a day, or else the next after it; None when none is left."""
    if watch_date.cancelled is not None:
        return None
    # Two years hold an anniversary whatever the day; a single date is looked for as far as dates go.
    reach = date(min(on.year + 1, MAXYEAR), 12, 31) if watch_date.yearly_from else date.max
    if watch_date.yearly_from and on < watch_date.yearly_from:
        reach = date(min(watch_date.yearly_from.year + 1, MAXYEAR), 12, 31)
    return next(iter(occurrences(watch_date, on, reach)), None)


def previous_occurrence(watch_date: WatchDate, on: date) -> Occurrence | None:
    """The last occurrence that was over before a day; None when there was none."""
    if on == date.min:
        return None
    before = on - timedelta(days=1)
    since = date(max(on.year - 1, MINYEAR), 1, 1) if watch_date.yearly_from else date.min
    past = [each for each in occurrences(watch_date, since, before) if each.last_day < on]
    return past[-1] if past else None


def coming(brief: Brief, on: date, days: int) -> list[Occurrence]:
    """What is under way on a day or begins within so many days after it, soonest first."""
    try:
        last = on + timedelta(days=days)
    except OverflowError:
        last = date.max
    standing = (each for each in brief.watch_dates if each.cancelled is None)
    return in_order(found for each in standing for found in occurrences(each, on, last))


def in_order(found: Iterable[Occurrence]) -> list[Occurrence]:
    """Sort occurrences by their day and clock time, then by the watch date's id."""
    return sorted(found, key=lambda each: (str(each.date), each.watch_date.id, each.index))


def _yearly(watch_date: WatchDate, origin: date, year: int) -> Occurrence:
    number = year - origin.year
    title = watch_date.title.replace("{ordinal}", ordinal(number)).replace("{number}", str(number))
    return Occurrence(watch_date, number, CalendarDate(anniversary(origin, year)), title)
