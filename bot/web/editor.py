"""The editor's addresses: the page, and what its script asks about the draft that it holds."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import cache
from typing import Annotated
from zoneinfo import ZoneInfo

from aiohttp import web
from pydantic import Field

from bot.adapter import Front
from bot.web import editor_views, incoming
from bot.web.asked import Repeated, accepted, body
from bot.web.drafted import Occasion, parts, shown
from bot.web.editing import Drafts, Loaded
from bot.web.editor_views import EditorViews
from bot.web.incoming import Asked, Line, Word
from bot.web.lobby import Lobby
from bot.web.once import Once
from bot.web.proofs import Proofs
from bot.web.views import Json, Views
from briefs.reading import BriefFaults, Document
from briefs.schema import ZONES
from commands.model import Reply, UserError
from commands.wording import speaking
from scheduler.address import READER


class Draft(Asked):
    """The two files of a draft, and the published brief that it is a draft of."""

    brief: Word
    yaml: str
    report: str


class Checked(Draft):
    """A draft to check; `part` is what to preview of it, or empty."""

    part: Word = ""


class Handed(Draft):
    """A draft to publish: the revision that it began with, and why."""

    base: Annotated[int, Field(ge=1)]
    reason: Line = ""


Asking = Callable[[Document, datetime, str], Awaitable[Reply]]


class Editor:
    """The handlers of the editor's addresses."""

    def __init__(
        self, drafts: Drafts, front: Front, lobby: Lobby, views: Callable[[str], Views], once: Once[Json],
        clock: Callable[[], datetime],
    ) -> None:  # fmt: skip
        self._drafts, self._front, self._lobby, self._once, self._clock = drafts, front, lobby, once, clock
        self._views = cache(lambda language: EditorViews(views(language)))
        self._proofs = Proofs()

    def routes(self) -> list[web.RouteDef]:
        """Return the editor's addresses."""
        return [
            web.get("/edit/{brief}", self._page),
            web.get("/api/editor/source/{brief}", self._source),
            web.post("/api/editor/check", self._check),
            web.post("/api/editor/compare", self._compare),
            web.post("/api/editor/radius", self._radius),
            web.post("/api/editor/publish", self._publish),
        ]

    async def _page(self, request: web.Request) -> web.Response:
        brief = request.match_info["brief"]
        loaded = await self._loaded(brief)
        document = await self._proofs.read(loaded.yaml, loaded.report)
        _messages, cursor = await self._lobby.latest(1)
        page = self._views(self._language(None, request)).page(brief, document.brief.title, cursor)
        return web.Response(text=page, content_type="text/html")

    async def _source(self, request: web.Request) -> web.Response:
        loaded = await self._loaded(request.match_info["brief"])
        return web.json_response(
            {"yaml": loaded.yaml.decode(), "report": loaded.report.decode(), "revision": loaded.revision}
        )

    async def _loaded(self, brief: str) -> Loaded:
        loaded = await self._drafts.source(brief)
        if loaded is None:
            raise web.HTTPNotFound
        return loaded

    async def _check(self, request: web.Request) -> web.Response:
        asked = incoming.read(Checked, await body(request))
        loaded = await self._loaded(asked.brief)
        answer: dict[str, object] = {"faults": [], "notice": "", "revision": loaded.revision}
        try:
            document = await self._proofs.read(asked.yaml.encode(), asked.report.encode())
        except BriefFaults as found:
            return web.json_response(
                {
                    **answer,
                    "faults": editor_views.faults(found.faults, speaking(self._language(asked, request))),
                }
            )
        occasion = self._occasion(asked, request, loaded.revision + 1)
        offered = await asyncio.to_thread(parts, document, occasion)
        look = await asyncio.to_thread(shown, document, asked.part, occasion)
        answer |= {
            "notice": _another(document, asked.brief, occasion.language),
            "parts": editor_views.listed(offered),
            "preview": self._views(occasion.language).preview(look) if look else None,
        }
        return web.json_response(answer)

    async def _compare(self, request: web.Request) -> web.Response:
        return await self._shown(request, self._drafts.compare)

    async def _radius(self, request: web.Request) -> web.Response:
        return await self._shown(request, self._drafts.radius)

    async def _shown(self, request: web.Request, ask: Asking) -> web.Response:
        asked = incoming.read(Draft, await body(request))

        async def answer() -> Json:
            document = await self._document(asked, request)
            language = self._language(asked, request)
            return self._views(language).outcome(await ask(document, self._clock(), language))

        return web.json_response(await self._refusable(asked, request, answer))

    async def _publish(self, request: web.Request) -> web.Response:
        asked = incoming.read(Handed, await body(request))

        async def publish() -> Json:
            document = await self._document(asked, request)
            return await self._published(asked, document, self._language(asked, request))

        async def work() -> Json:
            return await self._refusable(asked, request, publish)

        return web.json_response(await self._once(asked.request, work))

    async def _published(self, asked: Handed, document: Document, language: str) -> Json:
        """Hand a draft in, and say whether it is what readers see now."""
        reason, at = asked.reason.strip(), self._clock()
        if not reason:
            raise UserError("Say in a sentence why, for the history; nothing was published.")
        if not await self._front.first_time(f"web:{asked.request}", at):
            raise Repeated
        reply = await self._drafts.publish(document, asked.base, reason, at, language)
        outcome = self._views(language).outcome(reply)
        now = await self._drafts.source(document.brief.brief)
        serves = now is not None and (now.yaml, now.report) == (document.yaml, document.report)
        return {**outcome, "published": serves, "revision": now.revision if now else asked.base}

    async def _document(self, asked: Draft, request: web.Request) -> Document:
        document = await self._proofs.read(asked.yaml.encode(), asked.report.encode())
        if notice := _another(document, asked.brief, self._language(asked, request)):
            raise UserError("{notice} Nothing was done.", notice=notice)
        return document

    async def _refusable(
        self, asked: Draft, request: web.Request, ask: Callable[[], Awaitable[Json]]
    ) -> Json:
        """Answer, or say in a sentence why not, with the faults and with the revision that is published."""
        try:
            return await ask()
        except BriefFaults as found:
            return {
                "kind": "faults",
                "faults": editor_views.faults(found.faults, speaking(self._language(asked, request))),
            }
        except UserError as refusal:
            loaded = await self._loaded(asked.brief)
            sentence = refusal.said(speaking(self._language(asked, request)))
            return {"kind": "refused", "sentence": sentence, "revision": loaded.revision}

    def _occasion(self, asked: Asked, request: web.Request, revision: int) -> Occasion:
        at = self._clock()
        zone = ZoneInfo(asked.zone if asked.zone in ZONES else "UTC")
        return Occasion(revision, at.astimezone(zone).date(), at, self._language(asked, request))

    def _language(self, asked: Asked | None, request: web.Request) -> str:
        given = asked.locale if asked else ""
        return self._front.language(READER, given or incoming.preferred(accepted(request)))


def _another(document: Document, brief: str, language: str) -> str:
    """Say that a draft names another brief, which publishing would put beside the one that is edited."""
    if brief in (document.brief.brief, *document.brief.formerly):
        return ""
    _ = speaking(language)
    return _(
        "The draft says brief: {other}, but this is the editor of {brief}. Write brief: {brief} again, "
        "or keep the new id and add formerly: [{brief}]."
    ).format(other=document.brief.brief, brief=brief)
