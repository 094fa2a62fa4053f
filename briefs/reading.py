"""A brief's two files to a `Document`, or all their faults at once."""

import gc
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from briefs.checks import check
from briefs.faults import MAX_FAULTS, BriefFaults, Fault
from briefs.findings import Finding
from briefs.guards import BOM, MAX_BYTES, Refused, text_of
from briefs.marked import Marked, load
from briefs.marking import N_
from briefs.pruning import Pruned, validated
from briefs.schema import REPORT_PATTERN, Brief
from briefs.source import Source, scan_source

__all__ = ["BriefFaults", "Document", "Fault", "read_brief", "read_folder"]

BRIEF_FILE = "brief.yaml"
REPORT_FILE = "report.md"


@dataclass(frozen=True)
class Document:
    """A brief that was read and found right, with the exact bytes that it was read from."""

    brief: Brief
    source: Source
    yaml: bytes
    report: bytes


def read_brief(
    yaml: bytes, report: bytes, name: str = BRIEF_FILE, report_name: str = REPORT_FILE
) -> Document:
    """Read a brief; raise BriefFaults with everything that is wrong with both files."""
    with _collector_off():
        return _read(yaml, report, name, report_name)


def read_folder(folder: Path, name: str = BRIEF_FILE) -> Document:
    """Read a brief and the report that it names beside it; raise BriefFaults where they cannot be used."""
    with _collector_off():
        return _read_folder(folder, name)


@contextmanager
def _collector_off() -> Iterator[None]:
    """Keep the cycle collector from walking, again and again, the million objects that only grow here.

    It runs as soon as it is back: what is still alive then costs time, so the nodes must be gone.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _read(yaml: bytes, report: bytes, name: str, report_name: str) -> Document:
    marked, faults = _marked(yaml, name)
    return _document(marked, yaml, report, faults, report_name)


def _read_folder(folder: Path, name: str) -> Document:
    try:
        yaml = _bytes(folder / name)
    except OSError as problem:
        raise BriefFaults([_unreadable(name, problem)]) from problem
    marked, faults = _marked(yaml, name)
    named = _report_name(marked)
    try:
        report = _bytes(folder / named)
    except OSError as problem:
        missing = _unreadable(named, problem)
        raise BriefFaults([*faults, *_schema_faults(marked), missing]) from problem
    return _document(marked, yaml, report, faults, named)


def _bytes(file: Path) -> bytes:
    """Read a file, but not much more than may be in it: the guards refuse what is too large."""
    with file.open("rb") as opened:
        return opened.read(MAX_BYTES + 1)


def _unreadable(name: str, problem: OSError) -> Fault:
    if isinstance(problem, FileNotFoundError):
        cure = N_("put it into the brief's folder")
        if name != BRIEF_FILE:
            cure = N_("put it into the brief's folder, or correct source: in {file}", file=BRIEF_FILE)
        return Fault(name, 1, 1, N_("no such file"), N_("the file is missing"), cure)
    reason = (problem.strerror or type(problem).__name__).lower()
    return Fault(
        name, 1, 1, reason, N_("the file cannot be read"), N_("make it a file that the bot may read")
    )


def _report_name(marked: Marked | None) -> str:
    """Give the report's name: the one that the schema allows, or the usual one."""
    named = marked.data.get("source") if marked else None
    return (
        named.strip() if isinstance(named, str) and re.match(REPORT_PATTERN, named.strip()) else REPORT_FILE
    )


def _marked(data: bytes, name: str) -> tuple[Marked | None, list[Fault]]:
    try:
        marked = load(data.removeprefix(BOM), text_of(data, name), name)
    except Refused as refused:
        return None, [refused.fault]
    return marked, marked.faults


def _source(report: bytes, name: str) -> tuple[Source | None, list[Fault]]:
    try:
        text = text_of(report, name)
    except Refused as refused:
        return None, [refused.fault]
    return scan_source(text, name)


def _schema_faults(marked: Marked | None) -> list[Fault]:
    return _placed(validated(marked.data, marked.lost).findings, marked) if marked else []


def _document(
    marked: Marked | None, yaml: bytes, report: bytes, faults: list[Fault], report_name: str
) -> Document:
    source, wrong = _source(report, report_name)
    faults = faults + wrong
    brief = None
    if marked is not None:
        pruned = validated(marked.data, marked.lost)
        findings = pruned.findings + (_checked(pruned, source) if source else [])
        faults += _placed(findings, marked)
        brief = pruned.brief
    if faults or brief is None or source is None:
        raise BriefFaults(_capped(faults))
    return Document(brief, source, yaml, report)


def _checked(pruned: Pruned, source: Source) -> list[Finding]:
    if pruned.brief is None:
        return []
    found = check(pruned.brief, source, pruned.spared)
    findings = [finding._replace(path=pruned.original(finding.path)) for finding in found]
    return [finding for finding in findings if not pruned.hides(finding.path)]


def _placed(findings: Iterable[Finding], marked: Marked) -> list[Fault]:
    return [
        Fault(marked.file, *marked.place(each.path, at_key=each.at_key), each.found, each.problem, each.cure)
        for each in findings
        if not marked.is_spoiled(each.path)
    ]


def _capped(faults: list[Fault]) -> list[Fault]:
    in_order = sorted(faults, key=lambda fault: fault.place)
    if len(in_order) <= MAX_FAULTS:
        return in_order
    last = in_order[MAX_FAULTS]
    more = Fault(
        *last.place,
        N_("more than {count:,}", count=MAX_FAULTS),
        N_("the list of faults stops here"),
        N_("mend these first"),
    )
    return [*in_order[:MAX_FAULTS], more]
