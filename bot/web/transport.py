"""The page as an adapter: it listens on loopback, answers, and keeps its own history."""

import logging
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from types import TracebackType
from typing import Self
from urllib.parse import quote

from aiohttp import web

from bot.adapter import Front, Status
from bot.pacing import Pacer, Turn
from bot.web.editing import Drafts
from bot.web.events import LOOK
from bot.web.guard import Guard
from bot.web.lobby import Lobby
from bot.web.overview import BriefLine, Overview, PlannedLine
from bot.web.routes import Handler, Routes
from briefs.marking import N_
from commands.model import Reply
from scheduler.address import LOBBY, Destination
from scheduler.outcomes import Outcome, Refused, Retry, Sent

__all__ = ["BriefLine", "Overview", "PageUnavailable", "PlannedLine", "WebAdapter"]

log = logging.getLogger(__name__)
GREETING = "hello"


class PageUnavailable(Exception):  # noqa: N818  # it reads as what happened
    """The page cannot listen where it should. The text says why and what to do."""


class WebAdapter:
    """The local page. Destinations are `web:local/<room>`; every room is shown in the one feed.

    `secret` stands in the printed link. `look` is how often, in seconds, an open page's side column is
    compared with what is planned. Without `drafts` the page has no editor, without
    `calendar` it answers no calendar program.
    """

    platform = "web"

    def __init__(
        self,
        front: Front,
        host: str,
        port: int,
        lobby: Lobby,
        overview: Overview,
        secret: str,
        clock: Callable[[], datetime],
        look: float = LOOK,
        drafts: Drafts | None = None,
        calendar: Handler | None = None,
    ) -> None:
        self._front, self._host, self._port = front, host, port
        self._lobby, self._clock, self._secret = lobby, clock, secret
        self._guard = Guard(secret)
        self._routes = Routes(front, lobby, overview, self._guard, clock, look, drafts, calendar)
        self._pacer = Pacer()
        self._runner: web.AppRunner | None = None
        self._status = Status(False, N_("not open yet"), clock())

    async def __aenter__(self) -> Self:
        """Open the page; raise PageUnavailable where its port is taken."""
        # A reader's last answers are finished within this many seconds of the stop.
        runner = web.AppRunner(self._routes.application(), access_log=None, shutdown_timeout=5)
        await runner.setup()
        try:
            await web.TCPSite(runner, self._host, self._port).start()
        except OSError as problem:
            await runner.cleanup()
            raise PageUnavailable(
                f"The page cannot listen on {self._host}, port {self._port} ({problem.strerror or problem}): "
                "end the other program there, or choose another port in WEB_PORT."
            ) from problem
        self._runner = runner
        self._guard.port = runner.addresses[0][1]
        self._status = Status(True, N_("open at {address}", address=self.address), self._clock())
        await self._greet()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop listening, finish answering, end the open pages' streams."""
        runner, self._runner = self._runner, None
        self._status = Status(False, N_("closed"), self._clock())
        self._routes.events.stop()
        if runner is not None:
            await self._routes.finish()
            await runner.cleanup()

    @property
    def port(self) -> int:
        """The port it listens on."""
        return self._guard.port

    @property
    def address(self) -> str:
        """The page's address, without its key."""
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{host}:{self.port}/"

    @property
    def link(self) -> str:
        """The link to print at start: whoever opens it may use the page."""
        return f"{self.address}?key={quote(self._secret, safe='')}"

    def turn(self, destination: Destination) -> AbstractAsyncContextManager[Turn]:
        """The page has no limits."""
        return self._pacer.turn(())

    def fits(self, reply: Reply) -> bool:
        """Always: a card grows with its words."""
        return True

    async def send(
        self, destination: Destination, reply: Reply, key: str, turn: Turn | None = None
    ) -> Outcome:
        """Store one message in its room and show it on every open page."""
        if refused := _elsewhere(destination):
            return refused
        return Sent(str(await self._lobby.post(destination, key, reply, self._clock())))

    async def find(self, destination: Destination, key: str, since: datetime) -> Outcome:
        """Look for a message by its key; the history is our own, so the answer is certain."""
        if refused := _elsewhere(destination):
            return refused
        found = await self._lobby.find(destination, key)
        return (
            Sent(str(found)) if found is not None else Retry(N_("The page's history holds no such message."))
        )

    async def edit(self, destination: Destination, message: str, reply: Reply) -> Outcome:
        """Replace what a message says, on open pages too."""
        if refused := _elsewhere(destination):
            return refused
        if message.isdecimal() and await self._lobby.edit(destination, int(message), reply, self._clock()):
            return Sent(message)
        return Refused(
            N_(
                "The page's history holds no message {message} in {destination}, so nothing was changed.",
                message=message,
                destination=destination,
            )
        )

    async def lead(self) -> None:
        """Nothing: each process has a page of its own, whichever leads."""

    async def stand_by(self) -> None:
        """Nothing, as in `lead`."""

    async def refresh(self) -> None:
        """Tell open pages that the commands changed."""
        self._routes.events.commands_changed()

    def sends(self) -> bool:
        """Always: the history is in the database."""
        return True

    def share(self, processes: int, *, fresh: bool = False) -> None:
        """Nothing: the page has no limits."""

    def status(self) -> Status:
        """How the page is."""
        return self._status

    async def _greet(self) -> None:
        """Say hello in the feed, once for all times."""
        now = self._clock()
        reply = await self._front.greeting(LOBBY.workspace, now)
        if reply is not None:
            await self._lobby.post(LOBBY, GREETING, reply, now)
            await self._front.greeted(LOBBY.workspace, now)


def _elsewhere(destination: Destination) -> Refused | None:
    if destination.workspace == LOBBY.workspace and not destination.thread:
        return None
    return Refused(
        N_(
            "{destination} is no room of the page; write it like {lobby}.",
            destination=destination,
            lobby=LOBBY,
        )
    )
