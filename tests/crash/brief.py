"""The run's own brief in a folder: dates that come due, and edits that move them, cancel them and take it back."""

import random
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Literal, NamedTuple

from briefs.reading import read_folder
from briefs.schema import Brief
from tests.briefs.sample import SAMPLE_REPORT, SAMPLE_YAML

LEAD = timedelta(days=30)
# A date that moves by less is announced once more within the run.
MOVES = (timedelta(days=10), timedelta(hours=1), timedelta(minutes=-90))
LATEST = 3
_DATE = """\
  - id: {id}
    title: The {id}
    date: {day}
    zone: UTC
    remind: [30d, 719h]
    basis: {{editor: Set by the crash run, source: "https://example.org/{id}"}}
"""
_CANCELLED = '    cancelled: {editor: Given up, source: "https://example.org/given-up"}\n'
Standing = Literal["stands", "cancelled", "gone"]


class Change(NamedTuple):
    """From when on (aware UTC) the folder said which day, and whether it stands."""

    at: datetime
    day: str
    standing: Standing

    @property
    def tells(self) -> str:
        """The date that stands; empty where none does."""
        return self.day if self.standing == "stands" else ""


@dataclass
class Meeting:
    """A watch date of the run, and all that became of it, the first announcement first."""

    id: str
    changes: list[Change]

    @property
    def now(self) -> Change:
        """What the folder says now."""
        return self.changes[-1]

    def stood(self, day: str, since: datetime) -> bool:
        """Whether this day stood at a moment and ever since."""
        before = [each for each in self.changes if each.at <= since][-1:]
        after = [each for each in self.changes if each.at > since]
        return bool(before) and all(each.tells == day for each in (*before, *after))

    def written(self) -> str:
        """Its lines in the YAML."""
        if self.now.standing == "gone":
            return ""
        lines = _DATE.format(id=self.id, day=self.now.day)
        return lines if self.now.tells else lines + _CANCELLED

    def change(self, now: datetime, rng: random.Random) -> None:
        """Move it, cancel it or take it out; or let it stand again, there or elsewhere."""
        day, first = self.now.day, self.changes[0].day
        moved = f"{datetime.fromisoformat(day) + rng.choice(MOVES):%Y-%m-%dT%H:%M}"
        if not self.now.tells:
            follows: list[tuple[str, Standing]] = [(day, "stands"), (day, "stands"), (moved, "stands")]
        else:
            follows = [(moved, "stands"), (moved, "stands"), (day, "cancelled"), (day, "gone")]
            follows += [(first, "stands")] * 2 if day != first else []
        self.changes.append(Change(now, *rng.choice(follows)))


@dataclass
class Folder:
    """The briefs folder."""

    root: Path
    meetings: list[Meeting] = field(default_factory=list)

    @cached_property
    def brief(self) -> Brief:
        """The brief as it stands in the folder when it is first asked for."""
        return read_folder(self.root / "harbour").brief

    def write(self, now: datetime) -> None:
        """Write everything anew, the YAML in one step."""
        folder = self.root / "harbour"
        folder.mkdir(parents=True, exist_ok=True)
        yaml = SAMPLE_YAML.replace("reviewed: 2025-04-15", f"reviewed: {now.date()}")
        written = "".join(meeting.written() for meeting in self.meetings)
        (folder / "report.md").write_text(SAMPLE_REPORT, "utf-8")
        fresh = folder / "brief.yaml.new"
        fresh.write_text(yaml.replace("watch_dates:\n", f"watch_dates:\n{written}", 1), "utf-8")
        fresh.replace(folder / "brief.yaml")

    def add(self, now: datetime) -> None:
        """Add up to three dates whose notices are due within two minutes, in one minute."""
        on = now + LEAD + timedelta(minutes=2)
        first = Change(now, f"{on:%Y-%m-%dT%H:%M}", "stands")
        for _ in range(1 + len(self.meetings) % 3):
            self.meetings.append(Meeting(f"meeting-{len(self.meetings) + 1}", [first]))
        self.write(now)

    def change(self, now: datetime, rng: random.Random, rather: Collection[str] = ()) -> None:
        """Change one of the latest dates; one of `rather`, by id, where there is one."""
        chosen = [each for each in self.meetings if each.id in rather] or self.meetings[-LATEST:]
        if chosen:
            rng.choice(chosen).change(now, rng)
            self.write(now)
