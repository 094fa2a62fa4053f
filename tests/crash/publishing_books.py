"""The books of a run that kills the bot while it publishes: what was given to it, what it acknowledged."""

import hashlib
import re
import sqlite3
from dataclasses import dataclass, field
from pathlib import Path

from briefs.reading import BRIEF_FILE

TITLE, DAY = re.compile(rb"    description: (Version \d+)\n"), re.compile(rb"    date: (\S+) # of the run\n")


@dataclass(frozen=True)
class Row:
    """One revision as the table has it."""

    number: int
    yaml: bytes
    report: bytes
    sha256: str


@dataclass(frozen=True)
class State:
    """What stands in the database and in the folder while no bot runs, or once one has started.

    `waiting` holds the YAML of each proposal that waits, by its author and number; `proposals` the number of
    every one there ever was. `planned` are the dates for which reminders are planned.
    """

    revisions: tuple[Row, ...]
    waiting: dict[tuple[str, int], bytes]
    proposals: frozenset[int]
    planned: frozenset[str]
    yaml: bytes
    report: bytes

    @property
    def newest(self) -> Row:
        """The revision that has to serve."""
        return self.revisions[-1]


def look(database: Path, folder: Path) -> State:
    """Read both without changing either."""
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        rows = connection.execute(
            "SELECT number, yaml, report, yaml_sha256 FROM revisions ORDER BY number"
        ).fetchall()
        waiting = connection.execute("SELECT author, id, yaml FROM proposals WHERE state = 'open'").fetchall()
        every = connection.execute("SELECT id FROM proposals").fetchall()
        planned = connection.execute(
            "SELECT DISTINCT announced FROM deliveries"
            " WHERE item = 'talks' AND kind = 'reminder' AND state = 'planned'"
        ).fetchall()
    finally:
        connection.close()
    return State(
        tuple(Row(*row) for row in rows), {(author, id): yaml for author, id, yaml in waiting},
        frozenset(id for (id,) in every), frozenset(day for (day,) in planned),
        (folder / BRIEF_FILE).read_bytes(), (folder / "report.md").read_bytes(),
    )  # fmt: skip


@dataclass
class Books:
    """What may never be lost: every YAML that was given, every revision and proposal that was acknowledged."""

    report: bytes
    given: set[bytes] = field(default_factory=set)
    revisions: dict[int, bytes] = field(default_factory=dict)
    proposals: set[int] = field(default_factory=set)

    def faults(self, state: State) -> list[str]:
        """What is wrong however the bot died: something lost, or written by half."""
        found = [f"revision {number} is lost" for number in self.revisions if number > len(state.revisions)]
        for place, row in enumerate(state.revisions, start=1):
            if row.number != place:
                found.append(f"revision {row.number} stands in the place of {place}")
            if hashlib.sha256(row.yaml).hexdigest() != row.sha256 or row.yaml not in self.given:
                found.append(f"revision {row.number} is not what was given")
            if self.revisions.setdefault(row.number, row.yaml) != row.yaml:
                found.append(f"revision {row.number} is another one than it was")
        found += [f"proposal {number} is lost" for number in sorted(self.proposals - state.proposals)]
        if state.yaml not in self.given or state.report != self.report:
            found.append("a file is half-written")
        day = DAY.findall(state.newest.yaml)
        if state.planned != {each.decode() for each in day}:
            found.append(f"reminders are planned for {sorted(state.planned)}, and {day} is published")
        return found

    def unsettled(self, state: State, served: str) -> list[str]:
        """What is wrong once the bot has started: file and database apart, or not the last good one serving."""
        found = self.faults(state)
        asked = {yaml for (author, _), yaml in state.waiting.items() if author == "file"}
        if state.yaml != state.newest.yaml and state.yaml not in asked:
            found.append("the file is neither what serves nor a proposal")
        title = TITLE.findall(state.newest.yaml)[0].decode()
        if title not in served:
            found.append(f"{title} is published, and this is served: {served[:200]}")
        return found
