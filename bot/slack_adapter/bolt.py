"""Slack's requests through Bolt: it checks signatures and sorts the requests.

`process_before_response` sends the acknowledgement when the listener returns: otherwise Bolt looks for it
every 10 ms only. Nothing here waits for Slack; what takes long is a task of `Receiving`.
"""

import logging
import re
from collections.abc import Awaitable, Callable

from aiohttp import web
from slack_bolt.adapter.socket_mode.internals import build_headers
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.response import BoltResponse
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack_adapter.events import Events
from bot.slack_adapter.incoming import Payload
from bot.slack_adapter.receiving import Receiving
from bot.slack_adapter.socket import Envelope

ANY = re.compile(".*", re.DOTALL)
Me = Callable[[], AuthorizeResult]

# Bolt logs whole payloads at lower levels, response URLs among them.
log = logging.getLogger("slack_bolt")
log.setLevel(logging.ERROR)


class Commands(AsyncMiddleware):
    """Answers slash commands as soon as their signature is checked, before anything is looked up."""

    def __init__(self, receiving: Receiving) -> None:
        self._receiving = receiving

    async def async_process(
        self,
        *,
        req: AsyncBoltRequest,
        resp: BoltResponse,
        next: Callable[[], Awaitable[BoltResponse]],
    ) -> BoltResponse | None:
        """Answer a slash command; pass everything else on."""
        if "command" not in req.body:
            return await next()
        return BoltResponse(status=200, body=await self._receiving.command(req.body))


def app(receiving: Receiving, events: Events, api_base: str, signing_secret: str, me: Me) -> AsyncApp:
    """Make the Bolt app. Its own Web API client is never used."""

    async def authorize() -> AuthorizeResult:
        return me()

    made = AsyncApp(
        name="briefbot",
        logger=log,
        client=AsyncWebClient(base_url=api_base, logger=log),
        authorize=authorize,
        before_authorize=Commands(receiving),
        signing_secret=signing_secret,
        process_before_response=True,
        attaching_function_token_enabled=False,
    )

    async def pressed(ack: AsyncAck, body: Payload) -> None:
        await receiving.press(body)
        await ack()

    async def submitted(ack: AsyncAck, body: Payload) -> None:
        errors = await receiving.submit(body)
        await ack(dict(errors) if errors else "")

    async def typing(ack: AsyncAck, body: Payload) -> None:
        await ack(dict(await receiving.suggest(body)))

    async def happened(body: Payload) -> None:
        events.receive(body)

    made.action(ANY)(pressed)
    made.view(ANY)(submitted)
    made.options(ANY)(typing)
    made.event(ANY)(happened)
    return made


async def through_socket(made: AsyncApp, envelope: Envelope) -> str | None:
    """Dispatch an envelope of Socket Mode; return the acknowledgement's body, None for no acknowledgement."""
    request = SocketModeRequest.from_dict(dict(envelope))
    if request is None:
        return None
    asked = AsyncBoltRequest(mode="socket_mode", body=request.payload, headers=build_headers(request))
    answer = await made.async_dispatch(asked)
    return answer.body if answer.status == 200 else None


async def through_http(made: AsyncApp, request: web.Request) -> web.Response:
    """Dispatch a request of HTTP mode; an acknowledgement is JSON, or empty."""
    stamp, signature = (
        request.headers.get(f"X-Slack-{name}", "") for name in ("Request-Timestamp", "Signature")
    )
    # Bolt takes these for a number and for ASCII, and fails on anything else.
    if not (stamp.isascii() and stamp.isdecimal() and signature.isascii()):
        return web.json_response({"error": "invalid request"}, status=401)
    try:
        body = (await request.read()).decode()
    except UnicodeDecodeError:
        return web.json_response({"error": "invalid request"}, status=400)
    asked = AsyncBoltRequest(body=body, query=request.query_string, headers=dict(request.headers))
    answer = await made.async_dispatch(asked)
    kind = "application/json" if answer.body.startswith("{") else "text/plain"
    return web.Response(status=answer.status, text=answer.body, content_type=kind)
