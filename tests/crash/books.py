"""The run's own books: what was ever planned, in which states the kills fell, what has to have arrived."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from scheduler.deliveries import Delivery
from scheduler.planner import OUT_OF_TURN
from tests.crash.brief import Meeting


@dataclass
class Entry:
    """A delivery as it was seen last, with every short key that it ever had."""

    row: Delivery
    short_keys: set[str] = field(default_factory=set)
    deleted: bool = False

    def __str__(self) -> str:
        state = "deleted" if self.deleted else self.row.state
        return (
            f"{self.row.key} to {self.row.destination}: {state}, {self.row.attempts} attempts,"
            f" last error: {self.row.last_error}"
        )


@dataclass(frozen=True)
class Verdict:
    """What did not arrive although it had to, and what arrived more than once."""

    lost: list[str]
    doubled: list[str]


class Books:
    """Keeps what was planned on one platform, apart from the ledger that is tried."""

    def __init__(self, platform: str) -> None:
        self._platform = platform
        self.entries: dict[str, Entry] = {}
        self.histogram: Counter[str] = Counter()
        self.kills_with: Counter[str] = Counter()

    def observe(self, rows: Iterable[Delivery], now: datetime) -> list[Delivery]:
        """Note the ledger's rows as they stand; return those of the platform that are due."""
        here = [row for row in rows if row.destination.platform == self._platform]
        for row in here:
            entry = self.entries.setdefault(row.key, Entry(row))
            entry.row, entry.deleted = row, False
            entry.short_keys.add(row.short_key)
        known = {row.key for row in here}
        for key, entry in self.entries.items():
            entry.deleted = key not in known
        return [row for row in here if row.due_at <= now]

    def killed(self, due: Sequence[Delivery]) -> None:
        """Count in which states a kill found what is due."""
        states = Counter("at the platform" if row.at_platform else row.state for row in due)
        self.histogram += states
        self.kills_with.update(states.keys())

    def verdict(self, arrived: Sequence[str], meetings: Sequence[Meeting], now: datetime) -> Verdict:
        """Compare what arrived with what was planned."""
        came = Counter(arrived)
        times = {key: sum(came[short] for short in each.short_keys) for key, each in self.entries.items()}
        said = {meeting.id: meeting.now for meeting in meetings}
        lost = [
            f"{each}" for key, each in self.entries.items()
            if not times[key] and each.row.due_at <= now and _owed(each, said)
        ]  # fmt: skip
        doubled = [
            f"{each} arrived {times[key]} times" for key, each in self.entries.items() if times[key] > 1
        ]
        unsaid, twice = self._amended(times, {each.id: each for each in meetings if each.changed})
        return Verdict(lost + unsaid, doubled + twice)

    def _amended(self, times: dict[str, int], changed: dict[str, Meeting]) -> tuple[list[str], list[str]]:
        """Who was told a date that does not stand any more has to be told so, once."""
        told = {(e.row.subscription, e.row.item) for e in self.entries.values()
                if e.row.kind == "reminder" and times[e.row.key] and e.row.item in changed
                and e.row.announced == changed[e.row.item].announced}  # fmt: skip
        amended: Counter[tuple[int, str]] = Counter()
        for each in self.entries.values():
            if each.row.kind in ("correction", "cancellation"):
                amended[each.row.subscription, each.row.item] += times[each.row.key]
        unsaid = [
            f"subscription {one[0]} was told {one[1]}'s old date and no correction"
            for one in told - set(+amended)
        ]
        twice = [
            f"subscription {one[0]} got {number} corrections of {one[1]}"
            for one, number in amended.items()
            if number > (one in told)
        ]
        return unsaid, twice


def _owed(each: Entry, said: dict[str, str | None]) -> bool:
    """Whether it must arrive: all but the notice of a date that does not stand any more."""
    row = each.row
    if row.kind == "digest":
        return row.lead == OUT_OF_TURN or row.state != "skipped"
    if row.kind == "reminder" and row.item in said:
        return row.announced == said[row.item]
    return row.kind != "reminder"
