"""Live news for open pages, as an EventSource stream.

Format and `Last-Event-ID`: html.spec.whatwg.org, server-sent events. The history itself is the queue: each
page reads on from its own cursor, so a slow page misses nothing and nothing comes twice.
"""

import asyncio
import contextlib
import json
import logging
from collections.abc import AsyncIterator, Callable

from aiohttp import web

from bot.web.lobby import Cursor, Lobby
from bot.web.overview import Overview
from bot.web.views import Views
from briefs.library import to_millis

log = logging.getLogger(__name__)
# How often the side column is compared with what a page shows, and how often a silent line proves itself.
LOOK, HEARTBEAT = 2.0, 15.0


class Events:
    """The open streams."""

    def __init__(
        self, lobby: Lobby, overview: Overview, views: Callable[[str], Views],
        language: Callable[[web.Request], str], look: float = LOOK,
    ) -> None:  # fmt: skip
        self._lobby = lobby
        self._overview = overview
        self._views, self._language = views, language
        self._look = look
        self._commands = 0
        self._stopping = False

    def commands_changed(self) -> None:
        """Tell every page that the commands are others now."""
        self._commands += 1
        self._lobby.announce()

    def look_again(self) -> None:
        """Compare the side column now: somebody has just done something."""
        self._lobby.announce()

    def stop(self) -> None:
        """End every stream; the pages connect again by themselves."""
        self._stopping = True
        self._lobby.announce()

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Send what is new since the cursor, then everything that happens, until either side goes."""
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream; charset=utf-8"})
        await response.prepare(request)
        resumed = request.headers.get("Last-Event-ID") or request.query.get("after", "")
        with contextlib.suppress(ConnectionResetError):
            await response.write(b"retry: 1000\n\n")
            views = self._views(self._language(request))
            async for event in self._events(Cursor.read(resumed), views):
                await response.write(event)
        return response

    async def _events(self, cursor: Cursor, views: Views) -> AsyncIterator[bytes]:
        shown, commands = "", self._commands
        quiet = 0.0
        while not self._stopping:
            news = self._lobby.news
            events, cursor = await self._messages(cursor, views)
            side = await self._side(views)
            if side and side != shown:
                shown = side
                events.append(_event("overview", side))
            if commands != self._commands:
                commands = self._commands
                events.append(_event("commands", "{}"))
            quiet = 0.0 if events else quiet + self._look
            if quiet >= HEARTBEAT:
                quiet = 0.0
                events.append(b": still here\n\n")
            if events:
                yield b"".join(events)
                continue
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(news.wait(), self._look)

    async def _messages(self, cursor: Cursor, views: Views) -> tuple[list[bytes], Cursor]:
        events = []
        for message in await self._lobby.posted_after(cursor):
            cursor = cursor._replace(message=message.id)
            events.append(_event("message", json.dumps(views.message(message)), cursor))
        for message in await self._lobby.edited_after(cursor):
            if message.edited_at is not None:
                cursor = cursor._replace(edit=to_millis(message.edited_at))
            events.append(_event("edited", json.dumps(views.message(message)), cursor))
        return events, cursor

    async def _side(self, views: Views) -> str:
        """Return the side column as JSON; empty where it cannot be read now, so that the rest goes on."""
        try:
            return (await views.side(self._overview)).written()
        except Exception:
            log.exception("the page's side column could not be made; it is tried again in %s s", self._look)
            return ""


def _event(name: str, data: str, cursor: Cursor | None = None) -> bytes:
    """Write one event. JSON holds no line break, so its data is one line."""
    identity = f"id: {cursor}\n" if cursor else ""
    return f"event: {name}\n{identity}data: {data}\n\n".encode()
