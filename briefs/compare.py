"""What changed from one version of a brief to the next, part by part."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from briefs.schema import Brief, CalendarDate, Judgement, Named, Note, Topic, WatchDate

Part = TypeVar("Part", bound=Named)


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


def _pairs(old: Sequence[Part], new: Sequence[Part]) -> list[tuple[Part, Part | None]]:
    by_id = {part.id: part for part in old}
    return [
        (part, next((by_id[id_] for id_ in (part.id, *part.formerly) if id_ in by_id), None)) for part in new
    ]


def _gone(old: Sequence[Part], new: Sequence[Part]) -> tuple[Part, ...]:
    known = {id_ for part in new for id_ in (part.id, *part.formerly)}
    return tuple(part for part in old if part.id not in known)


def _date(watch_date: WatchDate) -> CalendarDate:
    """The date as the brief writes it; for a yearly one, the first."""
    if watch_date.date is not None:
        return watch_date.date
    assert watch_date.yearly_from is not None, "the schema asks for one of the two"
    return CalendarDate(watch_date.yearly_from)
