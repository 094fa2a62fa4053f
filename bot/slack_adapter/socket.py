"""Socket Mode: one connection held for as long as the process lives, a new one opened before the old closes.

slack_sdk's own client closes the old connection first, keeps asking a dead address for ever when the first
attempt at it fails, and cannot tell a refused token from an outage; so the connection is held here, and only
what comes through it is Bolt's. Protocol: docs.slack.dev, apis/events-api/using-socket-mode.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import aiohttp
import orjson
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack_adapter.tasks import Tasks

HEARTBEAT = 10.0
CONNECT_SECONDS = 10.0
# How long an old connection is still listened to while Slack has not closed it.
LINGER = 20.0
# An acknowledgement is due within three seconds.
ANSWER_SECONDS = 3.0
WANTS_ANOTHER = ("refresh_requested", "warning")

Envelope = Mapping[str, Any]
Handle = Callable[[Envelope], Awaitable[str | None]]

log = logging.getLogger(__name__)


class LinkDisabledError(Exception):
    """Somebody switched Socket Mode off in the app's settings."""


class Socket:
    """Receives envelopes and acknowledges each with what `handle` returns: JSON, or an empty string.

    What it returns None for is not acknowledged, so that Slack sends it again.
    """

    def __init__(
        self,
        web: AsyncWebClient,
        app_token: str,
        session: aiohttp.ClientSession,
        handle: Handle,
    ) -> None:
        self._web, self._app_token, self._session = web, app_token, session
        self._handle = handle
        self._answers = Tasks()
        self._old: set[asyncio.Task[None]] = set()

    async def hold(self, connected: Callable[[], None]) -> None:
        """Hold one connection; return when another is wanted, raise when this one failed.

        `connected` is called when Slack says hello. Raises refusals.FAILURES and LinkDisabledError.
        """
        ticket = await self._web.apps_connections_open(app_token=self._app_token)
        socket = await asyncio.wait_for(
            self._session.ws_connect(ticket["url"], heartbeat=HEARTBEAT, proxy=self._web.proxy),
            CONNECT_SECONDS,
        )
        wanted = False
        greeted: list[str] = []

        def hello() -> None:
            greeted.append("hello")
            connected()

        try:
            wanted = await self._listen(socket, hello) and bool(greeted)
        finally:
            if wanted:
                self._linger(socket)
            else:
                await self._answers.finish(ANSWER_SECONDS)
                await socket.close()
        if not wanted:
            raise ConnectionResetError("Slack closed the connection")

    async def close(self) -> None:
        """Let go of the old connections."""
        for task in self._old:
            task.cancel()
        await asyncio.gather(*self._old, return_exceptions=True)

    async def _listen(self, socket: aiohttp.ClientWebSocketResponse, connected: Callable[[], None]) -> bool:
        """Receive until the connection ends (False) or Slack asks for another one (True)."""
        async for message in socket:
            if message.type is not aiohttp.WSMsgType.TEXT:
                continue
            received = orjson.loads(message.data)
            match received.get("type"):
                case "hello":
                    connected()
                case "disconnect":
                    if received.get("reason") == "link_disabled":
                        raise LinkDisabledError
                    return received.get("reason") in WANTS_ANOTHER
                case _:
                    self._answers.start(self._answer(socket, received), "an acknowledgement to Slack")
        return False

    async def _answer(self, socket: aiohttp.ClientWebSocketResponse, envelope: Envelope) -> None:
        id = envelope.get("envelope_id")
        if not id:
            return
        body = await self._handle(envelope)
        if body is None:
            return
        payload = f',"payload":{body}' if body and envelope.get("accepts_response_payload") else ""
        try:
            await socket.send_str(f'{{"envelope_id":"{id}"{payload}}}')
        except (ConnectionError, aiohttp.ClientError) as problem:
            log.warning("an acknowledgement did not reach Slack, which asks again: %s", problem)

    def _linger(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        """Go on listening to a connection that Slack is about to close."""
        task = asyncio.create_task(self._last_words(socket), name="an old connection to Slack")
        self._old.add(task)
        task.add_done_callback(self._old.discard)

    async def _last_words(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        try:
            async with asyncio.timeout(LINGER):
                while await self._listen(socket, lambda: None):
                    continue
        except (TimeoutError, LinkDisabledError):
            pass
        finally:
            await socket.close()
