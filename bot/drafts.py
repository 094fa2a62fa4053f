"""Drafts of the page's editor: what a draft would change and send, and its publication."""

from dataclasses import replace
from datetime import datetime

from bot.web.editing import Loaded
from briefs.reading import Document
from commands import editing, proposing, reviewing
from commands.desk import AuditEntry, Desk
from commands.dispatch import Dispatcher
from commands.model import Call, Caller, Reply, UserError
from commands.radius import effects
from commands.views import radius as views
from scheduler.address import LOBBY, READER

OPERATOR = Caller(READER, "Reader", manages=True, governs=True)


class PageDrafts:
    """Implements `bot.web.editing.Drafts`: the page's operator on the one path of every change."""

    def __init__(self, desk: Desk, dispatcher: Dispatcher) -> None:
        self._desk, self._dispatcher = desk, dispatcher

    async def source(self, brief_id: str) -> Loaded | None:
        """Return the published files of a brief, and their revision."""
        current = self._desk.revisions().get(brief_id)
        if current is None:
            return None
        return Loaded(current.document.yaml, current.document.report, current.number)

    async def compare(self, document: Document, at: datetime, language: str) -> Reply:
        """Say in words what a draft changes."""
        return proposing.compared(self._desk, _call(at, language), document)

    async def radius(self, document: Document, at: datetime, language: str) -> Reply:
        """Say which messages publishing a draft would send or change."""
        found = await effects(self._desk, document, at)
        heading, *blocks = views.radius(found, language)
        return Reply(getattr(heading, "text", ""), tuple(blocks), files=views.in_full(found, language))

    async def publish(self, document: Document, base: int, reason: str, at: datetime, language: str) -> Reply:
        """Publish a draft, or propose it where another admin has to approve; raises UserError."""
        call = _call(at, language)
        current = self._desk.revisions().get(document.brief.brief)
        if (current.number if current else 0) != base:
            raise UserError(
                "The brief moved on to revision {number} while you edited; nothing was published. Compare with it,"
                " then publish again.",
                number=current.number if current else 0,
            )
        shown = await proposing.propose(self._desk, call, document, reason or editing.NO_REASON)
        async with self._desk.store.reading() as tx:
            waiting = await self._desk.proposals.open(tx, document.brief.brief)
            alone = not await reviewing.is_required(self._desk, tx)
        proposal = next(each for each in reversed(waiting) if each.author == str(READER))
        await self._write_down(call, f"proposal {proposal.id}: {proposal.reason}")
        if not alone:
            return await self._dispatcher.keyed(call, shown)
        approved = replace(call, options={"number": proposal.id, "base": base})
        return await self._dispatcher.keyed(call, await editing.approve(self._desk, approved))

    async def _write_down(self, call: Call, detail: str) -> None:
        async with self._desk.store.transaction() as tx:
            await self._desk.audit.note(
                tx, AuditEntry(call.at, str(READER), str(LOBBY), "/edit", detail=detail)
            )


def _call(at: datetime, language: str) -> Call:
    return Call("edit", replace(OPERATOR, language=language), LOBBY, at)
