"""This process among those that share a server: alive, leading or standing by, and hearing of changes.

One connection of its own does all of that. A process lives as long as its session holds the advisory lock on
its number, and leads as long as its session holds the lock of the leader. The server gives both free the
moment the connection ends, as it does when a process is killed, and ends a session that has been silent for
LEASE by its own clock (`idle_session_timeout`, PostgreSQL 14), as one is whose process is frozen or whose
machine is cut off. So no machine's clock matters.
"""

import asyncio
import contextlib
import logging
import os
import socket
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import asyncpg

from bot.postgres import CHANNEL, CONNECT_SECONDS, KEY, LEADER, PRESENCE, Postgres, reached
from briefs.library import Transaction

LEASE_SECONDS = 10
BEAT_SECONDS = 1.0
# A server that does not answer a beat for so long is taken for lost, well before it takes us for lost.
PATIENCE_SECONDS = 8.0
LOST = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError)

# The locks themselves say who lives; a row of `processes` only gives a name to it. A process that joins holds
# its lock before its row can be seen.
_LIVING = (
    "SELECT objid::bigint AS number FROM pg_locks WHERE locktype = 'advisory' AND classid::bigint = ?"
    " AND objsubid = 2 AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Member:
    """One process: its number, where it runs (`host:pid`), and whether it leads."""

    number: int
    name: str
    leads: bool


class Membership:
    """Joins, and joins again under a new number for as long as the process lives.

    `joined` is called with each number before anything is done under it; `beat` about once a second; `heard`
    with the tables that another process changed, or None where something may have been missed. `elected` and
    `deposed` tell whether this process leads.
    """

    def __init__(
        self, database: Postgres, joined: Callable[[int], None], beat: Callable[[], Awaitable[None]],
        heard: Callable[[Sequence[str] | None], None],
    ) -> None:  # fmt: skip
        self._database = database
        self._joined, self._beat, self._heard = joined, beat, heard
        self._connection: asyncpg.Connection[asyncpg.Record] | None = None
        self._keeping: asyncio.Task[None] | None = None
        self._wake = asyncio.Event()
        self._willing = True
        self.name = f"{socket.gethostname()}:{os.getpid()}"
        self.number = 0
        self.elected, self.deposed = asyncio.Event(), asyncio.Event()
        self.deposed.set()

    @property
    def leads(self) -> bool:
        """Whether this process leads."""
        return self.elected.is_set()

    async def __aenter__(self) -> Self:
        """Join; raise `bot.server.ServerUnusable` where the server cannot be reached."""
        await reached(self._database.url, self._join())
        self._keeping = asyncio.create_task(self._keep(), name="membership")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave: others see it at once."""
        if self._keeping is not None:
            self._keeping.cancel()
            await asyncio.gather(self._keeping, return_exceptions=True)
        await self._leave()

    async def members(self) -> list[Member]:
        """The processes that live, the first one first."""
        async with self._database.reading() as tx:
            return await members_of(tx)

    async def bury(self) -> None:
        """Forget the processes that are dead."""
        async with self._database.transaction() as tx:
            await tx.execute(f"DELETE FROM processes WHERE id NOT IN ({_LIVING})", PRESENCE)  # noqa: S608

    async def resign(self) -> None:
        """Let another process lead: this one cannot. It stands again after a while."""
        self._willing = False
        await self._leave()
        asyncio.get_running_loop().call_later(PATIENCE_SECONDS, self._stand)

    def _stand(self) -> None:
        self._willing = True

    async def _keep(self) -> None:
        """Beat until the connection is lost; then join again."""
        while True:
            try:
                await self._hold()
            except LOST as problem:
                log.warning("the server is lost (%s); joining again", problem or type(problem).__name__)
            await self._leave()
            await self._rejoin()

    async def _hold(self) -> None:
        while True:
            await asyncio.wait_for(self._renew(), PATIENCE_SECONDS)
            await self._beat()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), BEAT_SECONDS)
            self._wake.clear()
            if self._connection is None:
                raise ConnectionResetError("the server ended the session")

    async def _renew(self) -> None:
        """Say that this process lives, and stand for leader where none leads."""
        connection = self._connection
        if connection is None:
            raise ConnectionResetError("the server ended the session")
        if self.leads or not self._willing:
            await connection.execute("SELECT 1")
        elif await connection.fetchval(f"SELECT pg_try_advisory_lock({KEY}, {LEADER})"):
            await connection.execute(
                "UPDATE processes SET leads = CASE id WHEN $1 THEN 1 ELSE 0 END", self.number
            )
            log.info("this process (%s) leads", self.name)
            self.deposed.clear()
            self.elected.set()

    async def _rejoin(self) -> None:
        pause = 0.2
        while True:
            try:
                await self._join()
            except LOST as problem:
                log.warning("the server is out of reach (%s)", problem or type(problem).__name__)
                await asyncio.sleep(pause)
                pause = min(pause * 2, PATIENCE_SECONDS)
            else:
                self._heard(None)
                return

    async def _join(self) -> None:
        """Take a number, and the lock that proves that its process lives, before others see the number."""
        connection = await asyncpg.connect(
            self._database.url, timeout=CONNECT_SECONDS, command_timeout=PATIENCE_SECONDS,
            server_settings={"application_name": "briefbot presence", "idle_session_timeout": f"{LEASE_SECONDS}s"},
        )  # fmt: skip
        try:
            async with connection.transaction():
                number = await connection.fetchval(
                    "INSERT INTO processes (name, started_at, leads)"
                    " VALUES ($1, (extract(epoch FROM clock_timestamp()) * 1000)::bigint, 0) RETURNING id",
                    self.name,
                )
                await connection.execute(f"SELECT pg_advisory_lock({PRESENCE}, $1::int)", number)
            await connection.add_listener(CHANNEL, self._said)
            connection.add_termination_listener(self._ended)
        except BaseException:
            connection.terminate()
            raise
        self._connection, self.number = connection, number
        self._joined(number)

    async def _leave(self) -> None:
        """End the session, and with it the lead."""
        connection, self._connection = self._connection, None
        self.elected.clear()
        self.deposed.set()
        if connection is not None:
            connection.terminate()

    def _said(self, _connection: Any, _process: int, _channel: str, said: Any) -> None:
        token, *tables = str(said).split(" ")
        if token != self._database.token:
            self._heard(tables)

    def _ended(self, connection: Any) -> None:
        """Stop leading the moment the server has ended the session."""
        if connection is self._connection:
            self._connection = None
            self.elected.clear()
            self.deposed.set()
            self._wake.set()


async def members_of(tx: Transaction) -> list[Member]:
    """The processes that live, as the server knows it, the first one first."""
    rows = await tx.fetch(
        f"SELECT id, name, leads FROM processes WHERE id IN ({_LIVING}) ORDER BY id",  # noqa: S608
        PRESENCE,
    )
    return [Member(row["id"], row["name"], bool(row["leads"])) for row in rows]


async def living(tx: Transaction) -> list[int]:
    """The numbers of the processes that live.

    Ask it in the writing transaction that acts on it: no process can claim anything meanwhile, and one that
    has claimed something holds its lock since before.
    """
    return [row["number"] for row in await tx.fetch(_LIVING, PRESENCE)]
