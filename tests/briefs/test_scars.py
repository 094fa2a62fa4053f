"""What a page's layout does to a text, scar by scar: what is repaired, and what must stay as it is."""

from datetime import date

import pytest

from briefs.importing.blocks import Block
from briefs.importing.draft import draft
from briefs.importing.reading import read_report
from briefs.importing.repair import repaired

LONG = "The harbour office counts every ship that passes the pier and publishes the figures each week"


def blocks(text: str, name: str = "report.txt") -> list[Block]:
    return list(repaired(read_report(text.encode(), name)).blocks)


def texts(text: str, name: str = "report.txt") -> list[str]:
    return [block.text for block in blocks(text, name)]


def kinds(text: str, name: str = "report.txt") -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in blocks(text, name)]


def left(text: str, name: str = "report.txt") -> list[str]:
    return repaired(read_report(text.encode(), name)).notes.left


# --- hyphens --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        # A syllable's end loses its hyphen.
        ("the hurdles to de-\nnuclearization have grown", "the hurdles to denuclearization have grown"),
        ("it is for the govern-\nment to say", "it is for the government to say"),
        # Before a capital or a figure it belongs to the word.
        ("the talks on Japan-\nROK relations", "the talks on Japan-ROK relations"),
        ("since the COVID-\n19 years", "since the COVID-19 years"),
        ("the US-\nled mission", "the US-led mission"),
        ("the Japan-US-\nROK summit", "the Japan-US-ROK summit"),
        # So it does in the first halves of compounds.
        ("a second-\nstrike capability", "a second-strike capability"),
        ("a long-\nrange bomber", "a long-range bomber"),
        # The report's own way of writing the word decides first.
        ("a co-operative and its co-\noperative bank", "a co-operative and its co-operative bank"),
        ("one self-same day; the selfsame self-\nsame day", "one self-same day; the selfsame self-same day"),
        ("Russia holds on; the Russia-\nbacked side", "Russia holds on; the Russia-backed side"),
        # A dash is no hyphen.
        ("the pier – or what is -\nleft of it", "the pier – or what is - left of it"),
        # A soft hyphen and Unicode's own hyphen.
        ("the govern\u00ad\nment of a har\u00adbour", "the government of a harbour"),
        ("the govern\u2010\nment of it", "the government of it"),
    ],
)  # fmt: skip
def test_a_word_cut_at_a_lines_end_is_whole_again(broken: str, whole: str) -> None:
    assert texts(f"We see that {broken} today.") == [f"We see that {whole} today."]


def test_a_word_cut_over_a_page_is_whole_again() -> None:
    text = f"{LONG}, and the govern-\n\f\nment reads them.\n"

    assert texts(text) == [f"{LONG}, and the government reads them."]


# --- paragraphs -----------------------------------------------------------------------------------


def test_a_paragraph_cut_over_a_page_is_one_again() -> None:
    assert texts(f"{LONG}, which nobody\n\nreads to the end.") == [f"{LONG}, which nobody reads to the end."]


def test_a_paragraph_goes_on_with_a_capital_after_a_word_that_leads_on() -> None:
    assert texts(f"{LONG} for the\n\nHarbour Board to read.") == [f"{LONG} for the Harbour Board to read."]


def test_two_whole_paragraphs_stay_two() -> None:
    assert texts(f"{LONG}.\n\nthe Board said nothing.") == [f"{LONG}.", "the Board said nothing."]


def test_short_lines_without_marks_are_not_run_together() -> None:
    assert texts("herring\n\ncod and haddock\n\nplaice") == ["herring", "cod and haddock", "plaice"]


def test_a_paragraph_that_stops_too_early_is_named() -> None:
    text = f"{LONG}. {LONG}. {LONG}. {LONG} but Aldmouth\n\nNobody knows why the sentence ends."

    assert left(text)[0] == (
        "A paragraph stops without a full stop at “…the figures each week but Aldmouth”; “Nobody knows why"
        " the sentence ends.” follows; join what belongs to it."
    )


# --- captions -------------------------------------------------------------------------------------


def test_a_caption_between_two_halves_of_a_sentence_follows_the_paragraph() -> None:
    text = f"{LONG}, and the hurdles to de-\n\nFigure 2: Ships at the pier (Photo: Board)\n\nnuclearization grow."

    assert kinds(text) == [
        ("paragraph", f"{LONG}, and the hurdles to denuclearization grow."),
        ("caption", "Figure 2: Ships at the pier (Photo: Board)"),
    ]


def test_a_caption_line_inside_a_paragraph_is_taken_out() -> None:
    text = f"{LONG},\nFigure 3: Ships by flag\nand nobody reads them."

    assert kinds(text) == [
        ("paragraph", f"{LONG}, and nobody reads them."),
        ("caption", "Figure 3: Ships by flag"),
    ]


def test_a_sentence_that_begins_with_a_figures_name_is_no_caption() -> None:
    text = "Figure 3 shows the ships by flag.\n\nTable manners matter at sea."

    assert kinds(text) == [
        ("paragraph", "Figure 3 shows the ships by flag."),
        ("paragraph", "Table manners matter at sea."),
    ]


# --- running heads and page numbers ---------------------------------------------------------------

HEAD = "HARBOUR OUTLOOK 2031"


def test_a_running_head_in_the_middle_of_a_paragraph_is_taken_out() -> None:
    text = f"{LONG} for the\n{HEAD}\nBoard.\n\nIt is read in spring and in\n12\n{HEAD}\nautumn too.\n"

    assert texts(text) == [f"{LONG} for the Board.", "It is read in spring and in autumn too."]


def test_running_heads_with_page_numbers_of_their_own_are_taken_out() -> None:
    pages = [f"{HEAD} | {number}\n\n{LONG} in part {number}." for number in (7, 8, 9)]

    assert texts("\f".join(pages)) == [f"{LONG} in part {number}." for number in (7, 8, 9)]


def test_page_numbers_that_count_on_are_taken_out() -> None:
    text = f"{LONG} once.\n\n- 4 -\n\n{LONG} twice.\n\n- 5 -\n\n{LONG} thrice.\n"

    assert texts(text) == [f"{LONG} once.", f"{LONG} twice.", f"{LONG} thrice."]


def test_years_that_stand_alone_stay() -> None:
    text = f"2019\n\n{LONG}.\n\n2020\n\n{LONG} again.\n"

    assert [each for each in texts(text) if each.isdigit()] == ["2019", "2020"]


def test_a_line_that_repeats_without_a_page_around_it_stays_and_is_named() -> None:
    text = "".join(
        f"Speaker from the Board\n\n{LONG} in {year}.\n\n" for year in ("spring", "summer", "winter")
    )

    assert texts(text).count("Speaker from the Board") == 3
    assert left(text)[0] == (
        "The line “Speaker from the Board” stands in 3 places; take it out where it is a running head."
    )


def test_headings_that_repeat_stay() -> None:
    text = "".join(f"## Summary\n\n{LONG} in part {part}.\n\n" for part in "abc")

    assert [text for kind, text in kinds(text, "report.md") if kind == "heading"] == ["Summary"] * 3


# --- footnotes ------------------------------------------------------------------------------------


@pytest.mark.parametrize("mark", ["[1]", " [1]", "¹", "1"])
def test_a_numbered_footnote_mark_is_taken_out_and_its_note_kept(mark: str) -> None:
    text = f"{LONG}.{mark} The Board reads them\n\n[1] Register of Ships, 2030.\n\nwith care.\n"

    assert kinds(text) == [
        ("paragraph", f"{LONG}. The Board reads them with care."),
        ("footnote", "Register of Ships, 2030."),
    ]


def test_markdowns_own_footnotes_are_read() -> None:
    text = f"{LONG}.[^a] The end.\n\n[^a]: Register of Ships.\n"

    assert kinds(text, "report.md") == [
        ("paragraph", f"{LONG}. The end."),
        ("footnote", "Register of Ships."),
    ]


def test_numbers_that_lead_to_no_footnote_stay() -> None:
    text = f"{LONG} over 12 m² of deck. The G7 met in 2030, as paragraph [4] says.\n"

    assert texts(text) == [text.strip()]


def test_wordss_footnotes_are_read() -> None:
    page = (
        f'<body><p>{LONG}.<a href="#_ftn1" name="_ftnref1"><span>[1]</span></a> The end.</p>'
        '<div id="ftn1"><p class="MsoFootnoteText"><a href="#_ftnref1" name="_ftn1">[1]</a>'
        " Register of Ships.</p></div>"
    )

    assert kinds(page, "report.html") == [
        ("paragraph", f"{LONG}. The end."),
        ("footnote", "Register of Ships."),
    ]


# --- characters -----------------------------------------------------------------------------------


def test_ligatures_and_odd_spaces_are_plain_and_curly_quotes_stay() -> None:
    assert texts("The “oﬃcial” ﬁgures\u00a0are\u2009ﬂat; it’s so.\u200b") == [
        "The “official” figures are flat; it’s so."
    ]


def test_windows_line_ends_and_a_byte_order_mark_change_nothing() -> None:
    unix = f"# Ships\n\n{LONG},\nand reads them.\n\n- one\n- two\n"
    windows = "\ufeff" + unix.replace("\n", "\r\n")

    assert kinds(windows, "report.md") == kinds(unix, "report.md")
    assert [text for _, text in kinds(unix, "report.md")] == [
        "Ships",
        f"{LONG}, and reads them.",
        "one",
        "two",
    ]


def test_japanese_lines_are_joined_without_a_space() -> None:
    assert texts("日韓関係は今後も\n改善が続く。") == ["日韓関係は今後も改善が続く。"]


# --- headings, lists, tables ----------------------------------------------------------------------


def test_a_bullet_in_a_heading_goes() -> None:
    assert kinds(f"## • The pier ##\n\n{LONG}.", "report.md")[0] == ("heading", "The pier")


def test_headings_of_plain_text_are_guessed_and_named() -> None:
    text = f"THE PIER\n\n{LONG}.\n\n2. Ships and their flags\n\n{LONG} too.\n"

    assert [text for kind, text in kinds(text) if kind == "heading"] == [
        "THE PIER",
        "2. Ships and their flags",
    ]
    assert left(text) == [
        "These lines are taken for headings: “THE PIER”, “2. Ships and their flags”; make paragraphs of the others."
    ]


def test_items_of_every_kind_of_list_are_items() -> None:
    text = "• one ship\n• two ships\n\n1. first\n2) second\n- last of all,\n  on two lines\n"

    assert kinds(text) == [
        ("item", "one ship"), ("item", "two ships"), ("item", "first"), ("item", "second"),
        ("item", "last of all, on two lines"),
    ]  # fmt: skip


def test_a_table_that_lays_out_the_page_is_read_as_text() -> None:
    page = f"<table><tr><td>Menu</td><td><h2>Ships</h2><p>{LONG}.</p><p>The end.</p></td></tr></table>"

    assert kinds(page, "report.html") == [
        ("paragraph", "Menu"), ("heading", "Ships"), ("paragraph", f"{LONG}."), ("paragraph", "The end."),
    ]  # fmt: skip


def test_powers_in_html_stay_and_hidden_text_goes() -> None:
    page = '<p>The deck has 12 m<sup>2</sup>.</p><p hidden>x</p><p style="display: none">y</p>'

    assert texts(page, "report.html") == ["The deck has 12 m²."]


# --- what is left to a person ---------------------------------------------------------------------


def drafted_notes(text: str, name: str = "report.md") -> list[str]:
    return draft(text.encode(), name, date(2036, 11, 24)).notes.left


def test_a_large_table_is_left_out_and_named() -> None:
    rows = "".join(f"| ship {number} | {number} | yes |\n" for number in range(30))
    text = f"## Ships\n\n{LONG}.\n\n| name | length | flag |\n|---|---|---|\n{rows}"

    assert (
        "A table of 31 rows that begins with “name | length | flag” is left out; write what matters of it as"
        " sentences." in drafted_notes(text)
    )


def test_a_heading_without_a_paragraph_is_named() -> None:
    assert (
        "The heading “Part one” has no paragraph of its own and is left out; write it into the heading below it where"
        " it is needed." in drafted_notes(f"## Part one\n\n## Ships\n\n{LONG}.\n")
    )


def test_a_footnote_that_no_mark_leads_to_is_named() -> None:
    page = f'<p>{LONG}.</p><ol><li id="fn2">Register of Ships.</li></ol>'

    assert left(page, "report.html") == [
        "Footnote 2 has no mark in the text; say which sentence it belongs to.",
        "The text has no headings; write them into report.md as lines that begin with ##.",
    ]


def test_a_number_that_stands_alone_stays_and_is_named() -> None:
    text = f"{LONG}.\n\n17\n\nThe Board reads them.\n"

    assert "17" in texts(text)
    assert left(text)[0] == "The line “17” stands alone; take it out where it is a page's number."
