"""A page opened for a test: scripted front, database in memory, a reader who holds the printed link."""

import asyncio
import contextlib
import io
import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from aiohttp import ClientResponse, ClientSession, CookieJar

from bot.adapter import Front
from bot.database import Database
from bot.web.editing import Drafts
from bot.web.lobby import Lobby
from bot.web.transport import BriefLine, PlannedLine, WebAdapter
from commands.desk import Part
from commands.model import Command, Prose, Reply, UserError, text
from scheduler.address import Destination
from tests.fronts import ScriptedFront, utc_now

SECRET = "the-secret-of-this-start"
LOBBY = Destination("web", "local", "lobby")
TREATY = Reply(
    "61st anniversary of the entry into force",
    (Prose(text("It is in seven days.")),),
    footer="The Korean Peninsula · as of December 6, 2024",
    summary="In seven days: 61st anniversary of the entry into force",
)


class PageFront(ScriptedFront):
    """Refuses an unknown command in words, as the registry does."""

    def parse(self, line: str) -> tuple[Command, Mapping[str, str]]:
        try:
            return super().parse(line)
        except AssertionError:
            raise UserError("There is no command {line}; did you mean /dprk-demands?", line=line) from None


@dataclass
class ScriptedOverview:
    """A side column whose lines a test sets."""

    lines: list[PlannedLine] = field(default_factory=list)
    known: list[BriefLine] = field(
        default_factory=lambda: [
            BriefLine(
                "korean-peninsula-2024", "The Korean Peninsula", date(2024, 12, 6), "717 days old, expired", 3
            )
        ]
    )
    parts: list[Part] = field(default_factory=lambda: [Part("Discord", True, "not in use")])

    async def planned(self, limit: int, language: str) -> Sequence[PlannedLine]:
        return self.lines[:limit]

    async def briefs(self, language: str) -> Sequence[BriefLine]:
        return self.known

    async def health(self, language: str) -> Sequence[Part]:
        return self.parts


@dataclass
class OpenedPage:
    """The page and what stands around it. `reader` holds the cookie; `stranger` does not."""

    adapter: WebAdapter
    front: PageFront
    lobby: Lobby
    overview: ScriptedOverview
    reader: ClientSession
    stranger: ClientSession

    def at(self, path: str) -> str:
        return self.adapter.address.rstrip("/") + path

    async def post(self, path: str, **body: Any) -> tuple[int, dict[str, Any]]:
        data, headers = io.BytesIO(json.dumps(body).encode()), {"Content-Type": "application/json"}
        async with self.reader.post(self.at(path), data=data, headers=headers) as response:
            return response.status, await response.json()

    async def get(self, path: str) -> dict[str, Any]:
        async with self.reader.get(self.at(path)) as response:
            found: dict[str, Any] = await response.json()
            return found


@contextlib.asynccontextmanager
async def opened(
    front: PageFront | None = None,
    overview: ScriptedOverview | None = None,
    database: Database | None = None,
    port: int = 0,
    drafts: Drafts | None = None,
    secret: str = SECRET,
    serving: Front | None = None,
    clock: Callable[[], datetime] = utc_now,
) -> AsyncIterator[OpenedPage]:
    """Open a page on a free port (or on a given one) and let its reader open the printed link.

    `serving` answers in place of the scripted front.
    """
    front, overview = front or PageFront(), overview or ScriptedOverview()
    async with contextlib.AsyncExitStack() as ladder:
        stored = database if database is not None else await ladder.enter_async_context(Database(None))
        lobby = Lobby(stored)
        adapter = WebAdapter(
            serving or front, "127.0.0.1", port, lobby, overview, secret, clock, 0.05, drafts
        )
        await ladder.enter_async_context(adapter)
        reader = await ladder.enter_async_context(ClientSession(cookie_jar=CookieJar(unsafe=True)))
        stranger = await ladder.enter_async_context(ClientSession(cookie_jar=CookieJar(unsafe=True)))
        async with reader.get(adapter.link) as response:
            assert response.status == 200
        yield OpenedPage(adapter, front, lobby, overview, reader, stranger)


@dataclass(frozen=True)
class Event:
    """One event of the stream."""

    name: str
    id: str
    data: dict[str, Any]


async def events(response: ClientResponse) -> AsyncIterator[Event]:
    """Read a stream as a browser does: fields up to an empty line."""
    fields: dict[str, str] = {}
    async for raw in response.content:
        line = raw.decode().rstrip("\n")
        if line and not line.startswith(":"):
            name, _, value = line.partition(": ")
            fields[name] = value
        elif not line and "data" in fields:
            yield Event(fields.get("event", "message"), fields.get("id", ""), json.loads(fields["data"]))
            fields = {}


async def upcoming(arriving: AsyncIterator[Event], name: str) -> Event:
    """Return the next event of a name."""
    async with asyncio.timeout(5):
        async for event in arriving:
            if event.name == name:
                return event
    raise AssertionError(f"the stream ended before any {name}")


def instant(text: str) -> datetime:
    """Read a moment in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
