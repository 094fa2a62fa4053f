"""What a brief and its report name, for the checks to compare."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from briefs.faults import meant, said
from briefs.findings import Finding, Path
from briefs.marking import N_
from briefs.schema import Brief, Quote
from briefs.source import Source

# Looking through everything for what was meant takes up to a tenth of a second in a large brief.
_SEARCHES = 30


@dataclass
class Known:
    """The brief, its report, and what is known to exist."""

    brief: Brief
    source: Source
    spared: frozenset[str] = frozenset()
    searches: int = _SEARCHES

    def may_search(self) -> bool:
        """Take one of the searches that a reader's patience allows."""
        self.searches -= 1
        return self.searches >= 0

    @cached_property
    def ids(self) -> frozenset[str]:
        """Every id of the brief's parts and points."""
        return frozenset(id for _, id in ids_of(self.brief))

    @cached_property
    def former(self) -> dict[str, str]:
        """Every former id with the id that the part has now."""
        return {id: now for _, id, now in former_ids_of(self.brief)}


def ids_of(brief: Brief) -> Iterator[tuple[Path, str]]:
    """Give the id of every part and point with the part's path."""
    for kind in ("sections", "recommendations", "topics", "watch_dates", "judgements", "notes"):
        for at, part in enumerate(getattr(brief, kind)):
            yield (kind, at), part.id
    for at, topic in enumerate(brief.topics):
        for number, point in enumerate(topic.points):
            yield ("topics", at, "points", number), point.id


def former_ids_of(brief: Brief) -> Iterator[tuple[Path, str, str]]:
    """Give every former id with its path, and the id that the part has now."""
    for kind in ("sections", "recommendations", "topics", "watch_dates", "judgements", "notes"):
        for at, part in enumerate(getattr(brief, kind)):
            for number, id in enumerate(part.formerly):
                yield (kind, at, "formerly", number), id, part.id
    for at, topic in enumerate(brief.topics):
        for number, point in enumerate(topic.points):
            for place, id in enumerate(point.formerly):
                yield ("topics", at, "points", number, "formerly", place), id, point.id


class Cited(NamedTuple):
    """A quote, its passage's id, and the path of the part that makes it."""

    path: Path
    passage: str
    quote: str


def quotes_of(brief: Brief) -> Iterator[Cited]:
    """Give every quote of a brief."""
    for at, topic in enumerate(brief.topics):
        yield Cited(("topics", at, "lead"), topic.lead.passage, topic.lead.quote)
        for number, point in enumerate(topic.points):
            yield Cited(("topics", at, "points", number), point.passage, point.quote)
    for at, advice in enumerate(brief.recommendations):
        yield Cited(("recommendations", at), advice.passage, advice.quote)
    for at, judgement in enumerate(brief.judgements):
        yield Cited(("judgements", at), judgement.passage, judgement.quote)
    for at, other in enumerate(brief.not_judgements):
        yield Cited(("not_judgements", at), other.passage, other.quote)
    for at, watch_date in enumerate(brief.watch_dates):
        if isinstance(watch_date.basis, Quote):
            yield Cited(("watch_dates", at, "basis"), watch_date.basis.passage, watch_date.basis.quote)
    for id, entries in brief.answers.items():
        for at, entry in enumerate(entries):
            if entry.quote is not None:
                yield Cited(("answers", id, at), id, entry.quote)


def no_passage(path: Path, id: str, known: Known) -> Iterator[Finding]:
    """Say that a passage does not exist, unless it may after all."""
    if id in known.spared:
        return
    near = meant(id, known.source.passages) if known.may_search() else None
    hint = (
        N_("did you mean {near}?", near=near)
        if near
        else N_("write one of the ids that the report's comments give")
    )
    yield Finding(path, N_("the report has no passage {id}", id=id), said(id), hint)
