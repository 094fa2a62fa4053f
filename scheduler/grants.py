"""Grants: which people, roles and user groups may edit or administer, as an admin said; their table `grants`."""

from datetime import datetime
from typing import Literal, cast

from briefs.library import Transaction, to_millis

Granted = Literal["editor", "admin"]


class Grants:
    """The grants in their table."""

    async def all(self, tx: Transaction) -> dict[str, Granted]:
        """Every grant: its subject (`slack:T1/U1`, `discord:1/role:5`, `slack:T1/usergroup:S1`) and right."""
        rows = await tx.fetch("SELECT subject, granted FROM grants ORDER BY subject")
        return {row["subject"]: cast(Granted, row["granted"]) for row in rows}

    async def give(self, tx: Transaction, subject: str, right: Granted, by: str, at: datetime) -> None:
        """Grant a right in place of an earlier one."""
        await tx.execute(
            "INSERT INTO grants (subject, granted, granted_by, at) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (subject) DO UPDATE SET granted = excluded.granted,"
            " granted_by = excluded.granted_by, at = excluded.at",
            subject, right, by, to_millis(at),
        )  # fmt: skip

    async def take(self, tx: Transaction, subject: str) -> bool:
        """Take a grant away; say whether there was one."""
        return await tx.execute("DELETE FROM grants WHERE subject = ?", subject) > 0
