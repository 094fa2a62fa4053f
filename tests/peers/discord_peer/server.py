"""The peer: one aiohttp server for REST, gateway and files, and the verbs of the people who use it."""

from __future__ import annotations

import asyncio
import re
import time
from collections import deque
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Any, Self

import orjson
from aiohttp import web

from ..contract import Contract
from . import people
from .asking import Asking
from .calls import Answer, Call, compile_template, read_body, refuse_version, split_prefix
from .channels_api import ChannelsApi
from .commands_api import CommandsApi
from .errors import ApiError, Json, UnauthorizedError, UserAgentError
from .faults import Failure, Failures
from .gateway import Gateway
from .interactions_api import InteractionsApi
from .messages import Messages
from .rates import LimitedError, Rates
from .state import Received, State, Stored
from .world import Channel, Guild, User, default_guilds, default_users

# docs: reference, User Agent; webhook calls carry their own token and discord.py sends them without it
USER_AGENT = re.compile(r"DiscordBot \(\S+,? \S+\)")
OPEN_ROOTS = ("/interactions/", "/webhooks/")
# A 429 without Via is taken for a ban by discord.py, so every answer names a proxy as the platform's does
HEADERS = {"Via": "1.1 google"}
REQUEST_LIMIT = 30 * 1024 * 1024


class DiscordPeer(people.People):
    """A loopback Discord.

    ::

        async with DiscordPeer() as peer:
            ...  # start the bot with DISCORD_API_BASE=peer.api_base and DISCORD_TOKEN=peer.token
            exchange = await peer.command("brief show", options={"section": "china"})
            message = await exchange.answer()

    `stop()` and `start()` are an outage: the port and everything remembered stay.

    clock: seconds since 1970, for ids, deadlines, nonces; monotonic: seconds, for rate limits.
    contract: whether requests are checked against Discord's API description (off for benches).
    """

    def __init__(
        self,
        port: int = 0,
        guilds: Iterable[Guild] | None = None,
        users: Iterable[User] | None = None,
        *,
        token: str = "peer.token.discord",
        clock: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
        contract: bool = True,
    ) -> None:
        guild_list = default_guilds() if guilds is None else list(guilds)
        self.state = State(guild_list, default_users() if users is None else list(users), clock)
        self.port = port
        self.token = token
        self.gateway = Gateway(self.state, token)
        self.messages_api = Messages(self.state, "")
        self.interactions = InteractionsApi(self.state, self.messages_api)
        self.asking = Asking(self.state, self.messages_api)
        self.rates = Rates(monotonic)
        self.failures = Failures()
        self.contract = Contract.from_file() if contract else Contract.off("switched off")
        self.requests: deque[Received] = deque(maxlen=20_000)
        self.violations: list[str] = []
        self._runner: web.AppRunner | None = None
        self._routes = self._compiled_routes()

    def _compiled_routes(self) -> list[tuple[str, re.Pattern[str], str, Any]]:
        channels = ChannelsApi(self.state, self.gateway, self.messages_api)
        routes = [*self.interactions.routes, *channels.routes, *CommandsApi(self.state).routes]
        return [
            (method, compile_template(template), template, handler) for method, template, handler in routes
        ]

    @property
    def api_base(self) -> str:
        """What DISCORD_API_BASE is to be; any other prefix and /api/v9 work as well."""
        return f"http://127.0.0.1:{self.port}/api/v10"

    @property
    def enforce_rates(self) -> bool:
        """Whether 50 requests a second in all and 5 messages per 5 s and channel are enforced."""
        return self.rates.enforced

    @enforce_rates.setter
    def enforce_rates(self, on: bool) -> None:
        self.rates.enforced = on

    @property
    def response_deadline(self) -> float:
        """Seconds by the clock within which a first response must arrive."""
        return self.interactions.deadline

    @response_deadline.setter
    def response_deadline(self, seconds: float) -> None:
        self.interactions.deadline = seconds

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def start(self) -> None:
        """Listens; a second time on the same port as before."""
        app = web.Application(client_max_size=REQUEST_LIMIT)
        app.router.add_get("/gateway", self._gateway)
        app.router.add_get("/attachments/{channel}/{id}/{name}", self._file)
        app.router.add_route("*", "/{path:.*}", self._rest)
        self._runner = web.AppRunner(app, shutdown_timeout=0.05, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port, reuse_address=True)
        await site.start()
        self.port = self._runner.addresses[0][1]
        self.gateway.address = f"ws://127.0.0.1:{self.port}/gateway"
        self.messages_api.origin = f"http://127.0.0.1:{self.port}"

    async def stop(self) -> None:
        """Cuts every connection and stops listening; what was stored stays."""
        if self._runner is not None:
            self.gateway.drop_sockets()
            await self._runner.cleanup()
            self._runner = None

    async def _gateway(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("Upgrade", "").lower() == "websocket":
            return await self.gateway.serve(request)
        return await self._rest(request)

    async def _file(self, request: web.Request) -> web.StreamResponse:
        upload = self.state.files.get(request.match_info["id"])
        if upload is None:
            raise web.HTTPNotFound
        return web.Response(body=upload.data, content_type=upload.content_type)

    async def _rest(self, request: web.Request) -> web.StreamResponse:
        prefix, path = split_prefix(request.path)
        received = Received(request.method, path, None, [])
        self.requests.append(received)
        failure = self.failures.take(request.method, path)
        try:
            status, body, headers = await self._served(request, prefix, path, received, failure)
        except _DroppedError:
            if request.transport is not None:
                request.transport.abort()
            raise asyncio.CancelledError from None
        received.status = status
        received.refusal = body if status >= 400 else None
        return _response(status, body, headers)

    async def _served(
        self, request: web.Request, prefix: str, path: str, received: Received, failure: Failure | None
    ) -> tuple[int, Any, dict[str, str]]:
        headers: dict[str, str] = {}
        try:
            if failure is not None and not failure.after_storing:
                answer = await _fail(failure)
                if answer is not None:
                    return *answer, failure.headers
            status, body = await self._admitted(request, prefix, path, received, headers)
            if failure is not None and failure.after_storing:
                status, body = await _fail(failure) or (status, body)
                headers |= failure.headers
        except ApiError as error:
            self._note_refusal(path, error)
            return error.status, error.body, headers
        except LimitedError as limited:
            return 429, limited.body(), headers | limited.headers()
        return status, body, headers

    async def _admitted(
        self, request: web.Request, prefix: str, path: str, received: Received, headers: dict[str, str]
    ) -> Answer:
        refuse_version(prefix)
        self._refuse_stranger(request, path)
        body, files = await read_body(request)
        received.body, received.files = body, [upload.filename for upload in files.values()]
        for method, pattern, template, handler in self._routes:
            found = pattern.match(path) if method == request.method else None
            if found:
                call = Call(method, path, template, found.groupdict(), dict(request.query), body, files)
                headers |= self.rates.headers(method, template, next(iter(call.params.values()), ""))
                self.violations += self.contract.check(method, path, body)
                answer: Answer = await handler(call)
                return answer
        self.violations += self.contract.check(request.method, path, body)
        self.violations.append(f"{request.method} {path}: this peer has no such operation")
        raise ApiError(0)

    def _refuse_stranger(self, request: web.Request, path: str) -> None:
        if path.startswith(OPEN_ROOTS):
            return
        if not USER_AGENT.match(request.headers.get("User-Agent", "")):
            raise UserAgentError
        if path != "/gateway" and request.headers.get("Authorization") != f"Bot {self.token}":
            raise UnauthorizedError

    def _note_refusal(self, path: str, error: ApiError) -> None:
        parts = path.split("/")
        token = parts[3] if path.startswith(OPEN_ROOTS) and len(parts) > 3 else ""
        if exchange := self.state.exchanges.get(token):
            exchange.refusals.append(error)

    async def until_connected(self, timeout: float = 10.0) -> None:
        """Waits until a bot has identified or resumed on the gateway."""
        await self.gateway.until_connected(timeout)

    def messages(self, channel: Channel | str) -> list[Stored]:
        """The channel's public messages, oldest first; a Channel, its id, or a person's DM by user id."""
        key = channel.id if isinstance(channel, Channel) else channel
        if key in self.state.users:
            key = self.state.dm_with(key).id
        return sorted(self.state.messages.get(key, {}).values(), key=lambda stored: int(stored.id))

    def stored(self, message: Json | str) -> Stored:
        """The stored message behind a payload or an id, with `notified`, `nonce` and `files`."""
        return self.state.stored[message if isinstance(message, str) else message["id"]]

    def commands(self, guild: Guild | str | None = None) -> list[Json]:
        """The registered commands, global ones or those of a guild."""
        scope = guild.id if isinstance(guild, Guild) else guild
        return list(self.state.commands.get(scope, {}).values())

    def refused(self) -> list[Received]:
        """Requests that were answered 401, 403 or 429: 10,000 of them in 10 minutes are a ban."""
        return [received for received in self.requests if received.status in (401, 403, 429)]

    def fail_next(
        self,
        method: str,
        path_pattern: str,
        *,
        status: int | None = 500,
        body: Json | None = None,
        times: int = 1,
        after_storing: bool = False,
        delay: float = 0.0,
        drop: bool = False,
        headers: dict[str, str] | None = None,
    ) -> Failure:
        """Orders a failure for the next requests that fit: see Failure; `hits` counts them."""
        pattern = re.compile(path_pattern)
        failure = Failure(method, pattern, status, body, times, after_storing, delay, drop, headers or {})
        self.failures.orders.append(failure)
        return failure


class _DroppedError(Exception):
    """The connection is cut instead of answered."""


async def _fail(failure: Failure) -> tuple[int, Json] | None:
    await asyncio.sleep(failure.delay)
    if failure.drop:
        raise _DroppedError
    return failure.answer()


def _response(status: int, body: Any, headers: dict[str, str]) -> web.Response:
    if status == 204:
        return web.Response(status=204, headers=HEADERS | headers)
    # discord.py reads JSON only from exactly this content type, without a charset
    answer = web.Response(status=status, body=orjson.dumps(body), headers=HEADERS | headers)
    answer.headers["Content-Type"] = "application/json"
    return answer
