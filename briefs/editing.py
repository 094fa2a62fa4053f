"""Small edits of a brief's YAML: every line that is not edited stays byte for byte.

Each edit takes the two files of a brief and gives the new YAML as a `Document` that was read and found
right. It raises BriefFaults where the files have faults already, and CannotEdit where the edit cannot
be made. Values are given as the YAML has them; the reader judges them.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from briefs.draft import CannotEdit, Draft, Edited
from briefs.marking import N_
from briefs.misses import folded
from briefs.reading import BRIEF_FILE
from briefs.schema import Note, WatchDate

__all__ = [
    "CannotEdit", "Edited", "add_note", "add_occurrence_outcome", "add_question", "add_watch_date", "set_outcome",
    "set_reviewed",
]  # fmt: skip

MAX_SLUG = 40


def add_note(
    yaml: bytes, report: bytes, *, kind: str, date: str, text: str, source: str, touches: Sequence[str],
    id: str | None = None,
) -> Edited:  # fmt: skip
    """Add an editor's note behind the others. Without an `id` it gets a free one, like comment-2026-12-18."""
    draft = Draft(yaml, report, N_("The note"))
    name = id or draft.free_id(f"{kind}-{date}")
    values = {
        "id": name, "kind": kind, "date": date, "text": text, "source": source, "touches": tuple(touches),
    }  # fmt: skip
    return draft.append("notes", values, Note)


def add_watch_date(
    yaml: bytes, report: bytes, *, title: str, basis: Mapping[str, str], date: str | None = None,
    yearly_from: str | None = None, zone: str = "UTC", remind: Sequence[str] = (), touches: Sequence[str] = (),
    id: str | None = None,
) -> Edited:  # fmt: skip
    """Add a watch date behind the others. Without an `id` it gets a free one, made of its title.

    `basis` is {passage, quote} or {editor, source}; one of `date` and `yearly_from` is given.
    """
    draft = Draft(yaml, report, N_("The watch date"))
    values: dict[str, Any] = {
        "id": id or draft.free_id(_slug(title) or "watch-date"), "title": title, "date": date,
        "yearly_from": yearly_from, "zone": zone, "remind": tuple(remind), "basis": dict(basis),
        "touches": tuple(touches),
    }  # fmt: skip
    return draft.append("watch_dates", {key: value for key, value in values.items() if value}, WatchDate)


def add_occurrence_outcome(
    yaml: bytes, report: bytes, watch_date: str, *, occurrence: str, text: str, source: str, on: str | None = None
) -> Edited:  # fmt: skip
    """Record what happened on one occurrence of a watch date, behind what is recorded of others."""
    draft = Draft(yaml, report, N_("The outcome"))
    at = draft.find("watch_dates", watch_date, N_("watch date"))
    part = draft.brief.watch_dates[at]
    if any(str(found.occurrence) == occurrence for found in part.outcomes):
        line = draft.layout.line(draft.part("watch_dates", at))
        raise CannotEdit(
            N_(
                "{id} has an outcome for {occurrence} already; change it in {file}, from line {line} on.",
                id=part.id,
                occurrence=occurrence,
                file=BRIEF_FILE,
                line=line,
            )
        )
    values = {"occurrence": occurrence, "text": text, "on": on, "source": source}
    return draft.append_outcome(at, {key: value for key, value in values.items() if value})


def set_outcome(
    yaml: bytes, report: bytes, judgement: str, *, result: str, on: str | None = None, note: str | None = None,
    source: str | None = None,
) -> Edited:  # fmt: skip
    """Record what became of a judgement, in the place of what was recorded before."""
    draft = Draft(yaml, report, N_("The outcome"))
    at = draft.find("judgements", judgement, N_("judgement"))
    values = {"result": result, "on": on, "note": note, "source": source}
    return draft.set_outcome(at, {key: value for key, value in values.items() if value})


def set_reviewed(yaml: bytes, report: bytes, day: date) -> Edited:
    """Set the day on which the whole report was last reviewed."""
    draft = Draft(yaml, report, N_("The day of review"))
    if draft.brief.reviewed == day:
        raise CannotEdit(N_("The brief says reviewed: {day} already, so nothing was changed.", day=day))
    return draft.set_reviewed(day)


def add_question(yaml: bytes, report: bytes, passage: str, question: str, quote: str = "") -> Edited:
    """List a question among those that a passage answers; `quote` is the sentence or two of it that do."""
    draft = Draft(yaml, report, N_("The question"))
    if passage not in draft.document.source.passages:
        raise CannotEdit(N_("The report has no passage {passage}; nothing was changed.", passage=passage))
    there = (asked for entry in draft.brief.answers.get(passage, ()) for asked in entry.questions)
    if folded(question) in map(folded, there):
        raise CannotEdit(
            N_(
                "{passage} has this question among its answers already, so nothing was changed.",
                passage=passage,
            )
        )
    return draft.append_question(passage, question, quote or None)


def _slug(title: str) -> str:
    """Make an id of a title's words: as many as fit into MAX_SLUG characters."""
    bare = re.sub(r"\{\w+\}", "", title).lower().replace("'", "").replace("’", "")
    slug = ""
    for word in re.findall(r"[a-z0-9]+", bare):
        longer = f"{slug}-{word}" if slug else word
        if len(longer) > MAX_SLUG:
            break
        slug = longer
    return slug
