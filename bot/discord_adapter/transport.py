"""The Discord adapter: connects, and connects again for as long as the process lives."""

import asyncio
import functools
import logging
import random
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from datetime import datetime
from types import TracebackType
from typing import Self

import aiohttp
import discord

from bot.adapter import Front, Status
from bot.discord_adapter.answering import Answering
from bot.discord_adapter.callbacks import Callbacks
from bot.discord_adapter.connection import (
    DISCORD,
    USER_AGENT,
    Door,
    Gateway,
    ask_gateway,
    use_base,
    use_gateway,
)  # fmt: skip
from bot.discord_adapter.hello import Hello
from bot.discord_adapter.incoming import Payload
from bot.discord_adapter.listing import invite_link
from bot.discord_adapter.outgoing import fits
from bot.discord_adapter.refusals import LOGIN_REFUSED
from bot.discord_adapter.rest import Rest
from bot.discord_adapter.sending import Sending
from bot.discord_adapter.shards import Shards
from bot.discord_adapter.syncing import Syncing
from bot.pacing import Turn
from briefs.marking import N_, reason
from commands.model import Reply
from scheduler.address import Destination
from scheduler.outcomes import Outcome

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
DRAIN_SECONDS = 5.0
REQUEST_SECONDS = 20.0
# events/gateway (Close Event Codes): a refused token, and settings that no waiting mends.
AUTHENTICATION_FAILED, HOPELESS = 4004, (4010, 4011, 4012, 4013, 4014)

log = logging.getLogger(__name__)


class RefusedError(Exception):
    """Discord will not let this bot in, however often it asks. The text says what to do."""


class DiscordAdapter:
    """Discord, as `bot.adapter.Adapter` describes it.

    `api_base` replaces the whole base address of the API (`https://discord.com/api/v10`). discord.py
    keeps that address, and the gateway's, for the whole process: one adapter lives in it at a time. Without
    `leads` it sends, and connects to no gateway until `lead` is called.
    """

    platform = "discord"

    def __init__(
        self, front: Front, token: str, api_base: str | None, clock: Callable[[], datetime], *, leads: bool = True
    ) -> None:  # fmt: skip
        self._front = front
        self._token = token.strip()
        self._base = (api_base or DISCORD).rstrip("/")
        self._clock = clock
        self._client: Gateway | None = None
        self._me = ""
        self._first_is_up = False
        self._status = Status(False, N_("connecting to Discord"), clock())
        self._pause = FIRST_PAUSE
        self._stack = AsyncExitStack()
        self._leads = asyncio.Event()
        if leads:
            self._leads.set()

    async def __aenter__(self) -> Self:
        """Start connecting."""
        use_base(self._base)
        self._session = await self._stack.enter_async_context(
            aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": USER_AGENT},
                timeout=aiohttp.ClientTimeout(total=REQUEST_SECONDS),
            )
        )
        self._rest = Rest(self._session, self._token)
        self._sending = Sending(self._rest)
        self._syncing = Syncing(self._front, self._listed_at)
        self._hello = Hello(self._front, self._sending.send, self._clock)
        self._answering = Answering(self._front, Callbacks(self._base, self._session), self._clock)
        self._stack.push_async_callback(self._answering.drain, DRAIN_SECONDS)
        self._shards = Shards(self._connect_shard, self._say_how)
        self._keeping = asyncio.create_task(self._keep_connected())
        self._stack.push_async_callback(self._stop_connecting)
        for work in (self._syncing.run(), self._hello.run()):
            self._stack.push_async_callback(_stop, asyncio.create_task(work))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop receiving, finish answering, close."""
        await self._stack.aclose()
        self._says(False, N_("stopped"))

    def turn(self, destination: Destination) -> AbstractAsyncContextManager[Turn]:
        """Wait until one more message there fits Discord's limits."""
        return self._sending.turn(destination)

    def fits(self, reply: Reply) -> bool:
        """Whether one message holds a reply."""
        return fits(reply)

    async def send(
        self, destination: Destination, reply: Reply, key: str, turn: Turn | None = None
    ) -> Outcome:
        """Send one message."""
        return await self._sending.send(destination, reply, key, turn)

    async def find(self, destination: Destination, key: str, since: datetime) -> Outcome:
        """Look for the message with this key."""
        return await self._sending.find(destination, key, since)

    async def edit(self, destination: Destination, message: str, reply: Reply) -> Outcome:
        """Replace the content of a message."""
        return await self._sending.edit(destination, message, reply)

    async def lead(self) -> None:
        """Connect to the gateway."""
        self._leads.set()

    async def stand_by(self) -> None:
        """Leave the gateway; log in again to send."""
        if self._leads.is_set():
            self._leads.clear()
            await self._stop_connecting()
            self._keeping = asyncio.create_task(self._keep_connected())

    async def refresh(self) -> None:
        """Tell Discord the commands anew, if they changed."""
        self._syncing.wanted()

    def sends(self) -> bool:
        """Whether discord.py is logged in, and the bot's other processes know of this one's share."""
        return self._client is not None and not self._rest.limits.everywhere.bulk_waits(_now())

    def share(self, processes: int, *, fresh: bool = False) -> None:
        """Keep to a part of what the bot may send in a second; a channel is one process's at a time."""
        self._rest.limits.everywhere.share(processes, _now(), fresh)

    def status(self) -> Status:
        """How the connection is."""
        return self._status

    async def _keep_connected(self) -> None:
        """Connect until Discord refuses for good, ever more slowly while it is out of reach."""
        while True:
            try:
                await self._connect_once()
                problem = N_("Discord closed the connection")
            except RefusedError as refusal:
                log.error("Discord stays off: %s", refusal)
                self._says(False, N_("off: {refusal}", refusal=reason(refusal)))
                return
            except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
                problem = N_("Discord is out of reach ({problem})", problem=_words(error))
            except Exception:
                log.exception("the connection to Discord failed in an unexpected way")
                problem = N_("the connection to Discord failed; the log says how")
            await self._wait_a_while(problem)

    async def _wait_a_while(self, problem: str) -> None:
        pause = self._pause * random.uniform(0.5, 1)  # noqa: S311  # spreads restarts, keeps no secret
        log.warning("%s; trying again in %.1f s", problem, pause)
        self._says(False, N_("{problem}; trying again", problem=problem))
        self._pause = min(self._pause * 2, LONGEST_PAUSE)
        await asyncio.sleep(pause)

    async def _connect_once(self) -> None:
        """Hold one connection until it is lost for discord.py too. A client is not used twice."""
        client = Gateway(self._answering.receive, self._server, self._connection_is)
        try:
            if not self._leads.is_set():
                await self._send_only(client)
            door = await self._door()
            if self._client is None:
                await self._log_in(client)
            use_gateway(door.address)
            if door.shards > 1:
                client.be(0, door.shards, self._shards.begins)
            await self._shards.hold(door.shards, door.at_once)
            await client.connect(reconnect=False)
        except discord.LoginFailure as error:
            raise RefusedError(LOGIN_REFUSED) from error
        except discord.ConnectionClosed as closed:
            if closed.code == AUTHENTICATION_FAILED:
                raise RefusedError(LOGIN_REFUSED) from closed
            if closed.code in HOPELESS:
                said = N_("Discord refuses the connection (close code {code})", code=closed.code)
                raise RefusedError(said) from closed
            raise
        finally:
            self._client = None
            self._sending.disconnected()
            await client.close()

    async def _connect_shard(self, number: int, count: int) -> None:
        """Hold the connection of one shard but the first until it is lost."""
        client = Gateway(self._answering.receive, self._server, functools.partial(self._shards.note, number))
        client.be(number, count, self._shards.begins)
        try:
            await client.login(self._token)
            await client.connect(reconnect=False)
        finally:
            await client.close()

    async def _send_only(self, client: Gateway) -> None:
        """Log in, and send until this process leads: Discord takes messages without a gateway connection."""
        await self._log_in(client)
        self._pause = FIRST_PAUSE
        log.info("Discord stands by: this process sends, and another one hears people")
        self._says(
            True, N_("stands by as {user}: it sends, and another process hears people", user=client.user)
        )
        await self._leads.wait()
        self._says(False, N_("connecting to Discord"))

    async def _log_in(self, client: Gateway) -> None:
        await client.login(self._token)
        self._client, self._me = client, _id(client.user)
        self._sending.connected(self._me)

    async def _door(self) -> Door:
        """Ask for the gateway, and wait where the day's sessions are used up."""
        door = await ask_gateway(self._session, self._base, self._token)
        if door.wait:
            self._says(
                False,
                N_(
                    "Discord allows the next session in {minutes:.0f} minutes; waiting",
                    minutes=door.wait / 60,
                ),
            )
            await asyncio.sleep(door.wait)
        return door

    async def _stop_connecting(self) -> None:
        await _stop(self._keeping)
        await self._shards.close()

    def _say_how(self) -> None:
        """Say how the connections are while the first of them stands."""
        if self._client is None or not self._first_is_up:
            return
        count, up = self._shards.count, self._shards.up + 1
        if count == 1:
            self._says(True, N_("connected as {user}", user=self._client.user))
        else:
            said = N_(
                "connected as {user}, {up} of {count} shards", user=self._client.user, up=up, count=count
            )
            self._says(up == count, said)

    def _connection_is(self, there: bool) -> None:
        self._first_is_up = False
        if not there:
            self._says(False, N_("the connection to Discord was lost; connecting again"))
        elif self._client is not None:
            self._pause = FIRST_PAUSE
            self._first_is_up = True
            self._say_how()
            log.info("invite the bot to a server with %s", invite_link(str(self._client.application_id)))
            self._syncing.wanted()

    def _server(self, payload: Payload) -> None:
        self._hello.receive(payload, self._me)

    def _listed_at(self) -> tuple[Rest, str] | None:
        client = self._client
        return None if client is None else (self._rest, str(client.application_id))

    def _says(self, connected: bool, words: str) -> None:
        if (connected, words) != (self._status.connected, self._status.words):
            self._status = Status(connected, words, self._clock())


async def _stop(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def _now() -> float:
    return asyncio.get_running_loop().time()


def _id(user: discord.ClientUser | None) -> str:
    return str(user.id) if user else ""


def _words(error: Exception) -> str:
    if isinstance(error, discord.HTTPException):
        return N_("it answered {status}", status=error.status)
    return type(error).__name__ if isinstance(error, TimeoutError) else str(error) or type(error).__name__
