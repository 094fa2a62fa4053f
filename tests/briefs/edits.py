"""One edit of each kind, made upon any hand in which the sample's brief is written."""

from collections.abc import Callable
from datetime import date
from difflib import SequenceMatcher

from briefs.editing import (
    Edited,
    add_note,
    add_occurrence_outcome,
    add_question,
    add_watch_date,
    set_outcome,
    set_reviewed,
)
from tests.briefs.sample import SAMPLE_REPORT

REPORT = SAMPLE_REPORT.encode()
DEMAND = "The harbour office has agreed to none of them so far"
Edit = Callable[[bytes], Edited]


def note(yaml: bytes, text: str = "The draft came out.", **other: str) -> Edited:
    given = {"kind": "comment", "date": "2025-06-03", "source": "https://example.org/draft"} | other
    return add_note(yaml, REPORT, text=text, touches=["talks-2", "draft-rules"], **given)


def watch_date(yaml: bytes, title: str = "Vote on the quay", report: bytes = REPORT, **other: str) -> Edited:
    basis = {"editor": "Announced after the report", "source": "https://example.org/vote"}
    given = {"date": "2026-03-01", "zone": "Europe/London"} | other
    return add_watch_date(
        yaml, report, title=title, basis=basis, remind=["7d", "0d"], touches=["talks"], **given
    )


def happened(yaml: bytes, text: str = "Nobody came.", when: str = "2025-05-14") -> Edited:
    return add_occurrence_outcome(
        yaml, REPORT, "gauge-anniversary", occurrence=when, text=text, source="https://example.org/nobody"
    )


def settled(yaml: bytes, judgement: str = "quay-under-water", **other: str) -> Edited:
    given = {"result": "came true", "on": "2026-11-30", "source": "https://example.org/days"} | other
    return set_outcome(yaml, REPORT, judgement, **given)


def reviewed(yaml: bytes) -> Edited:
    return set_reviewed(yaml, REPORT, date(2025, 7, 1))


def asked(
    yaml: bytes, passage: str = "talks-2", question: str = "Who came: the mayor?", quote: str = ""
) -> Edited:
    return add_question(yaml, REPORT, passage, question, quote)


EDITS: dict[str, Edit] = {
    "note": note,
    "watch date": watch_date,
    "occurrence": happened,
    "outcome": settled,
    "outcome in brackets": lambda yaml: settled(yaml, "great-flood", note="Once, in May."),
    "outcome that stands": lambda yaml: settled(yaml, "quay-height"),
    "reviewed": reviewed,
    "question": asked,
    "question of a passage that has some": lambda yaml: asked(yaml, "talks-1", quote=DEMAND),
}


def lost(old: bytes, new: bytes) -> list[bytes]:
    """The lines of the old text that do not stand in the new one, in their order and byte for byte.

    Only a last line that had no end may have got one.
    """
    was, now = lines_of(old), lines_of(new)
    codes = SequenceMatcher(None, was, now, autojunk=False).get_opcodes()
    return [line for kind, first, last, *_ in codes if kind != "equal" for line in was[first:last]]


def lines_of(text: bytes) -> list[bytes]:
    end = b"\r\n" if b"\r\n" in text else b"\n"
    return (text if text.endswith(end) else text + end).splitlines(keepends=True)


# How many lines an edit may touch: one for each value that changes, or goes.
TOUCHES = {
    "outcome in brackets": 2,
    "outcome that stands": 4,
    "reviewed": 1,
    "question of a passage that has some": 1,
}
