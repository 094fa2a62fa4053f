"""An import of a whole report: the shipped one as it arrived, and a page that is quite another report."""

from datetime import date
from pathlib import Path

import pytest

from briefs.importing.draft import Draft, draft
from briefs.importing.told import notes_of
from briefs.reading import read_brief, read_folder
from briefs.schema import Quote
from briefs.source import find_quote

HERE = Path(__file__).parent
ARRIVED = HERE / "imports" / "korean-peninsula.md"
FERRIES = HERE / "imports" / "ferry-outlook.html"
SHIPPED = HERE.parents[1] / "briefs" / "korean-peninsula-2024"
TODAY = date(2036, 11, 24)


@pytest.fixture(scope="module")
def korea() -> Draft:
    return draft(ARRIVED.read_bytes(), ARRIVED.name, TODAY)


@pytest.fixture(scope="module")
def ferries() -> Draft:
    return draft(FERRIES.read_bytes(), FERRIES.name, TODAY)


# --- the shipped report ---------------------------------------------------------------------------


def test_the_passages_are_those_of_the_shipped_brief(korea: Draft) -> None:
    shipped = read_folder(SHIPPED).source

    assert [(each.kind, each.heading, each.text) for each in korea.document.source.passages.values()] == [
        (each.kind, each.heading, each.text) for each in shipped.passages.values()
    ]


def test_the_four_recommendations_are_found_with_the_sentences_that_a_person_chose(korea: Draft) -> None:
    shipped = read_folder(SHIPPED).brief.recommendations
    found = korea.document.brief.recommendations

    assert [each.passage for each in found] == [each.passage for each in shipped]
    assert [each.quote for each in found[:3]] == [each.quote for each in shipped[:3]]
    assert shipped[3].quote in found[3].quote


def test_every_date_of_the_text_is_found_and_none_that_is_not_there(korea: Draft) -> None:
    assert list(dict.fromkeys(each.words for each in korea.mentions)) == [
        "2021", "February 2019", "the beginning of 2024", "April 2023", "2025", "60th anniversary", "December 2",
        "December 6, 2024",
    ]  # fmt: skip
    assert str(korea.document.brief.published) == "2024-12-06"
    assert [str(each.date) for each in korea.document.brief.watch_dates] == [
        "2019-02",
        "2023-04",
        "2024-12-02",
    ]


def test_a_date_without_its_month_stands_in_a_comment_with_its_sentence(korea: Draft) -> None:
    yaml = " ".join(korea.document.yaml.decode().replace("\n#", " ").split())

    assert "2021 (north-south-relations-2): “In accordance with its 2021 Five-Year Plan" in yaml
    assert "2025 (yoon-suk-yeol-2): “The year 2025 will mark a milestone" in yaml


def test_every_judgement_of_the_shipped_brief_is_proposed(korea: Draft) -> None:
    proposed = [(each.quote, each.likelihood) for each in korea.document.brief.judgements]
    missed = [
        each.id
        for each in read_folder(SHIPPED).brief.judgements
        if not any(
            (each.quote.rstrip(".") in quote or quote.rstrip(".") in each.quote) and each.likelihood in words
            for quote, words in proposed
        )
    ]

    assert missed == []


def test_a_judgement_on_a_coming_year_can_be_judged_at_its_end(korea: Draft) -> None:
    assert [(each.likelihood, str(each.by)) for each in korea.document.brief.judgements if each.by] == [
        ("will", "2025-12-31"),
        ("there is no doubt that", "2025-12-31"),
    ]


def test_what_ought_to_be_done_is_proposed_as_no_judgement(korea: Draft) -> None:
    assert [each.word for each in korea.document.brief.not_judgements] == [
        "it is impossible to", "will be", "will", "will be",
    ]  # fmt: skip


def test_the_notes_tell_each_repair(korea: Draft) -> None:
    assert korea.notes.done == [
        "A paragraph cut in two was joined at “…has not ended, Pyongyang will not hesitate to pursue both”.",
        "A word cut at a line's end was joined to “denuclearization”.",
        "A paragraph cut by a caption was joined at “…said that the hurdles to denuclearization have become"
        " higher. There”.",
    ]
    assert korea.notes.left == []


# --- another report -------------------------------------------------------------------------------


def test_the_page_becomes_passages_without_heads_numbers_and_marks(ferries: Draft) -> None:
    passages = ferries.document.source.passages

    assert {each.heading for each in passages.values()} == {
        "", "The crossing and its ships", "What the traffic may become", "Recommendations", "Notes",
    }  # fmt: skip
    assert passages["crossing-ships-1"].text == (
        "The Aldmouth crossing has carried post and passengers since 1894. Three ships serve it today, and the"
        " oldest of them, the Merrow, was launched in May 1989. Its official life ends in October 2032. The Harbour"
        " Board has said that no ship will sail beyond its certificate, and “no exception has ever been made”. The"
        " winter timetable depends on all three. If one of them lies in dock between November and March, the morning"
        " crossing is cancelled, and the islands are without a doctor until noon. The Board therefore keeps a reserve"
        " of two crews, which costs 4.2 million a year and which the Treasury would like to end."
    )
    assert passages["traffic-become-1"].text.endswith(
        "The Institute's own Aldmouth-Merrow survey shows the same picture. Half of the travellers would use a night"
        " boat if there were one, and a third would pay more for it."
    )
    everything = " ".join(each.text for each in passages.values())
    assert "Outlook 2031" not in everything
    assert "Home" not in everything
    assert "[^" not in everything


def test_captions_footnotes_and_the_table_are_kept_apart_from_the_sentences(ferries: Draft) -> None:
    passages = ferries.document.source.passages

    assert [each.text for each in passages.values() if each.kind == "caption"] == [
        "Figure 1: The Aldmouth landing at low water (Photo: Harbour Board)",
        "Passengers waiting for the night boat, winter 2030",
        "Table 1: Passengers by line, in thousands",
    ]
    assert [each.text for each in passages.values() if each.heading == "Notes"] == [
        "1. Harbour Board, Register of Ships, 1990 edition.",
        "2. Minutes of the Harbour Board, 3 February 2029.",
        "3. The survey asked 2,104 travellers; its margin is two points.",
    ]
    assert passages["traffic-become-table-1-2"].text == "Aldmouth–Merrow | 412 | 431"
    assert "<!-- footnote 3 stood after: Merrow survey shows the same picture. -->" in (
        ferries.document.report.decode()
    )


def test_the_page_says_who_published_it_and_when(ferries: Draft) -> None:
    brief = ferries.document.brief

    assert (brief.brief, brief.title, brief.publisher, str(brief.published), brief.language) == (
        "northmark-ferries-outlook-2036", "Northmark ferries: an outlook to 2036",
        "Northmark Institute of Transport", "2031-03-14", "en",
    )  # fmt: skip


def test_dates_to_come_are_reminded_of_and_past_ones_are_not(ferries: Draft) -> None:
    assert [(str(each.date), [lead.text for lead in each.remind]) for each in ferries.document.brief.watch_dates] == [
        ("1989-05", []), ("2032-10", ["30d", "7d", "1d"]), ("2030-09-09", []), ("2026-01", []),
        ("2033-06-30", ["30d", "7d", "1d"]), ("2031-12-01", ["30d", "7d", "1d"]),
    ]  # fmt: skip


def test_the_three_recommendations_are_the_three_of_the_page(ferries: Draft) -> None:
    assert [each.quote for each in ferries.document.brief.recommendations] == [
        "The Board should sign before 1 December 2031, since yards need two years for a ship of her size.",
        "It must be open to ships of the reserve class, even if that is dearer.",
        "The operator needs to publish its punctuality each month.",
    ]


def test_the_notes_say_what_a_person_has_to_mend(ferries: Draft) -> None:
    assert notes_of(ferries, FERRIES.name).partition("## What a person has to mend\n\n")[2].splitlines() == [
        "- The mark 4 after “…month. Readers would trust a figure that is sometimes bad” leads to no footnote; add"
        " the note, or leave it.",
        "- “Passengers waiting for the night boat, winter 2030” stood between two halves of a sentence and is taken"
        " for a caption; say so, or move it.",
        "- Left out as a part of the page: “Home Reports”.",
        "- Left out as a part of the page: “© Northmark Institute of Transport. All rights reserved.”.",
        "- A table of 3 rows that begins with “Line | 2029 | 2030” is kept row by row; make sentences of it, or take"
        " it out.",
        "- Compare report.md with the report: nothing may be missing, and nothing may be added.",
        "- Read each `# confirm:` in brief.yaml; keep, change or take out the proposal, and take the comment out.",
        "- Take `distribution: admins` out of brief.yaml when the brief may be seen.",
    ]


# --- both -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("report", [ARRIVED, FERRIES], ids=lambda path: path.name)
def test_every_proposal_is_marked_and_the_draft_is_for_admins_alone(report: Path) -> None:
    made = draft(report.read_bytes(), report.name, TODAY)
    brief = made.document.brief
    parts = len(brief.parts()) + len(brief.not_judgements)
    head = ("title", "publisher", "published", "language", "distribution", "dates without a month")

    assert made.unconfirmed == parts + len(head)
    assert brief.distribution == "admins"


@pytest.mark.parametrize("report", [ARRIVED, FERRIES], ids=lambda path: path.name)
def test_every_quote_stands_in_its_passage_letter_for_letter(report: Path) -> None:
    document = draft(report.read_bytes(), report.name, TODAY).document
    brief = document.brief
    quotes = [
        *(topic.lead for topic in brief.topics),
        *(point for topic in brief.topics for point in topic.points),
        *(Quote(passage=each.passage, quote=each.quote) for each in brief.recommendations),
        *(Quote(passage=each.passage, quote=each.quote) for each in brief.judgements),
        *(each.basis for each in brief.watch_dates if isinstance(each.basis, Quote)),
    ]

    assert len(quotes) > 20
    for each in quotes:
        text = document.source.passages[each.passage].text
        span = find_quote(document.source.passages[each.passage], each.quote)
        assert span is not None
        assert text[slice(*span)] == each.quote


@pytest.mark.parametrize("report", [ARRIVED, FERRIES], ids=lambda path: path.name)
def test_commands_that_others_have_are_not_proposed(report: Path) -> None:
    first = draft(report.read_bytes(), report.name, TODAY)
    taken = {topic.command for topic in first.document.brief.topics}
    second = draft(report.read_bytes(), report.name, TODAY, "second-2036", taken)
    commands = {topic.command for topic in second.document.brief.topics}

    assert len(commands) == len(taken)
    assert not commands & taken
    assert all(len(command) <= 31 for command in commands)


def test_an_imported_draft_survives_the_way_over_its_files(korea: Draft) -> None:
    document = read_brief(korea.document.yaml, korea.document.report)

    assert document.brief == korea.document.brief
