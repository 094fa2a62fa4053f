"""What had to arrive in the year, from the scenario, the calendar and the deaths alone; and what did.

It shares no code with the planner or the ledger: wall times become instants by the zones' own offsets, dates
are read with `date.fromisoformat`, and what a place was told is read from the words that arrived there.
"""

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from tests.year.far import Line
from tests.year.scenario import BEGIN, Day, Follower, Scenario

LATE = timedelta(minutes=5)
# So long a backlog may take to drain after a start, and a message to be looked for and sent again.
DRAIN = timedelta(minutes=20)
# What is due so shortly before a death may have been claimed, or not.
AMID = timedelta(minutes=10)
A_WEEK, A_DAY = timedelta(days=7), timedelta(days=1)
# What is due in the last days need not have arrived.
REST = timedelta(days=3)
_TITLE = re.compile(r"^(?P<title>.*?): (?:today|in \d+ days?|\d+ days? ago)$")
_SAID = re.compile(r"^(?P<title>.*?) is on (?P<day>.*?), (?:today|in \d+ days?|\d+ days? ago)\.")
_MOVED = re.compile(r"^(?P<title>.*?): (?:moved to|on again,) (?P<day>.*)$")
_CANCELLED = re.compile(r"^(?P<title>.*?): cancelled$")


@dataclass(frozen=True)
class Arrived:
    """A message as a place has it: what its words tell. `day` is empty for a digest and a cancellation."""

    place: str
    at: datetime
    key: str
    kind: str
    title: str
    day: str


@dataclass(frozen=True)
class Wanted:
    """A message that a place had to get between two instants; one that it `may` get is no loss if it does not."""

    place: str
    kind: str
    title: str
    day: str
    due: datetime
    until: datetime
    may: bool = False


@dataclass
class Count:
    """What was found; each fault in words."""

    wanted: int = 0
    arrived: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)


def instant(day: date, at: time, zone: str) -> datetime:
    """The first instant (aware UTC) at which the zone's clocks have reached a local time."""
    wall = datetime.combine(day, at)
    found = wall.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC)
    if found.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == wall:
        return found
    # Inside a gap: minute by minute to the first that exists.
    probe = found - timedelta(hours=4)
    while probe.astimezone(ZoneInfo(zone)).replace(tzinfo=None) < wall:
        probe += timedelta(minutes=1)
    return probe


def spoken(on: str) -> str:
    """A date as English words name it."""
    if len(on) == 7:
        return f"{date.fromisoformat(f'{on}-01'):%B %Y}"
    day = date.fromisoformat(on[:10])
    words = f"{day:%B} {day.day}, {day.year}"
    if len(on) == 10:
        return words
    at = time.fromisoformat(on[11:])
    return f"{words}, {at.hour % 12 or 12}:{at:%M} {'AM' if at.hour < 12 else 'PM'}"


def read(line: Line) -> Arrived:
    """Read a message's words."""
    title, said, at = line["title"], line["said"].replace("\u202f", " "), datetime.fromisoformat(line["at"])
    title = title.replace("\u202f", " ")
    place, key = line["to"], line["key"]
    if title.startswith("Digest: "):
        return Arrived(place, at, key, "digest", "", "")
    if found := _CANCELLED.match(title):
        return Arrived(place, at, key, "cancelled", found["title"], "")
    if found := _MOVED.match(title):
        return Arrived(place, at, key, "moved", found["title"], found["day"])
    found = _SAID.match(said)
    assert _TITLE.match(title), title
    assert found is not None, said
    return Arrived(place, at, key, "reminder", found["title"], found["day"])


class Downtimes:
    """From each death to the start after it."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self.spans: list[tuple[datetime, datetime]] = []
        died = None
        for line in lines:
            at = datetime.fromisoformat(line["at"])
            if line["what"] == "died":
                died = at
            elif line["what"] == "started" and died is not None:
                self.spans.append((died, at))
                died = None
        self._ends = [end for _, end in self.spans]

    def turn(self, due: datetime) -> tuple[datetime, bool]:
        """When a message has its turn that is due at an instant, and whether a death may have come amid it."""
        place = bisect_left(self._ends, due)
        if place == len(self.spans) or due < self.spans[place][0] - AMID:
            return due, False
        return max(due, self.spans[place][1]), due <= self.spans[place][0]

    def by(self, due: datetime) -> datetime:
        """Until when it has to have arrived: also what is under way when another death comes."""
        until = self.turn(due)[0] + DRAIN
        for died, started in self.spans:
            if due <= started and died <= until:
                until = max(until, started + DRAIN)
        return until


class Oracle:
    """The year as it should have been. `at`: when each event happened; `revisions`: what stood from when on."""

    def __init__(self, scenario: Scenario, lines: Sequence[Line], published: Sequence[datetime]) -> None:
        self.scenario, self.down = scenario, Downtimes(lines)
        self.horizon = datetime.fromisoformat(lines[-1]["at"]) - REST
        self.at = {
            each["event"]: datetime.fromisoformat(each["at"]) for each in lines if each["what"] == "done"
        }
        edits = [each.days for each in scenario.events if each.what == "publish" and each.number in self.at]
        versions = [tuple(scenario.first), *edits]
        assert len(versions) == len(published), (len(versions), len(published))
        self.revisions = list(zip(published, versions, strict=True))
        self.arrived = [read(each) for each in lines if each["what"] == "sent"]

    # --- who listens -------------------------------------------------------------------------------------

    def begins(self, each: Follower) -> datetime | None:
        """From when on a subscription stands; None where it never came to be."""
        return each.created if each.created == BEGIN else self.at.get(-each.number)

    def deaf(self, each: Follower) -> list[tuple[datetime, datetime]]:
        """When nothing is planned for it: paused, ended or muted."""
        spans, since = [], None
        for event in self.scenario.events:
            at = self.at.get(event.number)
            if at is None or event.what == "publish":
                continue
            other = self.scenario.followers[event.who - 1]
            if event.what == "mute" and other.place == each.place and event.until and event.until > at:
                spans.append((at, event.until))
            if event.who != each.number or event.what == "mute":
                continue
            if event.what == "resume" and since:
                spans.append((since, at))
            since = None if event.what == "resume" else since or at
        return [*spans, (since, datetime.max.replace(tzinfo=UTC))] if since else spans

    # --- what is due -------------------------------------------------------------------------------------

    def wanted(self) -> Iterator[Wanted]:
        """Every reminder and digest."""
        for each in self.scenario.followers:
            begins = self.begins(each)
            if begins is None:
                continue
            deaf = self.deaf(each)
            found = {"digest": self._digests, "reminders": self._reminders, "snooze": self._snoozed}[
                each.kind
            ](each)
            for one, series_newest in found:
                due, expires = one.due, one.until
                if begins < due < self.horizon and not any(a <= due < b for a, b in deaf):
                    turn = self.down.turn(due)[0]
                    stood = one.may or any(a <= turn + DRAIN and due < a for a, _ in deaf)
                    yield from self._turned(each, one, expires, series_newest, may=stood)

    def _turned(
        self, each: Follower, one: Wanted, expires: datetime, dues: Sequence[datetime], *, may: bool
    ) -> Iterator[Wanted]:
        """What becomes of it where the bot was down: late, out of use, or left to a newer one."""
        turn, amid = self.down.turn(one.due)
        late = turn - one.due > LATE
        if turn >= expires:
            if amid:
                yield self._made(one, may=True)
            return
        may = may or turn + DRAIN >= expires or self.down.by(one.due) >= expires
        if late and each.catch_up != "all":
            newer = any(one.due < other <= turn for other in dues)
            nearly = any(turn < other <= turn + DRAIN for other in dues)
            left = each.catch_up == "skip" or newer
            if left and not amid and turn - one.due > LATE + AMID:
                return
            may = may or left or nearly
        yield self._made(one, may=may)

    def _made(self, one: Wanted, may: bool) -> Wanted:
        return Wanted(one.place, one.kind, one.title, one.day, one.due, self.down.by(one.due), may)

    def _digests(self, each: Follower) -> list[tuple[Wanted, list[datetime]]]:
        kind, *rest = each.schedule.split()
        at = time.fromisoformat(rest[-1])
        dues = [instant(day, at, each.zone) for day in self._days() if _runs(kind, rest, day)]
        return [(Wanted(each.place, "digest", "", "", due, due + A_WEEK), dues) for due in dues]

    def _days(self) -> Iterator[date]:
        day = BEGIN.date() - A_DAY
        while day <= self.scenario.end.date() + A_DAY:
            yield day
            day += A_DAY

    def _snoozed(self, each: Follower) -> list[tuple[Wanted, list[datetime]]]:
        wall = datetime.fromisoformat(each.schedule.removeprefix("once "))
        due = instant(wall.date(), wall.time(), each.zone)
        return [(Wanted(each.place, "digest", "", "", due, due + A_WEEK), [due])]

    def _reminders(self, each: Follower) -> list[tuple[Wanted, list[datetime]]]:
        found = []
        ends = [since for since, _ in self.revisions[1:]] + [datetime.max.replace(tzinfo=UTC)]
        for (since, days), until in zip(self.revisions, ends, strict=True):
            for day in days:
                if day.standing == "stands" and follows(each, day):
                    for one in self._of_day(each, day):
                        if since <= one[0].due < until:
                            # What was edited right after a downtime may have gone before it was sent.
                            gone = self.down.by(one[0].due) >= until
                            found.append((replace(one[0], may=gone), one[1]))
        return found

    def _of_day(self, each: Follower, day: Day) -> Iterator[tuple[Wanted, list[datetime]]]:
        for on, title in occurrences(day, self.scenario):
            over = over_at(on, day.zone, each.zone)
            dues = [due_of(on, day.zone, lead, each.zone) for lead in each.leads or day.leads]
            for due in dues:
                yield Wanted(each.place, "reminder", title, spoken(on), due, min(due + A_WEEK, over)), dues

    # --- what is owed where a date changed ---------------------------------------------------------------

    def check_words(self, place: str, arrived: Sequence[Arrived], count: Count) -> None:
        """Whether each change of a date was told once to a place that had been told otherwise."""
        listeners = [
            each for each in self.scenario.followers if each.place == place and each.kind == "reminders"
        ]
        for title in sorted({each.title for each in arrived if each.title}):
            told = [each for each in arrived if each.title == title]
            self._check_title(place, title, told, listeners, count)

    def _check_title(
        self, place: str, title: str, told: Sequence[Arrived], listeners: Sequence[Follower], count: Count
    ) -> None:
        amended = [each for each in told if each.kind in ("moved", "cancelled")]
        fine: set[str] = set()
        changes = sorted(
            {since for since, _ in self.revisions} | {b for each in listeners for _, b in self.deaf(each)}
        )
        for now, then in pairwise([*changes, datetime.max.replace(tzinfo=UTC)]):
            if now >= self.horizon:
                break
            until = min(self.down.by(now), then)
            last = next((each for each in reversed(told) if each.at < now), None)
            standing = self._standing(title, now)
            answers = [each for each in amended if now <= each.at < until and each.key not in fine]
            if last is None or not self._disagrees(last, standing):
                continue
            heard = any(self._hears(each, now) for each in listeners)
            of_use = self._of_use(last, standing, listeners[0].zone if listeners else "UTC", now)
            right = [each for each in answers if _agrees(each, standing)]
            fine.update(each.key for each in right[:1])
            if heard and of_use and not right and until < then:
                count.lost.append(
                    f"{place} {title}: told {last.day!r}, {now:%Y-%m-%d %H:%M} it was {standing!r}"
                )
            if right:
                count.kinds[right[0].kind] += 1
        for each in amended:
            if each.key not in fine:
                count.doubled.append(f"{place} {title} {each.kind} {each.day} at {each.at:%Y-%m-%d %H:%M}")

    def _hears(self, each: Follower, now: datetime) -> bool:
        begins = self.begins(each)
        return begins is not None and begins <= now and not any(a <= now < b for a, b in self.deaf(each))

    def _standing(self, title: str, now: datetime) -> str:
        """What the brief says of a date at a moment: its words, `cancelled` or `gone`."""
        _, days = [each for each in self.revisions if each[0] <= now][-1]
        for day in days:
            for on, name in occurrences(day, self.scenario):
                if name == title:
                    return spoken(on) if day.standing == "stands" else day.standing
        return "gone"

    def _disagrees(self, last: Arrived, standing: str) -> bool:
        if standing in ("cancelled", "gone"):
            return last.kind != "cancelled"
        return last.kind == "cancelled" or last.day != standing

    def _of_use(self, last: Arrived, standing: str, zone: str, now: datetime) -> bool:
        """Whether either date is still to come, with a day's room for zones."""
        days = [each for each in (last.day, standing) if each and each not in ("cancelled", "gone")]
        return any(_last_day(each) - A_DAY > now.date() for each in days)

    # --- the count ---------------------------------------------------------------------------------------

    def count(self) -> Count:
        """Count what was lost and what came twice."""
        count = Count(arrived=len(self.arrived))
        keys = Counter(each.key for each in self.arrived)
        count.doubled += [
            f"the message {key} came {number} times" for key, number in keys.items() if number > 1
        ]
        by_place: dict[str, list[Arrived]] = defaultdict(list)
        for each in self.arrived:
            by_place[each.place].append(each)
        wanted: dict[str, list[Wanted]] = defaultdict(list)
        for one in self.wanted():
            wanted[one.place].append(one)
        for place in sorted(by_place.keys() | wanted.keys()):
            self._match(place, wanted[place], by_place[place], count)
            self.check_words(place, by_place[place], count)
        return count

    def _match(self, place: str, wanted: list[Wanted], arrived: list[Arrived], count: Count) -> None:
        left = [each for each in arrived if each.kind in ("digest", "reminder")]
        for one in sorted(_merged(wanted), key=lambda each: (each.due, each.may)):
            found = next((each for each in left if _meets(each, one)), None)
            if found is not None:
                left.remove(found)
                count.kinds[one.kind] += 1
            elif not one.may:
                count.lost.append(f"{place} {one.kind} {one.title} {one.day} due {one.due:%Y-%m-%d %H:%M}")
            count.wanted += not one.may
        count.doubled += [
            f"{each.place} {each.kind} {each.title} {each.day} at {each.at:%Y-%m-%d %H:%M}"
            for each in left if each.at < self.horizon
        ]  # fmt: skip


def _merged(wanted: Iterable[Wanted]) -> list[Wanted]:
    """What two subscriptions tell one place alike is told once; a digest is each subscription's own."""
    found: dict[object, Wanted] = {}
    for number, one in enumerate(wanted):
        key = number if one.kind == "digest" else (one.kind, one.title, one.day, one.due)
        if key not in found or found[key].may:
            found[key] = one
    return list(found.values())


def _meets(each: Arrived, one: Wanted) -> bool:
    return (each.kind, each.title, each.day) == (
        one.kind,
        one.title,
        one.day,
    ) and one.due <= each.at <= one.until


def _agrees(each: Arrived, standing: str) -> bool:
    return each.kind == "cancelled" if standing in ("cancelled", "gone") else each.day == standing


def _runs(kind: str, rest: Sequence[str], day: date) -> bool:
    match kind:
        case "daily":
            return True
        case "weekly":
            return f"{day:%a}".lower() in rest[0].split(",")
    last = (day.replace(day=28) + timedelta(days=4)).replace(day=1) - A_DAY
    return day.day == min(int(rest[0]), last.day)


def follows(each: Follower, day: Day) -> bool:
    """Whether a subscription is about a date."""
    kind, _, name = each.subject.partition(":")
    return not kind or (name in day.names if kind == "date" else name in day.topics)


def occurrences(day: Day, scenario: Scenario) -> Iterator[tuple[str, str]]:
    """The occurrences that matter in the year: the date as the brief writes it, and its title."""
    if not day.yearly:
        yield day.on, day.title
        return
    first = date.fromisoformat(day.on)
    for year in range(BEGIN.year, scenario.end.year + 2):
        number = year - first.year
        yield str(first.replace(year=year)), f"{number}{_ending(number)} {day.title}"


def _ending(number: int) -> str:
    if number % 100 in (11, 12, 13):
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


def due_of(on: str, watch_zone: str, lead: str, zone: str) -> datetime:
    """When a lead time before a date is up at a place."""
    amount, unit = int(lead[:-1]), lead[-1]
    if len(on) > 10:
        day, at = date.fromisoformat(on[:10]), time.fromisoformat(on[11:])
        if unit == "h":
            return instant(day, at, watch_zone) - timedelta(hours=amount)
        return instant(day - timedelta(days=amount), at, watch_zone)
    days = amount if unit == "d" else -(-amount // 24)
    day = date.fromisoformat(on if len(on) == 10 else f"{on}-01")
    return instant(day - timedelta(days=days), time(9), zone)


def over_at(on: str, watch_zone: str, zone: str) -> datetime:
    """From when on a reminder of a date is of no use at a place."""
    if len(on) > 10:
        begins = instant(date.fromisoformat(on[:10]), time.fromisoformat(on[11:]), watch_zone)
        there = begins.astimezone(ZoneInfo(zone)).date()
        return max(instant(there + A_DAY, time(0), zone), begins + timedelta(hours=1))
    if len(on) == 10:
        return instant(date.fromisoformat(on) + A_DAY, time(0), zone)
    first = date.fromisoformat(f"{on}-01")
    return instant((first + timedelta(days=32)).replace(day=1), time(0), zone)


def _last_day(words: str) -> date:
    """The last day of a date from its English words."""
    if "," not in words:
        first = datetime.strptime(words, "%B %Y").replace(tzinfo=UTC).date()
        return (first + timedelta(days=32)).replace(day=1) - A_DAY
    day, year = words.split(",")[:2]
    return datetime.strptime(f"{day},{year}", "%B %d, %Y").replace(tzinfo=UTC).date()
