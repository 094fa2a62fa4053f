"""What cannot be imported is refused in a sentence, and no text at all makes a draft that the check refuses."""

import time
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefs.importing.draft import Draft, draft
from briefs.importing.reading import NotImportable

TODAY = date(2036, 11, 24)
SENTENCE = "The pier at Merrow may close in May 2031, since the storm of January 2026 cut its piles."


def made(text: str, name: str = "report.txt") -> Draft:
    return draft(text.encode(), name, TODAY)


@pytest.mark.parametrize(
    ("data", "name", "sentence"),
    [
        (b"", "report.md", "report.md is empty; import the file that holds the report."),
        (b"\xef\xbb\xbf \r\n\x0c\n", "a.txt", "a.txt is empty; import the file that holds the report."),
        (b"<script>x</script>", "a.html", "a.html holds no text of a report; import the file that holds it."),
        (
            b"12\n\n13\n\n14\n", "a.txt",
            "a.txt holds no text of a report once heads and page numbers are out; import the file that holds it.",
        ),
        (
            b"%PDF-1.7", "report.pdf",
            "report.pdf is of no kind that can be imported; save it as one of .md, .markdown, .txt, .text, .html,"
            " .htm, .xhtml, and import that.",
        ),
        (
            "Die Fähre".encode("latin-1"), "report.txt",
            "report.txt:1:6: the file is not in UTF-8; found the byte 0xE4; save it as UTF-8 (in the editor: Save with"
            " encoding).",
        ),
        (
            "The ferry".encode("utf-16"), "report.html",
            "report.html:1:1: the file is in UTF-16 or UTF-32, not in UTF-8; found the byte 0xFF; save it as UTF-8 (in"
            " the editor: Save with encoding).",
        ),
        (
            "The ferry".encode("utf-16-le"), "report.txt",
            "report.txt:1:2: the file is in UTF-16 or UTF-32, not in UTF-8; found the byte 0x00; save it as UTF-8 (in"
            " the editor: Save with encoding).",
        ),
        (
            b"a" * (16 * 2**20 + 1), "report.txt",
            "report.txt:1:1: the file is larger than 16 MiB; found 16.0 MiB; split the report into several briefs.",
        ),
        (
            b"<div>" * 300 + b"deep", "report.html",
            "report.html nests its elements more than 255 levels deep, and a part of it would be lost; save its text"
            " as .txt or .md, and import that.",
        ),
    ],
    ids=lambda value: value[:20] if isinstance(value, str) else "",
)  # fmt: skip
def test_what_cannot_be_imported_is_refused_with_the_cure(data: bytes, name: str, sentence: str) -> None:
    with pytest.raises(NotImportable) as refused:
        draft(data, name, TODAY)
    assert str(refused.value) == sentence


def test_a_text_without_a_day_of_publication_says_so() -> None:
    found = made(SENTENCE)

    assert found.document.brief.published == TODAY
    assert (
        "The text names no day of publication; the draft says 2036-11-24, the day of the import."
        in found.notes.left
    )


def test_a_report_without_headings_and_recommendations_says_so() -> None:
    assert made(SENTENCE).notes.left == [
        "The text has no headings; write them into report.md as lines that begin with ##.",
        "The text names no day of publication; the draft says 2036-11-24, the day of the import.",
        "No recommendation was found; add them where the report makes any.",
    ]


def test_advice_outside_such_a_section_is_proposed_with_the_word_it_rests_on() -> None:
    found = made(f"{SENTENCE} The Board should rebuild it.")

    assert [each.quote for each in found.document.brief.recommendations] == ["The Board should rebuild it."]
    assert (
        "no heading announces recommendations; this sentence says “should”." in found.document.yaml.decode()
    )


def test_may_is_a_month_or_a_judgement_by_its_place() -> None:
    brief = made(f"{SENTENCE} May is stormy. It may rain.").document.brief

    assert [(each.likelihood, each.quote) for each in brief.judgements] == [
        ("may", SENTENCE), ("May", "May is stormy."), ("may", "It may rain."),
    ]  # fmt: skip


def test_what_looks_like_markup_of_the_report_stays_text() -> None:
    found = made("# no heading here.\n\n<!-- passage x --> said he.\n\n- - a dash.\n\n* a star", "report.txt")

    assert [each.text for each in found.document.source.passages.values()] == [
        "# no heading here.", "<!-- passage x --> said he.", "- a dash.", "a star",
    ]  # fmt: skip


def large(kind: str, size: int) -> str:
    begin, end = ("<p>", "</p>\n") if kind == "html" else ("", "\n\n")
    words = " ".join([SENTENCE] * 4)
    return "".join(f"{begin}In year {number} of the record, {words}{end}" for number in range(size // 385))


@pytest.mark.parametrize("kind", ["md", "txt", "html"])
def test_a_quarter_of_a_megabyte_is_imported_in_reasonable_time(kind: str) -> None:
    started = time.process_time()
    found = made(large(kind, 250_000), f"report.{kind}")

    assert len(found.document.source.passages) == 250_000 // 385
    assert time.process_time() - started < 20


def test_a_report_that_names_too_much_says_how_much_was_left_out() -> None:
    found = made(large("txt", 38_500) + "The pier will be repaired.\n\n" * 100)
    brief = found.document.brief

    assert (len(brief.watch_dates), len(brief.judgements)) == (100, 200)
    assert found.notes.left[-2:] == [
        "100 more dates were found than are proposed; split the report into several briefs, or add those that matter.",
        "300 more words of likelihood were found than are proposed; split the report into several briefs, or add the"
        " judgements that matter.",
    ]


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["md", "txt", "html"])
def test_five_megabytes_are_imported_in_reasonable_time(kind: str) -> None:
    started = time.process_time()
    found = made(large(kind, 5_000_000), f"report.{kind}")

    assert len(found.document.source.passages) == 5_000_000 // 385
    assert time.process_time() - started < 60


@pytest.mark.parametrize(
    "text",
    [
        "de-\n\n" * 5_000, "HARBOUR OUTLOOK\n" * 5_000, "12\n\nwords\n\n" * 2_000, "a" * 200_000, "-" * 200_000,
        "word[1] " * 5_000, "¹ x\n\n" * 5_000, "it may be, and it could, " * 4_000, "2024 " * 10_000, "[" * 30_000,
        "![" * 10_000, "*a " * 10_000, "> " * 5_000, "|a" * 5_000 + "\n" + "|-" * 5_000, "<ol>" + "<li>x" * 5_000,
        "<!--" * 20_000 + "x", "<table><tr>" + "<td>a" * 5_000 + "<tr><td>b<td>c",
    ],
    ids=lambda text: text[:8].strip(),
)  # fmt: skip
@pytest.mark.parametrize("kind", ["md", "txt", "html"])
def test_what_repeats_without_end_hangs_nothing(text: str, kind: str) -> None:
    started = time.process_time()
    try:
        made(text, f"report.{kind}")
    except NotImportable as refused:
        said = str(refused)
        assert said.startswith(f"report.{kind} ")
    assert time.process_time() - started < 20


WORDS = st.sampled_from(
    [
        SENTENCE, "## Heading", "# Title", "- item", "12", "[^1]", "[^1]: Note", "¹", "de-", "\f", "<p>", "<!--", "-->",
        "{", "}", "&amp;", "<table><tr><td>a<td>b<tr><td>c", "will", "May 2031", "2 June", "should", '"', "'", "\\",
        "| a | b |", "|---|---|", "***", "Figure 1: x", "é", "漢字。", "\u2028", "\u00ad", "\u0085", "\ue000", ": ",
        "# c", "%", "@", "!", "&", "*", "?", "null", "~", "0x1F", "1:30", "a" * 90,
    ]
)  # fmt: skip
GAPS = st.sampled_from(["\n\n", "\n", " ", ""])
KINDS = st.sampled_from(["md", "txt", "html"])


# A draft is read back as the check reads it, and a brief that is no brief raises BriefFaults.
@settings(deadline=None)
@given(st.lists(st.tuples(WORDS, GAPS), min_size=1, max_size=24), KINDS)
def test_every_draft_passes_the_check(words: list[tuple[str, str]], kind: str) -> None:
    text = "".join(word + gap for word, gap in words)
    try:
        found = made(text, f"report.{kind}")
    except NotImportable:
        return
    assert found.document.source.passages
    assert found.unconfirmed >= 6


@settings(deadline=None)
@given(st.text(min_size=1, max_size=200), KINDS)
def test_any_text_is_drafted_or_refused_in_a_sentence(text: str, kind: str) -> None:
    said = ""
    try:
        made(text.encode("utf-8", "ignore").decode(), f"report.{kind}")
    except NotImportable as refused:
        said = str(refused)
    assert not said or said.startswith(f"report.{kind}")
