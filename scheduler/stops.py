"""Stops: destinations that refuse messages for good, until somebody mends that; their table `stops`.

What is due at a stopped destination waits, and no platform call is made for it.
"""

from dataclasses import dataclass
from datetime import datetime

from briefs.library import Row, Transaction, from_millis, to_millis
from scheduler.address import PLATFORMS, Destination
from scheduler.outcomes import Reach


@dataclass(frozen=True, slots=True)
class Stop:
    """A place that takes nothing, why, and since when (aware UTC).

    `place` is a destination's address, or a platform's name where the token itself was refused.
    """

    place: str
    reason: str
    since: datetime

    def __str__(self) -> str:
        """Name this stop, another one of the same place differently."""
        return f"{self.place} since {self.since.isoformat()}"

    @property
    def is_platform(self) -> bool:
        """Whether everything on a platform is stopped."""
        return self.place in PLATFORMS


class Stops:
    """The stops in their table."""

    async def any(self, tx: Transaction) -> bool:
        """Whether any place is stopped."""
        return bool(await tx.fetch("SELECT place FROM stops LIMIT 1"))

    async def add(
        self, tx: Transaction, where: Destination, reach: Reach, reason: str, now: datetime
    ) -> None:
        """Stop a destination, or its platform where a token was refused; a stop that stands stays as it is."""
        await tx.execute(
            "INSERT INTO stops (place, reason, since) VALUES (?, ?, ?) ON CONFLICT (place) DO NOTHING",
            where.platform if reach == "token" else str(where), reason, to_millis(now),
        )  # fmt: skip

    async def at(self, tx: Transaction, where: Destination) -> Stop | None:
        """Return what stops a destination, its platform's stop first; None where nothing does."""
        found = await self.of(tx, where)
        return found[0] if found else None

    async def of(self, tx: Transaction, where: Destination) -> list[Stop]:
        """Return all that stops a destination: its platform's stop, then its own."""
        rows = await tx.fetch(
            "SELECT place, reason, since FROM stops WHERE place IN (?, ?) ORDER BY length(place)",
            where.platform, str(where),
        )  # fmt: skip
        return [_stop(row) for row in rows]

    async def all(self, tx: Transaction) -> list[Stop]:
        """Every stop, the oldest first."""
        rows = await tx.fetch("SELECT place, reason, since FROM stops ORDER BY since, place")
        return [_stop(row) for row in rows]

    async def lift(self, tx: Transaction, place: str) -> bool:
        """End a stop; say whether there was one."""
        return await tx.execute("DELETE FROM stops WHERE place = ?", place) > 0

    async def lift_platforms(self, tx: Transaction) -> None:
        """End the stops of whole platforms: a start may bring a new token."""
        await tx.execute("DELETE FROM stops WHERE place IN (?, ?, ?)", *PLATFORMS)


def _stop(row: Row) -> Stop:
    return Stop(row["place"], row["reason"], from_millis(row["since"]))
