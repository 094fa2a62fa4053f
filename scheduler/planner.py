"""The plan: which message is due when, for a brief and its subscriptions.

It is pure, so that a rehearsal prints what the running bot will send.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from typing import Literal

from briefs.dates import Occurrence, occurrence_of, occurrences
from briefs.schema import Brief, CalendarDate, Lead, WatchDate, lead_time
from scheduler.address import Destination
from scheduler.subscriptions import CatchUp, Subscription
from scheduler.when import Run, between, clock_time, instant_of, moment, parse, zone_info

Kind = Literal["reminder", "digest", "correction", "cancellation"]

# The lead of a digest that somebody asked for out of turn; it belongs to no schedule.
OUT_OF_TURN = "now"
_DAY = timedelta(days=1)

Quiet = Mapping[Destination, datetime]
"""Until when (aware UTC) nothing is planned for some destinations: people who muted the bot."""
NO_QUIET: Quiet = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Planned:
    """One message to one destination, due at one instant (aware UTC).

    `item` is the watch date's id, for a digest the brief's. `occurrence` is the occurrence's index, for a
    digest the proleptic Gregorian ordinal of its local day. `announced` is the date that the message
    announces, as the brief writes it; for a digest its local day. From `expires` on the message is of no
    use. `catch_up` is what to do when it is late.
    """

    key: str
    subscription: int
    kind: Kind
    item: str
    occurrence: int
    lead: str
    announced: str
    due: datetime
    destination: Destination
    brief: str
    expires: datetime
    catch_up: CatchUp


def key_of(subscription: int, kind: Kind, item: str, occurrence: int, lead: str, announced: str) -> str:
    """Write the key under which the ledger holds a message once and for all (design, part 6)."""
    return f"{subscription}|{kind}|{item}|{occurrence}|{lead}|{announced}"


def plan(
    brief: Brief,
    subscriptions: Iterable[Subscription],
    since: datetime,
    until: datetime,
    quiet: Quiet = NO_QUIET,
) -> list[Planned]:
    """Every message due at or after since and before until, soonest first.

    Paused subscriptions, and those of other briefs, plan nothing; nor does a lead time that was past when
    its subscription was made, nor what is due while its destination is quiet.
    """
    names = {brief.brief, *brief.formerly}
    live = (each for each in subscriptions if each.brief in names and not each.paused)
    sight = _Sight(brief, since, until)
    found = (message for each in live for message in _messages(sight, each))
    heard = (each for each in found if each.due >= quiet.get(each.destination, each.due))
    return sorted(heard, key=lambda message: (message.due, message.key))


def digest_now(brief: Brief, subscription: Subscription, now: datetime) -> Planned:
    """One digest for this moment, beside those of the subscription's schedule."""
    second = int(now.timestamp())
    announced = now.astimezone(UTC).isoformat(timespec="seconds")
    key = key_of(subscription.id, "digest", brief.brief, second, OUT_OF_TURN, announced)
    return Planned(
        key, subscription.id, "digest", brief.brief, second, OUT_OF_TURN, announced, now,
        subscription.destination, brief.brief, now + subscription.max_age, "all",
    )  # fmt: skip


def dates_of(brief: Brief, subject: str) -> list[WatchDate]:
    """The watch dates of a subject that still stand: all, one (`date:ID`) or a topic's (`topic:ID`).

    An id that a part had formerly still finds it.
    """
    return [each for each in dates_under(brief, subject) if each.cancelled is None]


def dates_under(brief: Brief, subject: str) -> list[WatchDate]:
    """The watch dates of a subject, those that were cancelled with them."""
    kind, _, name = subject.partition(":")
    if kind == "date":
        return [each for each in brief.watch_dates if name in (each.id, *each.formerly)]
    if kind == "topic":
        names = {name, *(i for each in brief.topics if name in each.formerly for i in (each.id,))}
        return [each for each in brief.watch_dates if names & set(each.touches)]
    return list(brief.watch_dates)


def announcement(date_: CalendarDate, watch_zone: str, lead: Lead, hour: time, zone: str) -> datetime:
    """The instant (aware UTC) at which a lead time before a date is up.

    A day, or the first day of a month, is announced at the destination's hour in its own zone, so many
    calendar days before; a lead in hours counts there as the whole days that hold it. A date with a clock
    time is announced so long before its instant: days are calendar days of its zone at the same clock time
    and hours are exact, as RFC 5545, 3.3.6 has it.
    """
    if date_.at is None:
        days = math.ceil(lead.ahead / _DAY)
        return instant_of(date_.day - timedelta(days=days), hour, zone)
    if lead.days is None:
        return instant_of(date_.day, date_.at, watch_zone) - lead.ahead
    return instant_of(date_.day - timedelta(days=lead.days), date_.at, watch_zone)


def over_at(date_: CalendarDate, watch_zone: str, zone: str) -> datetime:
    """The instant (aware UTC) from which a reminder of a date is of no use to a destination.

    That is the end of its last day in the destination's zone; for a date with a clock time, the end of
    that instant's day there, at the earliest an hour after it.
    """
    if date_.at is None:
        return instant_of(date_.last_day + _DAY, time(0), zone)
    begins = instant_of(date_.day, date_.at, watch_zone)
    there = begins.astimezone(zone_info(zone)).date()
    return max(instant_of(there + _DAY, time(0), zone), begins + timedelta(hours=1))


class _Sight:
    """What of a brief can be announced between two instants. Those who follow the same share it."""

    def __init__(self, brief: Brief, since: datetime, until: datetime) -> None:
        self.brief, self.since, self.until = brief, since, until
        self._known: dict[tuple[str, tuple[str, ...]], list[tuple[Occurrence, list[Lead]]]] = {}

    def of(self, each: Subscription) -> list[tuple[Occurrence, list[Lead]]]:
        """The occurrences that a subscription follows, each with its lead times."""
        follows = each.subject, each.leads
        if follows not in self._known:
            self._known[follows] = list(self._found(*follows))
        return self._known[follows]

    def _found(self, subject: str, leads: Sequence[str]) -> Iterator[tuple[Occurrence, list[Lead]]]:
        own = [lead_time(text) for text in leads]
        for watch_date in dates_of(self.brief, subject):
            # Leads in days come first, so that of two that fall on one instant (24h, 1d) the plainer is told.
            sought = sorted({*own} or {*watch_date.remind}, key=lambda lead: (lead.days is None, lead.ahead))
            if sought:
                for occurrence in occurrences(watch_date, *_reach(self.since, self.until, sought)):
                    yield occurrence, sought


def _messages(sight: _Sight, each: Subscription) -> Iterator[Planned]:
    for message in _MAKERS[each.kind](sight, each):
        if sight.since <= message.due < sight.until and message.due > each.created_at:
            yield message


def _digests(sight: _Sight, each: Subscription) -> Iterator[Planned]:
    for run in between(parse(each.schedule), each.zone, sight.since, sight.until):
        yield _digest(sight.brief, each, run)


def _digest(brief: Brief, each: Subscription, run: Run) -> Planned:
    number, announced = run.day.toordinal(), run.day.isoformat()
    key = key_of(each.id, "digest", brief.brief, number, "", announced)
    return Planned(
        key, each.id, "digest", brief.brief, number, "", announced, run.instant, each.destination,
        brief.brief, run.instant + each.max_age, each.catch_up,
    )  # fmt: skip


def _reminders(sight: _Sight, each: Subscription) -> Iterator[Planned]:
    for occurrence, leads in sight.of(each):
        yield from _told(sight.brief, each, occurrence, leads)


def _reach(since: datetime, until: datetime, leads: Sequence[Lead]) -> tuple[date, date]:
    """The days whose occurrences can be announced between two instants, with room for any offset."""
    longest = max(lead.ahead for lead in leads)
    return (since - 2 * _DAY).date(), (until + longest + 2 * _DAY).date()


def _told(
    brief: Brief, each: Subscription, occurrence: Occurrence, leads: Sequence[Lead]
) -> Iterator[Planned]:
    hour, watch_date = clock_time(each.schedule), occurrence.watch_date
    taken: set[datetime] = set()
    for lead in leads:
        due = announcement(occurrence.date, watch_date.zone, lead, hour, each.zone)
        if due not in taken:
            taken.add(due)
            yield _reminder(brief, each, occurrence, lead, due)


def _reminder(brief: Brief, each: Subscription, occurrence: Occurrence, lead: Lead, due: datetime) -> Planned:
    return _telling(brief, each, occurrence, lead.text, due)


def _telling(brief: Brief, each: Subscription, occurrence: Occurrence, lead: str, due: datetime) -> Planned:
    item, announced = occurrence.watch_date.id, str(occurrence.date)
    key = key_of(each.id, "reminder", item, occurrence.index, lead, announced)
    over = over_at(occurrence.date, occurrence.watch_date.zone, each.zone)
    return Planned(
        key, each.id, "reminder", item, occurrence.index, lead, announced, due, each.destination,
        brief.brief, min(due + each.max_age, over), each.catch_up,
    )  # fmt: skip


def _snoozed(sight: _Sight, each: Subscription) -> Iterator[Planned]:
    """The one message of a snooze: a date's reminder, or the digest where it is about the whole brief."""
    brief, wall = sight.brief, moment(each.schedule)
    due = instant_of(wall.date(), wall.time(), each.zone)
    if not each.subject:
        made = _digest(brief, each, Run(wall.date(), due))
        key = key_of(each.id, "digest", made.item, made.occurrence, each.schedule, made.announced)
        yield replace(made, key=key, lead=each.schedule)
    standing = dates_of(brief, each.subject) if each.subject else []
    found = occurrence_of(standing, each.subject.partition(":")[2], each.occurrence)
    if found is not None:
        yield _telling(brief, each, found, each.schedule, due)


_MAKERS = {"digest": _digests, "reminders": _reminders, "snooze": _snoozed}
