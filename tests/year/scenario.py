"""What happens in the year: who follows what, which dates the brief has, and what becomes of them when."""

import random
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Literal

from tests.briefs.sample import SAMPLE_REPORT, SAMPLE_YAML

BRIEF, TOPICS = "harbour-2025", ("town-demands", "sea-level", "flood-outlook")
# A year with a February 29 and every change of the clocks.
BEGIN = datetime(2027, 9, 6, 6, 17, tzinfo=UTC)
ZONES = (
    "Asia/Seoul", "Asia/Tokyo", "Europe/Berlin", "Europe/London", "America/New_York", "America/Los_Angeles",
    "Australia/Sydney", "Asia/Kathmandu", "America/Santiago", "UTC",
)  # fmt: skip
DATES = 8
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HOUR, HOURS = "09:00", ("07:30", "09:00", "18:00")
Standing = Literal["stands", "cancelled", "gone"]
What = Literal["publish", "pause", "resume", "end", "mute"]


@dataclass(frozen=True)
class Day:
    """A watch date as the brief has it: `on` is `2028-03-01`, `2028-03-01T14:00` or `2028-03`.

    `yearly`: `on` is the first of a date that comes each year. `names`: the id now, and those it had before.
    """

    names: tuple[str, ...]
    title: str
    on: str
    zone: str
    leads: tuple[str, ...]
    topics: tuple[str, ...] = ()
    standing: Standing = "stands"
    yearly: bool = False

    def written(self) -> str:
        """Its lines in the YAML; none where it is gone."""
        if self.standing == "gone":
            return ""
        title = f"{{ordinal}} {self.title}" if self.yearly else self.title
        lines = [
            f'  - id: {self.names[0]}\n    title: "{title}"',
            f"    {'yearly_from' if self.yearly else 'date'}: {self.on}",
            f"    zone: {self.zone}\n    remind: [{', '.join(self.leads)}]",
            '    basis: {editor: Set for the year, source: "https://example.org/year"}',
        ]
        if len(self.names) > 1:
            lines.append(f"    formerly: [{', '.join(self.names[1:])}]")
        if self.topics:
            lines.append(f"    touches: [{', '.join(self.topics)}]")
        if self.standing == "cancelled":
            lines.append('    cancelled: {editor: Given up, source: "https://example.org/given-up"}')
        return "\n".join(lines) + "\n"


@dataclass(frozen=True)
class Follower:
    """A subscription: `place` is an address, `created` when it is made (aware UTC)."""

    number: int
    place: str
    kind: str
    subject: str
    schedule: str
    zone: str
    created: datetime
    leads: tuple[str, ...] = ()
    catch_up: str = "all"


@dataclass(frozen=True)
class Event:
    """What people do at a moment: publish `days`, or do something about follower `who`, until `until`."""

    number: int
    at: datetime
    what: What
    days: tuple[Day, ...] = ()
    who: int = 0
    until: datetime | None = None


@dataclass
class Scenario:
    """The whole year, from a seed."""

    seed: int
    places: int
    days: int
    followers: list[Follower] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._rng = random.Random(self.seed)
        self._dates = self._first_dates()
        self._follow()
        self._edit()
        self._live()
        self.events.sort(key=lambda each: (each.at, each.number))

    @cached_property
    def end(self) -> datetime:
        """When the year is over."""
        return BEGIN + timedelta(days=self.days)

    def _day(self, number: int, on: str, leads: str, **more: object) -> Day:
        topics = (TOPICS[number % 3],) if number % 2 else ()
        zone = ZONES[number % len(ZONES)]
        return Day((f"day-{number}",), f"Day {number}", on, zone, tuple(leads.split()), topics, **more)  # type: ignore[arg-type]

    def _first_dates(self) -> list[Day]:
        """Days all through the year, some with an hour, some months, some that come each year."""
        found, today = [], BEGIN.date()
        for number in range(1, DATES + 1):
            on = today + timedelta(days=5 + number * (self.days + 20) // (DATES + 1))
            match number % 6:
                case 1:
                    found.append(self._day(number, f"{on}T{number % 12 + 8:02}:30", "7d 2h"))
                case 2:
                    found.append(self._day(number, f"{on:%Y-%m}", "7d"))
                case 3:
                    on = on if (on.month, on.day) != (2, 29) else on + timedelta(days=1)
                    first = f"{on.replace(year=1990)}"
                    found.append(self._day(number, first, "30d 1d", yearly=True))
                case _:
                    found.append(self._day(number, str(on), "7d 1d 0d"))
        return found

    def _follow(self) -> None:
        """Each place has one reminders' subscription or two, and most a digest."""
        for number in range(self.places):
            zone = self._rng.choice(ZONES)
            place = _place(number)
            catch_up = self._rng.choice(["all", "all", "all", "skip", "latest"])
            first = self._add(place, "reminders", "", HOUR, zone, catch_up=catch_up)
            if number % 10 == 1:
                self._add(place, "reminders", f"topic:{TOPICS[number % 3]}", HOUR, zone)
            elif number % 5 == 2:
                self.followers[-1] = replace(first, subject=f"date:day-{number % DATES + 1}")
            elif number % 5 == 3:
                self.followers[-1] = replace(first, leads=("14d", "3d"))
            self._digest(number, place, zone)

    def _digest(self, number: int, place: str, zone: str) -> None:
        at = self._rng.choice(HOURS)
        weekdays = [WEEKDAYS[n] for n in sorted(self._rng.sample(range(7), 2))]
        twice, once = f"weekly {','.join(weekdays)} {at}", f"weekly {weekdays[0]} {at}"
        monthly = f"monthly {self._rng.choice([1, 15, 31])} {at}"
        schedule = (twice if number % 20 == 0 else once, once, monthly, monthly, "")[number % 5]
        if number % 100 == 50:
            schedule = f"daily {at}"
        if schedule:
            self._add(
                place,
                "digest",
                "",
                schedule,
                zone,
                catch_up=self._rng.choice(["latest", "latest", "all", "skip"]),
            )

    def _add(
        self, place: str, kind: str, subject: str, schedule: str, zone: str, created: datetime = BEGIN,
        catch_up: str = "all",
    ) -> Follower:  # fmt: skip
        made = Follower(
            len(self.followers) + 1, place, kind, subject, schedule, zone, created, catch_up=catch_up
        )
        self.followers.append(made)
        return made

    def _edit(self) -> None:
        """Publish every few days: a date moves, is cancelled, goes, stands again, moves back, gets another id."""
        at = BEGIN
        while (at := at + timedelta(days=self._rng.randrange(4, 14))) < self.end - timedelta(days=3):
            moment = at.replace(hour=self._rng.randrange(24), minute=self._rng.choice([11, 17, 41, 47]))
            before = list(self._dates)
            for _ in range(self._rng.choice([1, 1, 2, 3])):
                self._change(moment.date())
            if self._dates != before:
                self._event(moment, "publish", days=tuple(self._dates))

    def _change(self, today: date) -> None:
        near = [
            place for place, each in enumerate(self._dates)
            if not each.yearly and -5 < (first_day(each.on) - today).days < 40
        ]  # fmt: skip
        if not near:
            return
        place = self._rng.choice(near)
        old = self._dates[place]
        if old.standing != "stands":
            changed = replace(old, standing="stands")
        else:
            choices = ["move", "move", "move", "cancel", "gone", "rename"]
            changed = self._changed(old, self._rng.choice(choices), today)
        self._dates[place] = changed

    def _changed(self, old: Day, how: str, today: date) -> Day:
        match how:
            case "cancel":
                return replace(old, standing="cancelled")
            case "gone":
                return replace(old, standing="gone")
            case "rename":
                return replace(old, names=(f"{old.names[0]}x", *old.names))
        if len(old.on) == 7:
            return old
        day = max(first_day(old.on) + timedelta(days=self._rng.choice([-3, 1, 2, 9, 21, 60])), today)
        return replace(old, on=f"{day}{old.on[10:]}")

    def _live(self) -> None:
        """People pause, resume, unfollow, mute, snooze, and join late. Days that are edited are not snoozed."""
        alone = [each for each in self.followers if each.number % 9 == 0]
        for each in alone:
            at = BEGIN + timedelta(
                days=self._rng.randrange(2, self.days), hours=3, minutes=self._rng.choice([7, 13])
            )
            if each.place.startswith("discord:@me") and each.number % 2:
                self._event(
                    at, "mute", who=each.number, until=at + timedelta(days=self._rng.randrange(1, 20))
                )
            elif each.number % 4 == 0:
                self._event(at, "end", who=each.number)
            else:
                self._event(at, "pause", who=each.number)
                self._event(at + timedelta(days=self._rng.randrange(1, 30)), "resume", who=each.number)
        for number in range(self.places // 10):
            self._late(number)

    def _late(self, number: int) -> None:
        """One more follower in the course of the year, or a snoozed digest."""
        at = BEGIN + timedelta(days=self._rng.randrange(self.days), hours=5, minutes=23)
        zone = self._rng.choice(ZONES)
        if number % 2:
            self._add(_place(self.places + number), "reminders", "", HOUR, zone, at)
            return
        day = at.date() + timedelta(days=self._rng.randrange(2, 30))
        wall = datetime.combine(day, time(self._rng.randrange(24), 30))
        self._add(f"slack:T9/@U{number}", "snooze", "", f"once {wall:%Y-%m-%dT%H:%M}", zone, at)

    def _event(self, at: datetime, what: What, **more: object) -> None:
        if at < self.end:
            self.events.append(Event(len(self.events) + 1, at, what, **more))  # type: ignore[arg-type]

    @cached_property
    def first(self) -> list[Day]:
        """The dates that the first revision has."""
        return self._first_dates()


def _place(number: int) -> str:
    match number % 5:
        case 0 | 1:
            return f"discord:{7_000 + number // 50}/{10_000 + number}"
        case 2:
            return f"discord:@me/@{20_000 + number}"
        case 3:
            return f"slack:T{number % 7}/C{number}"
    return f"slack:T{number % 7}/@U{number}"


def first_day(on: str) -> date:
    """The first day of a date as the brief writes it."""
    return date.fromisoformat(on[:10] if len(on) >= 10 else f"{on}-01")


def document(days: tuple[Day, ...] | list[Day]) -> tuple[bytes, bytes]:
    """The brief with some dates: its YAML and its report."""
    head, _, rest = SAMPLE_YAML.partition("watch_dates:\n")
    tail = rest[rest.index("\njudgements:") :]
    yaml = head + "watch_dates:\n" + "".join(day.written() for day in days) + tail
    return yaml.encode(), SAMPLE_REPORT.encode()
