"""The text of a delivery, composed at sending time from the current revision; rehearsal uses it too."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import NamedTuple, Protocol
from zoneinfo import ZoneInfo

from briefs.dates import occurrence_of
from briefs.library import Revision
from briefs.schema import Brief, CalendarDate
from briefs.visible import Audience, Visible, visible, without_withheld
from commands.model import Mention, Prose, Reply, text
from commands.pages import FIRST, REST, one_message
from commands.views import amendments, digests
from commands.views import deliveries as views
from scheduler.planner import Kind


class Due(Protocol):
    """What a message is about; a planned one and a row of the ledger alike."""

    @property
    def kind(self) -> Kind:
        """Which kind of message it is."""

    @property
    def item(self) -> str:
        """The watch date's id, or the brief's."""

    @property
    def occurrence(self) -> int:
        """The occurrence's index."""


class LastDigest(NamedTuple):
    """When the last digest of a subscription went out (aware UTC), from which revision, with which passage."""

    at: datetime
    revision: Revision
    passage: str = ""


class Told(NamedTuple):
    """What a destination was told last of a date: which date, whether as cancelled, from which revision."""

    date: CalendarDate
    as_cancelled: bool
    revision: Revision | None


@dataclass(frozen=True, slots=True)
class Setting:
    """Where and when a message goes out.

    `planned` is when it was due, `now` when it goes out (aware UTC). Days are counted on the calendar of
    `zone`, the destination's. `ping` is empty or a Mention's target. `seen_at` is the moment whose embargoes
    count, where that is not the one at which the message goes out: a rehearsal foretells what is due and shows
    nothing before its time.
    """

    planned: datetime
    now: datetime
    audience: Audience
    language: str
    zone: str
    ping: str = ""
    seen_at: datetime | None = None

    @property
    def sees(self) -> datetime:
        """The moment whose embargoes count."""
        return self.seen_at or self.now

    @property
    def today(self) -> date:
        """The day on which it goes out, where it goes."""
        return self.now.astimezone(ZoneInfo(self.zone)).date()


def compose(
    revision: Revision, due: Due, setting: Setting, last: LastDigest | None = None, told: Told | None = None
) -> Reply | None:
    """Write the message; None where there is nothing to tell this audience any more.

    `last` is the digest that went there before, `told` what an amendment amends.
    """
    seen = visible(revision.brief, revision.document.source, revision.number, setting.audience, setting.sees)
    found = None if seen is None else _written(revision.brief, seen, due, setting, last, told)
    if found is None:
        return None
    found = replace(found, language=setting.language)
    return _pinging(found, setting.ping) if setting.ping else found


def delivered(reply: Reply, kind: Kind) -> Reply:
    """Make the one message of a delivery; a digest, which nobody waits for, may fill a whole page."""
    return one_message(reply, REST if kind == "digest" else FIRST)


def _written(
    whole: Brief, seen: Visible, due: Due, setting: Setting, last: LastDigest | None, told: Told | None
) -> Reply | None:
    late = views.lateness(setting.planned, setting.now, setting.language)
    if due.kind == "digest":
        previous = _previous(last, whole, seen, setting)
        return digests.digest(seen, previous, setting.today, late, setting.language)
    if due.kind == "reminder":
        found = occurrence_of(seen.brief.watch_dates, due.item, due.occurrence)
        if found is None or found.watch_date.cancelled is not None:
            return None
        return views.reminder(seen, found, setting.today, late, setting.language)
    return None if told is None else _amending(whole, seen, due, setting, told)


def _amending(whole: Brief, seen: Visible, due: Due, setting: Setting, told: Told) -> Reply | None:
    found = occurrence_of(seen.brief.watch_dates, due.item, due.occurrence)
    withheld = found is None and occurrence_of(whole.watch_dates, due.item, due.occurrence) is not None
    today, language = setting.today, setting.language
    if withheld or (due.kind == "correction" and found is None):
        return None
    if due.kind == "correction" and found is not None:
        return amendments.correction(seen, found, told.date, today, language, back=told.as_cancelled)
    title = found.title if found else _former_title(due, setting, told)
    return None if title is None else amendments.cancellation(seen, title, found, told.date, today, language)


def _former_title(due: Due, setting: Setting, told: Told) -> str | None:
    """How a date that the brief does not name any more was called, where its readers saw it."""
    old = told.revision
    if old is None:
        return None
    seen = visible(old.brief, old.document.source, old.number, setting.audience, setting.sees)
    found = occurrence_of(seen.brief.watch_dates, due.item, due.occurrence) if seen else None
    return found.title if found else None


def _previous(
    last: LastDigest | None, whole: Brief, seen: Visible, setting: Setting
) -> digests.Previous | None:
    """What the last digest showed: what came out of an embargo since is news, what went under one is none."""
    if last is None:
        return None
    old = last.revision
    shown = visible(old.brief, old.document.source, old.number, setting.audience, last.at)
    day = last.at.astimezone(ZoneInfo(setting.zone)).date()
    if shown is None:
        return None
    return digests.Previous(day, without_withheld(shown, whole, seen).brief, last.at, last.passage)


def _pinging(reply: Reply, target: str) -> Reply:
    """Begin with the ping that an admin allowed."""
    ping = Prose(text(Mention(target, target.partition(":")[2])))
    return replace(reply, blocks=(ping, *reply.blocks))
