"""The versions of the database: numbered migrations, the same for every engine, and which of them it has."""

import sqlite3
from collections.abc import Callable
from importlib import resources
from typing import NamedTuple

from briefs.library import Transaction


class DatabaseTooNew(Exception):  # noqa: N818  # it reads as the sentence it is
    """The database was written by a later version of the program. The text says what to do."""


class Migration(NamedTuple):
    """One step: its number, its name (`0001_first`) and its SQL."""

    number: int
    name: str
    sql: str


def migrations() -> list[Migration]:
    """The migrations in order. Numbers may be left out; none is used twice."""
    folder = resources.files("bot") / "migrations"
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".sql")), key=lambda f: f.name)
    found = [Migration(int(f.name[:4]), f.name.removesuffix(".sql"), f.read_text("utf-8")) for f in files]
    numbers = [each.number for each in found]
    if len(set(numbers)) != len(numbers):
        raise RuntimeError(f"two migrations have one number: {', '.join(each.name for each in found)}")
    return found


async def upgrade(
    tx: Transaction, named: str, elsewhere: str, rewrite: Callable[[str], str] = lambda statement: statement
) -> None:
    """Bring a database's tables up to date, in the caller's transaction.

    `named` is what the database is called in a refusal, and `elsewhere` how another one is chosen. `rewrite`
    writes a statement as the engine reads it, or empties it.
    """
    await tx.execute(
        rewrite("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER PRIMARY KEY, name TEXT NOT NULL)")
    )
    done = {row["version"] for row in await tx.fetch("SELECT version FROM schema_version")}
    steps = migrations()
    last = steps[-1].number
    if max(done, default=0) > last:
        raise DatabaseTooNew(
            f"{named} has version {max(done)}, and this program knows versions up to"
            f" {last}. Install the newer Briefbot again, or {elsewhere}."
        )
    for step in steps:
        if step.number not in done:
            for statement in filter(None, map(rewrite, statements_of(step.sql))):
                await tx.execute(statement)
            await tx.execute(
                "INSERT INTO schema_version (version, name) VALUES (?, ?)", step.number, step.name
            )


def statements_of(sql: str) -> list[str]:
    """Cut a script into its statements."""
    found, open_ = [], ""
    for line in sql.splitlines():
        open_ += line + "\n"
        if sqlite3.complete_statement(open_):
            found.append(open_.strip())
            open_ = ""
    if any(line.strip() and not line.startswith("--") for line in open_.splitlines()):
        raise RuntimeError(f"a migration ends inside a statement: {open_.strip()}")
    return found
