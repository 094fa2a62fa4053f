"""The sample's brief in other hands: what an editor may find in a file."""

import json
import re

import yaml

from tests.briefs.sample import SAMPLE_YAML


def body(text: str, old: str, new: str) -> bytes:
    assert text.count(old) == 1, f"{old!r} must stand in the sample once"
    return text.replace(old, new).encode()


def without(key: str, until: str) -> str:
    """The sample without one of its keys."""
    return SAMPLE_YAML[: SAMPLE_YAML.index(f"{key}:\n")] + SAMPLE_YAML[SAMPLE_YAML.index(f"{until}:\n") :]


# Each is the sample's brief in another hand.
LAYOUTS: dict[str, bytes] = {
    "plain": SAMPLE_YAML.encode(),
    "foreign line ends": SAMPLE_YAML.replace("\n", "\r\n").encode(),
    "a byte order mark": ("\ufeff" + SAMPLE_YAML).encode(),
    "no end of the last line": SAMPLE_YAML.rstrip("\n").encode(),
    "no notes": without("notes", "aliases").encode(),
    "notes at the end, and no end of the line": (
        without("aliases", "glossary")[: without("aliases", "glossary").index("\nglossary:")].rstrip().encode()
    ),
    "no review": body(SAMPLE_YAML, "reviewed: 2025-04-15\n", ""),
    "a review in quotation marks": body(SAMPLE_YAML, "2025-04-15", "'2025-04-15'   # of the whole"),
    "lists without indentation": re.sub(r"(?m)^  (?=[ -])", "", SAMPLE_YAML).encode(),
    "comments everywhere": "".join(
        f"{line}\n{line[: len(line) - len(line.lstrip())]}# about that\n"
        if line and not line.endswith((">-", "underwater")) and "on more than fifteen" not in line
        and "It is likely that the quay will be under water" not in line
        else f"{line}\n"
        for line in SAMPLE_YAML.splitlines()
    ).encode(),
    "comments behind values": "".join(
        f"{line}   # why: {{}} [x]\n" if ": " in line and not line.startswith("#") and not line.endswith(">-")
        else f"{line}\n"
        for line in SAMPLE_YAML.splitlines()
    ).encode(),
    "tabs in texts": body(SAMPLE_YAML, "prints no table of", '"prints\tno table of\t"').replace(
        b'The report "prints', b'"The report prints'
    ).replace(b'of\t" the readings.', b'of\tthe readings."\t# tab'),
    "notes in brackets": without("notes", "aliases").encode() + (
        b"notes: [{id: where-readings, kind: comment, date: 2025-03-05, text: The report prints no table., # yes\n"
        b"  source: report, touches: [open-readings]} ,] # all\n"
    ),
    "an empty list of notes": without("notes", "aliases").encode() + b"notes: [ ]   # none yet\n",
    "JSON": json.dumps(yaml.load(SAMPLE_YAML, Loader=yaml.CBaseLoader), indent=2, ensure_ascii=False).encode(),
    "notes as rows": without("notes", "aliases").encode() + (
        b"notes:\n  - {id: where-readings, kind: comment, date: 2025-03-05, text: No table.,"
        b" source: report,touches: [open-readings ]}  # a row\n\n\n# the end\n"
    ),
    "a long text at the end": without("notes", "aliases").encode() + (
        b"notes:\n -  id: where-readings\n    kind: comment\n    date: 2025-03-05\n    source: report\n"
        b"    touches:\n    - open-readings\n    text: |+\n      No table.\n\n      # None.\n\n\n # far out\n# end\n"
    ),
    "an outcome over several lines": body(
        SAMPLE_YAML, "outcome: {result: open}", "outcome: {   # not yet\n      result:   'open' # open\n      }"
    ),
    "lines that only YAML sees": body(
        SAMPLE_YAML, "touches: [open-readings]\n\naliases:", "touches: [open-readings] # so\u2028aliases:"
    ),
    "a document's marks": ("%YAML 1.1\n---\n" + SAMPLE_YAML + "...\n").encode(),
}  # fmt: skip
