"""The loopback Slack: one server on 127.0.0.1 for the Web API, sockets, response URLs, files and control."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from . import files_api, world
from .clock import Clock, WallClock
from .courier import Courier
from .driving import Driver
from .errors import ApiError, Json
from .exchange import Ack, Exchange, Stored
from .faults import Failure
from .hooks import Hooks
from .http_mode import HttpMode
from .manifest_rules import validate_manifest
from .methods import need_scope
from .socket_mode import Connection, Reason, SocketMode
from .state import Received, State
from .webapi import WebApi, cut, token_of

UPLOAD_LIMIT = 64 * 1024 * 1024


class SlackPeer(Driver):
    """`async with SlackPeer() as peer:`; the bot gets `peer.api_base` as SLACK_API_BASE.

    `stop()` and `start()` go down and come back on the same port with everything remembered.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        signing_secret: str = "loopback-signing-secret",
        bot_token: str = "xoxb-loopback",
        app_token: str = "xapp-loopback",
        scopes: frozenset[str] = world.BOT_SCOPES,
        users: list[world.User] | None = None,
        channels: list[world.Channel] | None = None,
        groups: list[world.UserGroup] | None = None,
        clock: Clock | None = None,
    ) -> None:
        self.clock = clock or WallClock()
        state = State(
            self.clock,
            world.people() if users is None else users,
            world.channels() if channels is None else channels,
            world.groups() if groups is None else groups,
            scopes,
        )
        self.port = port
        self.signing_secret = signing_secret
        self.bot_token = bot_token
        self.app_token = app_token
        self.sockets = SocketMode(state)
        self.api = WebApi(state, bot_token, app_token)
        self.hooks = Hooks(state)
        super().__init__(state, Courier(state, self.sockets, HttpMode(), signing_secret))
        self._runner: web.AppRunner | None = None
        self._extra: list[web.RouteDef] = []

    @property
    def api_base(self) -> str:
        """The address of the Web API, with its slash."""
        return f"{self.state.base}/api/"

    @property
    def http_target(self) -> str | None:
        """Where signed requests go; None while the bot uses Socket Mode."""
        return self.courier.target

    @http_target.setter
    def http_target(self, target: str | None) -> None:
        self.courier.target = target

    @property
    def enforce_rates(self) -> bool:
        """Whether rate limits are refused with 429."""
        return self.state.rates.enforced

    @enforce_rates.setter
    def enforce_rates(self, on: bool) -> None:
        self.state.rates.enforced = on

    def add_routes(self, routes: list[web.RouteDef]) -> None:
        """More routes, before the server starts (the control interface)."""
        self._extra += routes

    async def start(self) -> None:
        """Listen, on the port of before if there was one."""
        app = web.Application(client_max_size=UPLOAD_LIMIT)
        app.router.add_route("*", "/api/{method}", self.api.handle)
        app.router.add_get("/link/", self.sockets.handle)
        app.router.add_post("/hooks/{team}/{number}/{secret}", self.hooks.handle)
        app.router.add_post("/upload/v1/{file}", self._upload)
        app.router.add_get("/files/{key}/{name}", self._download)
        app.router.add_routes(self._extra)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port, reuse_address=True)
        await site.start()
        self.port = self._runner.addresses[0][1]
        self.state.base = f"http://127.0.0.1:{self.port}"

    async def stop(self) -> None:
        """Go down: sockets close, nobody listens, everything is remembered."""
        if self._runner is not None:
            await self.sockets.close()
            await self._runner.cleanup()
            self._runner = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.courier.close()
        await self.stop()

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        """The bytes of a file, raw or as a multipart field."""
        data = await _uploaded_bytes(request)
        self.state.received.append(
            Received("upload", {"file": request.match_info["file"], "length": len(data)})
        )
        failure = self.state.failures.take("upload")
        if failure and not failure.after_storing:
            await self.clock.sleep(failure.delay)
            refusal = failure.refusal()
            if failure.drop:
                return cut(request)
            if refusal:
                return web.Response(
                    status=refusal.status if refusal.status != 200 else 500, text=refusal.error
                )
        try:
            text = files_api.receive(self.state, request.match_info["file"], data)
        except ApiError as error:
            return web.Response(status=error.status, text=error.error)
        return cut(request) if failure and failure.drop else web.Response(text=text)

    async def _download(self, request: web.Request) -> web.StreamResponse:
        """A file's bytes, for the bot token with files:read."""
        file = self.state.files.get(request.match_info["key"].rpartition("-")[2])
        try:
            need_scope(self.state, "files:read")
        except ApiError as error:
            return web.json_response(error.body, status=403)
        if token_of(request, {}) != self.bot_token or self.state.auth_failure:
            # Slack answers with its sign-in page, a 200 of HTML
            return web.Response(text="<!DOCTYPE html><title>Sign in</title>", content_type="text/html")
        if file is None:
            return web.Response(status=404)
        return web.Response(body=file.data)

    def install(self, manifest: Json) -> None:
        """Install the app as this manifest says; raises ApiError invalid_manifest where Slack would not.

        From then on only its commands and events exist, and only its scopes are granted.
        """
        validate_manifest(manifest)
        features, settings = manifest.get("features", {}), manifest.get("settings", {})
        self.commands = {
            entry["command"]: entry.get("should_escape", False)
            for entry in features.get("slash_commands", [])
        }
        self.events = frozenset(settings.get("event_subscriptions", {}).get("bot_events", []))
        self.state.scopes = frozenset(manifest.get("oauth_config", {}).get("scopes", {}).get("bot", []))
        self.state.messages_tab = features.get("app_home", {}).get("messages_tab_enabled", True)

    def fail_next(
        self,
        method: str,
        *,
        error: str | None = None,
        status: int | None = None,
        times: int = 1,
        after_storing: bool = False,
        delay: float = 0.0,
        drop: bool = False,
        headers: dict[str, str] | None = None,
    ) -> Failure:
        """Make the next calls of a method (or `response_url`, `upload`, `*`) go wrong."""
        order = Failure(method, error, status, times, after_storing, delay, drop, headers or {})
        self.state.failures.orders.append(order)
        return order

    def archive(self, channel: str) -> None:
        """Archive a channel."""
        self.state.channels[channel].is_archived = True

    def kick(self, channel: str) -> None:
        """Remove the bot from a channel."""
        self.state.channels[channel].members.discard(self.state.bot.id)

    def revoke(self, error: str = "token_revoked") -> None:
        """Uninstall the app (`token_revoked`) or deactivate its user (`account_inactive`)."""
        self.state.auth_failure = error
        self.sockets.drop()

    def reinstate(self) -> None:
        """Take the tokens again."""
        self.state.auth_failure = None

    async def replay(self, exchange: Exchange) -> Ack:
        """Send an exchange's last request again: the very same bytes in HTTP mode."""
        return await self.courier.replay(exchange)

    async def verify_url(self) -> bool:
        """Whether the HTTP target answers Slack's url_verification."""
        return await self.courier.verify_url()

    async def disconnect(
        self, reason: Reason = "refresh_requested", *, close_after: float | None = None
    ) -> None:
        """Announce the end of every socket; close them after so many seconds of the clock, if given."""
        await self.sockets.disconnect(reason, close_after=close_after)

    @property
    def connections(self) -> list[Connection]:
        """The sockets that may get a payload."""
        return self.sockets.usable()

    async def wait_connected(self, count: int = 1, timeout: float = 5.0) -> None:
        """Wait until so many sockets may get a payload."""
        what = f"{count} open socket(s)"
        await self.until(lambda: len(self.connections) >= count, timeout, what)

    async def until(self, ready: Callable[[], bool], timeout: float = 5.0, what: str = "it") -> None:
        """Wait until a condition on the peer's state holds."""
        await self.state.pulse.until(ready, timeout, what)

    def messages(self, channel: str = "C1") -> list[Stored]:
        """The messages that stand in a channel, oldest first."""
        return [stored for stored in self.state.messages.get(channel, []) if not stored.deleted]

    def direct_messages(self, user: str = "U1") -> list[Stored]:
        """The messages that the bot sent to a user directly."""
        return self.messages(self.state.direct(user).id)

    def ephemerals(self, user: str = "U1") -> list[Stored]:
        """The messages that only this user sees."""
        return [each for each in self.state.ephemerals if each.only_for == user and not each.deleted]

    def home(self, user: str = "U1") -> Json | None:
        """The Home tab that the bot published for a user."""
        return self.state.homes.get(user)

    def calls(self, method: str) -> list[Received]:
        """What the bot called, oldest first."""
        return [each for each in self.state.received if each.method == method]

    @property
    def refused(self) -> list[Received]:
        """Every call that was answered with an error."""
        return [each for each in self.state.received if each.answer and each.answer.get("ok") is False]


async def _uploaded_bytes(request: web.Request) -> bytes:
    if request.content_type != "multipart/form-data":
        return await request.read()
    fields: list[Any] = list((await request.post()).values())
    return bytes(fields[0].file.read()) if fields else b""
