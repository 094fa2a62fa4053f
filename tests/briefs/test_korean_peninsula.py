"""The shipped brief says what its report says, and reaches all of it."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from briefs.dates import next_occurrence
from briefs.likelihood import LIKELIHOOD
from briefs.reading import Document, read_folder
from briefs.schema import (
    Brief,
    CalendarDate,
    EditorBasis,
    Note,
    NoteKind,
    Outcome,
    OutcomeResult,
    Quote,
    WatchDate,
    calendar_date,
    json_schema,
)  # fmt: skip
from briefs.sentences import sentences
from briefs.source import Source, find_quote

KANA, HANGUL = re.compile("[ぁ-ヿ]"), re.compile("[가-힣]")
ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "briefs" / "korean-peninsula-2024"
SCHEMA = ROOT / "briefs" / "brief.schema.json"
DEVELOPMENTS = ROOT.parent / "shared" / "source" / "developments.yaml"

HERALD_YOON = "https://www.koreaherald.com/article/10501496"
HERALD_TREATY = "https://www.koreaherald.com/article/10511324"
INTERFAX = "https://interfax.com/newsroom/top-stories/108291/"

SINCE_PUBLICATION = [
    ("2024-12-14", HERALD_YOON),
    ("2025-04-04", HERALD_YOON),
    (
        "2025-06-03",
        "https://japantoday.com/category/politics/s.-korean-leader-lee-expresses-desire-for-stable-ties-with-japan",
    ),
    ("2025-06-19", "https://www.mofa.go.jp/a_o/na/kr/pageite_000001_01065.html"),
    (
        "2025-06-22",
        "https://www.nippon.com/en/news/yjj2025062100341/"
        "interview-s-korean-envoy-calls-ties-with-japan-best-ever.html",
    ),
    (
        "2026-01-13",
        "https://koreajoongangdaily.joins.com/news/2026-01-14/national/diplomacy/"
        "Lee-expresses-CPTPP-ambition-in-summit-with-Takaichi/2500414",
    ),
    (
        "2026-02-19",
        "https://www.anews.com.tr/asia/2026/02/20/north-koreas-ruling-party-holds-congress-held-once-every-5-years",
    ),
    ("2026-06", "https://news.warptechlab.com/news/205773693"),
]


@pytest.fixture(scope="module")
def document() -> Document:
    return read_folder(FOLDER)


@pytest.fixture(scope="module")
def source(document: Document) -> Source:
    return document.source


@pytest.fixture(scope="module")
def brief(document: Document) -> Brief:
    return document.brief


def quotes(brief: Brief) -> Iterator[Quote]:
    for topic in brief.topics:
        yield topic.lead
        yield from topic.points
    yield from (Quote(passage=part.passage, quote=part.quote) for part in brief.recommendations)
    yield from judged(brief)
    yield from brief.not_judgements
    yield from (each.basis for each in brief.watch_dates if isinstance(each.basis, Quote))


def judged(brief: Brief) -> Iterator[Quote]:
    return (Quote(passage=part.passage, quote=part.quote) for part in brief.judgements)


def span(source: Source, quote: Quote) -> tuple[int, int]:
    found = find_quote(source.passages[quote.passage], quote.quote)
    assert found is not None, quote
    return found


def watch_date(brief: Brief, id_: str) -> WatchDate:
    return next(each for each in brief.watch_dates if each.id == id_)


# --- the report, whole and exact ------------------------------------------------------------------


def test_every_quote_is_the_report_letter_for_letter(brief: Brief, source: Source) -> None:
    for quote in quotes(brief):
        start, end = span(source, quote)
        assert source.passages[quote.passage].text[start:end] == quote.quote


def test_every_quote_stands_once_in_its_passage(brief: Brief, source: Source) -> None:
    for quote in quotes(brief):
        assert source.passages[quote.passage].text.count(quote.quote) == 1, quote


def test_no_quote_is_a_whole_passage(brief: Brief, source: Source) -> None:
    for quote in quotes(brief):
        assert len(quote.quote) < len(source.passages[quote.passage].text.rstrip(".")), quote


def test_the_sections_are_the_report_in_its_own_order(brief: Brief, source: Source) -> None:
    assert tuple(section.title for section in brief.sections) == source.headings
    assert [id_ for section in brief.sections for id_ in section.passages] == list(source.passages)
    for section in brief.sections:
        assert {source.passages[id_].heading for id_ in section.passages} == {section.title}


def test_every_passage_is_reached_by_a_topic_too(brief: Brief, source: Source) -> None:
    quoted = {quote.passage for topic in brief.topics for quote in (topic.lead, *topic.points)}

    assert quoted == {passage.id for passage in source.passages.values() if passage.kind == "passage"}


def test_the_brief_names_no_publisher_and_no_review_that_never_was(brief: Brief) -> None:
    assert brief.brief == "korean-peninsula-2024"
    assert brief.publisher == "unknown"
    assert brief.published == date(2024, 12, 6)
    assert brief.reviewed is None
    assert brief.review_every == timedelta(days=90)


# --- topics and recommendations -------------------------------------------------------------------


def test_there_are_ten_topics_or_more_each_with_a_lead_of_its_own(brief: Brief) -> None:
    assert len(brief.topics) >= 10
    assert {"dprk-demands", "japan-rok-outlook"} <= {topic.command for topic in brief.topics}
    assert max(Counter((topic.lead.passage, topic.lead.quote) for topic in brief.topics).values()) == 1
    assert max(Counter(topic.command for topic in brief.topics).values()) == 1


def test_the_three_demands_are_quoted_in_full(brief: Brief) -> None:
    demands = next(topic for topic in brief.topics if topic.command == "dprk-demands")

    assert demands.lead.quote == "Kim would likely demand all of the following"
    assert [point.quote for point in demands.points] == [
        "recognition of its nuclear power status",
        "arms control rather than denuclearization",
        "normalization of diplomatic relations between the US and North Korea (including a withdrawal or"
        " reduction of US forces stationed in the ROK)",
    ]


def test_the_outlook_shows_the_erratum_and_the_developments_that_bear_on_it(brief: Brief) -> None:
    outlook = next(topic for topic in brief.topics if topic.command == "japan-rok-outlook")
    leans_on = {outlook.id, outlook.lead.passage, *(point.passage for point in outlook.points)}
    shown = [note.id for note in brief.notes if leans_on & set(note.touches)]

    assert shown == [
        "martial-law-date", "yoon-impeached", "yoon-removed", "lee-elected", "anniversary-reception",
        "sixtieth-anniversary", "nara-summit", "acsa-public-sentiment",
    ]  # fmt: skip


def test_the_four_recommendations_are_the_four_of_the_report(brief: Brief) -> None:
    assert [part.passage for part in brief.recommendations] == [f"recommendation-{n}" for n in (1, 2, 3, 4)]
    assert [part.quote.split()[0] for part in brief.recommendations] == ["Japan", "It", "First,", "Japan"]


# --- judgements -----------------------------------------------------------------------------------


def test_every_likelihood_word_is_a_judgement_or_has_its_reason_why_not(brief: Brief, source: Source) -> None:
    sorted_out = (*judged(brief), *brief.not_judgements)
    covered = [(quote.passage, *span(source, quote)) for quote in sorted_out]
    words = [
        (passage.id, word.start(), word.end(), word[0])
        for passage in source.passages.values()
        for word in LIKELIHOOD.finditer(passage.text)
    ]
    missed = [
        (id_, word)
        for id_, start, end, word in words
        if not any(id_ == where and first <= start and end <= last for where, first, last in covered)
    ]

    assert len(words) == 30
    assert missed == []


def test_the_likelihood_is_verbatim_and_holds_a_word_of_likelihood(brief: Brief) -> None:
    for judgement in brief.judgements:
        assert judgement.likelihood in judgement.quote
        assert LIKELIHOOD.search(judgement.likelihood), judgement.id


def test_what_is_no_judgement_names_its_word_and_is_no_judgement_elsewhere(
    brief: Brief, source: Source
) -> None:
    forecasts = [(quote.passage, *span(source, quote)) for quote in judged(brief)]

    for part in brief.not_judgements:
        start, end = span(source, part)
        assert part.word in part.quote
        assert not any(
            part.passage == id_ and start < last and first < end for id_, first, last in forecasts
        ), part


def test_the_one_known_outcome_is_recorded_and_every_other_judgement_is_open(brief: Brief) -> None:
    settled = [part for part in brief.judgements if part.outcome.result is not OutcomeResult.open]

    assert [part.quote for part in settled] == [
        "If President Yoon's ouster is confirmed through impeachment or other means, there is a possibility"
        " that the next presidential election will bring in a progressive government"
    ]
    assert settled[0].outcome == Outcome(
        result=OutcomeResult.came_true,
        on=calendar_date("2025-06-03"),
        note="A conditional judgement; both its condition (removal on April 4, 2025) and its result (election"
        " on June 3) came about.",
        source=HERALD_YOON,
    )


# --- watch dates ----------------------------------------------------------------------------------


def test_the_signing_and_the_entry_into_force_of_the_treaty_are_two_dates(brief: Brief) -> None:
    signing, entry = watch_date(brief, "treaty-signing"), watch_date(brief, "treaty-entry-into-force")

    assert (signing.yearly_from, entry.yearly_from) == (date(1965, 6, 22), date(1965, 12, 18))
    for treaty_date in (signing, entry):
        assert [lead.text for lead in treaty_date.remind] == ["90d", "30d", "7d", "1d", "0d"]
        assert treaty_date.zone == "Asia/Seoul"
        assert isinstance(treaty_date.basis, EditorBasis)
        assert treaty_date.basis.source == HERALD_TREATY


@pytest.mark.parametrize(
    ("id_", "after", "day", "title"),
    [
        (
            "treaty-signing", date(2026, 11, 24), "2027-06-22",
            "62nd anniversary of the signing of the Japan-ROK Treaty on Basic Relations",
        ),
        (
            "treaty-signing", date(2025, 6, 1), "2025-06-22",
            "60th anniversary of the signing of the Japan-ROK Treaty on Basic Relations",
        ),
        (
            "treaty-entry-into-force", date(2026, 11, 24), "2026-12-18",
            "61st anniversary of the entry into force of the Japan-ROK Treaty on Basic Relations",
        ),
        (
            "camp-david-summit", date(2026, 11, 24), "2027-08-18",
            "4th anniversary of the Camp David summit of Japan, the US and the ROK",
        ),
        (
            "washington-declaration", date(2026, 11, 24), "2027-04-26",
            "4th anniversary of the US-ROK Washington Declaration",
        ),
        (
            "dprk-russia-treaty-signing", date(2026, 11, 24), "2027-06-19",
            "3rd anniversary of the signing of the Russia-DPRK Comprehensive Strategic Partnership Treaty",
        ),
        (
            "dprk-russia-treaty-entry-into-force", date(2026, 11, 24), "2026-12-04",
            "2nd anniversary of the entry into force of the Russia-DPRK Comprehensive Strategic"
            " Partnership Treaty",
        ),
        ("hanoi-summit", date(2019, 1, 1), "2019-02", "Trump-Kim Summit in Hanoi"),
        (
            "martial-law-declaration", date(2024, 12, 1), "2024-12-03",
            "Declaration of emergency martial law in the ROK",
        ),
    ],
)  # fmt: skip
def test_a_watch_date_comes_round_on_its_day(
    brief: Brief, id_: str, after: date, day: str, title: str
) -> None:
    occurrence = next_occurrence(watch_date(brief, id_), after)

    assert occurrence is not None
    assert (str(occurrence.date), occurrence.title) == (day, title)


def test_what_happened_on_the_60th_anniversary_is_recorded_with_its_source(brief: Brief) -> None:
    (outcome,) = watch_date(brief, "treaty-signing").outcomes

    assert outcome.occurrence == CalendarDate(date(2025, 6, 22))
    assert outcome.text == (
        "The 60th anniversary. Three days before it, on June 19, 2025, Prime Minister Ishiba attended the"
        " anniversary reception in Tokyo."
    )
    assert outcome.source == "https://www.mofa.go.jp/a_o/na/kr/pageite_000001_01065.html"


def test_a_date_that_is_over_for_good_sends_no_reminder(brief: Brief) -> None:
    assert {each.id for each in brief.watch_dates if not each.remind} == {
        each.id for each in brief.watch_dates if each.date is not None
    }


# --- the editor's notes ---------------------------------------------------------------------------


def test_the_erratum_puts_the_date_of_martial_law_right(brief: Brief) -> None:
    (erratum,) = [note for note in brief.notes if note.kind is NoteKind.erratum]

    assert erratum.text == (
        "The report says December 2. Martial law was declared on December 3, 2024, late in the evening Korea"
        " time, and lifted on December 4."
    )
    assert (str(erratum.date), erratum.source) == ("2024-12-03", HERALD_YOON)
    assert {"yoon-3", "martial-law", "rok-politics"} <= set(erratum.touches)


def test_each_development_since_publication_is_one_note_with_its_day_and_source(brief: Brief) -> None:
    developments = [note for note in brief.notes if note.kind is NoteKind.development]

    assert [(str(note.date), note.source) for note in developments] == SINCE_PUBLICATION
    assert all(note.date.day > brief.published for note in developments)


def test_a_note_touches_passages_and_parts_that_exist(brief: Brief, source: Source) -> None:
    known = {part.id for part in brief.parts()} | set(source.passages)
    touching: tuple[Note | WatchDate, ...] = (*brief.notes, *brief.watch_dates)

    for part in touching:
        assert part.touches, part.id
        assert set(part.touches) <= known, part.id
        assert set(part.touches) & set(source.passages), part.id


def test_no_source_is_one_that_the_collected_facts_do_not_name(brief: Brief) -> None:
    known = {HERALD_YOON, HERALD_TREATY, INTERFAX, *(link for _, link in SINCE_PUBLICATION)} | {
        "report",
        "https://eng.president.go.kr/briefing/Sf7k2w7Q",
        "https://japan.kantei.go.jp/101_kishida/diplomatic/202308/usarok.html",
    }
    if DEVELOPMENTS.is_file():  # it lies beside the repository
        facts = yaml.load(DEVELOPMENTS.read_bytes(), yaml.BaseLoader)
        assert known == {fact["source"] for facts_of_kind in facts.values() for fact in facts_of_kind}
        assert [(fact["date"], fact["source"]) for fact in facts["since_publication"]] == SINCE_PUBLICATION

    bases = {each.basis.source for each in brief.watch_dates if isinstance(each.basis, EditorBasis)}
    outcomes = {outcome.source for each in brief.watch_dates for outcome in each.outcomes}
    assert bases | outcomes | {note.source for note in brief.notes} == known


# --- finding things -------------------------------------------------------------------------------


def test_the_glossary_leads_to_words_of_the_report_from_both_languages(brief: Brief, source: Source) -> None:
    text = " ".join((*source.headings, *(passage.text for passage in source.passages.values()))).casefold()
    korean = [term for term in brief.glossary if re.search(r"[가-힣]", term)]

    assert len(korean) >= 30
    assert len(brief.glossary) - len(korean) >= 30
    assert [
        (term, word)
        for term, words in brief.glossary.items()
        for word in words
        if word.casefold() not in text
    ] == []


def test_each_alias_leads_to_a_name_that_the_report_uses(brief: Brief, source: Source) -> None:
    text = " ".join(passage.text for passage in source.passages.values()).casefold()

    for name, others in brief.aliases.items():
        assert any(each.casefold() in text for each in (name, *others)), name
        assert len({name, *others}) == len(others) + 1, name
    assert {"북한", "조선", "北朝鮮", "North Korea", "Pyongyang"} <= set(brief.aliases["DPRK"])
    assert {"한국", "韓国", "South Korea"} <= set(brief.aliases["ROK"])


def test_every_passage_lists_questions_and_none_belongs_to_two(brief: Brief, source: Source) -> None:
    asked = [
        (id, question) for id, entries in brief.answers.items() for e in entries for question in e.questions
    ]
    questions, passages = Counter(question for _, question in asked), Counter(id for id, _ in asked)

    assert list(brief.answers) == list(source.passages)
    assert all(passages[id] >= 3 for id in brief.answers)
    assert max(questions.values()) == 1
    # A question, or the bare words that are typed in its place; nothing cut off.
    assert all(question[-1] not in ".,;:、" and len(question) <= 120 for question in questions)
    asking = (
        "Who ",
        "What ",
        "When ",
        "Where ",
        "Why ",
        "How ",
        "Which ",
        "Does ",
        "Did ",
        "Is ",
        "Are ",
        "Will ",
    )
    sentences = [question for question in questions if question.startswith(asking)]
    assert len(sentences) > len(questions) / 2
    assert all(question.endswith("?") for question in sentences)


def test_every_sentence_of_the_report_answers_questions_in_three_languages(
    brief: Brief, source: Source
) -> None:
    for passage in source.passages.values():
        entries = [entry for entry in brief.answers[passage.id] if entry.quote is not None]
        for start, end in sentences(passage.text):
            held = [e for e in entries if e.quote is not None and passage.text[start:end] in e.quote]
            asked = [question for entry in held for question in entry.questions]
            assert sum(question.isascii() for question in asked) >= 3, passage.text[start:end]
            assert any(KANA.search(question) for question in asked), passage.text[start:end]
            assert any(HANGUL.search(question) for question in asked), passage.text[start:end]


# --- the schema for editors -----------------------------------------------------------------------


def as_written() -> dict[str, object]:
    """Every scalar stays the text that stands in the file."""
    written = yaml.load((FOLDER / "brief.yaml").read_bytes(), yaml.BaseLoader)
    assert isinstance(written, dict)
    return written


def test_the_json_schema_beside_the_briefs_is_up_to_date() -> None:
    written = SCHEMA.read_text(encoding="utf-8")

    assert written == json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


def test_the_brief_fits_the_json_schema_that_its_first_line_names() -> None:
    first = (FOLDER / "brief.yaml").read_text(encoding="utf-8").splitlines()[0]
    named = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", first)
    assert named is not None
    schema = json.loads((FOLDER / named[1]).read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)

    # An editor reads the format as a number; every other scalar of a brief is text.
    Draft202012Validator(schema).validate({**as_written(), "format": 1})
