"""Publishing as the running process does it: what a changed file becomes, who is asked, what is written back."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from bot.defaults import of_lobby
from bot.filing import Filing, raw
from bot.folder import BriefsFolder
from bot.notices import Notices
from briefs.library import Revision, Transaction
from briefs.proposals import Proposal
from briefs.reading import Document
from commands import proposing, reviewing
from commands.desk import AuditEntry, Desk
from commands.model import Action, Call, Caller, Prose, Reply, text
from commands.publish import publish
from scheduler.address import LOBBY, Person, person

log = logging.getLogger(__name__)

FILE = "file"
FILE_REASON = "the file in the briefs folder"
_FOLDER = Person("web", "local", FILE)


class Publishing:
    """The briefs folder and the desk, kept in step. `changed` tells the platforms that commands changed."""

    def __init__(
        self, desk: Desk, filing: Filing, notices: Notices, clock: Callable[[], datetime],
        changed: Callable[[], Awaitable[None]],
    ) -> None:  # fmt: skip
        self._desk, self._filing, self._notices = desk, filing, notices
        self._clock = clock
        self.changed = changed
        self.folder: BriefsFolder | None = None

    async def settle(self, folder: Path) -> None:
        """Write the published revision into a folder that a crash left behind it."""
        written = await self._filing.settle(folder)
        if written is not None:
            log.warning(
                "the files in %s were behind; revision %d of %s, published from %s, was written into them",
                folder.name, written.number, written.brief_id, written.origin,
            )  # fmt: skip

    async def take(self, folder: Path, document: Document, at: datetime) -> Revision:
        """Publish a changed file, or propose it where somebody has to look at it; return what serves."""
        current = self._desk.revisions().get(document.brief.brief)
        if current is not None and not _equal(current, document):
            if await self._needs_a_look(folder, current):
                await self._propose(document, at)
                return current
            return await self._publish(folder, document, at)
        if current is None:
            return await self._publish(folder, document, at)
        async with self._desk.store.transaction() as tx:
            await self._filing.agree(tx, folder, document)
        return current

    async def _needs_a_look(self, folder: Path, current: Revision) -> bool:
        """Whether review is on, or the file was edited on the ground of a version that serves no more."""
        agreed = await self._filing.agreed(folder)
        moved_on = agreed is not None and not agreed.holds(current.document.yaml, current.document.report)
        async with self._desk.store.reading() as tx:
            return moved_on or await reviewing.is_required(self._desk, tx)

    async def _publish(self, folder: Path, document: Document, at: datetime) -> Revision:
        first = document.brief.brief not in self._desk.revisions()

        async def within(tx: Transaction, revision: Revision) -> None:
            await self._filing.agree(tx, folder, document)
            entry = AuditEntry(
                at, FILE, "", "published", f"{revision.brief_id} {revision.number}", FILE_REASON
            )
            await self._desk.audit.note(tx, entry)

        async def follow_and_plan(tx: Transaction, brief_id: str, now: datetime) -> None:
            if first:
                await self._desk.subscriptions.add(tx, of_lobby(brief_id, now))
            await self._desk.outside.replan(tx, brief_id, now)

        return await publish(
            self._desk.store, self._desk.library, follow_and_plan, document,
            author=FILE, at=at, reason=FILE_REASON, origin="file", within=within,
        )  # fmt: skip

    async def _propose(self, document: Document, at: datetime) -> None:
        """Make a changed file a proposal, unless it is one already or was turned down."""
        proposing.check(self._desk, document)
        async with self._desk.store.transaction() as tx:
            if await self._desk.proposals.knows(tx, document):
                return
            base = self._desk.revisions()[document.brief.brief].number
            proposal = await self._desk.proposals.add(tx, document, FILE, at, FILE_REASON, "file", base)
            entry = AuditEntry(at, FILE, "", "proposed", f"{proposal.brief_id} {proposal.id}", FILE_REASON)
            await self._desk.audit.note(tx, entry)
        call = Call("briefs folder", Caller(_FOLDER, FILE), LOBBY, at)
        shown = await proposing.preview(self._desk, call, document, proposal)
        self.ask_approval(proposal, shown)
        log.warning("the file of %s changed; it waits as proposal %d", proposal.brief_id, proposal.id)

    def ask_approval(self, proposal: Proposal, shown: Reply) -> None:
        """Show a proposal to every admin but its author, with the button that approves it."""
        author = _account(proposal.author)
        button = Action("Approve", proposing.approve_press(proposal), style="primary")
        asked = Prose(
            text("Another admin than the author decides. What is published is exactly what is shown here.")
        )
        reply = replace(shown, blocks=(asked, *shown.blocks), actions=(button, *shown.actions))
        granted = (_account(each) for each, right in self._desk.rights.grants.items() if right == "admin")
        also = {who for who in granted if who is not None}
        self._notices.tell(f"proposal {proposal.id}", reply, also=also, but=author)

    async def ask_again(self) -> None:
        """Show every proposal that waits; who was shown it already hears nothing."""
        async with self._desk.store.reading() as tx:
            waiting = await self._desk.proposals.open(tx)
        for proposal in waiting:
            async with self._desk.store.reading() as tx:
                document = await self._desk.proposals.document(tx, proposal.id)
            call = Call("briefs folder", Caller(_FOLDER, FILE), LOBBY, self._clock())
            self.ask_approval(proposal, await proposing.preview(self._desk, call, document, proposal))

    async def on_disk(self, brief_id: str) -> tuple[bytes, bytes] | None:
        """Return a brief's files as they stand in its folder, where somebody changed them there."""
        folder, current = self._place(brief_id)
        if folder is None or current is None:
            return None
        found = await asyncio.to_thread(raw, folder, current.brief.source)
        agreed = await self._filing.agreed(folder)
        untouched = agreed is None or agreed.holds(*found) or _bytes(current.document) == found
        return None if untouched else found

    async def write_back(self, brief_id: str) -> str:
        """Write the published revision into the brief's folder; a sentence where that was not done."""
        folder, current = self._place(brief_id)
        if folder is None or current is None or self.folder is None:
            return ""
        async with self.folder.busy:
            return await self._filing.write(folder, current)

    def _place(self, brief_id: str) -> tuple[Path | None, Revision | None]:
        folder = self.folder.folder_of(brief_id) if self.folder else None
        return folder, self._desk.revisions().get(brief_id)


def _equal(current: Revision, document: Document) -> bool:
    return _bytes(current.document) == _bytes(document)


def _bytes(document: Document) -> tuple[bytes, bytes]:
    return document.yaml, document.report


def _account(subject: str) -> Person | None:
    """Read a person's address; None for a role, a file or the command line."""
    try:
        return person(subject)
    except ValueError:
        return None
