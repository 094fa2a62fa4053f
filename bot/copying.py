"""Every table copied between a file and a server, in batches, with a checksum of what was read."""

import hashlib
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field

from bot.postgres import storable
from briefs.library import Row, Transaction, Value

# So many rows are in memory at once.
BATCH = 2_000
# The engine's own: its migrations, and the processes that share a server.
_ITS_OWN = ("schema_version", "processes")

Columns = Sequence[str]
Read = Callable[[Transaction, str, Columns], AsyncIterator[Sequence[Row]]]


@dataclass
class Checksum:
    """Of rows in any order: how many there are, and the sum of their SHA-256."""

    rows: int = 0
    total: int = field(default=0, repr=False)

    def add(self, values: Sequence[Value]) -> None:
        """Count a row."""
        self.rows += 1
        digest = hashlib.sha256(repr(tuple(values)).encode("utf-8", "surrogatepass")).digest()
        self.total = (self.total + int.from_bytes(digest)) % (1 << 256)

    def __str__(self) -> str:
        """The first digits, enough to compare by eye."""
        return f"{self.total:064x}"[:16]


async def tables_of(file: Transaction) -> dict[str, Columns]:
    """The tables of a file that hold what the bot knows, with their columns.

    Those to which others refer stand first.
    """
    rows = await file.fetch(
        "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
    )
    known = [row for row in rows if row["name"] not in _ITS_OWN]
    ordered = sorted(known, key=lambda row: "REFERENCES" in row["sql"])
    return {row["name"]: await _columns(file, row["name"]) for row in ordered}


async def of_file(file: Transaction, table: str, columns: Columns) -> AsyncIterator[Sequence[Row]]:
    """Read a table of a file in batches."""
    last = 0
    names = ", ".join(columns)
    while rows := await file.fetch(
        f"SELECT rowid AS place_in_file, {names} FROM {table} WHERE rowid > ? ORDER BY rowid LIMIT {BATCH}",  # noqa: S608
        last,
    ):
        yield rows
        last = rows[-1]["place_in_file"]


async def of_server(server: Transaction, table: str, columns: Columns) -> AsyncIterator[Sequence[Row]]:
    """Read a table of a server in batches."""
    await server.execute(f"DECLARE all_of_{table} CURSOR FOR SELECT {', '.join(columns)} FROM {table}")  # noqa: S608
    while rows := await server.fetch(f"FETCH {BATCH} FROM all_of_{table}"):
        yield rows
    await server.execute(f"CLOSE all_of_{table}")


async def copy(old: Transaction, read: Read, new: Transaction, table: str, columns: Columns) -> Checksum:
    """Copy one table; return the checksum of what was sent."""
    sent = Checksum()
    marks = ", ".join("?" for _ in columns)
    insert = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608
    async for rows in read(old, table, columns):
        values = [_values(row, columns) for row in rows]
        for each in values:
            sent.add(each)
        await new.execute_many(insert, values)
    return sent


async def checksum(tx: Transaction, read: Read, table: str, columns: Columns) -> Checksum:
    """Read a whole table."""
    found = Checksum()
    async for rows in read(tx, table, columns):
        for row in rows:
            found.add(_values(row, columns))
    return found


async def go_on_numbering(file: Transaction, server: Transaction) -> None:
    """Let the server's tables number on where the file's stood, so that no id comes back."""
    for row in await file.fetch("SELECT name, seq FROM sqlite_sequence WHERE seq > 0"):
        if row["name"] not in _ITS_OWN:
            await server.fetch("SELECT setval(pg_get_serial_sequence(?, 'id'), ?)", row["name"], row["seq"])


async def is_empty(tx: Transaction, table: str) -> bool:
    """Whether a table holds nothing."""
    return not await tx.fetch(f"SELECT 1 AS found FROM {table} LIMIT 1")  # noqa: S608


async def _columns(file: Transaction, table: str) -> Columns:
    rows = await file.fetch("SELECT name FROM pragma_table_info(?)", table)
    return [row["name"] for row in rows]


def _values(row: Row, columns: Columns) -> tuple[Value, ...]:
    return tuple(storable(row[column]) for column in columns)
