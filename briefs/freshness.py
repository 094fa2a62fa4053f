"""How old a brief is, and what that makes of it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from briefs.schema import Brief


class Level(StrEnum):
    """Current up to one review interval, aging to 1.5, stale to 3, expired beyond."""

    current = "current"
    aging = "aging"
    stale = "stale"
    expired = "expired"


@dataclass(frozen=True, slots=True)
class Freshness:
    """A brief's age in whole days since it was published or last reviewed (`as_of`)."""

    level: Level
    as_of: date
    days: int
    reviewed: bool


def freshness(brief: Brief, today: date) -> Freshness:
    """Tell how old the brief is on a day; a day before its date counts as its date."""
    as_of = max(brief.published, brief.reviewed or brief.published)
    days = max((today - as_of).days, 0)
    intervals = days / brief.review_every.days
    steps = ((1.0, Level.current), (1.5, Level.aging), (3.0, Level.stale))
    level = next((level for limit, level in steps if intervals <= limit), Level.expired)
    return Freshness(level, as_of, days, brief.reviewed is not None)
