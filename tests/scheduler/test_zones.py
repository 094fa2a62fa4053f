"""Every zone of the IANA list has one run for each local day, week and month, whatever its clocks do.

What is promised stands in `zone_promises`, and is asserted here of our schedules and of a plain cron
trigger, which breaks it wherever an hour comes twice.
"""

import calendar
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from apscheduler.triggers.cron import CronTrigger
from hypothesis import given, settings
from hypothesis import strategies as st

from briefs.schema import ZONES
from scheduler.planner import plan
from scheduler.when import Schedule, between, clock_time, next_after, parse
from tests.scheduler.ground import at, brief_with, following, yearly
from tests.scheduler.zone_promises import (
    DAY,
    FIRST,
    LAST,
    Change,
    assert_once_a_day,
    assert_once_a_month,
    assert_once_a_week,
    changes_of,
    periods,
    reached,
)

EVERY_ZONE = sorted(ZONES)
CLOCKS = st.times().map(lambda clock: clock.replace(second=0, microsecond=0))


def ours(schedule: Schedule, zone: str, first: datetime, last: datetime) -> list[datetime]:
    """The runs of the bot."""
    return [run.instant for run in between(schedule, zone, first, last)]


def cron(schedule: Schedule, zone: str, first: datetime, last: datetime) -> list[datetime]:
    """The runs of APScheduler's cron trigger for the same schedule."""
    fields = {
        "daily": {},
        "weekly": {"day_of_week": ",".join(map(str, schedule.weekdays))},
        "monthly": {"day": str(schedule.day)},
    }[schedule.every]
    trigger = CronTrigger(
        hour=schedule.at.hour, minute=schedule.at.minute, second=0, timezone=ZoneInfo(zone), **fields
    )
    return list(_fired(trigger, first, last))


def _fired(trigger: CronTrigger, first: datetime, last: datetime) -> Iterator[datetime]:
    before, now = None, first
    while (fired := trigger.get_next_fire_time(before, now)) is not None and fired.astimezone(UTC) < last:
        yield fired.astimezone(UTC)
        before, now = fired, fired.astimezone(UTC) + timedelta(microseconds=1)


# --- on the days on which clocks change ---------------------------------------------------------------


def assert_kept_around(zone: str, change: Change, schedules: tuple[str, ...]) -> None:
    for wall in change.walls():
        day, clock = wall.date(), wall.time().replace(second=0, microsecond=0)
        if "daily" in schedules:
            assert_once_a_day(ours, zone, clock, day - 2 * DAY, 5)
        if "weekly" in schedules:
            assert_once_a_week(ours, zone, clock, day - 7 * DAY, 3)
        if "monthly" in schedules:
            assert_once_a_month(ours, zone, clock, day.day, day.year, day.month, 2)


def test_every_zone_has_one_run_a_day_and_week_on_each_day_on_which_its_clocks_change() -> None:
    seen: Counter[str] = Counter()
    known: set[tuple[Change, ...]] = set()
    for zone in EVERY_ZONE:
        changes = tuple(changes_of(zone))
        # Many zones share their rules; of those that change as an earlier one did, two years are looked at.
        for change in changes[:4] if changes in known else changes:
            assert_kept_around(zone, change, ("daily", "weekly"))
            seen["fold" if change.is_fold else "gap"] += 1
        known.add(changes)
    assert min(seen["fold"], seen["gap"]) > 500, "the clocks of some 200 zones change twice a year"


def test_every_zone_has_one_run_a_month_on_the_days_on_which_its_clocks_change() -> None:
    for zone in EVERY_ZONE:
        for change in list(changes_of(zone))[:2]:
            assert_kept_around(zone, change, ("monthly",))


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("zone", EVERY_ZONE)
def test_every_zone_has_one_run_a_day_week_and_month_from_2024_to_2040(zone: str) -> None:
    known = periods(zone, FIRST, LAST, step=1)
    days = (LAST - FIRST).days
    walls = [wall for change in changes_of(zone) for wall in change.walls()]
    for clock in sorted({time(0), time(9), *(wall.time().replace(second=0) for wall in walls)}):
        assert_once_a_day(ours, zone, clock, FIRST.date(), days, known)
        for weekday in range(7):
            assert_once_a_week(ours, zone, clock, FIRST.date() + weekday * DAY, days // 7 - 1, known)
        for day in (1, 15, 28, 29, 30, 31):
            assert_once_a_month(ours, zone, clock, day, FIRST.year, 1, 12 * 17, known)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(EVERY_ZONE), st.dates(date(1975, 3, 1), date(2037, 10, 1)), CLOCKS)
def test_any_zone_has_one_run_a_day_week_and_month_at_any_time(zone: str, day: date, clock: time) -> None:
    middle = datetime(day.year, day.month, 15, tzinfo=UTC)
    known = periods(zone, middle - 40 * DAY, middle + 100 * DAY, step=1)
    assert_once_a_day(ours, zone, clock, day, 30, known)
    assert_once_a_week(ours, zone, clock, day, 8, known)
    assert_once_a_month(ours, zone, clock, day.day, day.year, day.month, 3, known)


@pytest.mark.parametrize(
    ("zone", "clock", "day"),
    [
        ("Pacific/Apia", "09:00", date(2011, 12, 30)),
        ("Pacific/Fakaofo", "09:00", date(2011, 12, 30)),
        ("Pacific/Kwajalein", "12:00", date(1993, 8, 21)),
        ("Pacific/Kiritimati", "00:00", date(1994, 12, 31)),
    ],
)
def test_a_day_that_the_calendar_skips_keeps_its_week_and_month_and_has_no_run_of_its_own(
    zone: str, clock: str, day: date
) -> None:
    middle = datetime(day.year, day.month, day.day, tzinfo=UTC)
    known = periods(zone, middle - 40 * DAY, middle + 40 * DAY, step=1)
    assert day not in {
        run.day for run in between(parse(f"daily {clock}"), zone, middle - 4 * DAY, middle + 4 * DAY)
    }
    assert_once_a_day(ours, zone, clock_time(clock), day - 5 * DAY, 10, known)
    assert_once_a_week(ours, zone, clock_time(clock), day - 14 * DAY, 5, known)
    assert_once_a_month(ours, zone, clock_time(clock), day.day, day.year, day.month, 1, known)


def test_a_shift_of_half_an_hour_is_a_gap_and_a_fold_like_any_other() -> None:
    (fold, gap) = list(changes_of("Australia/Lord_Howe"))[:2]
    assert fold.shown_before - fold.shown_after == timedelta(minutes=30)
    assert ours(parse("daily 01:45"), "Australia/Lord_Howe", at("2024-04-05 12:00"), at("2024-04-08 00:00")) == [
        at("2024-04-05 14:45"), at("2024-04-06 14:45"), at("2024-04-07 15:15"),
    ]  # fmt: skip
    assert gap.shown_after - gap.shown_before == timedelta(minutes=30)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(EVERY_ZONE), st.integers(0, (LAST - FIRST).days * 1440), CLOCKS)
def test_each_run_leads_to_the_next_without_a_gap_or_a_repeat(zone: str, start: int, clock: time) -> None:
    """Asking for the next run again and again gives what asking for all of them gives."""
    schedule, first = Schedule("daily", clock), FIRST + timedelta(minutes=start)
    found = [next_after(schedule, zone, first).instant]
    while len(found) < 20:
        found.append(next_after(schedule, zone, found[-1]).instant)
    assert found == ours(schedule, zone, first + timedelta(microseconds=1), found[-1] + timedelta(seconds=1))


# --- months and years ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "zone", ["UTC", "America/New_York", "Europe/Berlin", "Asia/Tokyo", "Pacific/Chatham"]
)
@pytest.mark.parametrize("day", [28, 29, 30, 31])
def test_a_day_that_a_month_lacks_is_its_last(zone: str, day: int) -> None:
    assert_once_a_month(ours, zone, time(2, 30), day, 2024, 1, 12 * 16)
    runs = between(
        Schedule("monthly", time(2, 30), day=day), zone, at("2027-01-05 00:00"), at("2028-03-05 00:00")
    )
    assert [run.day.day for run in runs] == [
        min(day, calendar.monthrange(2027 + n // 12, n % 12 + 1)[1]) for n in range(14)
    ]


@pytest.mark.parametrize(
    "zone", ["UTC", "America/New_York", "Asia/Seoul", "Pacific/Kiritimati", "America/Nuuk"]
)
def test_the_anniversary_of_a_leap_day_is_told_once_a_year_and_on_28_february_in_common_years(
    zone: str,
) -> None:
    leap = yearly("leap-day", date(2000, 2, 29), "0d")
    follower = replace(following(since="2024-01-01 00:00", zone=zone), planned_until=None)
    told = plan(brief_with(leap), [follower], FIRST, LAST)
    days = [reached(periods(zone), datetime.combine(_leap_day(year), time(9))) for year in range(2024, 2041)]
    assert [each.due for each in told] == days
    assert [each.announced for each in told][:5] == [
        "2024-02-29", "2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29",
    ]  # fmt: skip


def _leap_day(year: int) -> date:
    return date(year, 2, 29 if calendar.isleap(year) else 28)


# --- the same promises of a plain cron trigger --------------------------------------------------------


def test_a_cron_trigger_keeps_the_promises_where_no_clock_changes() -> None:
    """What follows fails by what cron does, not by how it is asked."""
    for runs in (ours, cron):
        assert_once_a_day(runs, "America/New_York", time(1, 30), date(2026, 10, 1), 25)
        assert_once_a_week(runs, "Europe/Berlin", time(2, 30), date(2026, 9, 6), 5)
        assert_once_a_month(runs, "Asia/Tokyo", time(9), 15, 2026, 1, 24)


@pytest.mark.parametrize(
    ("zone", "clock", "day"),
    [
        ("America/New_York", "01:30", date(2026, 11, 1)),
        ("Europe/London", "01:30", date(2026, 10, 25)),
        ("Europe/Berlin", "02:30", date(2026, 10, 25)),
        ("Australia/Lord_Howe", "01:45", date(2026, 4, 5)),
        ("America/Havana", "00:30", date(2026, 11, 1)),
    ],
)
def test_a_cron_trigger_fires_twice_where_an_hour_comes_twice(zone: str, clock: str, day: date) -> None:
    at_ = clock_time(clock)
    assert_once_a_day(ours, zone, at_, day - 2 * DAY, 5)
    assert_once_a_week(ours, zone, at_, day - 7 * DAY, 3)
    assert_once_a_month(ours, zone, at_, day.day, day.year, day.month, 1)
    with pytest.raises(AssertionError, match=f"daily {clock} in {zone}"):
        assert_once_a_day(cron, zone, at_, day - 2 * DAY, 5)
    with pytest.raises(AssertionError, match=f"weekly sun {clock} in {zone}"):
        assert_once_a_week(cron, zone, at_, day - 7 * DAY, 3)
    with pytest.raises(AssertionError, match=f"monthly {day.day} {clock} in {zone}"):
        assert_once_a_month(cron, zone, at_, day.day, day.year, day.month, 1)
    fired = cron(Schedule("daily", at_), zone, *_day_of(zone, day))
    assert len(fired) == 2
    assert fired[0] == ours(Schedule("daily", at_), zone, *_day_of(zone, day))[0]


def _day_of(zone: str, day: date) -> tuple[datetime, datetime]:
    midnight = datetime.combine(day, time(0))
    return reached(periods(zone), midnight), reached(periods(zone), midnight + DAY)


def test_a_cron_trigger_is_late_by_half_an_hour_behind_a_gap() -> None:
    with pytest.raises(AssertionError) as caught:
        assert_once_a_day(cron, "America/New_York", time(2, 30), date(2026, 3, 7), 3)
    assert str(caught.value).startswith(
        "daily 02:30 in America/New_York: 2026-03-07 07:30, 2026-03-08 07:30, 2026-03-09 06:30"
        " instead of 2026-03-07 07:30, 2026-03-08 07:00, 2026-03-09 06:30"
    )


def test_a_cron_trigger_leaves_out_the_months_that_lack_the_day() -> None:
    with pytest.raises(AssertionError, match="monthly 31 09:00 in UTC"):
        assert_once_a_month(cron, "UTC", time(9), 31, 2026, 1, 12)


def test_a_cron_trigger_breaks_the_promise_in_every_zone_in_which_an_hour_comes_twice() -> None:
    """The sweep over the zones would notice it in each of them."""
    kept = []
    for zone in EVERY_ZONE:
        for change in list(changes_of(zone, at("2026-01-01 00:00"), at("2027-01-01 00:00"))):
            middle = change.walls()[2]
            if change.is_fold and not _fails(zone, middle):
                kept.append((zone, middle))
    assert kept == []


def _fails(zone: str, wall: datetime) -> bool:
    try:
        assert_once_a_day(cron, zone, wall.time(), wall.date() - 2 * DAY, 5)
    except AssertionError:
        return True
    return False
