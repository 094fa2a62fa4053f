"""The gateway (docs: events/gateway, events/gateway-events): who is connected, and what they are sent."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections import deque
from typing import Any

from aiohttp import WSMsgType, web

from .errors import Json
from .sockets import ClosingError, Connection, Session
from .state import State

HEARTBEAT, IDENTIFY, PRESENCE, RESUME, RECONNECT = 1, 2, 3, 6, 7
INVALID_SESSION, HELLO, HEARTBEAT_ACK = 9, 10, 11
GUILDS, GUILD_MEMBERS, GUILD_MESSAGES = 1 << 0, 1 << 1, 1 << 9
GUILD_PRESENCES, DIRECT_MESSAGES, MESSAGE_CONTENT = 1 << 8, 1 << 12, 1 << 15
PRIVILEGED = GUILD_MEMBERS | GUILD_PRESENCES | MESSAGE_CONTENT
KNOWN_INTENTS = (1 << 26) - 1
PAYLOAD_LIMIT = 4096


class Gateway:
    """All sessions and connections. `privileged` holds the privileged intents that the app was granted.

    `shards` is how many connections are recommended, and here required; `at_once` sessions may begin within five
    seconds, and a further one is told that it is invalid.
    """

    def __init__(self, state: State, token: str) -> None:
        self.state = state
        self.token = token
        self.address = ""
        self.privileged = 0
        self.heartbeat_interval = 41.25
        self.sessions: dict[str, Session] = {}
        self.connections: set[Connection] = set()
        self.shards, self.at_once = 1, 1
        self.identifies = 0
        self.hasty = 0
        self._began: deque[float] = deque()
        self.heartbeats = 0
        self.presence: Json | None = None
        self._changed = asyncio.Event()

    @property
    def connected(self) -> list[Session]:
        """Sessions with a live socket."""
        return [session for session in self.sessions.values() if session.connection is not None]

    @property
    def may_read_content(self) -> bool:
        """Whether a session asked for the MESSAGE_CONTENT intent and got it."""
        return any(session.intents & MESSAGE_CONTENT for session in self.sessions.values())

    async def until_connected(self, timeout: float) -> None:
        """Waits for a bot that is identified or resumed."""
        async with asyncio.timeout(timeout):
            while not self.connected:
                await self._changed.wait()

    async def publish(self, event: str, data: Json, guild_id: str | None, needs: int = 0) -> None:
        """Dispatches an event to every session whose intents and shard it fits."""
        for session in list(self.sessions.values()):
            if session.covers(guild_id) and (not needs or session.intents & needs):
                await session.dispatch(event, data)

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """One websocket from its upgrade to its end."""
        socket = web.WebSocketResponse(max_msg_size=0, autoping=True, timeout=0.5)
        await socket.prepare(request)
        connection = Connection(request, socket)
        self.connections.add(connection)
        try:
            await self._greet(connection)
            await self._listen(connection)
        except ClosingError as closing:
            self._detach(connection)
            await socket.close(code=closing.code, message=closing.reason.encode())
        finally:
            self._detach(connection)
            self.connections.discard(connection)
        return socket

    async def _greet(self, connection: Connection) -> None:
        if connection.request.query.get("v") not in ("9", "10"):
            raise ClosingError(4012, "Invalid API version.")
        interval = {"heartbeat_interval": int(self.heartbeat_interval * 1000)}
        await connection.send({"op": HELLO, "s": None, "t": None, "d": interval})

    async def _listen(self, connection: Connection) -> None:
        patience = self.heartbeat_interval * 1.5
        while True:
            try:
                message = await connection.socket.receive(timeout=patience)
            except TimeoutError:
                raise ClosingError(4009, "Session timed out.") from None
            if message.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
                return self._hang_up(connection, message.data)
            connection.count_send(asyncio.get_running_loop().time())
            await self._hear(connection, message.data)

    def _hang_up(self, connection: Connection, code: Any) -> None:
        # docs: closing with 1000 or 1001 ends the session, any other code keeps it for a resume
        if connection.session is not None and code in (1000, 1001):
            self.sessions.pop(connection.session.id, None)

    def _detach(self, connection: Connection) -> None:
        session = connection.session
        if session is not None and session.connection is connection:
            session.connection = None

    async def _hear(self, connection: Connection, data: str | bytes) -> None:
        if len(data) > PAYLOAD_LIMIT:
            raise ClosingError(4002, "Error while decoding payload.")
        try:
            payload = json.loads(data)
            code, content = payload["op"], payload.get("d")
        except (ValueError, KeyError, TypeError):
            raise ClosingError(4002, "Error while decoding payload.") from None
        if code == HEARTBEAT:
            self.heartbeats += 1
            await connection.send({"op": HEARTBEAT_ACK, "s": None, "t": None, "d": None})
        elif code in (IDENTIFY, RESUME):
            await self._open(connection, code, content)
        elif connection.session is None:
            raise ClosingError(4003, "Not authenticated.")
        elif code == PRESENCE:
            self.presence = content
        else:
            raise ClosingError(4001, "Unknown opcode.")

    async def _open(self, connection: Connection, code: int, content: Json) -> None:
        if connection.session is not None:
            raise ClosingError(4005, "Already authenticated.")
        if content.get("token") != self.token:
            raise ClosingError(4004, "Authentication failed.")
        await (self._identify if code == IDENTIFY else self._resume)(connection, content)
        self._changed.set()
        self._changed = asyncio.Event()

    async def _identify(self, connection: Connection, content: Json) -> None:
        intents = _checked_intents(content.get("intents"), self.privileged)
        number, total = content.get("shard") or (0, 1)
        if not 0 <= number < total:
            raise ClosingError(4010, "Invalid shard.")
        if total < self.shards:
            raise ClosingError(4011, "Sharding required.")
        self.identifies += 1
        if self.shards > 1 and self._too_soon(asyncio.get_running_loop().time()):
            await connection.send({"op": INVALID_SESSION, "s": None, "t": None, "d": False})
            return
        session = Session(secrets.token_hex(16), intents, (number, total), connection=connection)
        connection.session = self.sessions[session.id] = session
        await session.dispatch("READY", self._ready(session))
        if intents & GUILDS:
            for guild in self._guilds(session):
                await session.dispatch("GUILD_CREATE", guild.wire(self.state.bot))

    def _too_soon(self, now: float) -> bool:
        """Whether too many sessions of a sharded bot began within five seconds (events/gateway, Rate Limiting)."""
        self._began = deque(at for at in self._began if now - at < 5.0)
        self._began.append(now)
        self.hasty += len(self._began) > self.at_once
        return len(self._began) > self.at_once

    def _guilds(self, session: Session) -> list[Any]:
        return [g for g in self.state.guilds.values() if g.joined and session.covers(g.id)]

    def _ready(self, session: Session) -> Json:
        return {
            "v": 10,
            "user": self.state.bot.wire(),
            "guilds": [{"id": guild.id, "unavailable": True} for guild in self._guilds(session)],
            "session_id": session.id,
            "resume_gateway_url": self.address,
            "shard": list(session.shard),
            "application": {"id": self.state.application_id, "flags": 0},
        }

    async def _resume(self, connection: Connection, content: Json) -> None:
        session = self.sessions.get(content.get("session_id", ""))
        seen = content.get("seq") or 0
        if session is None or not session.can_replay(seen):
            await connection.send({"op": INVALID_SESSION, "s": None, "t": None, "d": False})
            return
        if seen > session.seq:
            raise ClosingError(4007, "Invalid seq.")
        connection.session = session
        # An event may be dispatched while an older one is on its way
        while missed := next((event for event in session.sent if event[0] > seen), None):
            seen, text = missed
            await connection.send_text(text)
        session.connection = connection
        session.resumes += 1
        await session.dispatch("RESUMED", {})

    async def ask_to_reconnect(self) -> None:
        """Op 7 to everybody."""
        for session in self.connected:
            if session.connection is not None:
                await session.connection.send({"op": RECONNECT, "s": None, "t": None, "d": None})

    async def invalidate(self) -> None:
        """Op 9 to everybody: the sessions are over and cannot be resumed."""
        for session in self.connected:
            if session.connection is not None:
                await session.connection.send({"op": INVALID_SESSION, "s": None, "t": None, "d": False})
        self.sessions.clear()

    def drop_sockets(self) -> None:
        """Cuts every connection; the sessions stay and can be resumed."""
        for connection in list(self.connections):
            self._detach(connection)
            connection.abort()


def _checked_intents(intents: Any, granted: int) -> int:
    if not isinstance(intents, int) or intents & ~KNOWN_INTENTS:
        raise ClosingError(4013, "Invalid intent(s).")
    if intents & PRIVILEGED & ~granted:
        raise ClosingError(4014, "Disallowed intent(s).")
    return intents
