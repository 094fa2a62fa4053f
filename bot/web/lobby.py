"""The lobby: the page's message history, in the table `lobby`.

What Slack and Discord keep for us in their channels is kept here: a message stands under its key once, is
found again by it, and is shown after a reload.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from briefs.library import Row, Store, Transaction, from_millis, to_millis
from commands.model import Reply
from commands.stored import from_json, to_json
from scheduler.address import Destination, destination

_COLUMNS = "id, destination, key, payload, at, edited_at"
_BATCH = 50


@dataclass(frozen=True, slots=True)
class Message:
    """One message of the history. `at` and `edited_at` are aware UTC."""

    id: int
    destination: Destination
    key: str
    reply: Reply
    at: datetime
    edited_at: datetime | None


class Cursor(NamedTuple):
    """How far a page has read: the newest message, and the newest edit in milliseconds."""

    message: int = 0
    edit: int = 0

    def __str__(self) -> str:
        """Write it as an EventSource's event id."""
        return f"{self.message}-{self.edit}"

    @classmethod
    def read(cls, written: str) -> "Cursor":
        """Read an event id; anything else means the beginning, so that nothing is missed."""
        message, _, edit = written.partition("-")
        if message.isdecimal() and edit.isdecimal() and len(written) < 40:
            return cls(int(message), int(edit))
        return cls()


class Lobby:
    """The messages of every room of the page, and a signal when there is something new."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._news = asyncio.Event()

    @property
    def news(self) -> asyncio.Event:
        """An event that is set at the next change. Take it before reading, so that no change is missed."""
        return self._news

    def announce(self) -> None:
        """Wake everybody who waits for news."""
        told, self._news = self._news, asyncio.Event()
        told.set()

    async def post(self, where: Destination, key: str, reply: Reply, at: datetime) -> int:
        """Store a message and return its id; one that stands under this key already stays as it is."""
        async with self._store.transaction() as tx:
            there = await self._id(tx, where, key)
            if there is not None:
                return there
            rows = await tx.fetch(
                "INSERT INTO lobby (destination, key, payload, at) VALUES (?, ?, ?, ?) RETURNING id",
                str(where), key, to_json(reply), to_millis(at),
            )  # fmt: skip
            tx.after_commit(self.announce)
            return int(rows[0]["id"])

    async def find(self, where: Destination, key: str) -> int | None:
        """Return the id of the message with this key, or None where there is none."""
        async with self._store.reading() as tx:
            return await self._id(tx, where, key)

    async def edit(self, where: Destination, message: int, reply: Reply, at: datetime) -> bool:
        """Replace what a message says; False where there is no such message.

        Edits get increasing instants, so that a page that comes back asks for the later ones.
        """
        async with self._store.transaction() as tx:
            newest = (await self._newest(tx)).edit
            changed = await tx.execute(
                "UPDATE lobby SET payload = ?, edited_at = ? WHERE id = ? AND destination = ?",
                to_json(reply), max(to_millis(at), newest + 1), message, str(where),
            )  # fmt: skip
            tx.after_commit(self.announce)
            return changed > 0

    async def latest(self, count: int) -> tuple[list[Message], Cursor]:
        """Return the last messages, oldest first, and the cursor behind them."""
        async with self._store.reading() as tx:
            rows = await tx.fetch(f"SELECT {_COLUMNS} FROM lobby ORDER BY id DESC LIMIT ?", count)  # noqa: S608
            return _messages(reversed(rows)), await self._newest(tx)

    async def posted_after(self, cursor: Cursor) -> list[Message]:
        """Return the next messages behind a cursor, oldest first."""
        async with self._store.reading() as tx:
            rows = await tx.fetch(
                f"SELECT {_COLUMNS} FROM lobby WHERE id > ? ORDER BY id LIMIT ?",  # noqa: S608
                cursor.message, _BATCH,
            )  # fmt: skip
            return _messages(rows)

    async def edited_after(self, cursor: Cursor) -> list[Message]:
        """Return the messages up to a cursor that were edited since, in the order of their edits."""
        async with self._store.reading() as tx:
            rows = await tx.fetch(
                f"SELECT {_COLUMNS} FROM lobby WHERE edited_at > ? AND id <= ?"  # noqa: S608
                " ORDER BY edited_at LIMIT ?",
                cursor.edit, cursor.message, _BATCH,
            )  # fmt: skip
            return _messages(rows)

    async def purge(self, tx: Transaction, before: datetime) -> int:
        """Forget the messages that were posted before an instant; return how many."""
        return await tx.execute("DELETE FROM lobby WHERE at < ?", to_millis(before))

    async def _id(self, tx: Transaction, where: Destination, key: str) -> int | None:
        rows = await tx.fetch("SELECT id FROM lobby WHERE destination = ? AND key = ?", str(where), key)
        return int(rows[0]["id"]) if rows else None

    async def _newest(self, tx: Transaction) -> Cursor:
        rows = await tx.fetch(
            "SELECT coalesce(max(id), 0) AS message, coalesce(max(edited_at), 0) AS edit FROM lobby"
        )
        return Cursor(int(rows[0]["message"]), int(rows[0]["edit"]))


def _messages(rows: Iterable[Row]) -> list[Message]:
    return [
        Message(
            int(row["id"]),
            destination(row["destination"]),
            row["key"],
            from_json(row["payload"]),
            from_millis(row["at"]),
            None if row["edited_at"] is None else from_millis(row["edited_at"]),
        )
        for row in rows
    ]
