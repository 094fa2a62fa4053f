"""What carries the gateway: one websocket with its compression, and the session that RESUME continues."""

from __future__ import annotations

import asyncio
import importlib
import zlib
from collections import deque
from dataclasses import dataclass, field
from typing import Any

import orjson
from aiohttp import web

from .errors import Json

DISPATCH = 0
REPLAYABLE_EVENTS = 2000
SENDS_PER_MINUTE = 120


class ClosingError(Exception):
    """The peer ends the connection with one of the gateway's close codes."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class ZlibStream:
    """One zlib context for a whole connection; each event ends in a sync flush."""

    def __init__(self) -> None:
        self._context = zlib.compressobj()

    def __call__(self, data: bytes) -> bytes:
        """The next piece of the stream."""
        return self._context.compress(data) + self._context.flush(zlib.Z_SYNC_FLUSH)


class ZstdStream:
    """One zstd context; needs Python 3.14 or the zstandard package, as discord.py does to ask for it."""

    def __init__(self) -> None:
        try:
            module: Any = importlib.import_module("compression.zstd")
            self._context, self._flush = module.ZstdCompressor(), module.ZstdCompressor.FLUSH_BLOCK
        except ImportError:
            module = importlib.import_module("zstandard")
            self._context, self._flush = module.ZstdCompressor().compressobj(), module.COMPRESSOBJ_FLUSH_BLOCK

    def __call__(self, data: bytes) -> bytes:
        """The next piece of the stream."""
        return bytes(self._context.compress(data)) + bytes(self._context.flush(self._flush))


ENCODERS: dict[str, type[ZlibStream] | type[ZstdStream]] = {
    "zlib-stream": ZlibStream,
    "zstd-stream": ZstdStream,
}


class Connection:
    """One websocket."""

    def __init__(self, request: web.Request, socket: web.WebSocketResponse) -> None:
        self.request = request
        self.socket = socket
        self.session: Session | None = None
        compress = request.query.get("compress", "")
        self._encode = ENCODERS[compress]() if compress in ENCODERS else None
        self._order = asyncio.Lock()
        self._sends: deque[float] = deque(maxlen=SENDS_PER_MINUTE)

    async def send(self, payload: Json) -> None:
        """Sends one payload outside a session's sequence."""
        await self.send_text(orjson.dumps(payload))

    async def send_text(self, text: bytes) -> None:
        """Sends JSON; nothing happens on a socket that is gone (the session replays it later)."""
        async with self._order:
            if self.socket.closed:
                return
            try:
                if self._encode is None:
                    await self.socket.send_str(text.decode())
                else:
                    await self.socket.send_bytes(self._encode(text))
            except ConnectionError:
                # The client is gone; it resumes and gets the event again
                self.abort()

    def count_send(self, now: float) -> None:
        """Closes with 4008 beyond 120 payloads in 60 seconds."""
        if len(self._sends) == SENDS_PER_MINUTE and now - self._sends[0] < 60:
            raise ClosingError(4008, "You are being rate limited.")
        self._sends.append(now)

    def abort(self) -> None:
        """Cuts the TCP connection without a close frame."""
        if self.request.transport is not None:
            self.request.transport.abort()


@dataclass
class Session:
    """What RESUME continues: the sequence and the events that may have to be replayed."""

    id: str
    intents: int
    shard: tuple[int, int]
    seq: int = 0
    sent: deque[tuple[int, bytes]] = field(default_factory=lambda: deque(maxlen=REPLAYABLE_EVENTS))
    connection: Connection | None = None
    resumes: int = 0

    def covers(self, guild_id: str | None) -> bool:
        """Whether events of this guild (None: a DM, shard 0 only) belong to this session's shard."""
        return self.shard[0] == (0 if guild_id is None else (int(guild_id) >> 22) % self.shard[1])

    def can_replay(self, seen: int) -> bool:
        """Whether every event after this one is still kept."""
        return not self.sent or self.sent[0][0] <= seen + 1

    async def dispatch(self, event: str, data: Json) -> None:
        """Numbers and keeps the event, and sends it where a socket is connected."""
        self.seq += 1
        # Kept as text: a replay must not show what a message became later
        text = orjson.dumps({"op": DISPATCH, "s": self.seq, "t": event, "d": data})
        self.sent.append((self.seq, text))
        if self.connection is not None:
            await self.connection.send_text(text)
