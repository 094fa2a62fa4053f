"""The command line of moving: `briefbot migrate-database`."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.cli import Exit, app, fail, settings_or_exit


@app.command("migrate-database")
def migrate_database(
    to: Annotated[
        str, typer.Option("--to", help="The server's address; DATABASE_URL where it is not given")
    ] = "",
    source: Annotated[
        Path | None, typer.Option("--from", help="The file; the one in DATA_DIR where it is not given")
    ] = None,
) -> None:
    """Move everything from the file to an empty PostgreSQL database, and check that it arrived."""
    from bot.filelock import InUse
    from bot.moving import NotMoved, move
    from bot.server import ServerUnusable, told
    from bot.versions import DatabaseTooNew

    settings = settings_or_exit()
    url = to or settings.server
    if not url.startswith(("postgresql://", "postgres://")):
        raise fail(
            Exit.SETTINGS,
            "Name the server with --to postgresql://briefbot@db.example.org/briefbot, or in DATABASE_URL.",
        )
    try:
        moved = asyncio.run(move(source or settings.database, url, datetime.now(UTC)))
    except InUse as problem:
        raise fail(Exit.IN_USE, str(problem)) from None
    except (NotMoved, ServerUnusable, DatabaseTooNew) as problem:
        raise fail(Exit.FAILED, str(problem)) from None
    for table, sum_ in moved.items():
        print(f"{table:<16} {sum_.rows:>9} rows  {sum_}")
    print(
        f"\nEverything is on {told(url)}, and was read back from there. The file is as it was; a note beside it keeps a"
        " bot from working on it by mistake. Set DATABASE_URL to that address on each machine, then start the bot."
    )
