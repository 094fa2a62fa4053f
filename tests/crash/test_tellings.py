"""The run's own verdict on dates can fail, in each way in which a place can be told wrongly."""

from datetime import datetime

import pytest

from tests.crash.brief import Change, Meeting, Standing
from tests.crash.tellings import Judgement, Telling, judge
from tests.scheduler.ground import HARBOUR, at

FIRST, LATER, LAST = "2026-12-18T09:00", "2026-12-28T09:00", "2026-12-29T09:00"
WRITTEN = {
    FIRST: "December 18, 2026, 9:00\u202fAM", LATER: "December 28, 2026, 9:00\u202fAM",
    LAST: "December 29, 2026, 9:00\u202fAM", "": "",
}  # fmt: skip
SOUND = Judgement([], [], [])


def reminder(day: str = FIRST, mark: str = "") -> Telling:
    return Telling(HARBOUR, "talks", False, day, f"{mark} {WRITTEN[day]}, in 24 days.")


def amendment(day: str, before: str = FIRST, mark: str = "") -> Telling:
    was = f"for {WRITTEN[before]}" if before else "as cancelled"
    return Telling(HARBOUR, "talks", True, day, f"{mark} announced here {was}. {WRITTEN[day]}")


def moved(day: str) -> str:
    """The mark on a message whose date moved there."""
    return f"Moved to {WRITTEN[day]}, see below."


def meeting(day: str, standing: Standing = "stands") -> dict[str, Meeting]:
    changes = [Change(at("2026-11-24 00:00"), FIRST, "stands"), Change(at("2026-11-25 00:00"), day, standing)]
    return {"talks": Meeting("talks", changes)}


def test_one_correction_of_a_marked_message_is_what_has_to_be() -> None:
    told = [reminder(mark=moved(LATER)), amendment(LATER)]
    assert judge(told, meeting(LATER)) == SOUND
    assert judge([reminder()], meeting(FIRST)) == SOUND
    assert judge([], meeting(LATER)) == SOUND


def test_each_further_move_and_the_way_back_are_told_once() -> None:
    on = [reminder(mark=moved(LAST)), amendment(LATER, mark=moved(LAST)), amendment(LAST, LATER)]
    assert judge(on, meeting(LAST)) == SOUND
    back = [reminder(), amendment(LATER, mark=moved(FIRST)), amendment(FIRST, LATER)]
    assert judge(back, meeting(FIRST)) == SOUND


@pytest.mark.parametrize("told", [[reminder()], [reminder(mark=moved(LATER)), amendment(LATER), reminder()]])
def test_who_was_told_last_what_does_not_stand_was_not_corrected(told: list[Telling]) -> None:
    assert judge(told, meeting(LATER)).unsaid == [
        f"after the reminder at {HARBOUR} that talks is on {FIRST} nothing said that it is {LATER}"
    ]


def test_a_cancelled_or_missing_date_has_to_be_told_too() -> None:
    expected = [f"after the reminder at {HARBOUR} that talks is on {FIRST} nothing said that it is off"]
    assert judge([reminder()], meeting(FIRST, "cancelled")).unsaid == expected
    assert judge([reminder()], meeting(FIRST, "gone")).unsaid == expected
    told = [reminder(mark="Cancelled, see below."), amendment("")]
    assert judge(told, meeting(FIRST, "gone")) == SOUND


@pytest.mark.parametrize("before", [[], [reminder(LATER)], [reminder(mark=moved(LATER)), amendment(LATER)]])
def test_an_amendment_that_tells_what_was_known_is_uncalled_for(before: list[Telling]) -> None:
    assert judge([*before, amendment(LATER)], meeting(LATER)).uncalled == [
        f"the amendment at {HARBOUR} that talks is on {LATER} was uncalled for"
    ]


def test_an_old_message_without_its_mark_or_with_an_earlier_one_is_found() -> None:
    said = f"the reminder at {HARBOUR} that talks is on {FIRST} is not marked with {WRITTEN[LAST]}"
    for mark in ("", moved(LATER)):
        assert judge([reminder(mark=mark), amendment(LAST)], meeting(LAST)).misleading == [said]


def test_a_mark_on_a_message_that_stands_again_is_found() -> None:
    told = [reminder(mark=moved(LATER)), amendment(LATER, mark=moved(FIRST)), amendment(FIRST, LATER)]
    assert judge(told, meeting(FIRST)).misleading == [
        f"the reminder at {HARBOUR} that talks is on {FIRST} is marked, though it stands"
    ]


def test_a_message_that_names_another_day_than_the_ledger_is_found() -> None:
    wrong = reminder(LATER)._replace(tells=FIRST)
    assert judge([wrong], meeting(FIRST)).misleading == [
        f"the reminder at {HARBOUR} that talks is on {FIRST} does not name its day"
    ]
    told = [reminder(mark=moved(LATER)), amendment(LATER, before=LAST)]
    assert judge(told, meeting(LATER)).misleading == [
        f"the amendment at {HARBOUR} that talks is on {LATER} does not say that it was announced here for"
        f" {WRITTEN[FIRST]}"
    ]


@pytest.mark.parametrize(
    ("since", "stood"),
    [("2026-11-24 12:00", False), ("2026-11-25 00:00", True), ("2026-11-23 00:00", False)],
)
def test_a_date_stood_only_if_it_did_at_the_moment_and_ever_since(since: str, stood: bool) -> None:
    moment: datetime = at(since)
    assert meeting(LATER)["talks"].stood(LATER, moment) is stood
