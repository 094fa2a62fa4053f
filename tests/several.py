"""What tests of several processes on one PostgreSQL have in common."""

import asyncio
from collections.abc import Awaitable, Callable

from bot.postgres import KEY, LEADER, Postgres


async def eventually(ready: Callable[[], Awaitable[bool]], seconds: float) -> float:
    """Wait until something is so; return after how many seconds it was. Raises TimeoutError."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    async with asyncio.timeout(seconds):
        while not await ready():
            await asyncio.sleep(0.05)
    return loop.time() - began


async def leader(database: Postgres) -> int:
    """The process number at the system of the bot that leads, 0 where none does."""
    async with database.reading() as tx:
        held = await tx.fetch(
            "SELECT 1 AS held FROM pg_locks WHERE locktype = 'advisory' AND classid::bigint = ? AND objid = ?"
            " AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
            KEY, LEADER,
        )  # fmt: skip
        rows = await tx.fetch("SELECT name FROM processes WHERE leads = 1")
    return int(rows[0]["name"].rpartition(":")[2]) if held and rows else 0
