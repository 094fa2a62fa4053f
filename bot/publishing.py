"""Publishing as the running process does it: what a changed file becomes, who is asked, what is written back."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from bot.defaults import of_lobby
from bot.filing import Agreed, Filing, raw
from bot.folder import BriefsFolder
from bot.notices import Notices, Written
from briefs.diffs import takes_back
from briefs.faults import BriefFaults
from briefs.library import Revision, Transaction
from briefs.marking import N_
from briefs.proposals import Proposal
from briefs.reading import Document
from commands import proposing, reviewing
from commands.desk import AuditEntry, Desk, Previews
from commands.model import Action, Call, Caller, Prose, Reply, text
from commands.publish import MovedOn, publish
from commands.wording import speaking
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
        # Whether another folder was watched last, on another machine, so that this one may lag behind.
        self.folder_may_be_old = False

    async def settle(self, folder: Path) -> str:
        """Write the published revision into a folder that a crash left behind it; return which brief it held."""
        said = await self._filing.settle(folder, may_be_old=self.folder_may_be_old)
        if said:
            log.warning("%s", said)
        agreed = await self._filing.agreed(folder)
        return agreed.brief_id if agreed else ""

    async def take(self, folder: Path, document: Document, at: datetime) -> Revision:
        """Publish a changed file, or propose it where somebody has to look at it; return what serves."""
        current = self._desk.revisions().get(document.brief.brief)
        agreed = await self._filing.agreed(folder)
        if current is not None and (_equal(current, document) or _untouched(agreed, document)):
            await self._edit_is_gone(folder, current, document, at)
            return current
        try:
            if current is not None and await self._needs_a_look(agreed, current, document):
                await self._propose(document, at)
                return current
            return await self._publish(folder, document, current, at)
        except MovedOn:
            return await self.take(folder, document, at)

    async def _edit_is_gone(self, folder: Path, current: Revision, document: Document, at: datetime) -> None:
        """Take a file's proposal back once the file holds again what it held; agree where both hold the same."""
        async with self._desk.store.transaction() as tx:
            await self._desk.proposals.withdraw(tx, FILE, at, N_("the file was put back"), current.brief_id)
            if _equal(current, document):
                await self._filing.agree(tx, folder, document)

    async def _needs_a_look(self, agreed: Agreed | None, current: Revision, document: Document) -> bool:
        """Whether review is on, or publishing the file would undo what was published from elsewhere."""
        unseen = current.origin != "file" if agreed is None else not agreed.holds(*_bytes(current.document))
        async with self._desk.store.reading() as tx:
            return (
                unseen
                or await reviewing.is_required(self._desk, tx)
                or await self._takes_back(tx, current, document)
            )

    async def _takes_back(self, tx: Transaction, current: Revision, document: Document) -> bool:
        """Whether a file lacks what was published from elsewhere since a file was published last.

        Its editor may have opened it before that, or copied it from where the change never came.
        """
        history = await self._desk.library.history(tx, current.brief_id)
        last = next((each.number for each in history if each.origin == "file"), 0)
        before = await self._desk.library.raw(tx, current.brief_id, last) or (b"", b"")
        sides = zip(before, _bytes(current.document), _bytes(document), strict=True)
        return any(takes_back(*side) for side in sides)

    async def _publish(
        self, folder: Path, document: Document, current: Revision | None, at: datetime
    ) -> Revision:

        async def within(tx: Transaction, revision: Revision) -> None:
            await self._filing.agree(tx, folder, document)
            await self._desk.proposals.withdraw(
                tx, FILE, at, N_("a later version of the file"), revision.brief_id
            )
            entry = AuditEntry(
                at, FILE, "", "published", f"{revision.brief_id} {revision.number}", FILE_REASON
            )
            await self._desk.audit.note(tx, entry)

        async def follow_and_plan(tx: Transaction, brief_id: str, now: datetime) -> None:
            if current is not None:
                await self._desk.outside.replan_published(tx, brief_id, now)
                return
            await self._desk.subscriptions.add(tx, of_lobby(brief_id, now))
            await self._desk.outside.replan(tx, brief_id, now)

        return await publish(
            self._desk.store, self._desk.library, follow_and_plan, document,
            author=FILE, at=at, reason=FILE_REASON, origin="file",
            base=current.number if current else 0, within=within,
        )  # fmt: skip

    async def _propose(self, document: Document, at: datetime) -> None:
        """Make a changed file a proposal, unless it is one already or was turned down."""
        proposing.check(self._desk, document)
        async with self._desk.store.transaction() as tx:
            if await self._desk.proposals.knows(tx, document):
                log.info("the file of %s waits already, or was turned down", document.brief.brief)
                return
            base = self._desk.revisions()[document.brief.brief].number
            proposal = await self._desk.proposals.add(tx, document, FILE, at, FILE_REASON, "file", base)
            entry = AuditEntry(at, FILE, "", "proposed", f"{proposal.brief_id} {proposal.id}", FILE_REASON)
            await self._desk.audit.note(tx, entry)
        call = Call("briefs folder", Caller(_FOLDER, FILE), LOBBY, at)
        await self.ask_approval(proposal, proposing.previews(self._desk, call, document, proposal))
        log.warning(
            "the file of %s changed; it waits as proposal %d, and /brief-admin approve %d publishes it",
            proposal.brief_id, proposal.id, proposal.id,
        )  # fmt: skip

    async def ask_approval(self, proposal: Proposal, shown: Previews) -> None:
        """Show a proposal to every admin but its author, with the button that approves it."""
        granted = (_account(each) for each, right in self._desk.rights.grants.items() if right == "admin")
        also = {who for who in granted if who is not None}
        written = {
            language: _asking(proposal, await shown(language), language)
            for language in {"en", *self._desk.languages.values()}
        }
        self._notices.tell(
            f"proposal {proposal.id}",
            written.__getitem__,
            also=also,
            but=await self._accounts(proposal.author),
        )

    async def _accounts(self, author: str) -> set[Person]:
        """Every account of whoever proposed; none for a file or the command line."""
        account = _account(author)
        if account is None:
            return set()
        async with self._desk.store.reading() as tx:
            return await self._desk.identities.accounts(tx, account)

    async def ask_again(self) -> None:
        """Show every proposal that waits; who was shown it already hears nothing."""
        async with self._desk.store.reading() as tx:
            waiting = await self._desk.proposals.open(tx)
        for proposal in waiting:
            try:
                async with self._desk.store.reading() as tx:
                    document = await self._desk.proposals.document(tx, proposal.id)
            except BriefFaults as problem:
                log.error("proposal %d cannot be read by this version: %s", proposal.id, problem)
                continue
            call = Call("briefs folder", Caller(_FOLDER, FILE), LOBBY, self._clock())
            shown = replace(proposal, base=proposing.base(self._desk, proposal.brief_id))
            await self.ask_approval(shown, proposing.previews(self._desk, call, document, shown))

    def tell_author(self, proposal: Proposal, write: Written) -> None:
        """Tell whoever made a proposal what became of it, where they have an account."""
        author = _account(proposal.author)
        if author is not None:
            self._notices.tell_one(author, f"end of proposal {proposal.id}", write)

    async def on_disk(self, brief_id: str) -> tuple[bytes, bytes] | None:
        """Return a brief's files as they stand in its folder, where somebody changed them there."""
        folder, current = self._place(brief_id)
        if folder is None or current is None:
            return None
        found = await asyncio.to_thread(raw, folder, current.brief.source)
        agreed = await self._filing.agreed(folder)
        untouched = agreed is not None and agreed.holds(*found)
        return None if untouched or _bytes(current.document) == found else found

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


def _asking(proposal: Proposal, shown: Reply, language: str) -> Reply:
    _ = speaking(language)
    button = Action(_("Approve"), proposing.approve_press(proposal), style="primary")
    whole = Action(_("All of it"), proposing.show_press(proposal))
    asked = Prose(
        text(_("Another admin than the author decides. What is published is exactly what is shown here."))
    )
    return replace(shown, blocks=(asked, *shown.blocks), actions=(button, whole, *shown.actions))


def _equal(current: Revision, document: Document) -> bool:
    return _bytes(current.document) == _bytes(document)


def _untouched(agreed: Agreed | None, document: Document) -> bool:
    """Whether nobody edited the files since both agreed; a revision that could not be written is no edit."""
    return agreed is not None and agreed.holds(*_bytes(document))


def _bytes(document: Document) -> tuple[bytes, bytes]:
    return document.yaml, document.report


def _account(subject: str) -> Person | None:
    """Read a person's address; None for a role, a file or the command line."""
    try:
        return person(subject)
    except ValueError:
        return None
