"""The run's own verdict on dates can fail, in each way in which a place can be told wrongly."""

from datetime import datetime

import pytest

from tests.crash.brief import Change, Meeting, Standing
from tests.crash.tellings import Judgement, Telling, judge
from tests.scheduler.ground import HARBOUR, at

FIRST, LATER, LAST = "2026-12-18T09:00", "2026-12-28T09:00", "2026-12-29T09:00"
SOUND = Judgement([], [], [])


def reminder(day: str = FIRST, words: str = "") -> Telling:
    return Telling(HARBOUR, "talks", False, day, words)


def amendment(day: str, words: str = "") -> Telling:
    return Telling(HARBOUR, "talks", True, day, words)


def moved(*days: str) -> str:
    """The mark on a message whose date moved there."""
    return " ".join(f"Moved to {day}, see below." for day in days)


def meeting(day: str, standing: Standing = "stands") -> dict[str, Meeting]:
    changes = [Change(at("2026-11-24 00:00"), FIRST, "stands"), Change(at("2026-11-25 00:00"), day, standing)]
    return {"talks": Meeting("talks", changes)}


DECEMBER_28 = moved("December 28, 2026, 9:00\u202fAM")
DECEMBER_29 = moved("December 29, 2026, 9:00\u202fAM")


def test_one_correction_of_a_marked_message_is_what_has_to_be() -> None:
    told = [reminder(words=DECEMBER_28), amendment(LATER)]
    assert judge(told, meeting(LATER)) == SOUND
    assert judge([reminder()], meeting(FIRST)) == SOUND
    assert judge([], meeting(LATER)) == SOUND


def test_each_further_move_and_the_way_back_are_told_once() -> None:
    there = [reminder(words=DECEMBER_29), amendment(LATER, DECEMBER_29), amendment(LAST)]
    assert judge(there, meeting(LAST)) == SOUND
    back = [reminder(), amendment(LATER, moved("December 18, 2026, 9:00\u202fAM")), amendment(FIRST)]
    assert judge(back, meeting(FIRST)) == SOUND


@pytest.mark.parametrize("told", [[reminder()], [reminder(words=DECEMBER_28), amendment(LATER), reminder()]])
def test_who_was_told_last_what_does_not_stand_was_not_corrected(told: list[Telling]) -> None:
    assert judge(told, meeting(LATER)).unsaid == [
        f"after the reminder at {HARBOUR} that talks is on {FIRST} nothing said that it is {LATER}"
    ]


def test_a_cancelled_or_missing_date_has_to_be_told_too() -> None:
    expected = [f"after the reminder at {HARBOUR} that talks is on {FIRST} nothing said that it is off"]
    assert judge([reminder()], meeting(FIRST, "cancelled")).unsaid == expected
    assert judge([reminder()], meeting(FIRST, "gone")).unsaid == expected
    told = [reminder(words="Cancelled, see below."), amendment("")]
    assert judge(told, meeting(FIRST, "gone")) == SOUND


@pytest.mark.parametrize("before", [[], [reminder(LATER)], [reminder(words=DECEMBER_28), amendment(LATER)]])
def test_an_amendment_that_tells_what_was_known_is_uncalled_for(before: list[Telling]) -> None:
    assert judge([*before, amendment(LATER)], meeting(LATER)).uncalled == [
        f"the amendment at {HARBOUR} that talks is on {LATER} was uncalled for"
    ]


def test_an_old_message_without_its_mark_or_with_an_earlier_one_is_found() -> None:
    said = f"the reminder at {HARBOUR} that talks is on {FIRST} is not marked with December 29, 2026, 9:00\u202fAM"
    for words in ("", DECEMBER_28):
        assert judge([reminder(words=words), amendment(LAST)], meeting(LAST)).unmarked == [said]


def test_a_mark_on_a_message_that_stands_again_is_found() -> None:
    told = [
        reminder(words=DECEMBER_28),
        amendment(LATER, moved("December 18, 2026, 9:00\u202fAM")),
        amendment(FIRST),
    ]
    assert judge(told, meeting(FIRST)).unmarked == [
        f"the reminder at {HARBOUR} that talks is on {FIRST} is marked, though it stands"
    ]


@pytest.mark.parametrize(
    ("since", "stood"),
    [("2026-11-24 12:00", False), ("2026-11-25 00:00", True), ("2026-11-23 00:00", False)],
)
def test_a_date_stood_only_if_it_did_at_the_moment_and_ever_since(since: str, stood: bool) -> None:
    moment: datetime = at(since)
    assert meeting(LATER)["talks"].stood(LATER, moment) is stood
