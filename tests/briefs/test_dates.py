"""Watch dates to occurrences."""

from datetime import date

import pytest

from briefs.dates import anniversary, coming, next_occurrence, occurrences, ordinal, previous_occurrence
from briefs.schema import Brief, EditorBasis, WatchDate

BASIS = EditorBasis(editor="Named for the test", source="https://example.org/date")
SIGNING = WatchDate(
    id="treaty-signing",
    title="{ordinal} anniversary of the signing ({number} years)",
    yearly_from=date(1965, 6, 22),
    basis=BASIS,
)


def single(id_: str, text: str, **more: object) -> WatchDate:
    return WatchDate.model_validate({"id": id_, "title": "A day", "date": text, "basis": BASIS, **more})


def brief(*watch_dates: WatchDate) -> Brief:
    return Brief.model_validate(
        {
            "format": 1, "brief": "dates", "title": "Dates", "published": "2025-01-01", "source": "report.md",
            "sections": [{"id": "all", "title": "All", "passages": ["p-1"]}], "watch_dates": watch_dates,
        }
    )  # fmt: skip


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (10, "10th"), (11, "11th"), (12, "12th"), (13, "13th"),
        (21, "21st"), (61, "61st"), (62, "62nd"), (63, "63rd"), (100, "100th"), (111, "111th"), (121, "121st"),
    ],
)  # fmt: skip
def test_an_ordinal_is_written_as_english_has_it(number: int, words: str) -> None:
    assert ordinal(number) == words


def test_a_yearly_date_has_one_numbered_occurrence_a_year() -> None:
    found = occurrences(SIGNING, date(2025, 1, 1), date(2027, 6, 22))
    assert [(each.index, str(each.date), each.title) for each in found] == [
        (60, "2025-06-22", "60th anniversary of the signing (60 years)"),
        (61, "2026-06-22", "61st anniversary of the signing (61 years)"),
        (62, "2027-06-22", "62nd anniversary of the signing (62 years)"),
    ]


def test_the_first_year_is_no_anniversary() -> None:
    assert [each.index for each in occurrences(SIGNING, date(1960, 1, 1), date(1966, 12, 31))] == [1]


def test_a_leap_day_is_remembered_on_the_28th_in_common_years() -> None:
    assert anniversary(date(2024, 2, 29), 2027) == date(2027, 2, 28)
    assert anniversary(date(2024, 2, 29), 2028) == date(2028, 2, 29)
    assert anniversary(date(2000, 2, 29), 2100) == date(2100, 2, 28)


def test_a_month_lasts_to_its_last_day() -> None:
    draft = single("draft-due", "2025-02")
    (found,) = occurrences(draft, date(2025, 2, 20), date(2025, 3, 1))
    assert (found.index, str(found.date), found.last_day) == (0, "2025-02", date(2025, 2, 28))
    assert next_occurrence(draft, date(2025, 2, 28)) == found
    assert next_occurrence(draft, date(2025, 3, 1)) is None
    assert previous_occurrence(draft, date(2025, 3, 1)) == found
    assert previous_occurrence(draft, date(2025, 2, 28)) is None


def test_the_next_occurrence_of_the_day_itself_is_that_day() -> None:
    today = next_occurrence(SIGNING, date(2027, 6, 22))
    tomorrow = next_occurrence(SIGNING, date(2027, 6, 23))
    assert today is not None
    assert tomorrow is not None
    assert (today.index, tomorrow.index) == (62, 63)


def test_a_yearly_date_still_to_begin_has_its_first_anniversary_next() -> None:
    found = next_occurrence(SIGNING, date(1800, 1, 1))
    assert found is not None
    assert found.date.day == date(1966, 6, 22)


def test_the_previous_occurrence_is_the_last_that_is_over() -> None:
    found = previous_occurrence(SIGNING, date(2027, 6, 22))
    assert found is not None
    assert found.index == 61
    assert previous_occurrence(SIGNING, date(1966, 1, 1)) is None
    assert previous_occurrence(single("one", "2025-09-12"), date(2026, 1, 1)) is not None


def test_what_is_coming_is_sorted_and_leaves_out_what_was_cancelled() -> None:
    held = brief(
        single("later", "2027-06-25"),
        single("closing", "2027-06-23", cancelled=BASIS),
        SIGNING,
        single("noon", "2027-06-21T12:00"),
        single("june", "2027-06"),
        single("over", "2027-06-19"),
    )
    found = coming(held, date(2027, 6, 20), 5)
    assert [each.watch_date.id for each in found] == ["june", "noon", "treaty-signing", "later"]
    assert [each.watch_date.id for each in coming(held, date(2027, 6, 20), 4)][-1] == "treaty-signing"
    assert next_occurrence(held.watch_dates[1], date(2027, 1, 1)) is None


def test_the_end_of_the_calendar_is_no_error() -> None:
    last = single("last", "9999-12-31")
    assert next_occurrence(last, date(2027, 1, 1)) is not None
    assert coming(brief(last, SIGNING), date(9999, 12, 30), 90)[-1].watch_date.id == "last"
