"""What is promised of every schedule in every zone, asserted of any implementation.

A schedule's run for a local day is the first instant at which the zone's clocks have reached its time of
that day. The promises are judged from the list of a zone's offsets alone and know nothing of
`scheduler.when`, so that another implementation can be put to the same test.
"""

import calendar
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from scheduler.when import Schedule

Runs = Callable[[Schedule, str, datetime, datetime], list[datetime]]
"""The instants (aware UTC) of a schedule in a zone, at or after the first and before the last."""

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
FIRST, LAST = datetime(2024, 1, 1, tzinfo=UTC), datetime(2041, 1, 1, tzinfo=UTC)


class Period(NamedTuple):
    """From begin up to end (both aware UTC) a zone's clocks are ahead of UTC by offset."""

    begin: datetime
    end: datetime
    offset: timedelta


@cache
def periods(zone: str, first: datetime = FIRST, last: datetime = LAST, step: int = 7) -> tuple[Period, ...]:
    """The offsets of a zone between two instants, with 40 days of room, looked at every `step` days."""
    place, begin, end = ZoneInfo(zone), first - 40 * DAY, last + 40 * DAY
    marks = [begin + n * step * DAY for n in range((end - begin) // (step * DAY) + 1)]
    changes = [_change(place, a, b) for a, b in pairwise(marks) if _offset(place, a) != _offset(place, b)]
    edges = [begin, *changes, end]
    return tuple(Period(a, b, _offset(place, a)) for a, b in pairwise(edges))


def _offset(place: ZoneInfo, instant: datetime) -> timedelta:
    found = instant.astimezone(place).utcoffset()
    assert found is not None
    return found


def _change(place: ZoneInfo, low: datetime, high: datetime) -> datetime:
    before = _offset(place, low)
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) // timedelta(seconds=2) * timedelta(seconds=1)
        low, high = (middle, high) if _offset(place, middle) == before else (low, middle)
    return high


def reached(known: tuple[Period, ...], wall: datetime) -> datetime:
    """The first instant at which the clocks have reached a local time (naive)."""
    at = wall.replace(tzinfo=UTC)
    for begin, end, offset in known:
        if end + offset > at:
            return max(begin, at - offset)
    raise LookupError(f"{wall} lies beyond the offsets that were looked at")


def exists(known: tuple[Period, ...], day: date) -> bool:
    """Say whether a zone's calendar has a day, which is whether any clock shows a time of it."""
    midnight = datetime.combine(day, time(0))
    begins = reached(known, midnight)
    return begins < reached(known, midnight + DAY)


class Change(NamedTuple):
    """One change of a zone's clocks: its instant, and the local times between which they jump."""

    instant: datetime
    shown_before: datetime
    shown_after: datetime

    @property
    def is_fold(self) -> bool:
        """Whether local times come twice."""
        return self.shown_after < self.shown_before

    def walls(self) -> tuple[datetime, ...]:
        """The local times that tell implementations apart: the edges, the middle, and those next to them."""
        low, high = sorted((self.shown_before, self.shown_after))
        middle = low + (high - low) // (2 * MINUTE) * MINUTE
        return low - MINUTE, low, middle, high - MINUTE, high


def changes_of(zone: str, first: datetime = FIRST, last: datetime = LAST) -> Iterator[Change]:
    """The changes of a zone's clocks between two instants, in order."""
    for old, new in pairwise(periods(zone)):
        if first <= new.begin < last:
            naive = new.begin.replace(tzinfo=None)
            yield Change(new.begin, naive + old.offset, naive + new.offset)


def assert_once_a_day(
    runs: Runs, zone: str, clock: time, first: date, days: int, known: tuple[Period, ...] | None = None
) -> None:
    """One run for each local day, on the first instant at which the clocks have reached its time."""
    found = known or periods(zone)
    each = [first + n * DAY for n in range(days)]
    _assert_runs(runs, Schedule("daily", clock), zone, [day for day in each if exists(found, day)], found)


def assert_once_a_week(
    runs: Runs, zone: str, clock: time, first: date, weeks: int, known: tuple[Period, ...] | None = None
) -> None:
    """One run for each week on the weekday of its first, whether or not the calendar skips the day."""
    schedule = Schedule("weekly", clock, weekdays=(first.weekday(),))
    each = [first + n * 7 * DAY for n in range(weeks)]
    _assert_runs(runs, schedule, zone, each, known or periods(zone))


def assert_once_a_month(
    runs: Runs, zone: str, clock: time, day: int, year: int, month: int, months: int,
    known: tuple[Period, ...] | None = None,
) -> None:  # fmt: skip
    """One run for each month, on its last day where it has no such day."""
    firsts = [divmod(year * 12 + month - 1 + n, 12) for n in range(months)]
    each = [date(y, m + 1, min(day, calendar.monthrange(y, m + 1)[1])) for y, m in firsts]
    _assert_runs(runs, Schedule("monthly", clock, day=day), zone, each, known or periods(zone))


def _assert_runs(
    runs: Runs, schedule: Schedule, zone: str, wanted: list[date], known: tuple[Period, ...]
) -> None:
    instants = [reached(known, datetime.combine(day, schedule.at)) for day in wanted]
    if instants:
        # The repeat of a doubled hour comes within three hours, and the next run not before.
        made = runs(schedule, zone, instants[0], instants[-1] + timedelta(hours=3))
        assert made == instants, f"{schedule} in {zone}: {_words(made)} instead of {_words(instants)}"


def _words(instants: list[datetime]) -> str:
    return ", ".join(f"{each:%Y-%m-%d %H:%M}" for each in instants)
