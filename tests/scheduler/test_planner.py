"""The plan names every message at its instant, and nothing else."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from briefs.schema import Brief
from scheduler.planner import Planned, dates_of, digest_now, plan
from scheduler.subscriptions import Subscription
from tests.scheduler.ground import (
    BASIS,
    HARBOUR,
    IN_FORCE,
    SIGNING,
    at,
    brief_with,
    document,
    following,
    single,
    yearly,
)  # fmt: skip

TREATY = brief_with(SIGNING, IN_FORCE)
YEAR = (at("2026-11-24 00:00"), at("2028-01-01 00:00"))


def lines(
    brief: Brief, *made: Subscription, since: str = "2026-11-24 00:00", until: str = "2028-01-01 00:00"
) -> list[str]:
    return [line(each) for each in plan(brief, made, at(since), at(until))]


def line(each: Planned) -> str:
    return f"{each.due:%Y-%m-%d %H:%M} {each.item} {each.occurrence} {each.lead} {each.announced}".replace(
        "  ", " "
    )


def test_the_treatys_anniversaries_are_told_at_their_lead_times() -> None:
    assert lines(TREATY, following(zone="Asia/Tokyo")) == [
        "2026-12-11 00:00 treaty-in-force 61 7d 2026-12-18",
        "2026-12-17 00:00 treaty-in-force 61 1d 2026-12-18",
        "2026-12-18 00:00 treaty-in-force 61 0d 2026-12-18",
        "2027-03-24 00:00 treaty-signing 62 90d 2027-06-22",
        "2027-05-23 00:00 treaty-signing 62 30d 2027-06-22",
        "2027-06-15 00:00 treaty-signing 62 7d 2027-06-22",
        "2027-06-21 00:00 treaty-signing 62 1d 2027-06-22",
        "2027-06-22 00:00 treaty-signing 62 0d 2027-06-22",
        "2027-09-19 00:00 treaty-in-force 62 90d 2027-12-18",
        "2027-11-18 00:00 treaty-in-force 62 30d 2027-12-18",
        "2027-12-11 00:00 treaty-in-force 62 7d 2027-12-18",
        "2027-12-17 00:00 treaty-in-force 62 1d 2027-12-18",
        "2027-12-18 00:00 treaty-in-force 62 0d 2027-12-18",
    ]


def test_a_day_is_announced_at_the_destinations_hour_in_its_zone() -> None:
    brief = brief_with(single("talks", "2027-06-22", "7d", "0d", zone="Asia/Seoul"))
    assert lines(brief, following(zone="America/New_York", schedule="08:30")) == [
        "2027-06-15 12:30 talks 0 7d 2027-06-22",
        "2027-06-22 12:30 talks 0 0d 2027-06-22",
    ]


def test_a_month_is_announced_before_its_first_day() -> None:
    brief = brief_with(single("draft", "2027-06", "7d", "0d"))
    assert lines(brief, following()) == [
        "2027-05-25 09:00 draft 0 7d 2027-06",
        "2027-06-01 09:00 draft 0 0d 2027-06",
    ]


def test_a_clock_time_is_announced_before_its_instant() -> None:
    # New York's clocks go forward on 14 March 2027: seven calendar days before are 167 hours.
    brief = brief_with(single("speech", "2027-03-15T15:00", "7d", "24h", "2h", zone="America/New_York"))
    assert lines(brief, following(zone="Asia/Tokyo")) == [
        "2027-03-08 20:00 speech 0 7d 2027-03-15T15:00",
        "2027-03-14 19:00 speech 0 24h 2027-03-15T15:00",
        "2027-03-15 17:00 speech 0 2h 2027-03-15T15:00",
    ]


def test_hours_before_a_whole_day_are_the_days_that_hold_them_and_are_told_once() -> None:
    brief = brief_with(single("talks", "2027-06-22", "2h", "24h", "1d", "36h"))
    assert lines(brief, following()) == [
        "2027-06-20 09:00 talks 0 36h 2027-06-22",
        "2027-06-21 09:00 talks 0 1d 2027-06-22",
    ]


def test_own_lead_times_go_before_the_briefs() -> None:
    brief = brief_with(single("talks", "2027-06-22", "90d", "30d"))
    assert lines(brief, following(leads=["3d"])) == ["2027-06-19 09:00 talks 0 3d 2027-06-22"]


def test_a_lead_time_that_was_past_when_somebody_followed_is_not_planned() -> None:
    late = following(since="2026-12-17 09:00")
    found = lines(brief_with(IN_FORCE), late, since="2026-01-01 00:00", until="2027-01-01 00:00")
    assert found == ["2026-12-18 09:00 treaty-in-force 61 0d 2026-12-18"]


def test_a_cancelled_date_and_a_paused_subscription_plan_nothing() -> None:
    off = brief_with(single("closing", "2027-06-22", "7d", cancelled=BASIS))
    assert lines(off, following()) == []
    assert lines(TREATY, replace(following(), paused=True)) == []


def test_another_brief_plans_nothing_for_its_neighbours_followers() -> None:
    other = TREATY.model_copy(update={"brief": "another"})
    assert lines(other, following()) == []
    assert lines(other.model_copy(update={"formerly": ("harbour-2025",)}), following()) != []


def test_a_subject_narrows_the_dates_to_one_or_to_a_topics() -> None:
    brief = document().brief
    assert [each.id for each in dates_of(brief, "")] == [
        each.id for each in brief.watch_dates if each.id != "pier-closing"
    ]
    assert [each.id for each in dates_of(brief, "date:talks-open")] == ["talks-open"]
    assert [each.id for each in dates_of(brief, "topic:town-demands")] == ["talks-open"]
    assert dates_of(brief, "date:unheard-of") == []


def test_a_subject_is_found_under_its_former_id() -> None:
    renamed = yearly("accord", date(1965, 6, 22), "7d").model_copy(update={"formerly": ("treaty-signing",)})
    assert [each.id for each in dates_of(brief_with(renamed), "date:treaty-signing")] == ["accord"]
    brief = document().brief
    old = next(id_ for topic in brief.topics for id_ in topic.formerly)
    new = next(topic.id for topic in brief.topics if old in topic.formerly)
    assert dates_of(brief, f"topic:{old}") == dates_of(brief, f"topic:{new}")
    assert dates_of(brief, f"topic:{new}") != []


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/New_York", "Europe/London"])
def test_a_weekly_digest_comes_once_a_week_from_november_2026_to_the_end_of_2027(zone: str) -> None:
    weekly = following("digest", HARBOUR, schedule="weekly sun 01:30", zone=zone)
    found = plan(TREATY, [weekly], *YEAR)
    days = [date.fromisoformat(each.announced) for each in found]
    assert days == [date(2026, 11, 29) + timedelta(days=7 * n) for n in range(57)]
    odd = {each.announced for each in found if f"{each.due.astimezone(ZoneInfo(zone)):%H:%M}" != "01:30"}
    assert odd == ({"2027-03-28"} if zone == "Europe/London" else set())
    assert all(each.item == "harbour-2025" and each.lead == "" for each in found)
    assert [each.occurrence for each in found] == [day.toordinal() for day in days]


def test_each_message_has_a_key_of_its_own_that_does_not_depend_on_the_window() -> None:
    made = [following(), following("digest", schedule="daily 09:00", id_=2)]
    whole = plan(TREATY, made, *YEAR)
    assert len({each.key for each in whole}) == len(whole)
    cut = at("2027-03-28 01:00")
    parts = plan(TREATY, made, YEAR[0], cut) + plan(TREATY, made, cut, YEAR[1])
    assert sorted(each.key for each in parts) == sorted(each.key for each in whole)
    assert [each.due for each in whole] == sorted(each.due for each in whole)


def test_a_key_names_what_makes_a_message_one() -> None:
    (first, *_) = plan(TREATY, [following(id_=7)], *YEAR)
    assert first.key == "7|reminder|treaty-in-force|61|7d|2026-12-18"


def test_a_reminder_is_of_use_until_its_day_is_over_where_it_goes() -> None:
    brief = brief_with(single("talks", "2027-06-22", "1d", "0d", zone="Asia/Seoul"))
    honolulu = following(zone="Pacific/Honolulu", max_age=timedelta(days=7))
    assert [each.expires for each in plan(brief, [honolulu], *YEAR)] == [at("2027-06-23 10:00")] * 2
    brisk = following(zone="Pacific/Honolulu", max_age=timedelta(hours=1))
    assert [each.expires - each.due for each in plan(brief, [brisk], *YEAR)] == [timedelta(hours=1)] * 2


def test_a_digest_out_of_turn_stands_beside_the_schedules_own() -> None:
    now = datetime(2026, 11, 29, 9, tzinfo=UTC)
    weekly = following("digest", schedule="weekly sun 09:00")
    (planned, *_) = plan(TREATY, [weekly], *YEAR)
    extra = digest_now(TREATY, weekly, now)
    assert planned.due == extra.due == now
    assert extra.key != planned.key
