"""The editor opened for a test: the page over a real library, in which drafts are really published."""

import contextlib
import difflib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from bot.defaults import of_lobby
from bot.facts import Facts
from bot.front import BotFront
from bot.seen import Seen
from bot.web.editing import Loaded
from bot.web.overview import BriefLine
from briefs.compare import changes
from briefs.library import Revision
from briefs.reading import Document
from commands.model import File, Listing, Prose, Reply, UserError, text
from commands.publish import publish
from scheduler.planner import plan
from tests.bot.page_house import SECRET, OpenedPage, ScriptedOverview, opened
from tests.fronts import utc_now
from tests.office import Office, office, shipped

BRIEF = "korean-peninsula-2024"


@dataclass
class OfficeDrafts:
    """Compares, foresees and publishes drafts in an office. With `review` set it proposes them instead."""

    bot: Office
    review: bool = False
    proposed: list[Document] = field(default_factory=list)

    async def source(self, brief_id: str) -> Loaded | None:
        found = self.bot.desk.revisions().get(brief_id)
        return Loaded(found.document.yaml, found.document.report, found.number) if found else None

    async def compare(self, document: Document, at: datetime, language: str) -> Reply:
        now = self._now(document)
        old, new = (each.decode().splitlines(keepends=True) for each in (now.document.yaml, document.yaml))
        diff = "".join(difflib.unified_diff(old, new, f"revision {now.number}", "the draft"))
        topics = [topic.command for topic in changes(now.brief, document.brief).new_topics]
        said = f"New topics: {', '.join(topics)}." if topics else "No topic comes or goes."
        return Reply(
            f"What changes after revision {now.number}",
            (Prose(text(said)),),
            files=(File("brief.diff", diff.encode(), "The YAML's diff"),),
        )

    async def radius(self, document: Document, at: datetime, language: str) -> Reply:
        follower = of_lobby(document.brief.brief, at)
        planned = plan(document.brief, [follower], at, at + timedelta(days=400))
        lines = [f"{each.due:%Y-%m-%d}: {each.kind} {each.item}" for each in planned]
        return Reply(f"{len(lines)} messages in 400 days", (Listing(tuple(text(line) for line in lines)),))

    async def publish(self, document: Document, base: int, reason: str, at: datetime, language: str) -> Reply:
        now = self._now(document)
        if now.number != base:
            raise UserError(
                "Revision {number} was published meanwhile, so nothing was done.", number=now.number
            )
        if self.review:
            self.proposed.append(document)
            return Reply("Proposed", (Prose(text("Another admin approves it.")),))
        revision = await self.elsewhere(document, reason)
        return Reply(f"Published as revision {revision.number}", (Prose(text(f"Why: {reason}")),))

    async def elsewhere(self, document: Document, reason: str) -> Revision:
        """Publish without asking for the base, as a file in the briefs folder would."""
        desk = self.bot.desk
        return await publish(
            desk.store, desk.library, desk.outside.replan_published, document,
            author="Admin", at=self.bot.now, reason=reason, origin="page",
        )  # fmt: skip

    def _now(self, document: Document) -> Revision:
        return self.bot.desk.revisions()[document.brief.brief]


@dataclass
class OfficeOverview(ScriptedOverview):
    """A side column whose briefs are those that the office serves."""

    bot: Office | None = None

    async def briefs(self, language: str) -> Sequence[BriefLine]:
        revisions = self.bot.desk.revisions() if self.bot else {}
        return [
            BriefLine(id, each.brief.title, date(2024, 12, 6), "717 days old, expired", each.number)
            for id, each in revisions.items()
        ]


@dataclass
class EditorHouse:
    """The office, its drafts, and the page that edits them."""

    bot: Office
    drafts: OfficeDrafts
    page: OpenedPage
    front: BotFront

    async def ask(self, path: str, yaml: bytes | None = None, **body: Any) -> tuple[int, dict[str, Any]]:
        """Send a draft (the published one by default) to one of the editor's addresses."""
        now = self.bot.desk.revisions()[BRIEF].document
        draft = {
            "brief": BRIEF, "yaml": (yaml or now.yaml).decode(), "report": now.report.decode(),
            "request": "request-1",
        }  # fmt: skip
        return await self.page.post(f"/api/editor/{path}", **{**draft, **body})


@contextlib.asynccontextmanager
async def editing(
    bot: Office | None = None, port: int = 0, secret: str = SECRET, review: bool = False
) -> AsyncIterator[EditorHouse]:
    """Open the page with its editor over an office (a new one that holds the shipped brief by default)."""
    async with contextlib.AsyncExitStack() as ladder:
        if bot is None:
            bot = await ladder.enter_async_context(office(shipped()))
        drafts = OfficeDrafts(bot, review)
        overview = OfficeOverview(bot=bot)
        front = BotFront(bot.desk, bot.dispatcher, Seen(), Facts(), utc_now)
        page = await ladder.enter_async_context(
            opened(overview=overview, port=port, drafts=drafts, secret=secret, serving=front)
        )
        yield EditorHouse(bot, drafts, page, front)
