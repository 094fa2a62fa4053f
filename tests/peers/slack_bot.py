"""Real Bolt apps for the loopback Slack's tests, over both transports."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from .slack_peer import SlackPeer
from .slack_peer.errors import Json

Register = Callable[[AsyncApp], None]


def client_of(peer: SlackPeer, token: str | None = None) -> AsyncWebClient:
    return AsyncWebClient(token=token or peer.bot_token, base_url=peer.api_base)


async def started(handler: Any) -> None:
    """Connect (the SDK's method is untyped)."""
    await handler.connect_async()


async def ended(handler: Any) -> None:
    """Close (the SDK's method is untyped)."""
    await handler.close_async()


def bolt(peer: SlackPeer, register: Register) -> AsyncApp:
    app = AsyncApp(
        client=client_of(peer),
        token=peer.bot_token,
        signing_secret=peer.signing_secret,
        process_before_response=True,
    )
    register(app)
    return app


@asynccontextmanager
async def over_socket(
    peer: SlackPeer, register: Register, ping_interval: float = 0.05
) -> AsyncIterator[AsyncApp]:
    app = bolt(peer, register)
    handler = AsyncSocketModeHandler(app, peer.app_token, ping_interval=ping_interval)
    await started(handler)
    try:
        await peer.wait_connected()
        yield app
    finally:
        await ended(handler)


@asynccontextmanager
async def over_http(peer: SlackPeer, register: Register) -> AsyncIterator[AsyncApp]:
    app = bolt(peer, register)

    async def handle(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await app.async_dispatch(await to_bolt_request(request)))

    async with served(handle) as address:
        peer.http_target = address
        yield app


@asynccontextmanager
async def served(handle: Callable[[web.Request], Any]) -> AsyncIterator[str]:
    server = web.Application()
    server.router.add_post("/slack/events", handle)
    runner = web.AppRunner(server, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    finally:
        await runner.cleanup()


WAYS = pytest.mark.parametrize("way", [over_socket, over_http], ids=["socket", "http"])


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def section(text: str = "The three demands") -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}


def buttons(*values: str) -> Json:
    made = [
        {"type": "button", "action_id": f"act:{value}", "value": value, "text": plain(value)}
        for value in values
    ]
    return {"type": "actions", "elements": made}


def form(**more: Any) -> Json:
    field = {"type": "plain_text_input", "action_id": "name", "max_length": 20}
    picker = {"type": "external_select", "action_id": "topic", "min_query_length": 1}
    blocks = [
        {"type": "input", "block_id": "b-name", "label": plain("Name"), "element": field},
        {
            "type": "input",
            "block_id": "b-topic",
            "label": plain("Topic"),
            "element": picker,
            "optional": True,
        },
    ]
    return {
        "type": "modal",
        "callback_id": "form",
        "title": plain("Ask"),
        "submit": plain("Send"),
        "blocks": blocks,
    } | more


async def refused(call: Any) -> Any:
    with pytest.raises(SlackApiError) as raised:
        await call
    return raised.value.response
