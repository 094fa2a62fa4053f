"""The library: every published revision of every brief, and its table `revisions`.

A revision is immutable and numbered from 1 within its brief. It keeps the exact bytes of the YAML and of the
report, each with its SHA-256.
"""

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Literal, Protocol, cast, get_args
from weakref import WeakValueDictionary

from briefs.faults import BriefFaults
from briefs.reading import Document, read_brief
from briefs.schema import Brief

Value = str | int | float | bytes | None
Origin = Literal["file", "discord", "slack", "page", "command line"]

_COLUMNS = "brief_id, number, yaml_sha256, report_sha256, author, at, reason, origin"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Row(Protocol):
    """One row of a result; a value is found under its column's name."""

    def __getitem__(self, column: str, /) -> Any:
        """Return the value of a column."""

    def __iter__(self) -> Iterator[Any]:
        """Go through the values in the order of their columns."""


class Transaction(Protocol):
    """What a store may ask of the database. Placeholders are `?`; instants are epoch milliseconds."""

    async def execute(self, sql: str, *values: Value) -> int:
        """Run one statement and return the number of rows that it changed."""

    async def execute_many(self, sql: str, rows: Sequence[Sequence[Value]]) -> int:
        """Run one statement for each row of values and return the number of rows changed in all."""

    async def fetch(self, sql: str, *values: Value) -> Sequence[Row]:
        """Run a query (or a statement with RETURNING) and return all its rows."""

    async def reserve(self, names: Collection[str]) -> set[str]:
        """Keep named things until the end; return those which no other process keeps. Nobody is waited for."""

    def after_commit(self, action: Callable[[], None]) -> None:
        """Do something once the transaction is committed, and never if it is rolled back."""


class Store(Protocol):
    """Where transactions come from."""

    def transaction(self) -> AbstractAsyncContextManager[Transaction]:
        """Open a writing transaction; it commits at the end and rolls back on an exception.

        No other one writes meanwhile, in any process, so that what it reads stays so until it commits.
        """

    def claiming(self) -> AbstractAsyncContextManager[Transaction]:
        """Open a writing transaction that only adds rows, or takes rows which nobody holds.

        It may run beside others of its kind in other processes, and never beside `transaction`.
        """

    def reading(self) -> AbstractAsyncContextManager[Transaction]:
        """Open a reading transaction: one consistent state, whatever is written meanwhile."""


def to_millis(instant: datetime) -> int:
    """Write an aware instant as it is stored: whole milliseconds since 1970 in UTC, rounded down."""
    return (instant - _EPOCH) // timedelta(milliseconds=1)


@lru_cache(maxsize=4096)
def from_millis(millis: int) -> datetime:
    """Read a stored instant as aware UTC."""
    return _EPOCH + timedelta(milliseconds=millis)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a brief's history: a revision without its document. `at` is aware UTC."""

    brief_id: str
    number: int
    yaml_sha256: str
    report_sha256: str
    author: str
    at: datetime
    reason: str
    origin: Origin


@dataclass(frozen=True)
class Revision:
    """One published version of a brief, with its document. `at` is aware UTC."""

    brief_id: str
    number: int
    document: Document
    yaml_sha256: str
    report_sha256: str
    author: str
    at: datetime
    reason: str
    origin: Origin

    @property
    def brief(self) -> Brief:
        """The brief as it stands in this revision."""
        return self.document.brief


class Library:
    """The published revisions: the current ones parsed and in memory, all of them in the table."""

    def __init__(self) -> None:
        self._current: dict[str, Revision] = {}
        # Newest revisions that do not serve: unreadable ones, and those of a brief under its former id.
        self._passed_over: set[tuple[str, int]] = set()
        # What was stored, by the hashes of its bytes, for as long as its transaction needs it.
        self._stored: WeakValueDictionary[tuple[str, str], Document] = WeakValueDictionary()

    @property
    def current(self) -> Mapping[str, Revision]:
        """The newest committed revision of each brief, by the brief's id."""
        return MappingProxyType(self._current)

    async def load(self, tx: Transaction) -> list[BriefFaults]:
        """Read the newest revision of each brief.

        Returns the faults of those that this version of the program cannot read any more; their briefs
        are served in the newest revision that it can read.
        """
        faults: list[BriefFaults] = []
        newest = await tx.fetch("SELECT brief_id, MAX(number) AS number FROM revisions GROUP BY brief_id")
        found: list[Revision] = []
        for row in newest:
            revision = await self._newest_readable(tx, row["brief_id"], row["number"], faults)
            if revision is not None:
                found.append(revision)
        self._current.clear()
        for revision in sorted(found, key=_order):
            self._adopt(revision)
        return faults

    async def refresh(self, tx: Transaction) -> list[Revision]:
        """Take up what other processes published; return the revisions that are new here.

        One that this version of the program cannot read leaves the one before it in place.
        """
        rows = await tx.fetch("SELECT brief_id, MAX(number) AS number FROM revisions GROUP BY brief_id")
        known = {id_: each.number for id_, each in self._current.items()}
        behind = [
            (row["brief_id"], row["number"]) for row in rows if known.get(row["brief_id"], 0) < row["number"]
        ]
        read = [await self._readable(tx, *each) for each in behind if each not in self._passed_over]
        found = sorted((each for each in read if each), key=_order)
        fresh = [each for each in found if not self._goes_on_elsewhere(each)]
        for revision in fresh:
            self._adopt(revision)
        self._passed_over.update((each.brief_id, each.number) for each in found if each not in fresh)
        return fresh

    async def _readable(self, tx: Transaction, brief_id: str, number: int) -> Revision | None:
        try:
            return await self.revision(tx, brief_id, number)
        except BriefFaults:
            self._passed_over.add((brief_id, number))
            return None

    def _goes_on_elsewhere(self, revision: Revision) -> bool:
        """Whether its brief got another id later."""
        return any(
            revision.brief_id in each.brief.formerly and _order(each) > _order(revision)
            for each in self._current.values()
        )

    async def store(
        self, tx: Transaction, document: Document, author: str, at: datetime, reason: str, origin: Origin
    ) -> Revision:
        """Store a document as the next revision of its brief; it becomes current when `tx` commits.

        A document whose YAML and report equal the newest revision's byte for byte stores nothing, and
        that revision is returned.
        """
        brief_id = document.brief.brief
        hashes = (_sha256(document.yaml), _sha256(document.report))
        past = await self._newest(tx, brief_id)
        if past is not None and (past.yaml_sha256, past.report_sha256) == hashes:
            revision = with_document(past, document)
        else:
            entry = Entry(brief_id, past.number + 1 if past else 1, *hashes, author, at, reason, origin)
            await self._insert(tx, entry, document)
            self._stored[hashes] = document
            revision = with_document(entry, document)
        tx.after_commit(lambda: self._adopt(revision))
        return revision

    async def history(self, tx: Transaction, brief_id: str) -> list[Entry]:
        """Every revision of a brief, newest first."""
        rows = await tx.fetch(
            f"SELECT {_COLUMNS} FROM revisions WHERE brief_id = ? ORDER BY number DESC",  # noqa: S608
            brief_id,
        )
        return [_entry(row) for row in rows]

    async def revision(self, tx: Transaction, brief_id: str, number: int) -> Revision | None:
        """Read one revision, or None where there is no such number.

        Raises BriefFaults where this version of the program cannot read it; `raw` still gives its bytes.
        """
        known = self._current.get(brief_id)
        if known is not None and known.number == number:
            return known
        rows = await tx.fetch(
            f"SELECT {_COLUMNS}, yaml, report FROM revisions WHERE brief_id = ? AND number = ?",  # noqa: S608
            brief_id,
            number,
        )
        if not rows:
            return None
        return with_document(_entry(rows[0]), read_brief(bytes(rows[0]["yaml"]), bytes(rows[0]["report"])))

    async def raw(self, tx: Transaction, brief_id: str, number: int) -> tuple[bytes, bytes] | None:
        """The exact bytes of a revision's YAML and report, or None where there is no such number."""
        rows = await tx.fetch(
            "SELECT yaml, report FROM revisions WHERE brief_id = ? AND number = ?", brief_id, number
        )
        return (bytes(rows[0]["yaml"]), bytes(rows[0]["report"])) if rows else None

    async def newest(self, tx: Transaction, brief_id: str) -> Revision | None:
        """The newest revision as the transaction sees it, even where it is not committed yet."""
        entry = await self._newest(tx, brief_id)
        if entry is None:
            return None
        # To read a brief of some megabytes once more takes a second, in which the event loop stands still.
        stored = self._stored.get((entry.yaml_sha256, entry.report_sha256))
        return with_document(entry, stored) if stored else await self.revision(tx, brief_id, entry.number)

    async def before(self, tx: Transaction, revision: Revision) -> Revision | None:
        """The revision before one; None where it is the first, or the one before cannot be read any more."""
        try:
            return await self.revision(tx, revision.brief_id, revision.number - 1)
        except BriefFaults:
            return None

    def _adopt(self, revision: Revision) -> None:
        for old in revision.document.brief.formerly:
            self._current.pop(old, None)
        self._current[revision.brief_id] = revision

    async def _newest(self, tx: Transaction, brief_id: str) -> Entry | None:
        rows = await tx.fetch(
            f"SELECT {_COLUMNS} FROM revisions WHERE brief_id = ? ORDER BY number DESC LIMIT 1",  # noqa: S608
            brief_id,
        )
        return _entry(rows[0]) if rows else None

    async def _newest_readable(
        self, tx: Transaction, brief_id: str, number: int, faults: list[BriefFaults]
    ) -> Revision | None:
        for candidate in range(number, 0, -1):
            try:
                return await self.revision(tx, brief_id, candidate)
            except BriefFaults as problem:
                faults.append(problem)
        return None

    async def _insert(self, tx: Transaction, entry: Entry, document: Document) -> None:
        await tx.execute(
            f"INSERT INTO revisions ({_COLUMNS}, yaml, report) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
            entry.brief_id, entry.number, entry.yaml_sha256, entry.report_sha256, entry.author,
            to_millis(entry.at), entry.reason, entry.origin, document.yaml, document.report,
        )  # fmt: skip


def _order(revision: Revision) -> tuple[datetime, str]:
    return revision.at, revision.brief_id


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _entry(row: Row) -> Entry:
    origin = row["origin"]
    if origin not in get_args(Origin):
        raise ValueError(f"revision {row['number']} of {row['brief_id']} has the unknown origin {origin!r}")
    return Entry(
        row["brief_id"], row["number"], row["yaml_sha256"], row["report_sha256"], row["author"],
        from_millis(row["at"]), row["reason"], cast(Origin, origin),
    )  # fmt: skip


def with_document(entry: Entry, document: Document) -> Revision:
    """Put a line of the history and its document together."""
    return Revision(
        entry.brief_id, entry.number, document, entry.yaml_sha256, entry.report_sha256,
        entry.author, entry.at, entry.reason, entry.origin,
    )  # fmt: skip
