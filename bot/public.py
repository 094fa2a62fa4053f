"""The public listener: what Slack and calendars reach from outside. It serves no route of the page."""

from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Self

from aiohttp import web

from bot.feeds import ADDRESS

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
# A slash command or an interaction is a few kilobytes; a view with its state stays below this.
MAX_BODY = 1024 * 1024


class PublicListener:
    """A web server on every address of the machine, with `/healthz`, `/slack/events` and `/calendar/…`."""

    def __init__(
        self, port: int, slack_events: Handler | None = None, host: str | None = None,
        calendar: Handler | None = None,
    ) -> None:  # fmt: skip
        self._host, self.port = host, port
        app = web.Application(client_max_size=MAX_BODY)
        if calendar is not None:
            app.router.add_get(ADDRESS, calendar)
        if slack_events is not None:
            app.router.add_post("/slack/events", slack_events)
        app.router.add_get("/healthz", _well)
        self._runner = web.AppRunner(app, access_log=None)

    async def __aenter__(self) -> Self:
        """Listen."""
        await self._runner.setup()
        await web.TCPSite(self._runner, self._host, self.port).start()
        # Port 0 gives each address family a port of its own; IPv4 addresses have two parts.
        self.port = next(address[1] for address in self._runner.addresses if len(address) == 2)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Finish the requests under way and close."""
        await self._runner.cleanup()


async def _well(_request: web.Request) -> web.Response:
    return web.Response(text="ok")
