"""The report's text is the text as it arrived, with its layout scars repaired and nothing else changed."""

import hashlib
import re
from pathlib import Path
from typing import NamedTuple

from briefs.source import read_source

ROOT = Path(__file__).parents[2]
REPORT = ROOT / "briefs" / "korean-peninsula-2024" / "report.md"
AS_IT_ARRIVED = ROOT.parent / "shared" / "source" / "report.md"

SHA256_REPAIRED = "b18e05f004190e474801c56ded974ecd40f8d853ba86a268eacb5ebe732b69de"
SHA256_AS_IT_ARRIVED = "658d4fc004b2cd1a5db8f051744d6df2ce1ccefe92834fbb6830956111a9eada"

CAPTION = "APEC2024: Japan, US and ROK hold summit meeting (Photo: YONHAP NEWS/ Aflo)"


class Repair(NamedTuple):
    """One scar: what it was, how the repaired text reads, how the text arrived."""

    what: str
    repaired: str
    arrived: str


# These are all the differences there are, in the order in which they are undone.
REPAIRS = (
    Repair("the caption moved out of the paragraph that it cut", f"\n\n{CAPTION}\n\n## Yoon", "\n\n## Yoon"),
    Repair(
        "the word hyphenated around the caption",
        "the hurdles to denuclearization have become higher.",
        f"the hurdles to de-\n\n\n\n{CAPTION}\n\nnuclearization have become higher.",
    ),
    Repair(
        "the paragraph cut by the page break", "Pyongyang will not hesitate", "Pyongyang\n\nwill not hesitate"
    ),
    Repair("the bullet in a heading", "## Possibility of US", "## • Possibility of US"),
    Repair(
        "the line of one space under the first heading",
        "missile development\n\nNorth Korea has",
        "missile development\n\n \nNorth Korea has",
    ),
    Repair("the line's end after the last line", "(December 6, 2024)\n", "(December 6, 2024)"),
)


def without_markers(report: str) -> str:
    return re.sub(r"^<!-- (?:passage|caption|imprint) [a-z0-9-]+ -->\n", "", report, flags=re.MULTILINE)


def repaired_text() -> str:
    return without_markers(REPORT.read_bytes().decode("utf-8"))


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def test_undoing_the_named_repairs_gives_the_report_as_it_arrived_to_the_byte() -> None:
    text = repaired_text()
    for repair in REPAIRS:
        assert text.count(repair.repaired) == 1, repair.what
        text = text.replace(repair.repaired, repair.arrived)

    if AS_IT_ARRIVED.is_file():  # it lies beside the repository, so that a clone alone has its checksum only
        assert text == AS_IT_ARRIVED.read_bytes().decode("utf-8")
    assert sha256(text) == SHA256_AS_IT_ARRIVED


def test_the_report_has_the_checksum_of_the_repaired_text() -> None:
    assert sha256(repaired_text()) == SHA256_REPAIRED


def test_a_marker_says_nothing_but_the_kind_and_the_id_of_its_paragraph() -> None:
    assert "<!--" not in repaired_text()


def test_no_scar_is_left_in_any_line() -> None:
    for line in repaired_text().split("\n"):
        assert line == line.strip()
        assert "  " not in line
        assert "•" not in line
        assert not line.endswith("-")
        assert line == "" or line.startswith("## ") or line[-1] in ".)"


def test_the_passages_keep_their_ids_and_their_order() -> None:
    source = read_source(REPORT.read_text(encoding="utf-8"))

    assert [(passage.kind, passage.id) for passage in source.passages.values()] == [
        ("passage", "standstill-1"),
        ("passage", "standstill-2"),
        ("passage", "dialogue-1"),
        ("caption", "dialogue-photo"),
        ("passage", "yoon-1"),
        ("passage", "yoon-2"),
        ("passage", "yoon-3"),
        ("passage", "recommendation-1"),
        ("passage", "recommendation-2"),
        ("passage", "recommendation-3"),
        ("passage", "recommendation-4"),
        ("imprint", "dated"),
    ]


def test_the_paragraph_that_the_photo_cut_is_one_passage_and_its_caption_another() -> None:
    source = read_source(REPORT.read_text(encoding="utf-8"))
    paragraph = source.passages["dialogue-1"].text

    assert paragraph.startswith("The inauguration of the Trump administration could be a turning point")
    assert "Pyongyang will not hesitate to pursue both Russia-North Korea relations and" in paragraph
    assert "Kim would likely demand all of the following" in paragraph
    assert "It must be said that the hurdles to denuclearization have become higher." in paragraph
    assert paragraph.endswith("Pyongyang, regardless of the status of US-North Korea dialogue.")
    assert source.passages["dialogue-photo"].text == CAPTION


def test_the_reader_shows_every_word_of_the_repaired_text() -> None:
    source = read_source(REPORT.read_text(encoding="utf-8"))
    shown = " ".join(text for heading in source.headings for text in (heading, *under(heading)))

    assert shown.split() == [word for word in repaired_text().split() if word not in ("##", "-")]


def under(heading: str) -> list[str]:
    source = read_source(REPORT.read_text(encoding="utf-8"))
    return [passage.text for passage in source.passages.values() if passage.heading == heading]
