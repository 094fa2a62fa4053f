"""The run's own books: what was ever planned, in which states the kills fell, what has to have arrived."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from scheduler.deliveries import Delivery
from scheduler.planner import OUT_OF_TURN
from tests.crash.brief import Meeting
from tests.crash.far import Arrived
from tests.crash.tellings import Telling, judge

# What is in no ledger, as the hello to a workspace, has keys of other lengths.
KEY_LENGTH = 16
# The heading of a part in a message that holds several, marked as amended or not.
_PART = re.compile(r"(\d+)\\*\. (?=(?:(?:Moved|Cancelled|On again): )?The )")
BETWEEN = "between sending and sent"


@dataclass
class Entry:
    """A delivery as it was seen last, with every key under which a message of it may stand."""

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
    """What did not arrive although it had to, what arrived more than once, what misleads."""

    lost: list[str]
    doubled: list[str]
    misleading: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        """Whether anything was found."""
        return bool(self.lost or self.doubled or self.misleading)


class Books:
    """Keeps what was planned on one platform, apart from the ledger that is tried."""

    def __init__(self) -> None:
        self.entries: dict[str, Entry] = {}
        self.histogram: Counter[str] = Counter()
        self.kills_with: Counter[str] = Counter()
        self._doubts: set[tuple[str, int]] = set()

    def observe(self, rows: Iterable[Delivery]) -> None:
        """Note the ledger's rows as they stand."""
        known = {row.key: row for row in rows}
        for row in known.values():
            entry = self.entries.setdefault(row.key, Entry(row))
            entry.row = row
            entry.short_keys |= {row.short_key, row.message_key}
        for key, entry in self.entries.items():
            entry.deleted = key not in known

    def killed(self, rows: Sequence[Delivery], now: datetime) -> None:
        """Note the ledger as a kill left it, and count in which states it found what was due."""
        states = Counter(self._state(row) for row in rows if row.due_at <= now)
        self.histogram += states
        self.kills_with.update(states.keys())
        self._doubts = {(row.key, row.attempts) for row in rows if row.at_platform}
        self.observe(rows)

    def _state(self, row: Delivery) -> str:
        """The state, where it is the platform's turn in words: what was in doubt before is no new attempt."""
        if not row.at_platform:
            return row.state
        if row.next_at is not None:
            return "in doubt, waiting for the look-up"
        return "being looked up" if (row.key, row.attempts) in self._doubts else BETWEEN

    def due(self, by: datetime) -> int:
        """How many deliveries were due."""
        return sum(each.row.due_at <= by for each in self.entries.values())

    def amended(self, arrived: Sequence[Arrived]) -> int:
        """How many corrections and cancellations arrived."""
        return sum(each.amends for each in self._tellings(arrived))

    def early(self, arrived: Sequence[Arrived]) -> Verdict:
        """What can be said before everything has drained: twice there, or settled and not there."""
        times = self._times(arrived)
        lost = [f"{each}" for key, each in self.entries.items() if not times[key] and _vanished(each)]
        return Verdict(lost, self._doubled(times))

    def verdict(self, arrived: Sequence[Arrived], meetings: Sequence[Meeting], due: datetime) -> Verdict:
        """Compare what arrived with what was planned and due."""
        times = self._times(arrived)
        by_id = {meeting.id: meeting for meeting in meetings}
        lost = [
            f"{each}" for key, each in self.entries.items()
            if not times[key] and (_vanished(each) or (each.row.due_at <= due and _owed(each, by_id)))
        ]  # fmt: skip
        told = judge(self._tellings(arrived), by_id)
        doubled = self._doubled(times) + self._strangers(arrived) + told.uncalled
        return Verdict(lost + told.unsaid, doubled, told.misleading)

    def _times(self, arrived: Sequence[Arrived]) -> dict[str, int]:
        """How often each delivery arrived."""
        came = Counter(each.short_key for each in arrived)
        return {key: sum(came[short] for short in each.short_keys) for key, each in self.entries.items()}

    def _doubled(self, times: dict[str, int]) -> list[str]:
        return [f"{self.entries[key]} arrived {number} times" for key, number in times.items() if number > 1]

    def _strangers(self, arrived: Sequence[Arrived]) -> list[str]:
        known = {short for each in self.entries.values() for short in each.short_keys}
        keys = {each.short_key for each in arrived if len(each.short_key) == KEY_LENGTH}
        return [f"a message {each} came that no ledger planned" for each in keys - known]

    def _tellings(self, arrived: Sequence[Arrived]) -> list[Telling]:
        """What the places were told of the dates, in the order in which it came."""
        rows: dict[str, list[Delivery]] = {}
        for each in self.entries.values():
            for short in each.short_keys:
                rows.setdefault(short, []).append(each.row)
        told = [pair for one in arrived for pair in _parts(one, rows.get(one.short_key, []))]
        return [
            Telling(row.destination, row.item, row.amends, row.tells, words)
            for row, words in told if row.kind != "digest"
        ]  # fmt: skip


def _parts(message: Arrived, rows: Sequence[Delivery]) -> list[tuple[Delivery, str]]:
    """What a message says of each delivery that stands in it: all of it of one, its numbered part of several."""
    if len(rows) < 2:
        return [(row, message.words) for row in rows]
    number, words = 0, dict.fromkeys(range(len(rows) + 1), "")
    for piece in _PART.split(message.words):
        if piece.isdecimal():
            number = int(piece)
        else:
            words[number] += piece
    ordered = sorted(rows, key=lambda row: (row.due_at, row.id))
    return [(row, words[place]) for place, row in enumerate(ordered, 1)]


def _vanished(each: Entry) -> bool:
    """Whether the ledger is done with it as if it had arrived."""
    return each.deleted or each.row.state == "sent"


def _owed(each: Entry, meetings: dict[str, Meeting]) -> bool:
    """Whether it must arrive: all but what a change of the brief took back in time."""
    row = each.row
    if row.kind == "digest":
        return row.lead == OUT_OF_TURN or row.state != "skipped"
    if row.amends:  # judged by what the place was told in the end
        return False
    if row.item not in meetings:
        return True
    meeting = meetings[row.item]
    stands = meeting.now.tells == row.announced
    return stands and (row.state != "cancelled" or meeting.stood(row.announced, row.due_at))
