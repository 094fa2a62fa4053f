"""The connection to Discord: discord.py's client cut down to what this bot uses of it."""

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import aiohttp
import discord
import discord.http
import orjson
import yarl
from discord.gateway import DiscordWebSocket, KeepAliveHandler

from bot.discord_adapter.incoming import Payload

DISCORD = "https://discord.com/api/v10"
# reference (User Agent): `DiscordBot (url, version)`, and anything else may be turned away.
USER_AGENT = f"DiscordBot (https://github.com/Rapptz/discord.py, {discord.__version__})"
SECONDS_TO_CLOSE = 3.0
# What a server that only speaks Discord's language may answer where it lacks an endpoint.
ABSENT = (404, 405, 501)

log = logging.getLogger(__name__)

# discord.py would warn at every start that a bot without voice has no voice libraries.
discord.VoiceClient.warn_nacl = False
discord.VoiceClient.warn_dave = False


class Gateway(discord.Client):
    """One connection: heartbeats, resuming, and REST with its rate limits.

    Interactions and servers are handed on as they arrive, before discord.py makes objects of them: a
    topic command is answered from the payload itself, and nothing is cached per server or message. So the
    table of parsers, which is internal to discord.py 2.7, keeps only its own READY, without its list of
    servers, and RESUMED;
    `tests/bot/test_discord_adapter.py` fails if a later version arranges this differently.
    """

    def __init__(
        self,
        interaction: Callable[[Payload], None],
        server: Callable[[Payload], None],
        connected: Callable[[bool], None],
    ) -> None:
        super().__init__(
            intents=discord.Intents(guilds=True),
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            guild_ready_timeout=0,
            max_ratelimit_timeout=30,
        )
        parsers = self._connection.parsers
        kept: dict[str, Callable[[Any], None]] = {name: parsers[name] for name in ("READY", "RESUMED")}
        parsers.clear()
        parsers.update(kept, READY=_ready(kept["READY"]), INTERACTION_CREATE=interaction, GUILD_CREATE=server)
        self._connected = connected
        self._begins: Callable[[], Awaitable[None]] | None = None

    def be(self, shard: int, of: int, begins: Callable[[], Awaitable[None]]) -> None:
        """Be one shard of several; `begins` waits until its session may begin. To be called before `connect`."""
        self.shard_id, self.shard_count = shard, of
        self._connection.shard_count = of
        self._begins = begins

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Wait until a session may begin."""
        if self._begins is None:
            await super().before_identify_hook(shard_id, initial=initial)
        else:
            await self._begins()

    async def on_connect(self) -> None:
        """Note that a session began; servers are still to come, but commands arrive from here on."""
        self._connected(True)

    async def on_resumed(self) -> None:
        """Note that the session goes on."""
        self._connected(True)

    async def on_disconnect(self) -> None:
        """Note that the connection is lost."""
        self._connected(False)

    async def close(self) -> None:
        """Close everything; once begun, it is finished even where the caller is cancelled."""
        if self._closing_task is None:
            self._closing_task = asyncio.create_task(self._shut())
        await asyncio.shield(self._closing_task)

    async def _shut(self) -> None:
        """Say goodbye for at most SECONDS_TO_CLOSE, since nobody may be there to answer.

        A client that is cancelled while it connects forgets its heartbeat thread; it is stopped here.
        """
        try:
            async with asyncio.timeout(SECONDS_TO_CLOSE):
                if self.ws is not None and self.ws.open:
                    await self.ws.close(code=1000)
        except TimeoutError:
            log.info("Discord did not answer the goodbye")
        await self.http.close()
        if self._connection._ready_task is not None:
            self._connection._ready_task.cancel()
        for thread in threading.enumerate():
            if isinstance(thread, KeepAliveHandler) and thread.ws._connection is self._connection:
                thread.stop()


def _ready(parser: Callable[[Any], None]) -> Callable[[Any], None]:
    """Let discord.py note who it is, and make no object of any server: nothing here asks for one."""
    return lambda data: parser({**data, "guilds": []})


@dataclass(frozen=True, slots=True)
class Door:
    """Where to connect, after how many seconds a new session may begin, and with how many connections.

    `shards` is Discord's own recommendation; `at_once` sessions may begin within five seconds.
    """

    address: str
    wait: float = 0.0
    shards: int = 1
    at_once: int = 1


async def ask_gateway(session: aiohttp.ClientSession, base: str, token: str) -> Door:
    """Ask where the gateway is, and whether the day's sessions are used up (events/gateway).

    Raises discord.LoginFailure where the token is refused, ConnectionError for any other answer, and
    aiohttp.ClientError where there is none.
    """
    asked = session.get(f"{base}/gateway/bot", headers={"Authorization": f"Bot {token}"})
    async with asked as response:
        if response.status == 401:
            raise discord.LoginFailure("Improper token has been passed.")
        if response.status in ABSENT:
            return Door(await _plain_gateway(session, base))
        said = await _json(response)
    limit = said.get("session_start_limit") or {}
    wait = limit.get("reset_after", 0) / 1000 if limit.get("remaining", 1) <= 0 else 0.0
    return Door(said["url"], wait, int(said.get("shards") or 1), int(limit.get("max_concurrency") or 1))


def use_base(base: str) -> None:
    """Send every request of discord.py under this address, whose `/v9` or `/v10` says the version."""
    version = yarl.URL(base).name
    discord.http._set_api_version(9 if version == "v9" else 10)
    discord.http.Route.BASE = base


def use_gateway(address: str) -> None:
    """Let discord.py begin its sessions here."""
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(address)


async def _plain_gateway(session: aiohttp.ClientSession, base: str) -> str:
    async with session.get(f"{base}/gateway") as response:
        said = await _json(response)
    return str(said["url"])


async def _json(response: aiohttp.ClientResponse) -> dict[str, Any]:
    body = await response.read()
    if response.status != 200:
        raise ConnectionError(f"Discord answered {response.status} when asked for its gateway")
    said: dict[str, Any] = orjson.loads(body)
    return said
