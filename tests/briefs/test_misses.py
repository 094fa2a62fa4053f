"""Unanswered questions: which spellings count as one, what is kept, and what goes."""

from collections.abc import AsyncIterator
from datetime import date, timedelta

import pytest

from bot.database import Database
from briefs.misses import (
    LONGEST,
    MOST,
    Miss,
    Misses,
    folded,
    language_of_words,
    may_be_kept,
    same,
    shortened,
)

DAY = date(2026, 11, 3)
WARHEADS = "How many warheads does North Korea have?"


@pytest.fixture
async def database() -> AsyncIterator[Database]:
    async with Database(None) as opened:
        yield opened


async def count(database: Database, *questions: str, day: date = DAY, brief: str = "harbour") -> None:
    async with database.transaction() as tx:
        for question in questions:
            await Misses().count(tx, brief, question, day)


async def kept(database: Database, *briefs: str, today: date = DAY) -> list[Miss]:
    async with database.reading() as tx:
        return await Misses().of(tx, briefs or ("harbour",), today)


@pytest.mark.parametrize(
    "spelled",
    ["how many warheads does north korea have", "  How many “warheads” does the North Korea have?!",
     "HOW MANY WARHEADS, DOES NORTH KOREA HAVE", "How many warheads does North Korea have ?"],
)  # fmt: skip
def test_case_marks_spaces_and_articles_make_no_difference(spelled: str) -> None:
    assert folded(spelled) == folded(WARHEADS)


def test_full_width_letters_are_the_same_letters() -> None:
    assert folded("ＤＰＲＫの制裁は？") == folded("DPRKの制裁は?")


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("how many warheads", "how many warhaeds", True),
        ("how many warheads", "how many warhead", True),
        ("what does north korea want", "what does south korea want", False),
        ("what of 2024", "what of 2025", False),
        ("what can he do", "what can we do", False),
        ("warheads in korea", "warhead in korae", False),
        ("제재 완화", "제재 강화", False),
        ("how many", "how many warheads", False),
    ],
)
def test_one_letter_wrong_in_a_long_word_is_a_spelling_and_nothing_else_is(
    one: str, other: str, alike: bool
) -> None:
    assert same(one, other) is alike
    assert same(other, one) is alike


def test_languages_are_told_by_their_letters() -> None:
    found = [language_of_words(each) for each in ("Who?", "北朝鮮の核弾頭は何発？", "북한의 핵탄두는 몇 개?")]
    assert found == ["en", "ja", "ko"]


@pytest.mark.parametrize(
    "private",
    ["Does <@U123> know?", "Does @kim know?", "May I write to kim@example.org?", "See https://example.org/x?",
     "Who is 090-1234-5678?", "?!"],
)  # fmt: skip
async def test_what_names_a_person_is_not_kept(database: Database, private: str) -> None:
    assert not may_be_kept(private)
    await count(database, private)
    assert await kept(database) == []


@pytest.mark.parametrize(
    "harmless", [WARHEADS, "What happened on 2024-12-03?", "What of 1965, 2015 and 2025?"]
)
def test_years_and_days_name_nobody(harmless: str) -> None:
    assert may_be_kept(harmless)


async def test_a_question_is_counted_in_all_its_spellings_with_its_first_and_last_day(
    database: Database,
) -> None:
    await count(database, WARHEADS, "how many warheads does North Korea have", "Who?")
    await count(database, "How many warhaeds does North Korea have?", day=DAY + timedelta(days=21))
    await count(database, WARHEADS, brief="other")
    assert await kept(database) == [
        Miss(1, "harbour", WARHEADS, "en", 3, DAY, DAY + timedelta(days=21)),
        Miss(2, "harbour", "Who?", "en", 1, DAY, DAY),
    ]


async def test_a_row_names_no_person_no_place_and_no_time(database: Database) -> None:
    await count(database, WARHEADS)
    async with database.reading() as tx:
        (row,) = await tx.fetch("SELECT * FROM misses")
    assert {name: row[name] for name in row.keys()} == {  # type: ignore[attr-defined]  # a row of sqlite3  # noqa: SIM118

        "id": 1, "brief": "harbour", "folded": "how many warheads does north korea have", "question": WARHEADS,
        "language": "en", "count": 1, "first_day": "2026-11-03", "last_day": "2026-11-03", "answered_by": None,
        "answered_on": None,
    }  # fmt: skip


async def test_a_long_question_is_cut_at_a_word(database: Database) -> None:
    await count(database, "why is it " + "so very " * 60)
    (found,) = await kept(database)
    assert len(found.question) <= LONGEST
    assert found.question.endswith(("so…", "very…"))
    assert shortened("a\n  b") == "a b"


async def test_the_least_asked_makes_room(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("briefs.misses.MOST", 3)
    await count(database, "one?", "one?", "two?", "three?", "four?")
    assert MOST == 1_000
    assert {each.question for each in await kept(database)} == {"one?", "three?", "four?"}


async def test_what_was_answered_is_shown_for_a_day_and_then_goes(database: Database) -> None:
    await count(database, WARHEADS)
    async with database.transaction() as tx:
        await Misses().answered(tx, [1], 4, DAY)
        await Misses().answered(tx, [1], 5, DAY + timedelta(days=1))
    assert [(m.answered_by, m.answered_on) for m in await kept(database)] == [(4, DAY)]
    assert await kept(database, today=DAY + timedelta(days=1)) == []
    await count(database, WARHEADS, day=DAY + timedelta(days=1))
    assert [(m.count, m.answered_by) for m in await kept(database, today=DAY + timedelta(days=1))] == [
        (2, None)
    ]


async def test_a_question_goes_a_year_after_it_was_asked_last(database: Database) -> None:
    await count(database, WARHEADS)
    await count(database, "Who?", day=DAY + timedelta(days=1))
    async with database.transaction() as tx:
        assert await Misses().purge(tx, DAY + timedelta(days=1), DAY + timedelta(days=366)) == 1
    assert [each.question for each in await kept(database)] == ["Who?"]
