"""The audit log: every change and every refusal, in the table `audit`. Nothing is ever changed in it."""

from datetime import datetime

from briefs.library import Row, Transaction, from_millis, to_millis
from commands.desk import AuditEntry

# Longer details (a list of changes) are cut: the revision itself says all of it.
DETAIL = 2_000


class Audit:
    """Implements `commands.desk.AuditLog`."""

    async def note(self, tx: Transaction, entry: AuditEntry) -> None:
        """Add a line."""
        await tx.execute(
            "INSERT INTO audit (at, actor, place, action, subject, detail) VALUES (?, ?, ?, ?, ?, ?)",
            to_millis(entry.at), entry.actor, entry.place, entry.action, entry.subject, entry.detail[:DETAIL],
        )  # fmt: skip

    async def count(self, tx: Transaction, actor: str) -> int:
        """How many lines are about what one did or was refused."""
        rows = await tx.fetch("SELECT COUNT(*) AS number FROM audit WHERE actor = ?", actor)
        return int(rows[0]["number"])

    async def latest(self, tx: Transaction, limit: int, before: datetime | None = None) -> list[AuditEntry]:
        """The last lines, newest first; those before an instant where it is given."""
        rows = await tx.fetch(
            "SELECT at, actor, place, action, subject, detail FROM audit WHERE at < ? ORDER BY id DESC LIMIT ?",
            to_millis(before) if before else 1 << 62, limit,
        )  # fmt: skip
        return [_entry(row) for row in rows]


def _entry(row: Row) -> AuditEntry:
    return AuditEntry(
        from_millis(row["at"]), row["actor"], row["place"], row["action"], row["subject"], row["detail"]
    )
