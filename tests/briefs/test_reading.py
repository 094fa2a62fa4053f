"""A whole brief from its bytes and from its folder."""

import gc
from collections.abc import Iterator
from dataclasses import FrozenInstanceError
from datetime import date, timedelta
from pathlib import Path

import pytest

from bench.pairs import interleaved, interleaved_async
from bench.reading import make
from briefs.reading import BriefFaults, Document, Fault, read_brief, read_folder
from briefs.schema import CalendarDate, EditorBasis, Precision, Quote
from briefs.source import find_quote
from tests.briefs.sample import SAMPLE_REPORT, SAMPLE_YAML

YAML, REPORT = SAMPLE_YAML.encode(), SAMPLE_REPORT.encode()


def folder_with(
    folder: Path, yaml: bytes = YAML, report: bytes | None = REPORT, name: str = "report.md"
) -> Path:
    (folder / "brief.yaml").write_bytes(yaml)
    if report is not None:
        (folder / name).write_bytes(report)
    return folder


def faults_in(folder: Path) -> list[str]:
    with pytest.raises(BriefFaults) as caught:
        read_folder(folder)
    return str(caught.value).splitlines()


def test_the_sample_is_read_with_every_kind_of_part() -> None:
    document = read_brief(YAML, REPORT)
    brief = document.brief
    assert (brief.brief, brief.published, brief.review_every) == (
        "harbour-2025", date(2025, 3, 1), timedelta(days=90),
    )  # fmt: skip
    assert [topic.command for topic in brief.topics] == [
        "town-demands", "sea-level", "flood-outlook", "draft-rules",
    ]  # fmt: skip
    assert [str(each.date or each.yearly_from) for each in brief.watch_dates] == [
        "2025-09-12", "2025-06", "2025-09-10T12:40", "1962-05-14", "2025-11-03",
    ]  # fmt: skip
    assert brief.watch_dates[1].date == CalendarDate(date(2025, 6, 1), Precision.month)
    assert isinstance(brief.watch_dates[0].basis, Quote)
    assert isinstance(brief.watch_dates[2].basis, EditorBasis)
    assert [judgement.outcome.result for judgement in brief.judgements] == ["open", "open", "open", "partly"]
    assert [note.kind for note in brief.notes] == ["erratum", "development", "comment"]
    assert [entry.questions for entry in brief.answers["gauge-1"]] == [
        ("Since when has the tide been measured?",)
    ]


def test_a_document_keeps_the_exact_bytes_and_cannot_be_changed() -> None:
    document = read_brief(YAML, REPORT)
    assert (document.yaml, document.report) == (YAML, REPORT)
    with pytest.raises(FrozenInstanceError):
        document.yaml = b""  # type: ignore[misc]


def test_every_quote_of_the_sample_stands_in_the_report() -> None:
    document = read_brief(YAML, REPORT)
    for topic in document.brief.topics:
        for quote in (topic.lead, *topic.points):
            passage = document.source.passages[quote.passage]
            assert find_quote(passage, quote.quote) is not None


def test_faults_carry_the_names_of_the_files_that_were_given() -> None:
    with pytest.raises(BriefFaults) as caught:
        read_brief(b"", b"", "mine.yaml", "theirs.md")
    assert [fault.file for fault in caught.value.faults] == ["mine.yaml", "theirs.md"]


def test_faults_are_sorted_by_their_place_and_given_once() -> None:
    later, sooner = Fault("b.yaml", 9, 1, "x", "p", "c"), Fault("b.yaml", 2, 7, "x", "p", "c")
    other = Fault("a.md", 30, 1, "x", "p", "c")
    faults = BriefFaults([later, sooner, later, other])
    assert faults.faults == (other, sooner, later)
    assert str(faults) == "a.md:30:1: p; found x; c\nb.yaml:2:7: p; found x; c\nb.yaml:9:1: p; found x; c"


def test_a_folder_is_read(tmp_path: Path) -> None:
    assert read_folder(folder_with(tmp_path)) == read_brief(YAML, REPORT)


def test_the_report_may_have_any_name_that_the_brief_gives(tmp_path: Path) -> None:
    yaml = YAML.replace(b"source: report.md", b"source: tides.md")
    assert read_folder(folder_with(tmp_path, yaml, name="tides.md")).brief.source == "tides.md"


def test_a_folder_without_a_brief_says_so(tmp_path: Path) -> None:
    assert faults_in(tmp_path) == [
        "brief.yaml:1:1: the file is missing; found no such file; put it into the brief's folder"
    ]


def test_a_missing_report_is_named_beside_the_faults_of_the_brief(tmp_path: Path) -> None:
    yaml = YAML.replace(b"source: report.md", b"source: tides.md").replace(b"language: en", b"language: NO")
    assert faults_in(folder_with(tmp_path, yaml)) == [
        "brief.yaml:8:11: a language is two lowercase letters, and a country's two capitals where they matter; "
        'found "NO"; write language: en, or pt-BR',
        "tides.md:1:1: the file is missing; found no such file; "
        "put it into the brief's folder, or correct source: in brief.yaml",
    ]


def test_a_report_outside_the_folder_is_never_opened(tmp_path: Path) -> None:
    inner = tmp_path / "brief"
    inner.mkdir()
    (tmp_path / "secret.md").write_text("<!-- passage a -->\nSecret.\n")
    yaml = YAML.replace(b"source: report.md", b"source: ../secret.md")
    assert faults_in(folder_with(inner, yaml)) == [
        'brief.yaml:12:9: source is the name of a Markdown file beside the brief; found "../secret.md"; '
        "write source: report.md"
    ]


def test_a_brief_that_is_no_file_says_so(tmp_path: Path) -> None:
    (tmp_path / "brief.yaml").mkdir()
    assert faults_in(tmp_path) == [
        "brief.yaml:1:1: the file cannot be read; found is a directory; make it a file that the bot may read"
    ]


@pytest.fixture
def collector_on() -> Iterator[None]:
    gc.enable()
    yield
    gc.enable()


@pytest.mark.usefixtures("collector_on")
@pytest.mark.parametrize("yaml", [YAML, b"", b"[" * 1000])
def test_the_collector_is_as_it_was_after_reading(yaml: bytes) -> None:
    def read() -> Document | None:
        try:
            return read_brief(yaml, REPORT)
        except BriefFaults:
            return None

    read()
    assert gc.isenabled()
    gc.disable()
    read()
    assert not gc.isenabled()


def test_the_brief_of_the_bench_is_large_right_and_always_the_same() -> None:
    yaml, report = make(40)
    assert make(40) == (yaml, report)
    assert len(yaml) > 40 * 1000
    assert len(read_brief(yaml, report).brief.sections) == 40


async def test_pairs_are_measured_in_turns_and_their_median_is_told() -> None:
    ours, theirs = iter([99.0, 1.0, 3.0, 2.0]), iter([99.0, 1.0, 1.0, 1.0])
    ratio = interleaved(lambda: next(ours), lambda: next(theirs), pairs=3)
    assert str(ratio) == "2.00 (1.00-3.00)"

    async def two() -> float:
        return 2.0

    async def four() -> float:
        return 4.0

    assert (await interleaved_async(two, four, pairs=2)).median == 0.5
