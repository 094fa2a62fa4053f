"""What buttons ask for, by their key, in the table `actions`: a button works after a restart."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime

from briefs.library import Transaction, to_millis
from commands.model import Press


class Actions:
    """The stored presses."""

    async def keep(self, tx: Transaction, presses: Mapping[str, Press], at: datetime) -> None:
        """Store the presses under their keys; one that is there already stays as it is."""
        await tx.execute_many(
            "INSERT INTO actions (key, press, created_at) VALUES (?, ?, ?) ON CONFLICT (key) DO NOTHING",
            [(key, to_json(press), to_millis(at)) for key, press in presses.items()],
        )

    async def get(self, tx: Transaction, key: str) -> Press | None:
        """Return what a button asks for, or None where nobody knows its key."""
        rows = await tx.fetch("SELECT press FROM actions WHERE key = ?", key)
        return from_json(rows[0]["press"]) if rows else None

    async def all(self, tx: Transaction, limit: int) -> dict[str, Press]:
        """The newest presses by their key, to have them in memory after a start."""
        rows = await tx.fetch("SELECT key, press FROM actions ORDER BY created_at DESC LIMIT ?", limit)
        return {row["key"]: from_json(row["press"]) for row in rows}

    async def purge(self, tx: Transaction, before: datetime) -> int:
        """Forget the presses that were stored before an instant; return how many."""
        return await tx.execute("DELETE FROM actions WHERE created_at < ?", to_millis(before))


def to_json(press: Press) -> str:
    """Write a press as it is stored."""
    return json.dumps(asdict(press), ensure_ascii=False, sort_keys=True)


def from_json(text: str) -> Press:
    """Read a stored press."""
    known = json.loads(text)
    options = tuple((name, value) for name, value in known.pop("options"))
    return Press(**known, options=options)
