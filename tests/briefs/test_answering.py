"""Questions are answered in the report's own words, or not at all."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest

from briefs.answering import Answering
from briefs.answering.terms import Terms
from briefs.reading import Document, read_brief
from briefs.schema import Questions, calendar_date
from briefs.visible import Visible, visible
from tests.briefs.sample import SAMPLE_REPORT, SAMPLE_YAML
from tests.office import shipped

NOW = datetime(2026, 11, 24, tzinfo=UTC)


def seen(document: Document, **changes: Any) -> Visible:
    found = visible(document.brief.model_copy(update=changes), document.source, 1, "admins", NOW)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def peninsula() -> Answering:
    return Answering(seen(shipped()))


@pytest.fixture(scope="module")
def harbour() -> Document:
    return read_brief(SAMPLE_YAML.encode(), SAMPLE_REPORT.encode())


def first(engine: Answering, question: str) -> str:
    given = engine.ask(question)
    assert given.answered, question
    return given.passages[0].quote


def test_an_answer_is_the_passages_own_words_with_their_place(peninsula: Answering) -> None:
    given = peninsula.ask("What has the military buildup cost North Korea's economy?")

    assert given.answered
    best = given.passages[0]
    assert best.passage == "standstill-2"
    assert (
        best.quote == "North Korea's military buildup path has come at great expense to the national economy."
    )
    assert best.text[slice(*best.span)] == best.quote
    assert best.text == shipped().source.passages["standstill-2"].text
    assert best.heading == shipped().source.passages["standstill-2"].heading
    assert 0.5 < best.score <= 1


def test_every_quote_is_verbatim_and_none_comes_twice(peninsula: Answering) -> None:
    source = shipped().source
    for question in ("What would Kim demand?", "Who rejected martial law?", "日韓ACSAは何のためか？", "NCG?"):
        given = peninsula.ask(question)
        places = [(each.passage, each.span) for each in given.passages]
        assert len(places) == len(set(places)) <= 3
        assert [each.quote for each in given.passages] == [
            source.passages[id].text[slice(*span)] for id, span in places
        ]
        scores = [each.score for each in given.passages]
        assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize(
    "question",
    [
        "How does DPRK policy define relations with the ROK?",
        "How does Pyongyang define its relations with Seoul?",
        "북한은 한국과의 관계를 어떻게 규정하나?",
        "北朝鮮は南北関係をどう定義しているか？",
    ],
)
def test_one_thing_is_found_under_each_of_its_names(peninsula: Answering, question: str) -> None:
    assert first(peninsula, question).startswith("North Korea has defined North-South relations as a hostile")


def test_abbreviations_are_expanded(peninsula: Answering) -> None:
    assert "Nuclear Consultative Group (NCG)" in first(peninsula, "What is the NCG?")
    assert "Noncombatant Evacuation Operations (NEOs)" in first(peninsula, "What would an ACSA do for NEO?")


@pytest.mark.parametrize(
    "question",
    [
        "How many warheads does North Korea have?",
        "Does it mention Fukushima?",
        "Who is the prime minister of Japan?",
        "Which football club won the cup?",
        "北朝鮮は核兵器を何発持っているか？",
        "주한미군은 몇 명인가?",
    ],
)
def test_what_the_report_does_not_say_gets_no_answer_and_the_nearest_sections(
    peninsula: Answering, question: str
) -> None:
    given = peninsula.ask(question)

    assert (given.answered, given.passages) == (False, ())
    assert 1 <= len(given.nearest) <= 3
    assert len({part.id for part in given.nearest}) == len(given.nearest)


def test_the_nearest_section_is_the_one_that_the_question_is_about(peninsula: Answering) -> None:
    given = peninsula.ask("Who took part in the negotiations on the Washington Declaration?")

    assert given.nearest[0].id == "yoon"


@pytest.mark.parametrize(
    "question", ["", "   ", "???", "the of and", "。", "🙂", "x" * 4000, "' OR 1=1 --", '"']
)
def test_what_asks_nothing_gets_no_answer(peninsula: Answering, question: str) -> None:
    assert peninsula.ask(question).answered is False


def test_the_same_question_gets_the_same_answer_from_every_thread(peninsula: Answering) -> None:
    question = "Why did relations between Tokyo and Seoul improve?"
    expected = peninsula.ask(question)

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(peninsula.ask, [question] * 8)) == [expected] * 8


def test_nothing_under_embargo_is_in_the_engine() -> None:
    document = shipped()
    kept = [
        part.model_copy(update={"embargo_until": calendar_date("2199-01-01")}) if part.id == "yoon" else part
        for part in document.brief.sections
    ]
    engine = Answering(seen(document, sections=tuple(kept)))

    assert {unit.passage.id for unit in engine.units} & {"yoon-1", "yoon-2", "yoon-3"} == set()
    assert all("Washington Declaration" not in unit.text for unit in engine.units)
    given = engine.ask("What did the Washington Declaration establish?")
    assert all(not each.passage.startswith("yoon") for each in given.passages)
    assert all(part.id != "yoon" for part in given.nearest)


def asking(
    document: Document, answers: Mapping[str, tuple[Questions, ...]], not_covered: tuple[str, ...] = ()
) -> Answering:
    return Answering(seen(document, answers=dict(answers), not_covered=not_covered))


def test_an_editors_question_points_at_its_quote(harbour: Document) -> None:
    asked = Questions(questions=("What happened to the old instrument?",), quote="replaced by a radar sensor")
    others = Questions(
        questions=("Who is content with the harbour office?",), quote="it has not refused either"
    )
    engine = asking(harbour, {"gauge-1": (asked,), "talks-1": (others,)})

    assert first(engine, "What happened to the old instrument?") == (
        "Its float was replaced by a radar sensor on 3 September 2018."
    )


def test_an_editors_question_without_a_quote_points_at_its_passage(harbour: Document) -> None:
    asked = Questions(questions=("How do the negotiators of both sides get along?",))
    engine = asking(harbour, {"talks-2": (asked,)})

    given = engine.ask("How do the negotiators of both sides get along?")
    assert given.answered
    assert given.passages[0].passage == "talks-2"


def test_what_editors_list_as_not_covered_is_not_answered(harbour: Document) -> None:
    asked = Questions(questions=("When do the talks open?",), quote="Talks open on 12 September 2025")
    question = "When do the talks about the ferry open?"
    listed = ("When do the talks about the ferry open?", "Who runs the ferry?")

    assert asking(harbour, {"talks-2": (asked,)}).ask("When do the talks open?").answered
    assert not asking(harbour, {"talks-2": (asked,)}, listed).ask(question).answered


def test_a_brief_without_any_questions_is_answered_from_its_words(harbour: Document) -> None:
    engine = asking(harbour, {})

    assert first(engine, "Which sensor replaced the float of the tide gauge?") == (
        "Its float was replaced by a radar sensor on 3 September 2018."
    )


def test_terms_bring_names_forms_and_synonyms_together() -> None:
    terms = Terms(shipped().brief)

    assert terms.of("Pyongyang") == terms.of("北朝鮮") == terms.of("the DPRK") == terms.of("북한")
    assert terms.of("negotiate") == terms.of("negotiations") == terms.of("talks")
    assert set(terms.of("核兵器")) >= set(terms.of("nuclear weapons"))
    assert terms.of("us") == []
    assert terms.of("the US") == terms.of("Washington") != []
