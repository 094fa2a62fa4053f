"""Socket Mode: up to ten connections, any of which may get a payload (S: apis/events-api/using-socket-mode)."""

from __future__ import annotations

import asyncio
import itertools
import json
from dataclasses import dataclass, field
from typing import Any, Literal

from aiohttp import WSMsgType, web

from .errors import Json
from .exchange import Ack, Attempt
from .state import State
from .world import APP

CONNECTIONS = 10
Reason = Literal["warning", "refresh_requested", "link_disabled", "too_many_websockets"]
# Events and block_actions take no body with their acknowledgement, as recorded payloads show
# (P: tests of slack_sdk.socket_mode); a body sent all the same is a mistake of the app
TAKE_BODY = {"slash_commands", "view_submission", "block_suggestion"}


class UndeliveredError(Exception):
    """Nobody took the payload. `reason` is what a retry names."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass
class Connection:
    """One socket. `retiring`: it was told to go and gets nothing new."""

    number: int
    socket: web.WebSocketResponse
    request: web.Request
    retiring: bool = False
    pongs: list[bytes] = field(default_factory=list)
    delivered: int = 0


class SocketMode:
    """The connections, and envelopes that wait for their acknowledgement."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.connections: list[Connection] = []
        self.mistakes: list[str] = []
        self.hellos = 0
        self._waiting: dict[str, tuple[asyncio.Future[Ack], bool]] = {}
        self._numbers = itertools.count(1)
        self._turn = 0

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """One socket from hello to close. Its address works once."""
        ticket = request.query.get("ticket", "")
        if ticket not in self.state.tickets:
            return web.Response(status=403, text="invalid ticket")
        self.state.tickets.discard(ticket)
        socket = web.WebSocketResponse(autoping=False, timeout=0.5)
        await socket.prepare(request)
        connection = Connection(next(self._numbers), socket, request)
        if len(self.connections) >= CONNECTIONS:
            await self._tell(connection, "too_many_websockets")
            await socket.close()
            return socket
        self.connections.append(connection)
        try:
            await socket.send_json(self._hello())
            self.hellos += 1
            self.state.pulse.touch()
            await self._listen(connection)
        finally:
            self.connections.remove(connection)
            self.state.pulse.touch()
        return socket

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self.connections),
            "debug_info": {"host": "loopback", "build_number": 1, "approximate_connection_time": 18060},
            "connection_info": {"app_id": APP},
        }

    async def _listen(self, connection: Connection) -> None:
        async for message in connection.socket:
            if message.type is WSMsgType.PING:
                await connection.socket.pong(message.data)
            elif message.type is WSMsgType.PONG:
                connection.pongs.append(bytes(message.data))
                self.state.pulse.touch()
            elif message.type is WSMsgType.TEXT:
                self._acknowledge(json.loads(message.data))

    def _acknowledge(self, answer: Json) -> None:
        envelope_id = answer.get("envelope_id")
        future, takes_body = self._waiting.pop(str(envelope_id), (None, True))
        if future is None:
            self.mistakes.append(
                f"acknowledged unknown envelope {envelope_id!r}, or acknowledged it late or twice"
            )
            return
        body = answer.get("payload")
        if body and not takes_body:
            self.mistakes.append(f"sent a body with an acknowledgement that takes none: {body!r}")
        if not future.done():
            future.set_result(Ack(200, body or None))

    def usable(self) -> list[Connection]:
        """Connections that may get a payload."""
        return [each for each in self.connections if not each.retiring and not each.socket.closed]

    async def carry(self, kind: str, payload: Json, attempt: Attempt) -> Ack:
        """Send an envelope and wait for its acknowledgement; whoever calls sets the deadline."""
        usable = self.usable()
        if not usable:
            raise UndeliveredError("connection_failed")
        self._turn += 1
        connection = usable[self._turn % len(usable)]
        takes_body = kind in TAKE_BODY or payload.get("type") in TAKE_BODY
        envelope: Json = {
            "envelope_id": attempt.envelope_id,
            "type": kind,
            "payload": payload,
            "accepts_response_payload": takes_body,
        }
        if kind == "events_api":
            envelope |= {"retry_attempt": attempt.number, "retry_reason": attempt.reason or ""}
        future: asyncio.Future[Ack] = asyncio.get_running_loop().create_future()
        self._waiting[str(attempt.envelope_id)] = (future, takes_body)
        try:
            await connection.socket.send_str(json.dumps(envelope))
            connection.delivered += 1
            return await future
        except ConnectionError:
            raise UndeliveredError("connection_failed") from None
        finally:
            self._waiting.pop(str(attempt.envelope_id), None)

    async def _tell(self, connection: Connection, reason: Reason) -> None:
        debug = {"host": "loopback"}
        await connection.socket.send_json({"type": "disconnect", "reason": reason, "debug_info": debug})

    async def disconnect(self, reason: Reason, *, close_after: float | None) -> None:
        """Announce the end to every connection; they get nothing more, except after a warning.

        close_after: seconds until the sockets are closed, None to leave that to the app.
        """
        told = list(self.connections)
        for connection in told:
            connection.retiring = reason != "warning"
            await self._tell(connection, reason)
        if close_after is not None:
            await self.state.clock.sleep(close_after)
            for connection in told:
                await connection.socket.close()

    def drop(self) -> None:
        """Cut every connection without a word."""
        for connection in self.connections:
            connection.retiring = True
            if connection.request.transport is not None:
                connection.request.transport.abort()

    async def ping(self) -> None:
        """Ping every connection, as Slack's servers do."""
        for connection in self.connections:
            await connection.socket.ping(b"Ping from loopback")

    async def close(self) -> None:
        """Close every connection, as a server that goes down does."""
        for connection in list(self.connections):
            connection.retiring = True
            await connection.socket.close(code=1001)


def parsed(text: str, content_type: str) -> Any:
    """The body of an HTTP acknowledgement as a socket one would carry it."""
    if not text:
        return None
    return json.loads(text) if content_type == "application/json" else text
