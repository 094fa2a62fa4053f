"""Schedules keep local wall time through every change of a zone."""

from datetime import date, time

import pytest

from scheduler.when import Run, between, clock_time, day_exists, instant_of, next_after, parse
from tests.scheduler.ground import at


def runs(text: str, zone: str, first: str, last: str) -> list[str]:
    """The instants of a schedule between two, in UTC."""
    found = between(parse(text), zone, at(first), at(last))
    return [f"{run.instant:%Y-%m-%d %H:%M}" for run in found]


@pytest.mark.parametrize(
    ("zone", "day", "clock", "instant"),
    [
        # Gaps: the first instant after, which is not an hour later than the clock time that is missing.
        ("America/New_York", date(2027, 3, 14), time(2, 30), "2027-03-14 07:00"),
        ("America/New_York", date(2026, 3, 8), time(2, 0), "2026-03-08 07:00"),
        ("Europe/London", date(2027, 3, 28), time(1, 30), "2027-03-28 01:00"),
        ("Europe/London", date(2026, 3, 29), time(1, 59), "2026-03-29 01:00"),
        ("Australia/Lord_Howe", date(2026, 10, 4), time(2, 15), "2026-10-03 15:30"),
        ("America/Nuuk", date(2024, 3, 30), time(23, 30), "2024-03-31 01:00"),
        ("Pacific/Apia", date(2011, 12, 30), time(9, 0), "2011-12-30 10:00"),
        # Folds: the first of the two.
        ("America/New_York", date(2027, 11, 7), time(1, 30), "2027-11-07 05:30"),
        ("America/New_York", date(2026, 11, 1), time(1, 30), "2026-11-01 05:30"),
        ("Europe/London", date(2027, 10, 31), time(1, 30), "2027-10-31 00:30"),
        ("Europe/London", date(2026, 10, 25), time(1, 0), "2026-10-25 00:00"),
        ("Australia/Lord_Howe", date(2026, 4, 5), time(1, 45), "2026-04-04 14:45"),
        # Plain days on either side.
        ("America/New_York", date(2027, 3, 13), time(2, 30), "2027-03-13 07:30"),
        ("America/New_York", date(2027, 3, 15), time(2, 30), "2027-03-15 06:30"),
        ("Asia/Tokyo", date(2027, 3, 14), time(1, 30), "2027-03-13 16:30"),
    ],
)
def test_a_missing_time_is_the_first_instant_after_and_a_double_one_the_first(
    zone: str, day: date, clock: time, instant: str
) -> None:
    assert instant_of(day, clock, zone) == at(instant)


def test_a_daily_run_comes_once_a_day_through_the_changes_of_new_york() -> None:
    assert runs("daily 02:30", "America/New_York", "2027-03-13 00:00", "2027-03-16 00:00") == [
        "2027-03-13 07:30",
        "2027-03-14 07:00",
        "2027-03-15 06:30",
    ]
    assert runs("daily 01:30", "America/New_York", "2027-11-06 00:00", "2027-11-09 00:00") == [
        "2027-11-06 05:30",
        "2027-11-07 05:30",
        "2027-11-08 06:30",
    ]


def test_a_weekly_run_comes_once_a_week_through_the_changes_of_london() -> None:
    assert runs("weekly sun 01:30", "Europe/London", "2027-03-20 00:00", "2027-04-10 00:00") == [
        "2027-03-21 01:30",
        "2027-03-28 01:00",
        "2027-04-04 00:30",
    ]
    assert runs("weekly sun 01:30", "Europe/London", "2027-10-23 00:00", "2027-11-08 00:00") == [
        "2027-10-24 00:30",
        "2027-10-31 00:30",
        "2027-11-07 01:30",
    ]


def test_a_day_that_apia_skipped_has_no_daily_run_but_keeps_its_weekly_and_monthly_one() -> None:
    assert runs("daily 09:00", "Pacific/Apia", "2011-12-29 00:00", "2012-01-01 00:00") == [
        "2011-12-29 19:00",
        "2011-12-30 19:00",
        "2011-12-31 19:00",
    ]
    assert runs("weekly fri 09:00", "Pacific/Apia", "2011-12-26 00:00", "2012-01-07 00:00") == [
        "2011-12-30 10:00",
        "2012-01-05 19:00",
    ]
    assert runs("monthly 30 09:00", "Pacific/Apia", "2011-12-01 00:00", "2012-01-01 00:00") == [
        "2011-12-30 10:00"
    ]
    assert not day_exists(date(2011, 12, 30), "Pacific/Apia")


def test_two_runs_that_fall_on_one_instant_are_one() -> None:
    both = between(
        parse("weekly fri,sat 00:00"), "Pacific/Apia", at("2011-12-29 12:00"), at("2012-01-01 00:00")
    )
    late = between(
        parse("weekly fri,sat 00:00"), "Pacific/Apia", at("2011-12-30 10:00"), at("2012-01-01 00:00")
    )
    assert both == late == [Run(date(2011, 12, 31), at("2011-12-30 10:00"))]


def test_nuuks_evening_that_ends_at_midnight_still_has_its_run() -> None:
    assert runs("daily 23:30", "America/Nuuk", "2024-03-30 00:00", "2024-04-02 00:00") == [
        "2024-03-30 01:30",
        "2024-03-31 01:00",
        "2024-04-01 00:30",
    ]


def test_a_month_without_the_day_runs_on_its_last() -> None:
    assert runs("monthly 31 09:00", "UTC", "2027-01-01 00:00", "2027-05-01 00:00") == [
        "2027-01-31 09:00",
        "2027-02-28 09:00",
        "2027-03-31 09:00",
        "2027-04-30 09:00",
    ]
    assert runs("monthly 29 09:00", "UTC", "2028-02-01 00:00", "2028-03-01 00:00") == ["2028-02-29 09:00"]


def test_the_next_run_is_strictly_after() -> None:
    schedule = parse("weekly mon,thu 09:00")
    first = next_after(schedule, "Asia/Tokyo", at("2026-11-23 00:00"))
    assert first == Run(date(2026, 11, 26), at("2026-11-26 00:00"))
    assert next_after(schedule, "Asia/Tokyo", first.instant).day == date(2026, 11, 30)


def test_the_first_bound_is_included_and_the_last_is_not() -> None:
    assert runs("daily 09:00", "UTC", "2026-11-23 09:00", "2026-11-25 09:00") == [
        "2026-11-23 09:00",
        "2026-11-24 09:00",
    ]


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("daily 9:00", "daily 09:00"),
        ("Weekly Sunday 01:30", "weekly sun 01:30"),
        ("weekly thu, mon 09:00", "weekly mon,thu 09:00"),
        ("monthly 31 23:59", "monthly 31 23:59"),
    ],
)
def test_a_schedule_is_written_in_one_way(text: str, canonical: str) -> None:
    assert str(parse(text)) == canonical
    assert parse(canonical) == parse(text)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            "hourly",
            "'hourly' is no schedule; write it like daily 09:00, weekly mon 09:00, weekly mon,thu 09:00 or"
            " monthly 1 09:00",
        ),
        ("daily 24:00", "'24:00' is no clock time; write it like 09:00 or 17:30"),
        (
            "weekly monkey 09:00",
            "'monkey' is no weekday; write it like weekly mon 09:00 or weekly mon,thu 09:00",
        ),
        ("monthly 32 09:00", "'32' is no day of a month (1 to 31); write it like monthly 1 09:00"),
    ],
)
def test_a_wrong_schedule_is_answered_with_an_example(text: str, problem: str) -> None:
    with pytest.raises(ValueError) as caught:
        parse(text)
    assert str(caught.value) == problem


def test_a_wrong_zone_is_answered_with_an_example() -> None:
    with pytest.raises(ValueError) as caught:
        instant_of(date(2027, 1, 1), time(9), "Asia/Tokio")
    assert str(caught.value) == "'Asia/Tokio' is no time zone of the IANA list; write it like Asia/Tokyo"


def test_reading_a_clock_time_takes_one_digit_hours() -> None:
    assert clock_time("7:05") == time(7, 5)
