"""The page's addresses."""

import logging
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import datetime
from functools import cache
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path

from aiohttp import web

from bot.adapter import Front
from bot.feeds import ADDRESS
from bot.web import incoming, timeline
from bot.web.asked import Repeated, accepted, body
from bot.web.completing import suggestions, values
from bot.web.editing import Drafts
from bot.web.editor import Editor
from bot.web.events import Events
from bot.web.guard import HEADERS, Guard
from bot.web.incoming import LARGEST, Answered, Asked, BadRequest, Pressed, Typed
from bot.web.kept import Kept
from bot.web.lobby import Lobby
from bot.web.once import Once
from bot.web.outgoing import environment
from bot.web.overview import Overview
from bot.web.views import Json, Views, listed
from briefs.marking import N_, spoken
from commands.model import Answer, Call, Form, Prose, Reply, UserError, text
from commands.wording import speaking
from scheduler.address import LOBBY, READER

log = logging.getLogger(__name__)
STATIC = Path(__file__).parent / "static"
SHOWN = 50
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Routes:
    """The handlers of the page's addresses, and the application made of them."""

    def __init__(
        self,
        front: Front,
        lobby: Lobby,
        overview: Overview,
        guard: Guard,
        clock: Callable[[], datetime],
        look: float,
        drafts: Drafts | None = None,
        calendar: Handler | None = None,
    ) -> None:
        self._front, self._lobby, self._overview, self._guard, self._clock = (
            front,
            lobby,
            overview,
            guard,
            clock,
        )
        self._kept = Kept()
        templates = cache(environment)
        self._views = cache(lambda language: Views(self._kept, language, templates, edits=drafts is not None))
        self._once: Once[Json] = Once()
        self._editor = Editor(drafts, front, lobby, self._views, self._once, clock) if drafts else None
        self._calendar = calendar
        self.events = Events(lobby, overview, self._views, self._language, look)

    def application(self) -> web.Application:
        """Put the addresses together, with the guard before all of them."""
        app = web.Application(middlewares=[self._guarded], client_max_size=LARGEST * 4 // 3 + 65_536)
        app.on_response_prepare.append(_with_headers)
        app.add_routes(
            [
                web.get("/", self._page),
                web.get("/healthz", self._healthz),
                web.get("/api/commands", self._commands),
                web.get("/api/complete", self._complete),
                web.get("/api/events", self.events.serve),
                web.get("/api/overview", self._side),
                web.get("/api/timeline", self._timeline),
                web.get("/api/kept/{digest}", self._bytes),
                web.post("/api/call", self._call),
                web.post("/api/press", self._press),
                web.post("/api/submit", self._submit),
                web.static("/static", STATIC),
            ]
        )
        if self._calendar is not None:
            app.router.add_get(ADDRESS, self._calendar)
        if self._editor is not None:
            app.add_routes(self._editor.routes())
        return app

    async def finish(self) -> None:
        """Wait for the answers in work."""
        await self._once.finish()

    @web.middleware
    async def _guarded(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        refusal = self._guard.refusal(request)
        if refusal is not None:
            return self._refused(request, refusal.status, refusal.sentence, again=refusal.again)
        try:
            return await handler(request)
        except BadRequest as problem:
            return self._refused(request, HTTPStatus.BAD_REQUEST, str(problem))
        except Repeated:
            sentence = N_("This request was carried out already; ask again for a new answer.")
            return self._refused(request, HTTPStatus.CONFLICT, sentence)
        except web.HTTPException as problem:
            return self._refused(request, HTTPStatus(problem.status), _sentence(problem))
        except Exception:
            id = secrets.token_hex(4)
            log.exception("page request %s %s failed, id %s", request.method, request.path, id)
            sentence = N_(
                "Sorry, something went wrong here. Try again; if it stays, the log tells more under {id}.",
                id=id,
            )
            return self._refused(request, HTTPStatus.INTERNAL_SERVER_ERROR, sentence)

    def _refused(
        self, request: web.Request, status: HTTPStatus, sentence: str, *, again: bool = False
    ) -> web.Response:
        sentence = spoken(sentence, speaking(self._language(request)))
        if request.path.startswith("/api/"):
            return web.json_response({"sentence": sentence}, status=status)
        page = self._views(self._language(request)).refusal(sentence, again=again)
        return web.Response(text=page, content_type="text/html", status=status)

    def _language(self, request: web.Request, asked: Asked | None = None) -> str:
        """The language that the page's reader chose, or that its script or the browser names."""
        given = asked.locale if asked else ""
        return self._front.language(READER, given or incoming.preferred(accepted(request)))

    async def _page(self, request: web.Request) -> web.Response:
        if "key" in request.query:
            opened = web.Response(status=HTTPStatus.SEE_OTHER, headers={"Location": "/"})
            opened.set_cookie(self._guard.cookie, self._guard.session, httponly=True, samesite="Strict")
            return opened
        messages, cursor = await self._lobby.latest(SHOWN)
        views = self._views(self._language(request))
        side = await views.side(self._overview)
        page = views.page(self._front.commands(), messages, cursor, side, self._front.choice(READER))
        return web.Response(text=page, content_type="text/html")

    async def _healthz(self, request: web.Request) -> web.Response:
        return web.Response(text="ok")

    async def _commands(self, request: web.Request) -> web.Response:
        _ = speaking(self._language(request))
        return web.json_response({"commands": [listed(command, _) for command in self._front.commands()]})

    async def _side(self, request: web.Request) -> web.Response:
        side = await self._views(self._language(request)).side(self._overview)
        return web.Response(text=side.written(), content_type="application/json")

    async def _timeline(self, request: web.Request) -> web.Response:
        if self._front.find(timeline.COMMAND) is None:
            raise web.HTTPNotFound
        reply = await timeline.timeline(self._front, request.query, accepted(request), self._clock())
        return web.json_response({"html": self._views(self._language(request)).cards.timeline(reply)})

    async def _bytes(self, request: web.Request) -> web.Response:
        held = self._kept.get(request.match_info["digest"])
        if held is None:
            raise web.HTTPNotFound
        shown = "inline" if held.media_type == "image/png" else "attachment"
        return web.Response(
            body=held.content, content_type=held.media_type, headers={"Content-Disposition": shown}
        )

    async def _complete(self, request: web.Request) -> web.Response:
        query, at = request.query, self._clock()
        if "command" in query:
            found = await values(
                self._front,
                query["command"],
                query.get("option", ""),
                query.get("partial", ""),
                accepted(request),
                at,
            )
            return web.json_response({"items": [asdict(choice) for choice in found]})
        line, cursor = query.get("line", "")[:4000], query.get("cursor", "")
        at_cursor = int(cursor) if cursor.isdecimal() and len(cursor) < 6 else len(line)
        return web.json_response(
            asdict(await suggestions(self._front, line, at_cursor, accepted(request), at))
        )

    async def _call(self, request: web.Request) -> web.Response:
        asked = incoming.read(Typed, await body(request))
        typed = asked.line.strip() or f"/{asked.command}"

        async def work() -> Json:
            at = self._clock()
            try:
                call = incoming.line_call(self._front, asked, accepted(request), at)
            except UserError as refusal:
                language = self._language(request, asked)
                return self._views(language).answer(_not_understood(refusal, language), typed, at)
            command = self._front.find(call.command)
            await self._first_time(call, harmless=command is not None and command.quick)
            answer = await self._front.answer(call)
            return await self._answered(call, answer, typed, self._language(request, asked))

        return web.json_response(await self._once(asked.request, work))

    async def _press(self, request: web.Request) -> web.Response:
        asked = incoming.read(Pressed, await body(request))

        async def work() -> Json:
            call = incoming.press_call(asked, accepted(request), self._clock())
            press = self._front.knows(asked.key)
            command = self._front.find(press.command) if press and press.verb != "share" else None
            await self._first_time(call, harmless=command is not None and command.quick)
            return await self._answered(
                call, await self._front.press(asked.key, call), "", self._language(request, asked)
            )

        return web.json_response(await self._once(asked.request, work))

    async def _submit(self, request: web.Request) -> web.Response:
        asked = incoming.read(Answered, await body(request))
        call = incoming.form_call(asked, accepted(request), self._clock())

        async def work() -> Json:
            await self._first_time(call, harmless=False)
            return await self._answered(
                call, await self._front.submit(asked.key, call), "", self._language(request, asked)
            )

        return web.json_response(await self._once(asked.request, work))

    async def _first_time(self, call: Call, *, harmless: bool) -> None:
        """Refuse what was carried out already; where doing it twice is harmless, nothing is looked up."""
        if not harmless and not await self._front.first_time(call.request, call.at):
            raise Repeated

    async def _answered(self, call: Call, answer: Answer, typed: str, language: str) -> Json:
        self.events.look_again()
        if isinstance(answer, Form):
            return self._views(language).form(answer, typed)
        if answer.visibility == "private":
            return self._views(language).answer(answer, typed, call.at)
        key = f"a:{sha256(call.request.encode()).hexdigest()[:14]}"
        message = await self._lobby.post(LOBBY, key, answer, call.at)
        return {"kind": "posted", "message": message, "title": answer.title}


def _not_understood(refusal: UserError, language: str) -> Reply:
    _ = speaking(language)
    return Reply(_("Not understood"), (Prose(text(refusal.said(_))),))


def _sentence(problem: web.HTTPException) -> str:
    match problem.status:
        case 404:
            return N_("There is nothing at this address; the page itself stands at /.")
        case 405:
            return N_("This address does not take such a request; the page itself stands at /.")
        case 413:
            return N_("This is larger than 10 MB; send a smaller file.")
    return N_("{reason}: open the link printed at start (briefbot run prints it).", reason=problem.reason)


async def _with_headers(request: web.BaseRequest, response: web.StreamResponse) -> None:
    for name, value in HEADERS.items():
        response.headers[name] = value
