"""When a schedule runs: local wall time to instants, through every change of a zone.

A clock time inside a gap (spring) stands for the first instant after the gap; one that comes twice (autumn)
for the first of the two. So there is one run for each local day, week or month, whatever the zone does.
APScheduler's CronTrigger is not used for this: it fires twice when an hour repeats.
"""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from briefs.marking import N_
from briefs.schema import ZONES

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
EXAMPLE = "daily 09:00, weekly mon 09:00, weekly mon,thu 09:00 or monthly 1 09:00"
_TIME = re.compile(r"^([01]?\d|2[0-3]):([0-5]\d)$")
_ONCE = "once %Y-%m-%dT%H:%M"
_DAY = timedelta(days=1)


class Run(NamedTuple):
    """One run of a schedule: the local day that it counts for, and its instant (aware UTC).

    The instant may lie on the next local day, where the run's own clock time fell into a gap.
    """

    day: date
    instant: datetime


@dataclass(frozen=True, slots=True)
class Schedule:
    """Daily, weekly on some weekdays (0 is Monday) or monthly on one day, at a local clock time.

    A month that has no such day runs on its last.
    """

    every: Literal["daily", "weekly", "monthly"]
    at: time
    weekdays: tuple[int, ...] = ()
    day: int = 0

    def __str__(self) -> str:
        """Write the schedule as `parse` reads it."""
        middle = ",".join(WEEKDAYS[each] for each in self.weekdays) if self.every == "weekly" else ""
        if self.every == "monthly":
            middle = str(self.day)
        return " ".join(part for part in (self.every, middle, f"{self.at:%H:%M}") if part)

    def falls_on(self, day: date) -> bool:
        """Say whether the schedule runs for a calendar day."""
        if self.every == "weekly":
            return day.weekday() in self.weekdays
        if self.every == "monthly":
            return day.day == min(self.day, calendar.monthrange(day.year, day.month)[1])
        return True


def parse(text: str) -> Schedule:
    """Read `daily 09:00`, `weekly sun 01:30`, `weekly mon,thu 09:00` or `monthly 31 09:00`.

    Raises ValueError with an example for anything else.
    """
    words = text.lower().replace(", ", ",").split()
    match words:
        case ["daily", at]:
            return Schedule("daily", clock_time(at))
        case ["weekly", days, at]:
            return Schedule("weekly", clock_time(at), weekdays=_weekdays(days))
        case ["monthly", day, at] if day.isascii() and day.isdigit() and 1 <= int(day) <= 31:
            return Schedule("monthly", clock_time(at), day=int(day))
        case ["monthly", day, _]:
            raise ValueError(
                N_("{day!r} is no day of a month (1 to 31); write it like monthly 1 09:00", day=day)
            )
    raise ValueError(N_("{text!r} is no schedule; write it like {example}", text=text, example=EXAMPLE))


def clock_time(text: str) -> time:
    """Read a local clock time such as 09:00; raise ValueError with an example for anything else."""
    found = _TIME.match(text.strip()) if text.isascii() else None
    if not found:
        raise ValueError(N_("{text!r} is no clock time; write it like 09:00 or 17:30", text=text))
    return time(int(found[1]), int(found[2]))


def moment(text: str) -> datetime:
    """Read `once 2026-11-26T09:00` as the local time (naive) that it is; raise ValueError for anything else."""
    try:
        return datetime.strptime(text, _ONCE)  # noqa: DTZ007  # a wall time; its zone stands beside it
    except ValueError:
        raise ValueError(
            N_("{text!r} is no moment; write it like once 2026-11-26T09:00", text=text)
        ) from None


def once(wall: datetime) -> str:
    """Write a local time as `moment` reads it."""
    return wall.strftime(_ONCE)


def zone_info(name: str) -> ZoneInfo:
    """Find an IANA time zone; raise ValueError with an example where there is none of that name."""
    if name not in ZONES:
        raise ValueError(N_("{name!r} is no time zone of the IANA list; write it like Asia/Tokyo", name=name))
    return ZoneInfo(name)


@lru_cache(maxsize=4096)
def instant_of(day: date, at: time, zone: str) -> datetime:
    """The instant (aware UTC) at which a zone's clocks show a local time.

    A time that they skip is the first instant after the gap, to the second; a time that they show twice
    is the first.
    """
    place = zone_info(zone)
    wall = datetime.combine(day, at.replace(fold=0, tzinfo=None))
    instant = wall.replace(tzinfo=place).astimezone(UTC)
    if instant.astimezone(place).replace(tzinfo=None) == wall:
        return instant
    # PEP 495: inside a gap fold=1 is read with the offset after it, which is an instant before it.
    return _first_change(place, wall.replace(tzinfo=place, fold=1).astimezone(UTC), instant)


def day_exists(day: date, zone: str) -> bool:
    """Say whether a zone's calendar has a day: Apia went from 29 to 31 December 2011."""
    return instant_of(day, time(0), zone).astimezone(zone_info(zone)).date() == day


def between(schedule: Schedule, zone: str, first: datetime, last: datetime) -> list[Run]:
    """The runs at or after first and before last (both aware), in order."""
    # A run's instant lies at most two days from its nominal day in UTC: one of offset, one of gap.
    start = _local_day(first, zone) - 2 * _DAY
    end = _local_day(last, zone) + _DAY
    found = (run for run in _runs(schedule, zone, start) if run.instant >= first)
    return [run for run in _until(found, end) if run.instant < last]


def next_after(schedule: Schedule, zone: str, after: datetime) -> Run:
    """The first run strictly after an aware instant."""
    runs = _runs(schedule, zone, _local_day(after, zone) - 2 * _DAY)
    return next(run for run in runs if run.instant > after)


def _weekdays(text: str) -> tuple[int, ...]:
    names = [name[:3] for name in text.split(",") if name]
    unknown = [full for full in text.split(",") if not _is_weekday(full)]
    if unknown or not names:
        raise ValueError(
            N_("{text!r} is no weekday; write it like weekly mon 09:00 or weekly mon,thu 09:00", text=text)
        )
    return tuple(sorted({WEEKDAYS.index(name) for name in names}))


def _is_weekday(name: str) -> bool:
    number = WEEKDAYS.index(name[:3]) if name[:3] in WEEKDAYS else None
    return number is not None and name in {WEEKDAYS[number], calendar.day_name[number].lower()}


def _local_day(instant: datetime, zone: str) -> date:
    return instant.astimezone(zone_info(zone)).date()


def _until(runs: Iterator[Run], last: date) -> Iterator[Run]:
    for run in runs:
        if run.day > last:
            return
        yield run


def _runs(schedule: Schedule, zone: str, day: date) -> Iterator[Run]:
    """Every run from a nominal day on."""
    while True:
        if schedule.falls_on(day):
            instant = instant_of(day, schedule.at, zone)
            if _counts(schedule, zone, day, instant):
                yield Run(day, instant)
        day += _DAY


def _counts(schedule: Schedule, zone: str, day: date, instant: datetime) -> bool:
    if day_exists(day, zone):
        return True
    # A day that the calendar skips has no daily run, but the week or month that it stands in does exist:
    # its run comes at the first instant after, unless the next day's run is that very instant.
    follows = schedule.falls_on(day + _DAY) and instant_of(day + _DAY, schedule.at, zone) == instant
    return schedule.every != "daily" and not follows


def _first_change(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The first instant in (before, after] at which the zone's offset differs from that of `before`."""
    offset = before.astimezone(zone).utcoffset()
    low, high = int(before.timestamp()), int(after.timestamp())
    while high - low > 1:
        middle = (low + high) // 2
        if datetime.fromtimestamp(middle, zone).utcoffset() == offset:
            low = middle
        else:
            high = middle
    return datetime.fromtimestamp(high, UTC)
