"""Absences: the messages that a subscription would be due for a date, and for which the ledger has no row.

It is pure, and asks the plan itself, so that what is explained is what was planned.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import Literal

from briefs.dates import Occurrence
from briefs.schema import Brief, Lead, lead_time
from scheduler.planner import Planned, dates_of, plan
from scheduler.subscriptions import Subscription

Cause = Literal["past when followed", "paused", "muted", "to come", "asked for too late"]

_EVER = datetime.min.replace(tzinfo=UTC)
# An occurrence's own day lies at most so far from its day in UTC, room for any zone included.
_ROOM = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Absence:
    """A message that the ledger does not hold: as it would be planned, for whom, and why it is not there."""

    subscription: Subscription
    planned: Planned
    cause: Cause


def absences(
    brief: Brief,
    following: Iterable[Subscription],
    about: Occurrence,
    known: Collection[str],
    now: datetime,
    quiet: datetime | None,
) -> list[Absence]:
    """What is missing of an occurrence's reminders, the first due first.

    `known` holds the keys of the ledger's rows. `quiet` is until when (aware UTC) the destination's person
    wants no messages, None where they do.
    """
    found = [
        Absence(each, planned, _cause(each, planned, now, quiet))
        for each in following
        for planned in _due(brief, each, about)
        if planned.key not in known
    ]
    return sorted(found, key=lambda absence: absence.planned.due)


def follows(brief: Brief, each: Subscription, date_id: str) -> bool:
    """Say whether a subscription asks to be reminded of a watch date that stands."""
    asked = dates_of(brief, each.subject) if each.kind == "reminders" else []
    return any(date.id == date_id for date in asked)


def _due(brief: Brief, each: Subscription, about: Occurrence) -> list[Planned]:
    """All that the subscription asks for about an occurrence, had it stood for ever."""
    longest = max((lead.ahead for lead in _leads(each, about)), default=timedelta(0))
    first = datetime.combine(about.date.day, time(0), UTC) - longest - _ROOM
    last = datetime.combine(about.last_day, time(0), UTC) + _ROOM
    asked = plan(brief, [replace(each, paused=False, created_at=_EVER)], first, last)
    return [one for one in asked if (one.item, one.occurrence) == (about.watch_date.id, about.index)]


def _leads(each: Subscription, about: Occurrence) -> list[Lead]:
    return [lead_time(text) for text in each.leads] or list(about.watch_date.remind)


def _cause(each: Subscription, planned: Planned, now: datetime, quiet: datetime | None) -> Cause:
    if planned.due <= each.created_at:
        return "past when followed"
    if each.paused:
        return "paused"
    if quiet is not None and planned.due < quiet:
        return "muted"
    return "to come" if planned.due > now else "asked for too late"
