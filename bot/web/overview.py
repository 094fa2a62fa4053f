"""What the page's side column shows: what is planned next, the briefs and their faults, how all is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from commands.desk import Part


@dataclass(frozen=True, slots=True)
class PlannedLine:
    """One message to come: when (aware UTC), to which destination, and what it is, in words."""

    when: datetime
    where: str
    what: str


@dataclass(frozen=True, slots=True)
class BriefLine:
    """One brief: its published revision, how old it is in words, and the faults of a later edit.

    A fault reads `brief.yaml:13:17 …`: file, line, column, what was found, what is allowed.
    """

    id: str
    title: str
    published: date
    freshness: str
    revision: int
    faults: Sequence[str] = ()


class Overview(Protocol):
    """What the side column asks of the running bot."""

    async def planned(self, limit: int, language: str) -> Sequence[PlannedLine]:
        """Return the next messages to be sent, the soonest first."""

    async def briefs(self, language: str) -> Sequence[BriefLine]:
        """Return every brief with its faults."""

    async def health(self, language: str) -> Sequence[Part]:
        """Say how each part of the process is, in a language."""
