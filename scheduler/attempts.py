"""Attempts: what each attempt at a delivery, and each look-up, led to; their table `attempts`."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from briefs.library import Transaction, from_millis, to_millis
from scheduler.outcomes import Outcome, Sent

INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt: its number, when it ended (aware UTC), what it led to, and the platform's words.

    `outcome` is the name of an outcome in small letters (`sent`, `retry`, `refused`, `doubtful`,
    `needless`), or `interrupted` where the bot stopped in its midst. A look-up bears the number of the
    attempt that it asks about.
    """

    number: int
    at: datetime
    outcome: str
    words: str


class Attempts:
    """The attempts in their table; they go with their delivery."""

    async def add(self, tx: Transaction, delivery: int, number: int, outcome: Outcome, now: datetime) -> None:
        """Note what an attempt led to."""
        words = "" if isinstance(outcome, Sent) else outcome.reason
        await tx.execute(
            "INSERT INTO attempts (delivery, number, at, outcome, words) VALUES (?, ?, ?, ?, ?)",
            delivery, number, to_millis(now), type(outcome).__name__.lower(), words,
        )  # fmt: skip

    async def interrupted(self, tx: Transaction, now: datetime, living: Collection[int] = ()) -> None:
        """Note of every delivery whose attempt or look-up ran that the bot stopped meanwhile.

        What the processes of `living` are at work on goes on.
        """
        dead = f"holder NOT IN ({', '.join('?' for _ in living)})" if living else "1 = 1"
        await tx.execute(
            "INSERT INTO attempts (delivery, number, at, outcome, words)"  # noqa: S608  # a constant
            " SELECT id, attempts, ?, ?, 'the bot stopped before the platform answered'"
            f" FROM deliveries WHERE state = 'sending' AND on_wire = 1 AND next_at IS NULL AND {dead}",
            to_millis(now), INTERRUPTED, *living,
        )  # fmt: skip

    async def of(self, tx: Transaction, delivery: int) -> list[Attempt]:
        """Return the attempts at a delivery, the first one first."""
        rows = await tx.fetch(
            "SELECT number, at, outcome, words FROM attempts WHERE delivery = ? ORDER BY at, number", delivery
        )
        return [Attempt(r["number"], from_millis(r["at"]), r["outcome"], r["words"]) for r in rows]
