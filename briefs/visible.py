"""What of a brief may be shown to whom, and when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeVar

from briefs.schema import (
    Brief,
    EditorBasis,
    Handled,
    Named,
    Note,
    Quote,
    Section,
    Topic,
    WatchDate,
    embargo_instant,
)
from briefs.source import Passage, Source

Audience = Literal["everyone", "team", "admins"]
# From those who may see least to those who may see most.
AUDIENCES: tuple[Audience, ...] = ("everyone", "team", "admins")
_RANK: dict[Audience, int] = {audience: rank for rank, audience in enumerate(AUDIENCES)}

Some = TypeVar("Some", bound=Handled)


@dataclass(frozen=True)
class Visible:
    """The part of a revision that one audience may see at one moment.

    `brief` holds the visible parts only, `source` the passages that they may quote.
    """

    brief: Brief
    source: Source
    revision: int
    audience: Audience

    def passage(self, id: str) -> Passage | None:  # the YAML's own word
        """Return a visible passage."""
        return self.source.passages.get(id)

    def section_of(self, passage: str) -> Section | None:
        """Return the first visible section that holds the passage."""
        return next((part for part in self.brief.sections if passage in part.passages), None)

    def notes_on(self, ids: Iterable[str]) -> tuple[Note, ...]:
        """Return the notes that touch any of the parts or passages, errata first, then by date."""
        wanted = set(ids)
        found = [note for note in self.brief.notes if wanted & set(note.touches)]
        return tuple(sorted(found, key=lambda note: (note.kind != "erratum", note.date.day)))


def _shown(part: Handled, audience: Audience, now: datetime) -> bool:
    if _RANK[part.distribution or "everyone"] > _RANK[audience]:
        return False
    return part.embargo_until is None or embargo_instant(part.embargo_until) <= now


def _kept(parts: Iterable[Some], audience: Audience, now: datetime) -> tuple[Some, ...]:
    return tuple(part for part in parts if _shown(part, audience, now))


def _topics(topics: Iterable[Topic], passages: set[str]) -> tuple[Topic, ...]:
    return tuple(
        topic.model_copy(update={"points": tuple(p for p in topic.points if p.passage in passages)})
        for topic in topics
        if topic.lead.passage in passages
    )


def _grounded(watch_date: WatchDate, passages: set[str]) -> bool:
    basis: Quote | EditorBasis = watch_date.basis
    return isinstance(basis, EditorBasis) or basis.passage in passages


def visible(brief: Brief, source: Source, revision: int, audience: Audience, now: datetime) -> Visible | None:
    """Reduce a brief to what an audience may see; None where that is nothing at all.

    A passage whose sections are all withheld is withheld, and with it each part that quotes it. A note goes
    when everything that it touches is gone.
    """
    if not _shown(brief, audience, now):
        return None
    sections = _kept(brief.sections, audience, now)
    in_sections = {id for section in brief.sections for id in section.passages}
    open_ids = {id for section in sections for id in section.passages}
    passages = {id for id in source.passages if id in open_ids or id not in in_sections}
    reduced = {
        "sections": sections,
        "topics": _topics(_kept(brief.topics, audience, now), passages),
        "recommendations": _quoting(_kept(brief.recommendations, audience, now), passages),
        "judgements": _quoting(_kept(brief.judgements, audience, now), passages),
        "not_judgements": tuple(part for part in brief.not_judgements if part.passage in passages),
        "watch_dates": tuple(d for d in _kept(brief.watch_dates, audience, now) if _grounded(d, passages)),
        "answers": {id: words for id, words in brief.answers.items() if id in passages},
    }
    left = brief.model_copy(update=reduced)
    alive = passages | {part.id for part in left.parts()} | _point_ids(left)
    notes = tuple(note for note in _kept(brief.notes, audience, now) if alive & set(note.touches))
    kept = {id: passage for id, passage in source.passages.items() if id in passages}
    return Visible(left.model_copy(update={"notes": notes}), Source(kept), revision, audience)


def _point_ids(brief: Brief) -> set[str]:
    return {point.id for topic in brief.topics for point in topic.points}


Quoting = TypeVar("Quoting")


def _quoting(parts: Iterable[Quoting], passages: set[str]) -> tuple[Quoting, ...]:
    return tuple(part for part in parts if getattr(part, "passage", None) in passages)


def without_withheld(old: Visible, whole: Brief, seen: Visible) -> Visible:
    """Take out of an earlier version what a later one still has (`whole`) and does not show (`seen`).

    So that a comparison of the two does not tell what is withheld now.
    """
    shown = {id for part in seen.brief.parts() for id in (part.id, *part.formerly)} | _point_ids(seen.brief)
    hidden = {id for part in whole.parts() for id in (part.id, *part.formerly)} - shown
    in_sections = {id for part in whole.sections for id in part.passages}
    passages = set(old.source.passages) - (in_sections - set(seen.source.passages))
    kept = {
        "sections": tuple(part for part in old.brief.sections if part.id not in hidden),
        "topics": _topics((part for part in old.brief.topics if part.id not in hidden), passages),
        "recommendations": _quoting(_not_in(hidden, old.brief.recommendations), passages),
        "judgements": _quoting(_not_in(hidden, old.brief.judgements), passages),
        "watch_dates": tuple(d for d in _not_in(hidden, old.brief.watch_dates) if _grounded(d, passages)),
        "notes": tuple(_not_in(hidden, old.brief.notes)),
    }
    source = Source({id: passage for id, passage in old.source.passages.items() if id in passages})
    return Visible(old.brief.model_copy(update=kept), source, old.revision, old.audience)


Parts = TypeVar("Parts", bound=Named)


def _not_in(hidden: set[str], parts: Iterable[Parts]) -> list[Parts]:
    return [part for part in parts if part.id not in hidden]
