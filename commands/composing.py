"""The text of a delivery, composed at sending time from the current revision; rehearsal uses it too."""

from datetime import date, datetime
from typing import NamedTuple, Protocol
from zoneinfo import ZoneInfo

from briefs.dates import Occurrence, occurrences
from briefs.library import Revision
from briefs.schema import WatchDate
from briefs.visible import Audience, visible
from commands.model import Reply
from commands.views import deliveries as views


class Due(Protocol):
    """What a message is about; a planned one and a row of the ledger alike."""

    @property
    def kind(self) -> str:
        """`reminder` or `digest`."""

    @property
    def item(self) -> str:
        """The watch date's id, or the brief's."""

    @property
    def occurrence(self) -> int:
        """The occurrence's index."""


class LastDigest(NamedTuple):
    """When the last digest of a subscription went out (aware UTC), and from which revision."""

    at: datetime
    revision: Revision


def compose(
    revision: Revision, due: Due, planned: datetime, now: datetime, last: LastDigest | None,
    audience: Audience, language: str, zone: str,
) -> Reply | None:  # fmt: skip
    """Write the message; None where there is nothing to tell this audience any more.

    `planned` is when it was due, `now` when it goes out, `last` the digest that went there before. Days are
    counted on the calendar of `zone`, the destination's.
    """
    seen = visible(revision.brief, revision.document.source, revision.number, audience, now)
    if seen is None:
        return None
    today = now.astimezone(ZoneInfo(zone)).date()
    late = views.lateness(planned, now, language)
    if due.kind == "digest":
        return views.digest(seen, _previous(last, audience, now, zone), today, late, language)
    found = occurrence_of(seen.brief.watch_dates, due.item, due.occurrence)
    return None if found is None else views.reminder(seen, found, today, late, language)


def _previous(last: LastDigest | None, audience: Audience, now: datetime, zone: str) -> views.Previous | None:
    """What the last digest showed, as this audience may see it now: an embargo that ends is no change."""
    if last is None:
        return None
    old = last.revision
    seen = visible(old.brief, old.document.source, old.number, audience, now)
    return None if seen is None else views.Previous(last.at.astimezone(ZoneInfo(zone)).date(), seen.brief)


def occurrence_of(watch_dates: tuple[WatchDate, ...], item: str, index: int) -> Occurrence | None:
    """Find an occurrence by its watch date's id, present or former, and its index."""
    for watch_date in watch_dates:
        if item in (watch_date.id, *watch_date.formerly):
            first, last = _reach(watch_date, index)
            return next((o for o in occurrences(watch_date, first, last) if o.index == index), None)
    return None


def _reach(watch_date: WatchDate, index: int) -> tuple[date, date]:
    if watch_date.yearly_from is None:
        return date.min, date.max
    year = watch_date.yearly_from.year + index
    return date(year, 1, 1), date(year, 12, 31)
