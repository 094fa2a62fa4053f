"""Edits that are not made: each is refused in a sentence that says why and what to do."""

from collections.abc import Callable
from datetime import date

import pytest

from briefs.draft import Draft
from briefs.editing import CannotEdit, Edited, set_outcome, set_reviewed
from briefs.faults import BriefFaults
from briefs.splicing import Splice
from tests.briefs.edits import EDITS, REPORT, happened, note, settled, watch_date
from tests.briefs.layouts import body
from tests.briefs.sample import SAMPLE_YAML


def refusal(edit: Callable[[], Edited]) -> str:
    with pytest.raises(CannotEdit) as caught:
        edit()
    return str(caught.value)


def test_what_the_reader_would_refuse_is_not_written() -> None:
    yaml = SAMPLE_YAML.encode()
    assert refusal(lambda: note(yaml, date="2025-13-01")) == (
        "The note was not written: not a date of the calendar (month must be in 1..12); "
        'found "2025-13-01"; write it like 2026-12-18.'
    )
    assert refusal(lambda: note(yaml, kind="development", date="2025-02-28")) == (
        'The note was not written: a development lies before the report was published; found "2025-02-28", '
        "with published: 2025-03-01; write a day on or after 2025-03-01."
    )
    assert refusal(lambda: settled(yaml, on="")) == (
        "The outcome was not written: an outcome other than open needs on: (its day) and source: (a link); "
        "found the keys result, source; write on: 2026-12-31 and source: https://example.org/news."
    )
    assert refusal(lambda: happened(yaml, when="2025-05-15")) == (
        'The outcome was not written: gauge-anniversary does not occur then; found "2025-05-15"; '
        "write the day of an occurrence, like 1963-05-14."
    )
    assert refusal(lambda: set_reviewed(yaml, REPORT, date(2025, 1, 1))) == (
        "The day of review was not written: the brief was reviewed before it was published; found 2025-01-01, "
        "with published: 2025-03-01; write the day of the last review."
    )


def test_an_unknown_part_is_named_with_the_nearest_one() -> None:
    yaml = SAMPLE_YAML.encode()
    assert refusal(lambda: settled(yaml, "quay-underwater")) == (
        "The brief has no judgement quay-underwater. Did you mean quay-under-water?"
    )
    assert refusal(lambda: settled(yaml, "zzz")) == (
        "The brief has no judgement zzz. Write one of quay-under-water, great-flood, market-closed, quay-height."
    )


def test_what_stands_there_already_is_said() -> None:
    yaml = SAMPLE_YAML.encode()
    assert refusal(lambda: set_reviewed(yaml, REPORT, date(2025, 4, 15))) == (
        "The brief says reviewed: 2025-04-15 already, so nothing was changed."
    )
    assert refusal(lambda: happened(yaml, when="2024-05-14")) == (
        "gauge-anniversary has an outcome for 2024-05-14 already; change it in brief.yaml, from line 98 on."
    )
    assert refusal(lambda: set_outcome(yaml, REPORT, "great-flood", result="open")) == (
        "The outcome stands in brief.yaml just so already; nothing was changed."
    )


@pytest.mark.parametrize("edit", EDITS)
def test_a_file_with_anchors_is_not_edited(edit: str) -> None:
    yaml = body(SAMPLE_YAML, "title: Survey the benchmark\n", "title: &survey Survey the benchmark\n")
    assert refusal(lambda: EDITS[edit](yaml)).endswith(
        " was not written: line 30 of brief.yaml names a text for use elsewhere (&survey), and an edit could change it"
        " there too. Write the text out wherever it is used, then try again."
    )


def test_a_faulty_file_is_not_edited() -> None:
    with pytest.raises(BriefFaults, match="the key titel is not known"):
        note(SAMPLE_YAML.encode() + b"titel: x\n")


def test_what_was_meant_is_asked() -> None:
    yaml = SAMPLE_YAML.replace("talks", "talk").encode()
    report = REPORT.replace(b"talks", b"talk")
    with pytest.raises(CannotEdit, match=r'has the id talks; found "talks"; did you mean talk\?$'):
        watch_date(yaml, report=report)


def test_an_edit_that_would_change_something_else_is_not_made() -> None:
    """No file is known that leads there: the last look at every result guards against the unknown ones."""
    draft = Draft(SAMPLE_YAML.encode(), REPORT, "The note")
    at = SAMPLE_YAML.index("title: The talks")
    with pytest.raises(CannotEdit) as caught:
        draft.finish([Splice(at, at + len("title: The talks"), "title: Our talks")], lambda brief: brief)
    assert str(caught.value) == (
        "The note was not written: near line 22 of brief.yaml the YAML is laid out in a way that the bot cannot edit"
        " without touching something else. Make this edit by hand."
    )
