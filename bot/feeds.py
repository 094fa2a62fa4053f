"""Calendar feeds over HTTP: `/calendar/<secret>.ics`, asked again and again by calendar programs.

An address that was revoked is answered as one that never was, and no address is ever logged.
"""

import asyncio
import hashlib
import logging
import re
import secrets
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from briefs.visible import Audience, Visible, visible
from commands.calendars import events_of
from commands.desk import Desk
from commands.registry import embargoes_passed
from commands.views.ics import ics
from commands.wording import speaking
from scheduler.address import LOBBY, destination
from scheduler.feeds import Feed

log = logging.getLogger(__name__)

ADDRESS = "/calendar/{secret}.ics"
_SECRET = re.compile(r"[A-Za-z0-9_-]{32}")
# A program asks a few times an hour. Bursts beyond that, of all of them together, wait a minute.
BURST, PER_SECOND, WAIT = 60.0, 10.0, 60
KEPT = 200
HEADERS = {
    "Cache-Control": "private, no-cache",
    "X-Robots-Tag": "noindex",
    "X-Content-Type-Options": "nosniff",
}

State = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class _Written:
    """A feed's bytes, what they were written from, and their entity tag (RFC 9110, 8.8.3)."""

    state: State
    content: bytes
    tag: str


class CalendarFeeds:
    """Answers with the calendar of a workspace, as its audience may see it at the moment of asking.

    `clock` tells the instant (aware UTC).
    """

    def __init__(self, desk: Desk, clock: Callable[[], datetime]) -> None:
        self._desk, self._clock = desk, clock
        self._written: OrderedDict[tuple[str, str, str], _Written] = OrderedDict()
        self._writing = asyncio.Lock()
        self._left, self._at = BURST, 0.0

    async def public(self, request: web.Request) -> web.StreamResponse:
        """Answer for the world: every workspace's feed but the page's."""
        return await self._guarded(request, here=False)

    async def local(self, request: web.Request) -> web.StreamResponse:
        """Answer on this machine: the page's own feed alone."""
        return await self._guarded(request, here=True)

    async def _guarded(self, request: web.Request, *, here: bool) -> web.StreamResponse:
        try:
            return await self._answer(request, here)
        except web.HTTPException:
            raise
        except Exception:
            # aiohttp's own words for it would bear the address.
            log.exception("a calendar feed could not be written, id %s", secrets.token_hex(4))
            raise web.HTTPInternalServerError from None

    async def _answer(self, request: web.Request, here: bool) -> web.StreamResponse:
        secret = request.match_info["secret"]
        if not _SECRET.fullmatch(secret):
            raise web.HTTPNotFound
        if not self._has_turn():
            raise web.HTTPTooManyRequests(headers={"Retry-After": str(WAIT)})
        async with self._desk.store.reading() as tx:
            feed = await self._desk.feeds.found(tx, secret)
        if feed is None or (feed.workspace == LOBBY.workspace) != here:
            raise web.HTTPNotFound
        written = await self._write(feed, request.query.get("brief", ""))
        await self._note(feed)
        headers = {**HEADERS, "ETag": written.tag}
        if _has(request, written.tag):
            return web.Response(status=304, headers=headers)
        headers["Content-Disposition"] = 'inline; filename="briefbot.ics"'
        return web.Response(
            body=written.content, content_type="text/calendar", charset="utf-8", headers=headers
        )

    def _has_turn(self) -> bool:
        now = asyncio.get_running_loop().time()
        self._left = min(BURST, self._left + (now - self._at) * PER_SECOND)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True

    async def _write(self, feed: Feed, brief: str) -> _Written:
        """Write a feed, or find it written from the same revisions on the same day."""
        now, desk = self._clock(), self._desk
        audience = desk.rights.audience_of(destination(f"{feed.workspace}/calendar"))
        one = _named(desk, audience, now, brief) if brief else None
        key = (audience, feed.language, one.brief.brief if one else "")
        async with self._writing:
            state = await self._state(now)
            kept = self._written.get(key)
            if kept is None or kept.state != state:
                _ = speaking(feed.language)
                found = await events_of(desk, audience, now, key[2])
                name = one.brief.title if one else _("Watch dates")
                content = await asyncio.to_thread(ics, found, name, feed.language)
                kept = _Written(state, content, f'"{hashlib.sha256(content).hexdigest()[:32]}"')
                self._written[key] = kept
                while len(self._written) > KEPT:
                    self._written.popitem(last=False)
            return kept

    async def _state(self, now: datetime) -> State:
        """All that a feed changes with: the day, the revisions, and the embargoes that have ended."""
        desk = self._desk
        found: list[object] = [now.date()]
        for id_, revision in list(desk.revisions().items()):
            told = await desk.chronicles.of(desk.store, desk.library, revision)
            found.append((id_, revision.number, *(embargoes_passed(life.holder, now) for life in told.lives)))
        return tuple(found)

    async def _note(self, feed: Feed) -> None:
        """Keep the day on which it was fetched last."""
        today = self._clock().date()
        if feed.read_on != today:
            async with self._desk.store.transaction() as tx:
                await self._desk.feeds.read(tx, feed.workspace, today)


def _named(desk: Desk, audience: Audience, now: datetime, name: str) -> Visible:
    """The brief that an address asks for; not there for whoever may not see it, or where it never was."""
    for revision in desk.revisions().values():
        if name in (revision.brief_id, *revision.brief.formerly):
            source = revision.document.source
            if seen := visible(revision.brief, source, revision.number, audience, now):
                return seen
    raise web.HTTPNotFound


def _has(request: web.Request, tag: str) -> bool:
    """Whether the asker has this very content (If-None-Match, RFC 9110, 13.1.2)."""
    return any(each.value in ("*", tag.strip('"')) for each in request.if_none_match or ())
