"""What became of watch dates over the revisions, and the events that come of it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from briefs.agenda import Event, agenda
from briefs.chronicle import Chronicle, chronicle
from briefs.library import Revision
from briefs.reading import Document
from briefs.schema import Brief, EditorBasis, WatchDate
from briefs.source import Source
from briefs.visible import Audience

BASIS = EditorBasis(editor="Named for the test", source="https://example.org/date")
OFF = EditorBasis(editor="Called off", source="https://example.org/off")
START = datetime(2026, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 6, 1, tzinfo=UTC)


def single(day: str = "2026-12-18", id_: str = "talks", **more: Any) -> WatchDate:
    given = {"id": id_, "title": "The talks", "date": day, "basis": BASIS, **more}
    return WatchDate.model_validate(given)


def yearly(first: str = "1965-06-22", **more: Any) -> WatchDate:
    given = {"id": "treaty", "title": "{ordinal} anniversary", "yearly_from": first, "basis": BASIS, **more}
    return WatchDate.model_validate(given)


def revision(number: int, *watch_dates: WatchDate, **more: Any) -> Revision:
    """Revision n, published n days after the start."""
    brief = Brief.model_validate(
        {
            "format": 1, "brief": "dates", "title": "Dates", "published": "2026-01-01", "source": "report.md",
            "sections": [{"id": "all", "title": "All", "passages": ["p-1"]}], "watch_dates": watch_dates, **more,
        }
    )  # fmt: skip
    at = START + timedelta(days=number)
    return Revision(
        brief.brief, number, Document(brief, Source({}), b"", b""), "", "", "file", at, "test", "file"
    )


def told(*stages: tuple[WatchDate, ...]) -> Chronicle:
    return chronicle(revision(number, *dates) for number, dates in enumerate(stages, 1))


def events(found: Chronicle, now: datetime = NOW, audience: Audience = "everyone") -> list[Event]:
    return agenda(found, audience, now)


def only(found: Chronicle, now: datetime = NOW) -> Event:
    (event,) = events(found, now)
    return event


def test_a_date_that_stays_keeps_its_uid_its_number_and_its_time() -> None:
    one, three = only(told((single(),))), only(told((single(),), (single(), yearly()), (single(),)))
    assert (one.uid, one.sequence, one.edited) == (three.uid, three.sequence, three.edited)
    assert (one.sequence, one.created, one.edited) == (
        0,
        START + timedelta(days=1),
        START + timedelta(days=1),
    )


def test_a_moved_date_is_the_same_event_with_a_higher_number() -> None:
    before, after = only(told((single(),))), only(told((single(),), (single("2027-01-17"),)))
    assert after.uid == before.uid
    assert (before.sequence, after.sequence) == (0, 1)
    assert str(after.occurrence.date) == "2027-01-17"
    assert after.edited == START + timedelta(days=2)
    assert after.created == before.created


def test_a_new_title_another_zone_and_another_precision_raise_the_number_and_new_words_do_not() -> None:
    for changed in (
        single(title="The summit"),
        single(zone="Asia/Seoul"),
        single("2026-12"),
        single("2026-12-18T15:00"),
    ):
        assert only(told((single(),), (changed,))).sequence == 1, changed
    other = EditorBasis(editor="Named anew", source="https://example.org/date")
    reworded = only(told((single(),), (single(basis=other),)))
    assert (reworded.sequence, reworded.edited) == (0, START + timedelta(days=2))
    unseen = only(told((single(),), (single(remind=["7d"], touches=["all"]),)))
    assert unseen.edited == START + timedelta(days=1)


def test_a_review_of_the_brief_is_a_new_time_since_the_event_says_its_age() -> None:
    reviewed = chronicle([revision(1, single()), revision(2, single(), reviewed="2026-01-02")])
    assert (only(reviewed).sequence, only(reviewed).edited) == (0, START + timedelta(days=2))


def test_a_renamed_date_is_the_same_event_also_after_a_second_name_and_a_forgotten_first() -> None:
    first = only(told((single(),)))
    names = (
        (single(),),
        (single(id_="summit", formerly=["talks"]),),
        (single(id_="parley", formerly=["summit"]),),
    )
    assert only(told(*names)).uid == first.uid
    assert only(told(*names)).sequence == 0


def test_a_renamed_brief_is_the_same_calendar() -> None:
    renamed = revision(2, single(), brief="days", formerly=["dates"])
    assert only(chronicle([revision(1, single()), renamed])).uid == only(told((single(),))).uid
    assert only(chronicle([renamed])).uid == only(told((single(),))).uid


def test_a_former_name_that_another_date_takes_is_another_event() -> None:
    renamed = single(id_="summit", formerly=["talks"])
    forgetful = single(id_="summit")
    found = events(told((single(),), (renamed,), (forgetful, single("2026-12-20"))))
    assert len({event.uid for event in found}) == len(found) == 2


def test_a_cancelled_date_is_told_as_cancelled_and_what_was_before_stays_as_it_was() -> None:
    cancelled = only(told((single(),), (single(cancelled=OFF),)))
    assert (cancelled.cancelled, cancelled.gone, cancelled.sequence) == (True, False, 1)
    back = only(told((single(),), (single(cancelled=OFF),), (single(),)))
    assert (back.cancelled, back.sequence) == (False, 2)
    series = events(told((yearly("1965-01-02"),), (), (yearly("1965-01-02", cancelled=OFF),)))
    assert [(event.occurrence.date.day.year, event.cancelled) for event in series][:3] == [
        (2025, False), (2026, False), (2027, True),
    ]  # fmt: skip


def test_a_date_that_left_the_brief_is_told_as_cancelled_for_ninety_days_and_comes_back_as_itself() -> None:
    gone = told((single(),), ())
    event = only(gone, START + timedelta(days=92))
    assert (event.cancelled, event.gone, event.sequence, event.occurrence.title) == (
        True,
        True,
        1,
        "The talks",
    )
    assert events(gone, START + timedelta(days=92, seconds=1)) == []
    back = only(told((single(),), (), (single("2026-12-19"),)))
    assert (back.uid, back.cancelled, back.sequence) == (event.uid, False, 2)


def test_a_past_date_that_left_the_brief_was_not_cancelled() -> None:
    assert events(told((single("2025-12-18"),), ()), START + timedelta(days=3)) == []


def test_each_anniversary_is_an_event_with_its_own_title_from_last_year_to_five_years_ahead() -> None:
    found = events(told((yearly(),)))
    assert [(str(event.occurrence.date), event.occurrence.title) for event in found] == [
        ("2025-06-22", "60th anniversary"), ("2026-06-22", "61st anniversary"), ("2027-06-22", "62nd anniversary"),
        ("2028-06-22", "63rd anniversary"), ("2029-06-22", "64th anniversary"), ("2030-06-22", "65th anniversary"),
        ("2031-06-22", "66th anniversary"),
    ]  # fmt: skip
    assert len({event.uid for event in found}) == 7
    later = events(told((yearly(),)), NOW.replace(year=2027))
    assert {event.uid for event in found[1:]} <= {event.uid for event in later}


def test_a_date_that_becomes_yearly_ends_and_begins_anew() -> None:
    found = events(told((single("2026-06-22", id_="treaty"),), (yearly(),)), START + timedelta(days=30))
    assert [event.gone for event in found if event.occurrence.index == 0] == [True]
    assert len({event.uid for event in found}) == len(found) == 8


def test_what_is_withheld_is_in_no_calendar_not_even_as_cancelled_and_appears_at_its_time() -> None:
    sealed = single(embargo_until="2026-07-01")
    assert events(told((sealed,))) == []
    assert events(told((sealed,), ())) == []
    assert [e.sequence for e in events(told((sealed,)), datetime(2026, 7, 1, tzinfo=UTC))] == [0]
    inner = told((single(distribution="team"),))
    assert events(inner) == []
    assert len(events(inner, audience="team")) == 1
    whole = chronicle([revision(1, single(), embargo_until="2026-07-01")])
    assert events(whole) == []


def test_a_revision_that_nobody_can_read_lets_no_number_go_down() -> None:
    stages = (revision(1, single()), revision(2, single()), revision(3, single("2026-12-19")))
    whole, torn = chronicle(stages), chronicle([stages[0], None, stages[2]])
    assert only(whole).sequence == only(torn).sequence == 2


KINDS = (
    single(), single("2026-12-19"), single(cancelled=OFF), single(title="The summit"),
    single(id_="summit", formerly=["talks"]), yearly(), yearly("1965-06-23"), None,
)  # fmt: skip
STAGES = st.lists(
    st.lists(st.sampled_from(KINDS), max_size=2, unique_by=lambda d: d.id if d else ""), max_size=8
)


@given(STAGES)
def test_numbers_never_go_down_and_change_whenever_the_event_does(
    drawn: list[list[WatchDate | None]],
) -> None:
    before: dict[str, tuple[int, tuple[object, ...]]] = {}
    found = Chronicle()
    for number, stage in enumerate(drawn, 1):
        found = found.then(revision(number, *(each for each in stage if each is not None)))
        seen = events(found)
        assert len({event.uid for event in seen}) == len(seen)
        for event in seen:
            shown = (event.occurrence.date, event.occurrence.title, event.cancelled)
            sequence, last = before.get(event.uid, (-1, ()))
            assert event.sequence >= sequence
            assert event.sequence > sequence or shown == last
            before[event.uid] = (event.sequence, shown)


def test_the_days_of_the_calendar_end_somewhere() -> None:
    (last,) = events(told((single("9999-12-31"),)))
    assert last.occurrence.last_day == date(9999, 12, 31)
    assert events(told((yearly(),)), datetime(9998, 1, 1, tzinfo=UTC))
