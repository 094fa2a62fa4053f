"""A running installation moved from its file to a PostgreSQL server, with nothing lost.

The file is only read: a copy of it is brought up to date and copied table by table in one transaction, and what
arrived is read back. Then the file is marked, so that no bot works on it by mistake.
"""

import contextlib
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from bot import copying
from bot.command_line import copy_database
from bot.copying import Checksum, of_file, of_server
from bot.database import Database, marker_of
from bot.filelock import FileLock
from bot.membership import members_of
from bot.postgres import Postgres
from bot.server import told
from briefs.library import Transaction


class NotMoved(Exception):  # noqa: N818  # it reads as what happened
    """Nothing was moved. The text says why and what to do."""


async def move(source: Path, url: str, now: datetime) -> dict[str, Checksum]:
    """Copy a file's whole content to an empty database of a server; return each table's rows and checksum.

    Raises NotMoved where that cannot be, `bot.filelock.InUse` where a bot runs on the file,
    `bot.server.ServerUnusable` where the server cannot be used.
    """
    _refuse_file(source)
    with _kept_still(source), tempfile.TemporaryDirectory(prefix="briefbot-") as scratch:
        copy = Path(scratch) / "copy.sqlite3"
        copy_database(source, copy)
        async with (
            Database(copy) as here, Postgres(url) as there, here.reading() as old, there.transaction() as new,
        ):  # fmt: skip
            moved = await _moved(old, new, url)
        _mark(source, url, now)
    return moved


def _refuse_file(source: Path) -> None:
    if not source.is_file():
        raise NotMoved(
            f"There is no database {source}; name the file with --from, or start anew on the server."
        )
    if marker_of(source).exists():
        raise NotMoved(f"{marker_of(source).read_text('utf-8').strip()} Nothing was moved.")


def _mark(source: Path, url: str, now: datetime) -> None:
    marker = marker_of(source)
    marker.write_text(
        f"The content of {source} was moved to {told(url)} at {now:%Y-%m-%d %H:%M} UTC. Set DATABASE_URL to work"
        f" there, or delete {marker} to go on with the file as it was then.\n",
        "utf-8",
    )


@contextlib.contextmanager
def _kept_still(source: Path) -> Iterator[None]:
    """Hold the file's lock, as a running bot does."""
    lock = FileLock(source.with_name(source.name + ".lock"), source)
    lock.acquire()
    try:
        yield
    finally:
        lock.release()


async def _moved(old: Transaction, new: Transaction, url: str) -> dict[str, Checksum]:
    tables = await copying.tables_of(old)
    await _refuse_company(new, url)
    full = [table for table in tables if not await copying.is_empty(new, table)]
    if full:
        raise NotMoved(
            f"The database {told(url)} is not empty ({', '.join(full)}), and nothing in it is overwritten; name an"
            " empty one with --to. Nothing was moved."
        )
    moved = {}
    for table, columns in tables.items():
        sent = await copying.copy(old, of_file, new, table, columns)
        arrived = await copying.checksum(new, of_server, table, columns)
        if sent != arrived:
            raise NotMoved(
                f"The table {table} arrived otherwise than it was sent ({sent.rows} rows sent, {arrived.rows} there),"
                " so everything was taken back. Nothing was moved; please report this."
            )
        moved[table] = arrived
    await copying.go_on_numbering(old, new)
    return moved


async def _refuse_company(tx: Transaction, url: str) -> None:
    """Refuse a server on which a bot runs."""
    names = [each.name for each in await members_of(tx)]
    if names:
        raise NotMoved(
            f"A Briefbot runs on {told(url)} already ({', '.join(names)}); stop it, and name an empty database"
            " with --to. Nothing was moved."
        )
