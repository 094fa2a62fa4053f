"""The platforms' side of a simulated year: a file to which every message is written before it is answered.

What stands in the file outlives the process, as what a platform has stored does. Some requests are lost, some
answers, and some requests are refused for a while.
"""

import json
import os
import random
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self, cast

from bot.adapter import Status
from bot.pacing import Turn
from commands.model import Reply
from scheduler.address import Destination
from scheduler.outcomes import Doubtful, Outcome, Retry, Sent
from tests.year.fuse import Fuse

Line = dict[str, Any]
# Of a thousand requests so many are lost, so many answers are, and so many requests are put off.
LOST, UNANSWERED, PUT_OFF = 3, 3, 4


class Journal:
    """Lines that outlive the process, in the order in which they came."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def write(self, what: str, at: datetime, **more: object) -> None:
        """Add a line; once this returns it stands."""
        line = json.dumps({"what": what, "at": at.isoformat(), **more}, ensure_ascii=False)
        os.write(self._file, f"{line}\n".encode())

    def read(self) -> Iterator[Line]:
        """Every line, the first one first."""
        with self._path.open(encoding="utf-8") as lines:
            yield from map(json.loads, lines)


class Far:
    """An adapter (`bot.adapter.Adapter`) to a platform that is this file."""

    def __init__(
        self, platform: str, journal: Journal, clock: Callable[[], datetime], rng: random.Random, fuse: Fuse
    ) -> None:
        self.platform = platform
        self._journal, self._clock, self._rng, self._fuse = journal, clock, rng, fuse
        self._there: dict[tuple[str, str], str] = {}

    def recall(self, line: Line) -> None:
        """Know a message of an earlier life."""
        self._there[line["to"], line["key"]] = line["id"]

    @asynccontextmanager
    async def turn(self, destination: Destination) -> AsyncIterator[Turn]:
        """There is always room."""
        yield cast(Turn, None)

    async def send(
        self, destination: Destination, reply: Reply, key: str, turn: Turn | None = None
    ) -> Outcome:
        """Store a message, or not."""
        self._fuse.passes("before the platform")
        luck = self._rng.randrange(1000)
        if luck < PUT_OFF:
            return Retry("too many requests", timedelta(seconds=5))
        if luck < PUT_OFF + LOST:
            return Doubtful("no answer")
        message = f"m{os.urandom(6).hex()}"
        self._journal.write(
            "sent", self._clock(), to=str(destination), key=key, id=message, title=reply.title, said=reply.summary
        )  # fmt: skip
        self._there[str(destination), key] = message
        self._fuse.passes("after the platform")
        return Doubtful("no answer") if luck < PUT_OFF + LOST + UNANSWERED else Sent(message)

    async def find(self, destination: Destination, key: str, since: datetime) -> Outcome:
        """Look for a message."""
        there = self._there.get((str(destination), key))
        return Retry("it is not there") if there is None else Sent(there)

    async def edit(self, destination: Destination, message: str, reply: Reply) -> Outcome:
        """Take an edit."""
        self._journal.write("edited", self._clock(), to=str(destination), id=message, title=reply.title)
        return Sent(message)

    async def __aenter__(self) -> Self:
        """Be there."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Go."""

    async def lead(self) -> None:
        """Hear nobody."""

    async def stand_by(self) -> None:
        """Hear nobody."""

    async def refresh(self) -> None:
        """Have no commands."""

    def sends(self) -> bool:
        """It can always send."""
        return True

    def status(self) -> Status:
        """It is well."""
        return Status(True, "well", datetime.min.replace(tzinfo=UTC))
