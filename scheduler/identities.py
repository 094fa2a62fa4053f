"""Identities: which accounts are one person's, as they proved with a one-time code.

Tables `identities` and `link_codes`.
"""

import hashlib
from datetime import datetime, timedelta

from briefs.library import Transaction, to_millis
from scheduler.address import Person, person

CODE_HOLDS = timedelta(minutes=15)


class Identities:
    """Who is who on several platforms."""

    async def offer(self, tx: Transaction, who: Person, code: str, now: datetime) -> None:
        """Keep a code by which another account joins this one; an earlier code of it ends."""
        await tx.execute(
            "DELETE FROM link_codes WHERE person = ? OR expires_at <= ?", str(who), to_millis(now)
        )
        await tx.execute(
            "INSERT INTO link_codes (digest, person, expires_at) VALUES (?, ?, ?)",
            _digest(code), str(who), to_millis(now + CODE_HOLDS),
        )  # fmt: skip

    async def join(self, tx: Transaction, who: Person, code: str, now: datetime) -> Person | None:
        """Join the account that offered a code, and use the code up; None where nobody offered it."""
        rows = await tx.fetch(
            "DELETE FROM link_codes WHERE digest = ? AND expires_at > ? RETURNING person",
            _digest(code), to_millis(now),
        )  # fmt: skip
        if not rows:
            return None
        other = person(rows[0]["person"])
        await self._unite(tx, who, other)
        return other

    async def accounts(self, tx: Transaction, who: Person) -> set[Person]:
        """Every account of the person to whom an account belongs, itself included."""
        rows = await tx.fetch(
            "SELECT person FROM identities WHERE member = (SELECT member FROM identities WHERE person = ?)",
            str(who),
        )
        return {who, *(person(row["person"]) for row in rows)}

    async def forget(self, tx: Transaction, who: Person) -> None:
        """Forget that an account is the same person's as others."""
        await tx.execute("DELETE FROM identities WHERE person = ?", str(who))
        await tx.execute("DELETE FROM link_codes WHERE person = ?", str(who))

    async def _unite(self, tx: Transaction, one: Person, other: Person) -> None:
        """Give all accounts of both one member number: the lower of theirs, or the next."""
        every = await self.accounts(tx, one) | await self.accounts(tx, other)
        marks = ", ".join("?" for _ in every)
        rows = await tx.fetch(
            "SELECT coalesce(MIN(CASE WHEN person IN (" + marks + ") THEN member END), MAX(member) + 1, 1)"  # noqa: S608
            " AS member FROM identities",
            *map(str, every),
        )
        await tx.execute_many(
            "INSERT INTO identities (person, member) VALUES (?, ?)"
            " ON CONFLICT (person) DO UPDATE SET member = excluded.member",
            [(str(each), rows[0]["member"]) for each in every],
        )


def _digest(code: str) -> str:
    return hashlib.sha256(code.strip().upper().encode()).hexdigest()
