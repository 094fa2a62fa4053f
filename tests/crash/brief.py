"""The run's own brief in a folder: dates that come due, and edits that move or cancel one."""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from briefs.reading import read_folder
from briefs.schema import Brief
from tests.briefs.sample import SAMPLE_REPORT, SAMPLE_YAML

LEAD = timedelta(days=30)
MOVED_BY = timedelta(days=10)
_DATE = """\
  - id: {id}
    title: The {id}
    date: {day}
    zone: UTC
    remind: [30d]
    basis: {{editor: Set by the crash run, source: "https://example.org/{id}"}}
"""
_CANCELLED = '    cancelled: {editor: Given up, source: "https://example.org/given-up"}\n'


@dataclass
class Meeting:
    """A watch date of the run; `announced` is its first date, `now` what stands there now (None: cancelled)."""

    id: str
    announced: str
    now: str | None

    @property
    def changed(self) -> bool:
        """Whether it was moved or cancelled. That happens once to each."""
        return self.now != self.announced

    def written(self) -> str:
        """Its lines in the YAML."""
        lines = _DATE.format(id=self.id, day=self.now or self.announced)
        return lines if self.now else lines + _CANCELLED


@dataclass
class Folder:
    """The briefs folder."""

    root: Path
    meetings: list[Meeting] = field(default_factory=list)

    @property
    def brief(self) -> Brief:
        """The brief as it stands in the folder."""
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
        """Add a date whose notice is due within two minutes."""
        on = now + LEAD + timedelta(minutes=2)
        day = f"{on:%Y-%m-%dT%H:%M}"
        self.meetings.append(Meeting(f"meeting-{len(self.meetings) + 1}", day, day))
        self.write(now)

    def change(self, now: datetime, rng: random.Random) -> Meeting | None:
        """Move or cancel one of the latest dates that still stand as they were announced."""
        standing = [each for each in self.meetings if not each.changed][-3:]
        if not standing:
            return None
        chosen = rng.choice(standing)
        moved = datetime.fromisoformat(chosen.announced) + MOVED_BY
        chosen.now = f"{moved:%Y-%m-%dT%H:%M}" if rng.random() < 0.7 else None
        self.write(now)
        return chosen
