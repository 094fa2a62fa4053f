"""`briefbot import`: a report's file to a folder with the draft of a brief, never over one that is there."""

import re
from datetime import date
from pathlib import Path

from briefs.importing.draft import Draft, draft
from briefs.importing.reading import NotImportable
from briefs.importing.told import counts, notes_of
from briefs.reading import BRIEF_FILE, REPORT_FILE
from briefs.schema import ID_PATTERN, Brief

NOTES_FILE = "import-notes.md"
_LONGEST_ID = 64


def import_report(report: Path, id_: str, into: Path, beside: list[Brief], today: date) -> str:
    """Write the draft of a report as a new folder in `into`, and return the sentences for the one who did.

    Raises NotImportable with a sentence where the report cannot be read or the folder is there already.
    `beside` are the briefs whose commands are taken.
    """
    if id_ and not (re.match(ID_PATTERN, id_) and len(id_) <= _LONGEST_ID):
        raise NotImportable(
            f"{id_} is no id of a brief; write lowercase letters and digits joined by hyphens, like --id harbour-2031."
        )
    taken = {topic.command for brief in beside for topic in brief.topics}
    made = draft(_bytes(report), report.name, today, id_, taken)
    known = next((brief for brief in beside if brief.brief == made.id), None)
    if known is not None:
        raise NotImportable(
            f"There is a brief {made.id} already, {known.title}; nothing was written. Give this one another id,"
            f" like --id {made.id}-2."
        )
    return _written(made, report.name, into / made.id)


def _bytes(report: Path) -> bytes:
    try:
        return report.read_bytes()
    except FileNotFoundError:
        raise NotImportable(f"There is no file {report}; give the path of the report.") from None
    except OSError as problem:
        reason = (problem.strerror or type(problem).__name__).lower()
        raise NotImportable(
            f"{report} cannot be read ({reason}); give the path of a file that you may read."
        ) from None


def _written(made: Draft, name: str, folder: Path) -> str:
    try:
        folder.mkdir(parents=True)
    except FileExistsError:
        raise NotImportable(
            f"{folder} exists already; nothing was written. Choose another id with --id, or another place with --into."
        ) from None
    except OSError as problem:
        reason = (problem.strerror or type(problem).__name__).lower()
        raise NotImportable(
            f"{folder} cannot be made ({reason}); choose another place with --into."
        ) from None
    (folder / REPORT_FILE).write_bytes(made.document.report)
    (folder / NOTES_FILE).write_text(notes_of(made, name), "utf-8")
    (folder / BRIEF_FILE).write_bytes(made.document.yaml)
    return _said(made, folder)


def _said(made: Draft, folder: Path) -> str:
    few = {0: "nothing in the text is known to be left to mend", 1: "one thing is left to mend in the text"}
    mend = few.get(len(made.notes.left), f"{len(made.notes.left)} things are left to mend in the text")
    return (
        f"Wrote a draft of the brief {made.id} to {folder}: {counts(made)}\n"
        f"It passes the check and is for admins alone. Read {NOTES_FILE} ({mend}) and each # confirm: in {BRIEF_FILE};"
        f" then take distribution: admins out, run briefbot check {folder}, and move the folder to your briefs."
    )
