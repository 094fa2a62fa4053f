"""The agenda of a brief: its watch dates as events of a calendar, for one audience at one moment."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from briefs.chronicle import Chronicle, Life
from briefs.dates import Occurrence, occurrences
from briefs.library import Revision
from briefs.visible import Audience, Visible, visible

# A yearly date is an event for each year from the last one on; beyond five years a calendar shows nothing new.
YEARS_BACK, YEARS_AHEAD = 1, 5
# How long a date that left its brief is told as cancelled, to programs that never delete what they imported.
GONE_FOR = timedelta(days=90)
# RFC 7986, 5.3: a UID that tells nothing of its machine; the same brief has the same one everywhere.
_NAMESPACE = uuid.UUID("b5d9f4b0-6f0f-5d0c-9c43-6a1f3a4c8e21")


@dataclass(frozen=True)
class Event:
    """One occurrence of a watch date as a calendar holds it.

    `uid` stays through new titles, new dates and new ids; `sequence` goes up with each change of title, date
    or zone, and when it is cancelled. `gone` says that the brief does not name the date any more. `created`
    and `edited` are the times of revisions (aware UTC), `revision` the number of the latter. `seen` is the
    revision that it stands in, as its audience may see it.
    """

    uid: str
    sequence: int
    occurrence: Occurrence
    cancelled: bool
    gone: bool
    created: datetime
    edited: datetime
    revision: int
    seen: Visible


def agenda(told: Chronicle, audience: Audience, now: datetime) -> list[Event]:
    """Return the events of a brief, the soonest first. What is withheld from the audience is left out."""
    shown: dict[tuple[str, int], Visible | None] = {}

    def seen_in(holder: Revision) -> Visible | None:
        key = (holder.brief_id, holder.number)
        if key not in shown:
            source = holder.document.source
            shown[key] = visible(holder.brief, source, holder.number, audience, now)
        return shown[key]

    found = [
        event
        for life in told.lives
        if not life.gone or now - life.moved.at <= GONE_FOR
        if (seen := seen_in(life.holder)) and any(d.id == life.watch_date.id for d in seen.brief.watch_dates)
        for event in _events(told, life, seen, now)
    ]
    return sorted(found, key=lambda event: (str(event.occurrence.date), event.uid))


def _events(told: Chronicle, life: Life, seen: Visible, now: datetime) -> Iterator[Event]:
    for each in _occurrences(life, now.year):
        ended = life.ended is not None and each.last_day >= life.ended.at.date()
        if life.gone and not ended:
            continue
        name = f"{told.origin}/{life.origin}/{each.index}"
        yield Event(
            str(uuid.uuid5(_NAMESPACE, name)), life.moved.place - life.since.place, each, ended, life.gone,
            life.since.at, life.edited.at, life.edited.number, seen,
        )  # fmt: skip


def _occurrences(life: Life, year: int) -> list[Occurrence]:
    if not life.is_yearly:
        return occurrences(life.watch_date, date.min, date.max)
    first, last = max(year - YEARS_BACK, date.min.year), min(year + YEARS_AHEAD, date.max.year)
    return occurrences(life.watch_date, date(first, 1, 1), date(last, 12, 31))
