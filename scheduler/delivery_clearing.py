"""What is long finished leaves the ledger, a few rows at a time, so that nobody waits for it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from briefs.library import Row, Store, Transaction, to_millis

# Looked at, and deleted, at once: a few milliseconds' work, after which others have their turn.
BATCH = 100
PAUSE_SECONDS = 0.02
_COLUMNS = "id, updated_at, destination, brief, item, occurrence, kind"
_SETTLED = "state IN ('sent', 'failed', 'cancelled', 'skipped')"
# `announced` begins with a year and a month, so that dates compare as text.
_OVER = f"({_SETTLED} AND updated_at < ? AND announced < ?)"


class History(NamedTuple):
    """All that a destination was told, or was to be told, of one occurrence of a date."""

    destination: str
    brief: str
    item: str
    occurrence: int


@dataclass(frozen=True, slots=True)
class Before:
    """The moment (aware UTC) before which what is finished is not kept."""

    at: datetime

    @property
    def values(self) -> tuple[int, str]:
        """The values of the condition that a row is over."""
        return to_millis(self.at), self.at.astimezone(UTC).date().isoformat()


async def clear(store: Store, before: datetime, pause: float = PAUSE_SECONDS) -> int:
    """Delete what was finished before a moment (aware UTC); return how many deliveries that were.

    A digest goes by itself. Of a date all that one destination was told goes at once, when the last of it was
    settled, and each day that it named was over, before that moment: a part of it would look as if the
    destination had not been told the rest, and it would be told again.
    """
    seen, number, limit = (0, 0), 0, Before(before)
    while True:
        async with store.reading() as tx:
            rows = await _next(tx, limit, seen)
            done = [(row["id"],) for row in rows if await _is_done(tx, row, limit)]
        if done:
            async with store.transaction() as tx:
                number += await _delete(tx, done, limit)
        if len(rows) < BATCH:
            return number
        seen = (rows[-1]["updated_at"], rows[-1]["id"])
        await asyncio.sleep(pause)


async def _next(tx: Transaction, before: Before, seen: tuple[int, int]) -> Sequence[Row]:
    """The next rows that are over, those settled first before the others."""
    return await tx.fetch(
        f"SELECT {_COLUMNS} FROM deliveries WHERE {_OVER} AND (updated_at, id) > (?, ?)"  # noqa: S608
        " ORDER BY updated_at, id LIMIT ?",
        *before.values, *seen, BATCH,
    )  # fmt: skip


async def _is_done(tx: Transaction, row: Row, before: Before) -> bool:
    """Whether nothing of the history to which a row belongs is still wanted."""
    if row["kind"] == "digest":
        return True
    history = History(row["destination"], row["brief"], row["item"], row["occurrence"])
    wanted = await tx.fetch(
        "SELECT 1 AS found FROM deliveries WHERE destination = ? AND brief = ? AND item = ?"  # noqa: S608
        f" AND occurrence = ? AND kind <> 'digest' AND NOT {_OVER} LIMIT 1",
        *history, *before.values,
    )  # fmt: skip
    return not wanted


async def _delete(tx: Transaction, ids: Sequence[tuple[int]], before: Before) -> int:
    """Delete rows, but for what came back to life since it was looked at."""
    return await tx.execute_many(
        f"DELETE FROM deliveries WHERE id = ? AND {_OVER}",  # noqa: S608
        [(*each, *before.values) for each in ids],
    )
