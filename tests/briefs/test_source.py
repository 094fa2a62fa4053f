"""The report's passages, and where quotes stand in them."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefs.faults import BriefFaults
from briefs.folding import fold, folded_span
from briefs.source import Passage, Source, find_quote, nearest, read_source
from tests.briefs.sample import SAMPLE_REPORT

# Signs at which folding has something to do: accents apart, Korean syllables in parts, ligatures, fractions,
# spaces of every kind, quotation marks, dashes, the ellipsis, soft hyphens and zero-width characters.
SIGNS = (
    "ab cé e\u0301\u0327ㅎ\u1112\u1161\u11ab한ﬁ½…“”‘’«»–—-\u2011\u00ad\u200b\u2060\ufeff\u00a0\u2003\n\t "
    "´Å\u212b\uff21ﾊﾞ"
)
texts = st.text(alphabet=st.sampled_from(SIGNS), max_size=30)


def passage(text: str, name: str = "dialogue-1") -> Passage:
    return Passage(name, "Talks", text, "passage", 1)


def faults_of(report: str) -> list[str]:
    with pytest.raises(BriefFaults) as caught:
        read_source(report)
    return str(caught.value).splitlines()


def test_the_sample_report_is_read_in_its_order() -> None:
    source = read_source(SAMPLE_REPORT)
    assert list(source.passages) == [
        "dated", "gauge-1", "gauge-photo", "gauge-2", "water-1", "water-2", "talks-1", "talks-2",
        "recommend-survey", "recommend-warning",
    ]  # fmt: skip
    assert source.headings == (
        "The gauge and its record", "What the water is likely to do", "The talks with the town", "Recommendations",
    )  # fmt: skip
    assert source.passages["dated"] == Passage(
        "dated", "", "Merrow Harbour Observatory, 1 March 2025", "imprint", 2
    )
    assert source.passages["gauge-photo"].kind == "caption"


def test_a_line_break_inside_a_paragraph_is_one_space_and_all_else_is_verbatim() -> None:
    report = "## Talks\n\n<!-- passage a -->\nThe  “town”\u00a0– asks:\r\nnow … \n\n"
    assert read_source(report).passages["a"].text == "The  “town”\u00a0– asks: now … "


def test_a_list_item_loses_its_dash_and_its_indentation() -> None:
    report = "## Do\n\n<!-- passage a -->\n- Survey the pier\n  before winter.\n<!-- passage b -->\n- Warn.\n"
    source = read_source(report)
    assert [each.text for each in source.passages.values()] == ["Survey the pier before winter.", "Warn."]


def test_a_comment_that_names_nothing_is_no_part_of_the_text() -> None:
    report = "<!-- licence: see the readme -->\n\n## Do\n\n<!-- passage a -->\n\nWarn.\n"
    assert read_source(report).passages["a"].line == 7


def test_a_paragraph_without_an_id_is_named_with_its_line() -> None:
    assert faults_of("## Talks\n\nNobody named this paragraph.\n\n<!-- passage a -->\nText.\n") == [
        'report.md:3:1: a paragraph of the report has no id; found "Nobody named this paragraph."; '
        "write a line like <!-- passage dialogue-1 --> before it"
    ]


def test_a_second_list_item_needs_an_id_of_its_own() -> None:
    assert faults_of("<!-- passage a -->\n- One.\n- Two.\n") == [
        'report.md:3:1: a paragraph of the report has no id; found "Two."; '
        "write a line like <!-- passage dialogue-1 --> before it"
    ]


def test_an_id_used_twice_names_both_lines() -> None:
    assert faults_of("<!-- passage a -->\nOne.\n\n<!-- caption a -->\nTwo.\n") == [
        'report.md:4:1: two paragraphs of the report have the same id; found "a", which is also the paragraph '
        "of line 2; give one of them another id, like a-2"
    ]


@pytest.mark.parametrize("name", ["Dialogue_1", "a b", "", "a--b", "x" * 65, "é"])
def test_a_bad_id_is_refused(name: str) -> None:
    [fault] = faults_of(f"<!-- passage {name} -->\nOne.\n")
    assert fault.startswith(
        "report.md:1:1: a passage's id is lowercase letters and digits joined by single hyphens, "
        "64 characters at most; found "
    )
    assert fault.endswith("; write it like <!-- passage dialogue-1 -->")


@pytest.mark.parametrize(
    "after", ["", "\n## Next\n\n<!-- passage b -->\nText.\n", "<!-- passage b -->\nText.\n", "- \n"]
)
def test_an_id_without_a_paragraph_is_refused(after: str) -> None:
    assert faults_of(f"<!-- passage a -->\n{after}")[0] == (
        'report.md:1:1: an id of the report names no paragraph; found "passage a"; '
        "write the paragraph below it, or take the line out"
    )


def test_a_heading_of_another_level_is_refused() -> None:
    assert faults_of("### Talks\n\n<!-- passage a -->\nOne.\n") == [
        "report.md:1:1: a heading of the report is written with two number signs and its words; "
        'found "### Talks"; write it like ## Talks'
    ]


def test_a_heading_without_a_paragraph_is_refused() -> None:
    assert faults_of("## Talks\n## Water\n\n<!-- passage a -->\nOne.\n") == [
        'report.md:1:1: a heading of the report has no paragraph below it; found "Talks"; '
        "write its paragraph, or take the heading out"
    ]


def test_a_comment_over_several_lines_is_refused() -> None:
    assert faults_of("<!-- passage a -->\nOne.\n\n<!-- hidden\n\n")[0] == (
        'report.md:4:1: a comment of the report stands alone on one line; found "<!-- hidden"; close it with --> '
        "at the end of the line, like <!-- passage dialogue-1 -->, and write the text below it"
    )


def test_an_empty_report_says_what_to_write() -> None:
    assert faults_of("\n \n") == [
        "report.md:1:1: the report holds no passage; found no paragraph with an id; "
        "write <!-- passage dialogue-1 --> on a line of its own before each paragraph"
    ]


def test_all_faults_of_a_report_come_at_once() -> None:
    report = "# A\n\nNo id.\n\n<!-- passage X -->\nOne.\n\n<!-- passage b -->\nTwo.\n\n<!-- passage b -->\nThree.\n"
    lines = [fault.split(":")[1] for fault in faults_of(report)]
    assert lines == ["1", "3", "5", "11"]


@pytest.mark.parametrize(
    ("text", "quote", "found"),
    [
        ("Kim would ask for three things.", "would ask", "would ask"),
        ("the harbour’s benchmark", "harbour's benchmark", "harbour’s benchmark"),
        ("the “hundred-year” flood", 'the "hundred-year" flood', "the “hundred-year” flood"),
        ("a year – a little", "a year - a little", "a year – a little"),
        ("a year - a little", "a year — a little", "a year - a little"),
        ("so far… but", "far... but", "far… but"),
        ("the  sea\u00a0rises", "the sea rises", "the  sea\u00a0rises"),
        ("de\u00adnuclear\u200bization now", "denuclearization", "de\u00adnuclear\u200bization"),
        ("denuclearization", "de\u00adnuclearization", "denuclearization"),
        ("cafe\u0301 talks", "café", "cafe\u0301"),
        ("the \ufb01rst", "first", "\ufb01rst"),
        (unicodedata.normalize("NFD", "조선 한국 회담"), "한국", unicodedata.normalize("NFD", "한국")),
        ("the sea", "  the sea\n", "the sea"),
    ],
)
def test_a_quote_is_found_however_it_was_typed(text: str, quote: str, found: str) -> None:
    span = find_quote(passage(text), quote)
    assert span is not None
    assert text[slice(*span)] == found


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("Kim would ask", "kim would ask"),
        ("Kim would ask", "Kim could ask"),
        ("cafe\u0301 talks", "cafe"),
        ("½ of it", "1"),
        (unicodedata.normalize("NFD", "한국"), unicodedata.normalize("NFD", "하")),
        ("so far…", "far.."),
        ("the sea", ""),
        ("the sea", " \u200b"),
    ],
)
def test_what_does_not_stand_there_is_not_found(text: str, quote: str) -> None:
    assert find_quote(passage(text), quote) is None


def test_a_letter_is_found_where_it_stands_without_an_accent() -> None:
    assert find_quote(passage("cafe\u0301 cafe"), "cafe") == (6, 10)


@given(texts, st.integers(0, 30), st.integers(0, 30), texts)
def test_every_span_folds_to_its_quote(text: str, start: int, end: int, other: str) -> None:
    for quote in (text[start:end], fold(text)[start:end], other):
        span = find_quote(passage(text), quote)
        if span is not None:
            assert fold(text[slice(*span)]) == fold(quote)
            assert fold(quote)


@given(texts, texts, texts)
def test_what_stands_between_spaces_is_always_found(before: str, quote: str, after: str) -> None:
    text = f"{before} x{quote}x {after}"
    assert find_quote(passage(text), f"x{quote}x") is not None
    assert find_quote(passage(text), fold(f"x{quote}x")) is not None
    assert folded_span(text, fold(f"x{quote}x")) is not None


@given(texts)
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_text_can_be_searched(text: str, quote: str) -> None:
    span = find_quote(passage(text), quote)
    assert span is None or fold(text[slice(*span)]) == fold(quote)


def test_a_misquote_names_the_nearest_words_and_their_passage() -> None:
    source = read_source(SAMPLE_REPORT)
    found = nearest(source, "the habour office has agreed with none of them")
    assert (found.passage, found.text) == ("talks-1", "The harbour office has agreed to none of them")
    assert 80 < found.score < 100


def test_a_source_without_passages_has_nothing_near() -> None:
    assert nearest(Source({}), "anything").text == ""


@given(st.text(min_size=1, max_size=60))
def test_the_nearest_text_stands_in_its_passage_and_cuts_no_word(quote: str) -> None:
    source = read_source(SAMPLE_REPORT)
    found = nearest(source, quote)
    text = source.passages[found.passage].text
    assert found.text in text
    assert f" {found.text} " in f" {text} " or not found.text
