"""What changed from one version of a brief to the next, part by part.

`compare` finds every difference, for whoever publishes and for `/brief changes`; `changes` picks what a
digest tells. A part is the same part while its id, or one of its former ids, is the same.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from briefs.schema import (
    Brief,
    CalendarDate,
    Judgement,
    Named,
    Note,
    Part,
    Questions,
    Quote,
    Topic,
    WatchDate,
)
from briefs.source import Passage, Source

Some = TypeVar("Some", bound=Named)

# The schema's lists of parts that have an id, and of parts that are known by what they are about.
NAMED = frozenset({"sections", "recommendations", "topics", "points", "watch_dates", "judgements", "notes"})
KEYED: Mapping[str, Callable[[Any], object]] = {
    "outcomes": lambda part: part.occurrence,
    "not_judgements": lambda part: (part.passage, part.quote, part.word),
}
WORDS = frozenset({"aliases", "glossary", "answers"})
_OF_A_PASSAGE = ("heading", "text", "kind")


class Version(Protocol):
    """A brief with its report: a document, or what one audience may see of a revision."""

    @property
    def brief(self) -> Brief:
        """The brief."""

    @property
    def source(self) -> Source:
        """The report's passages."""


@dataclass(frozen=True, slots=True)
class Change:
    """One difference.

    `kind` is the schema's key of the list that the part stands in; `brief` for the brief itself, `passages`
    for the report's text. `part` is as it is now, and as it was where it is gone; for aliases, glossary and
    answers it is the entry's name. `field` is the schema's name of what differs: empty where the whole part
    came (`was` is None) or went (`now` is None), `order` where only the order of ids differs. A quote with
    its passage is one `Quote`. `within` is the topic of a point and the watch date of an outcome.
    """

    kind: str
    part: Any
    field: str
    was: Any
    now: Any
    within: Any = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Every difference between two versions, in the order of the schema, and the commands that come and go."""

    changes: tuple[Change, ...]
    appearing: tuple[str, ...]
    vanishing: tuple[str, ...]

    def __bool__(self) -> bool:
        """Say whether there is any."""
        return bool(self.changes)


def compare(old: Version, new: Version) -> Comparison:
    """Find every difference between two versions of a brief and of its report."""
    was = [topic.command for topic in old.brief.topics]
    now = [topic.command for topic in new.brief.topics]
    return Comparison(
        (*_passages(old.source, new.source), *_fields("brief", old.brief, new.brief)),
        appearing=tuple(command for command in now if command not in was),
        vanishing=tuple(command for command in was if command not in now),
    )


def _fields(kind: str, was: Part, now: Part, within: Any = None) -> Iterator[Change]:
    for name in type(now).model_fields:
        before, after = _value(was, name), _value(now, name)
        if name in NAMED:
            yield from _named(name, before, after, now)
        elif name in KEYED:
            yield from _keyed(name, before, after, now)
        elif name in WORDS:
            yield from _words(name, before, after)
        elif before != after and not _tells_of_new_id(name, was, now):
            yield Change(kind, now, name, before, after, within)


def _tells_of_new_id(name: str, was: Part, now: Part) -> bool:
    """Tell whether the former ids differ by nothing but the id that has just changed."""
    if name != "formerly" or not (isinstance(was, Named) and isinstance(now, Named)):
        return False
    return was.id != now.id and set(now.formerly) == {*was.formerly, was.id}


def _value(part: Part, name: str) -> Any:
    """Give a field; a quote of a passage counts as one, under the name of the quote."""
    cites = "passage" in type(part).model_fields and "quote" in type(part).model_fields
    if cites and name == "passage":
        return None
    if cites and name == "quote":
        return Quote.model_construct(passage=getattr(part, "passage"), quote=getattr(part, "quote"))  # noqa: B009
    return getattr(part, name)


def _named(kind: str, old: Sequence[Named], new: Sequence[Named], within: Part) -> Iterator[Change]:
    pairs = _pairs(old, new)
    for now, was in pairs:
        if was is None:
            yield Change(kind, now, "", None, now, within)
        else:
            yield from _fields(kind, was, now, within)
    yield from (Change(kind, part, "", part, None, within) for part in _gone(old, new))
    stayed = {was.id: now.id for now, was in pairs if was is not None}
    before = tuple(stayed[part.id] for part in old if part.id in stayed)
    if before != tuple(stayed.values()):
        yield Change(kind, None, "order", before, tuple(stayed.values()), within)


def _keyed(kind: str, old: Sequence[Part], new: Sequence[Part], within: Part) -> Iterator[Change]:
    was, now = {KEYED[kind](part): part for part in old}, {KEYED[kind](part): part for part in new}
    for key, part in now.items():
        if key in was:
            yield from _fields(kind, was[key], part, within)
        else:
            yield Change(kind, part, "", None, part, within)
    yield from (Change(kind, part, "", part, None, within) for key, part in was.items() if key not in now)


def _words(
    kind: str, old: Mapping[str, Sequence[str | Questions]], new: Mapping[str, Sequence[str | Questions]]
) -> Iterator[Change]:
    for name in (*new, *(name for name in old if name not in new)):
        if old.get(name) != new.get(name):
            yield Change(kind, name, "words", _lines(old.get(name)), _lines(new.get(name)))


def _lines(entry: Sequence[str | Questions] | None) -> tuple[str, ...] | None:
    """Write an entry of aliases, glossary or answers as texts."""
    if entry is None:
        return None
    return tuple(line for each in entry for line in ((each,) if isinstance(each, str) else each.lines()))


def _passages(old: Source, new: Source) -> Iterator[Change]:
    was, now = old.passages, new.passages
    for id, part in now.items():
        if id not in was:
            yield Change("passages", part, "", None, part)
        else:
            yield from _of_a_passage(was[id], part)
    yield from (Change("passages", part, "", part, None) for id, part in was.items() if id not in now)
    stayed, before = tuple(id for id in now if id in was), tuple(id for id in was if id in now)
    if stayed != before:
        yield Change("passages", None, "order", before, stayed)


def _of_a_passage(was: Passage, now: Passage) -> Iterable[Change]:
    for name in _OF_A_PASSAGE:
        if getattr(was, name) != getattr(now, name):
            yield Change("passages", now, name, getattr(was, name), getattr(now, name))


@dataclass(frozen=True, slots=True)
class Moved:
    """A watch date that lies elsewhere now: the part as it is, and the date that it had."""

    watch_date: WatchDate
    before: CalendarDate


@dataclass(frozen=True, slots=True)
class Changes:
    """The differences that a reader cares about. A part under a new id is the same part."""

    notes: tuple[Note, ...]
    outcomes: tuple[Judgement, ...]
    moved: tuple[Moved, ...]
    new_dates: tuple[WatchDate, ...]
    gone_dates: tuple[WatchDate, ...]
    new_topics: tuple[Topic, ...]
    gone_topics: tuple[Topic, ...]

    def __bool__(self) -> bool:
        """Say whether there is any."""
        return any(
            (
                self.notes,
                self.outcomes,
                self.moved,
                self.new_dates,
                self.gone_dates,
                self.new_topics,
                self.gone_topics,
            )
        )


def changes(old: Brief, new: Brief) -> Changes:
    """Compare two versions of a brief. A note or outcome whose words changed counts as new."""
    dates, judgements = _pairs(old.watch_dates, new.watch_dates), _pairs(old.judgements, new.judgements)
    notes, topics = _pairs(old.notes, new.notes), _pairs(old.topics, new.topics)
    return Changes(
        notes=tuple(now for now, was in notes if was is None or (was.text, was.date) != (now.text, now.date)),
        outcomes=tuple(now for now, was in judgements if was is not None and was.outcome != now.outcome),
        moved=tuple(
            Moved(now, _date(was)) for now, was in dates if was is not None and _date(was) != _date(now)
        ),
        new_dates=tuple(now for now, was in dates if was is None),
        gone_dates=_gone(old.watch_dates, new.watch_dates),
        new_topics=tuple(now for now, was in topics if was is None),
        gone_topics=_gone(old.topics, new.topics),
    )


def _pairs(old: Sequence[Some], new: Sequence[Some]) -> list[tuple[Some, Some | None]]:
    by_id = {part.id: part for part in old}
    return [
        (part, next((by_id[id_] for id_ in (part.id, *part.formerly) if id_ in by_id), None)) for part in new
    ]


def _gone(old: Sequence[Some], new: Sequence[Some]) -> tuple[Some, ...]:
    known = {id_ for part in new for id_ in (part.id, *part.formerly)}
    return tuple(part for part in old if part.id not in known)


def _date(watch_date: WatchDate) -> CalendarDate:
    """The date as the brief writes it; for a yearly one, the first."""
    if watch_date.date is not None:
        return watch_date.date
    assert watch_date.yearly_from is not None, "the schema asks for one of the two"
    return CalendarDate(watch_date.yearly_from)
