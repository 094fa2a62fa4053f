"""The chronicle of a brief: what became of each watch date from revision to revision.

A calendar program takes an event for the same one by its UID, and for a newer one by its SEQUENCE (RFC 5545,
3.8.4.7 and 3.8.7.4). Both have to come out of the stored revisions, so that they are the same on every start
and on every machine that holds the same history.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import reduce
from typing import NamedTuple

from briefs.library import Revision
from briefs.schema import Brief, Quote, WatchDate


class Moment(NamedTuple):
    """A revision in a chronicle: its place in it from 0, its number, and when it was published (aware UTC)."""

    place: int
    number: int
    at: datetime


@dataclass(frozen=True)
class Life:
    """One watch date from its first revision on.

    `origin` is the id that it had first. `watch_date` is how it stands, or stood last, in `holder`, the newest
    revision that has it. `moved` is when its date, title or zone changed last, or it was cancelled, left the
    brief or came back; `edited` also when anything else that is said of it changed. `ended` is when it was
    cancelled or left the brief; None while it stands.
    """

    origin: str
    watch_date: WatchDate
    holder: Revision
    since: Moment
    moved: Moment
    edited: Moment
    ended: Moment | None = None
    gone: bool = False

    @property
    def is_yearly(self) -> bool:
        """Whether it comes round every year."""
        return self.watch_date.yearly_from is not None


@dataclass(frozen=True)
class Chronicle:
    """The watch dates of a brief over so many revisions. `origin` is the id that the brief had first."""

    origin: str = ""
    length: int = 0
    lives: tuple[Life, ...] = ()

    def then(self, revision: Revision) -> "Chronicle":
        """Return the chronicle with the next revision."""
        now = Moment(self.length, revision.number, revision.at)
        standing: dict[int, Life] = {}
        new: list[Life] = []
        for watch_date in revision.brief.watch_dates:
            place = _find(self.lives, watch_date, standing)
            if place is None:
                new.append(_begun((*self.lives, *new), watch_date, revision, now))
            else:
                standing[place] = _continued(self.lives[place], watch_date, revision, now)
        kept = [standing.get(place) or _left(life, now) for place, life in enumerate(self.lives)]
        return Chronicle(self.origin or _first_id(revision.brief), self.length + 1, (*kept, *new))

    def skipping(self) -> "Chronicle":
        """Return the chronicle with a revision that nobody can read: it counts, so that no number goes down."""
        return replace(self, length=self.length + 1)


def chronicle(revisions: Iterable[Revision | None], before: Chronicle | None = None) -> Chronicle:
    """Tell the revisions of a brief, oldest first, from the beginning or after those told `before`.

    None stands for a revision that this version of the program cannot read.
    """
    return reduce(
        lambda told, each: told.then(each) if each else told.skipping(), revisions, before or Chronicle()
    )


def _first_id(part: Brief | WatchDate) -> str:
    own = part.brief if isinstance(part, Brief) else part.id
    return part.formerly[0] if part.formerly else own


def _find(lives: Sequence[Life], watch_date: WatchDate, taken: Collection[int]) -> int | None:
    """The life that a watch date continues: the one of its id, or of an id that it had before; none twice.

    A single date that becomes a yearly one begins anew: its occurrences are other ones.
    """
    yearly = watch_date.yearly_from is not None
    free = [
        (place, life) for place, life in enumerate(lives) if place not in taken and life.is_yearly == yearly
    ]
    for gone in (False, True):
        for ids in ((watch_date.id,), watch_date.formerly):
            for place, life in free:
                if life.gone == gone and life.watch_date.id in ids:
                    return place
    return None


def _begun(lives: Sequence[Life], watch_date: WatchDate, holder: Revision, now: Moment) -> Life:
    yearly = watch_date.yearly_from is not None
    taken = {life.origin for life in lives if life.is_yearly == yearly}
    origin = _first_id(watch_date)
    origin = f"{origin} {now.place}" if origin in taken else origin
    return Life(origin, watch_date, holder, now, now, now, now if watch_date.cancelled else None)


def _continued(life: Life, watch_date: WatchDate, holder: Revision, now: Moment) -> Life:
    ended = (life.ended or now) if watch_date.cancelled else None
    moved = life.gone or _is_when(life.watch_date) != _is_when(watch_date)
    edited = moved or _is_said(life.watch_date, life.holder) != _is_said(watch_date, holder)
    return replace(
        life, watch_date=watch_date, holder=holder, ended=ended, gone=False,
        moved=now if moved else life.moved, edited=now if edited else life.edited,
    )  # fmt: skip


def _left(life: Life, now: Moment) -> Life:
    return life if life.gone else replace(life, moved=now, edited=now, ended=life.ended or now, gone=True)


def _is_when(each: WatchDate) -> tuple[object, ...]:
    """What makes an event another one in a calendar when it changes."""
    return each.title, each.date, each.yearly_from, each.zone, each.cancelled is None


def _is_said(each: WatchDate, holder: Revision) -> tuple[object, ...]:
    """What is said of a date beside that, with the age of the brief that says it."""
    brief, basis = holder.brief, each.basis
    passage = holder.document.source.passages.get(basis.passage) if isinstance(basis, Quote) else None
    told = (passage.text, passage.heading) if passage else ()
    aged = (brief.title, brief.published, brief.reviewed, brief.review_every)
    return each.id, basis, told, each.outcomes, each.cancelled, *aged
