"""Amendments: what has to be said where a date was told that does not stand any more.

It is pure: what was told, the brief as it stands now and the moment decide. A destination that was told a
date which moved gets one correction, one that was told a date which was cancelled one cancellation; and it
gets them as long as either date is still to come.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import groupby

from briefs.dates import Occurrence, occurrence_of
from briefs.schema import Brief, WatchDate, calendar_date
from scheduler.delivery import Delivery
from scheduler.planner import NO_QUIET, Kind, Planned, Quiet, dates_of, key_of, over_at
from scheduler.subscriptions import Subscription


def amendments(
    brief: Brief,
    told: Sequence[Delivery],
    standing: Sequence[Subscription],
    now: datetime,
    quiet: Quiet = NO_QUIET,
) -> list[Planned]:
    """The corrections and cancellations that are owed at a moment (aware UTC).

    `told` is what the destinations were sent about the brief's dates, the oldest first; `standing` are all
    their standing subscriptions. A destination without one that follows the date is told nothing more, and
    a quiet one once it is quiet no longer. The same facts give the same keys, however often they are asked.
    """
    live = [each for each in standing if not each.paused and each.kind != "digest"]
    found = (_amendment(brief, history, live, now, quiet) for history in _histories(told))
    return [each for each in found if each is not None]


def _histories(told: Sequence[Delivery]) -> Iterator[list[Delivery]]:
    """What each destination was told of each occurrence, the oldest first."""

    def of(each: Delivery) -> tuple[str, str, int]:
        return str(each.destination), each.item, each.occurrence

    for _, history in groupby(sorted(told, key=of), of):
        yield list(history)


def _amendment(
    brief: Brief, history: list[Delivery], live: Sequence[Subscription], now: datetime, quiet: Quiet
) -> Planned | None:
    last = history[-1]
    current = _standing(brief.watch_dates, last)
    owner = _owner(brief, last, live)
    kind = _owed(last, current)
    if owner is None or kind is None:
        return None
    announced = str(current.date) if current else last.announced
    number = str(sum(each.amends for each in history) + 1)
    due = max(now, quiet.get(owner.destination, now))
    made = Planned(
        key_of(owner.id, kind, last.item, last.occurrence, number, announced), owner.id, kind, last.item,
        last.occurrence, number, announced, due, owner.destination, brief.brief,
        _of_use_until(last, current, owner.zone), "all",
    )  # fmt: skip
    return made if made.due < made.expires else None


def _standing(watch_dates: Iterable[WatchDate], last: Delivery) -> Occurrence | None:
    """What became of an occurrence, None where it is cancelled or gone."""
    same = occurrence_of(watch_dates, last.item, last.occurrence)
    return None if same is None or same.watch_date.cancelled is not None else same


def _owed(last: Delivery, current: Occurrence | None) -> Kind | None:
    """What is owed to who was told `last`: nothing where it agrees with what stands now."""
    if current is None:
        return None if last.kind == "cancellation" else "cancellation"
    agrees = last.kind != "cancellation" and last.announced == str(current.date)
    return None if agrees else "correction"


def _owner(brief: Brief, last: Delivery, live: Sequence[Subscription]) -> Subscription | None:
    """Under whose name it goes: the subscription that told the date, or the first there that follows it."""
    there = [each for each in live if each.destination == last.destination]
    own = [each for each in there if each.id == last.subscription]
    others = [each for each in there if each.kind == "reminders" and _follows(brief, each, last.item)]
    return next(iter([*own, *others]), None)


def _follows(brief: Brief, each: Subscription, item: str) -> bool:
    followed = {id_ for date in dates_of(brief, each.subject) for id_ in (date.id, *date.formerly)}
    return not each.subject or each.subject == f"date:{item}" or item in followed


def _of_use_until(last: Delivery, current: Occurrence | None, zone: str) -> datetime:
    """As long as the date that was told, or the one that stands now, is not over."""
    told = over_at(calendar_date(last.announced), current.watch_date.zone if current else "UTC", zone)
    now = (
        over_at(current.date, current.watch_date.zone, zone) if current else datetime.min.replace(tzinfo=UTC)
    )
    return max(told, now)
