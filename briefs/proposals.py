"""Proposals: versions of a brief that wait for somebody's approval; their table `proposals`.

A proposal keeps the exact bytes that were shown, so that an approval holds for these and no others.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, cast

from briefs.library import Origin, Row, Transaction, Value, from_millis, to_millis
from briefs.reading import Document, read_brief

Stage = Literal["open", "published", "rejected", "overtaken"]

_COLUMNS = "id, brief_id, author, at, reason, origin, base, state, decided_by, decided_at, words"


@dataclass(frozen=True, slots=True)
class Proposal:
    """One proposed version. Instants are aware UTC.

    `author` is a person's address, or `file` or `command line`. `base` is the revision that it was compared
    with when it was shown last, 0 for a new brief. `words` say why it was rejected, or what overtook it.
    """

    id: int
    brief_id: str
    author: str
    at: datetime
    reason: str
    origin: Origin
    base: int
    stage: Stage
    decided_by: str
    decided_at: datetime | None
    words: str


class Proposals:
    """The proposals in their table."""

    async def add(
        self,
        tx: Transaction,
        document: Document,
        author: str,
        at: datetime,
        reason: str,
        origin: Origin,
        base: int,
    ) -> Proposal:
        """Store a version that waits; an open one of the same author for the same brief is overtaken by it."""
        brief_id = document.brief.brief
        await self.withdraw(tx, author, at, "a later one of the same author", brief_id)
        rows = await tx.fetch(
            "INSERT INTO proposals (brief_id, yaml, report, author, at, reason, origin, base, state, decided_by,"
            " words) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'open', '', '') RETURNING id",
            brief_id, document.yaml, document.report, author, to_millis(at), reason, origin, base,
        )  # fmt: skip
        found = await self.get(tx, rows[0]["id"])
        assert found is not None, "it was stored a moment ago"
        return found

    async def get(self, tx: Transaction, id: int) -> Proposal | None:
        """Return a proposal, or None."""
        found = await self._where(tx, "id = ?", id)
        return found[0] if found else None

    async def open(self, tx: Transaction, brief_id: str = "") -> list[Proposal]:
        """Those that wait, oldest first; of one brief or of all."""
        if not brief_id:
            return await self._where(tx, "state = 'open'")
        return await self._where(tx, "state = 'open' AND brief_id = ?", brief_id)

    async def document(self, tx: Transaction, id: int) -> Document:
        """Read what is proposed.

        Raises BriefFaults where this version of the program cannot read it any more, LookupError for none.
        """
        rows = await tx.fetch("SELECT yaml, report FROM proposals WHERE id = ?", id)
        if not rows:
            raise LookupError(f"there is no proposal {id}")
        return read_brief(bytes(rows[0]["yaml"]), bytes(rows[0]["report"]))

    async def knows(self, tx: Transaction, document: Document) -> bool:
        """Say whether these very bytes wait already, or were turned down."""
        rows = await tx.fetch(
            "SELECT 1 AS found FROM proposals WHERE brief_id = ? AND yaml = ? AND report = ?"
            " AND state IN ('open', 'rejected') LIMIT 1",
            document.brief.brief, document.yaml, document.report,
        )  # fmt: skip
        return bool(rows)

    async def withdraw(
        self, tx: Transaction, author: str, at: datetime, words: str, brief_id: str = ""
    ) -> int:
        """End what an author's open proposals ask for, of one brief or of all; return how many there were."""
        return await tx.execute(
            "UPDATE proposals SET state = 'overtaken', decided_at = ?, words = ?"
            " WHERE author = ? AND state = 'open' AND (brief_id = ? OR ? = '')",
            to_millis(at), words, author, brief_id, brief_id,
        )  # fmt: skip

    async def count(self, tx: Transaction, author: str) -> int:
        """How many proposals of an author wait, or came to nothing."""
        rows = await tx.fetch(
            "SELECT COUNT(*) AS number FROM proposals WHERE author = ? AND state <> 'published'", author
        )
        return int(rows[0]["number"])

    async def forget(self, tx: Transaction, author: str) -> int:
        """Delete the proposals of an author that came to nothing; return how many."""
        return await tx.execute(
            "DELETE FROM proposals WHERE author = ? AND state IN ('rejected', 'overtaken')", author
        )

    async def rebase(self, tx: Transaction, id: int, base: int) -> None:
        """Note that it was compared with another revision, and shown so."""
        await tx.execute("UPDATE proposals SET base = ? WHERE id = ? AND state = 'open'", base, id)

    async def decide(
        self, tx: Transaction, id: int, stage: Stage, by: str, at: datetime, words: str = ""
    ) -> bool:
        """End a proposal; False where it was decided already."""
        count = await tx.execute(
            "UPDATE proposals SET state = ?, decided_by = ?, decided_at = ?, words = ?"
            " WHERE id = ? AND state = 'open'",
            stage, by, to_millis(at), words, id,
        )  # fmt: skip
        return count > 0

    async def _where(self, tx: Transaction, condition: str, *values: Value) -> list[Proposal]:
        rows: Sequence[Row] = await tx.fetch(
            f"SELECT {_COLUMNS} FROM proposals WHERE {condition} ORDER BY id",  # noqa: S608
            *values,
        )
        return [_proposal(row) for row in rows]


def _proposal(row: Row) -> Proposal:
    decided = row["decided_at"]
    return Proposal(
        row["id"], row["brief_id"], row["author"], from_millis(row["at"]), row["reason"],
        cast(Origin, row["origin"]), row["base"], cast(Stage, row["state"]), row["decided_by"],
        None if decided is None else from_millis(decided), row["words"],
    )  # fmt: skip
