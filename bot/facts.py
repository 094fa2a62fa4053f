"""Facts that the process remembers, by name, in the table `facts`: what was synced, who was greeted."""

from briefs.library import Transaction
from scheduler.address import Person


class Facts:
    """Named values."""

    async def get(self, tx: Transaction, name: str) -> str | None:
        """Read a fact, or None where nothing is remembered under its name."""
        rows = await tx.fetch("SELECT value FROM facts WHERE name = ?", name)
        return rows[0]["value"] if rows else None

    async def set(self, tx: Transaction, name: str, value: str) -> None:
        """Remember a fact in place of what was remembered before."""
        await tx.execute(
            "INSERT INTO facts (name, value) VALUES (?, ?)"
            " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            name,
            value,
        )

    async def forget_about(self, tx: Transaction, person: Person) -> int:
        """Forget what a person was told (`told slack:T1/U1: …`); return how many facts that were."""
        begins = f"told {person}: "
        return await tx.execute("DELETE FROM facts WHERE substr(name, 1, ?) = ?", len(begins), begins)

    async def forget(self, tx: Transaction, name: str) -> bool:
        """Forget a fact; say whether there was one."""
        return await tx.execute("DELETE FROM facts WHERE name = ?", name) > 0
