"""Feeds: the calendar of a workspace under a secret address; their table `feeds`.

Only a hash of the address is kept, so a copy of the database opens no calendar.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import date, datetime

from briefs.library import Row, Transaction, from_millis, to_millis
from scheduler.address import Person


@dataclass(frozen=True, slots=True)
class Feed:
    """A workspace's feed: the language of its sentences, who made it and when (aware UTC), the day of its last use.

    `made_by` is a person's address, empty where they asked to be forgotten.
    """

    workspace: str
    language: str
    made_by: str
    made_at: datetime
    read_on: date | None


class Feeds:
    """The feeds in their table, one a workspace."""

    async def at(self, tx: Transaction, workspace: str) -> Feed | None:
        """Return the feed of a workspace."""
        rows = await tx.fetch("SELECT * FROM feeds WHERE workspace = ?", workspace)
        return _feed(rows[0]) if rows else None

    async def found(self, tx: Transaction, secret: str) -> Feed | None:
        """Return the feed with this secret; None for one that was revoked or never was.

        The look-up is by the hash, whose beginning nobody can guess from how long it takes.
        """
        digest = _digest(secret)
        rows = await tx.fetch("SELECT * FROM feeds WHERE digest = ?", digest)
        return _feed(rows[0]) if rows and hmac.compare_digest(rows[0]["digest"], digest) else None

    async def make(
        self, tx: Transaction, workspace: str, secret: str, language: str, by: Person, now: datetime
    ) -> None:
        """Give a workspace a feed; the address that it had before ends."""
        await tx.execute(
            "INSERT INTO feeds (workspace, digest, language, made_by, made_at, read_on)"
            " VALUES (?, ?, ?, ?, ?, NULL) ON CONFLICT (workspace) DO UPDATE SET digest = excluded.digest,"
            " language = excluded.language, made_by = excluded.made_by, made_at = excluded.made_at, read_on = NULL",
            workspace, _digest(secret), language, str(by), to_millis(now),
        )  # fmt: skip

    async def revoke(self, tx: Transaction, workspace: str) -> bool:
        """End a feed; say whether there was one."""
        return await tx.execute("DELETE FROM feeds WHERE workspace = ?", workspace) > 0

    async def read(self, tx: Transaction, workspace: str, day: date) -> None:
        """Note that a feed was fetched on a day (UTC)."""
        await tx.execute("UPDATE feeds SET read_on = ? WHERE workspace = ?", day.isoformat(), workspace)

    async def made_by(self, tx: Transaction, who: Person) -> int:
        """How many feeds a person made."""
        rows = await tx.fetch("SELECT COUNT(*) AS number FROM feeds WHERE made_by = ?", str(who))
        return int(rows[0]["number"])

    async def forget(self, tx: Transaction, who: Person) -> None:
        """Forget who made a feed; it stays."""
        await tx.execute("UPDATE feeds SET made_by = '' WHERE made_by = ?", str(who))


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _feed(row: Row) -> Feed:
    read_on = row["read_on"]
    return Feed(
        row["workspace"], row["language"], row["made_by"], from_millis(row["made_at"]),
        date.fromisoformat(read_on) if read_on else None,
    )  # fmt: skip
