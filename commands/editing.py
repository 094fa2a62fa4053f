"""Publishing from chat: upload, approve, reject, and the way back."""

from dataclasses import replace

from briefs.diffs import in_lines
from briefs.faults import BriefFaults
from briefs.library import Revision, Transaction
from briefs.marking import N_, spoken
from briefs.proposals import Proposal
from briefs.reading import Document
from commands import choosing, proposing, reviewing
from commands.desk import AuditEntry, Desk
from commands.model import Action, Answer, Block, Call, Command, File, Option, Prose, Reply, UserError, text
from commands.publish import MovedOn, publish
from commands.wording import speaking

NO_REASON = "no reason given"
_STAGES = {
    "open": N_("open"), "published": N_("published"), "rejected": N_("rejected"), "overtaken": N_("overtaken"),
}  # fmt: skip


async def upload(desk: Desk, call: Call) -> Answer:
    """Propose a brief.yaml (and its report.md): its faults, what differs, what it would send."""
    given = call.uploads.get("file")
    if given is None:
        raise UserError("Send the brief.yaml along: /brief-admin upload with the file.")
    report = call.uploads.get("report")
    try:
        document = proposing.read(given.content, report.content if report else _report(desk, call))
        return await proposing.propose(desk, call, document, _reason(call))
    except BriefFaults as problem:
        return proposing.refused(problem, choosing.language(call))


def _report(desk: Desk, call: Call) -> bytes:
    """The report's text as it is published: most changes of a brief leave it alone."""
    revisions = desk.revisions()
    name = str(call.options.get("brief", "")) or (next(iter(revisions)) if len(revisions) == 1 else "")
    if name not in revisions:
        raise UserError(
            "Send the report.md along as well, or say which brief it is, like brief={first}.",
            first=next(iter(revisions), "korean-peninsula-2024"),
        )
    return revisions[name].document.report


def _reason(call: Call) -> str:
    return str(call.options.get("reason", "")) or NO_REASON


async def proposal(desk: Desk, call: Call) -> Reply:
    """Show a proposal that waits, compared with what serves now, and let whoever may publish it do so."""
    async with desk.store.reading() as tx:
        waiting = await _open(desk, tx, int(call.options["number"]))
        mine = await _may_publish(desk, tx, call, waiting)
    try:
        async with desk.store.reading() as tx:
            document = await desk.proposals.document(tx, waiting.id)
    except BriefFaults as problem:
        return proposing.refused(problem, choosing.language(call))
    since = call.options.get("since")
    return await _shown(desk, call, waiting, document, mine, None if since is None else int(since))


async def _shown(
    desk: Desk, call: Call, waiting: Proposal, document: Document, mine: bool, since: int | None = None
) -> Reply:
    """Show a proposal; `since` is the revision with which it was compared before, where the brief moved on."""
    current = proposing.base(desk, waiting.brief_id)
    seen = replace(waiting, base=current)
    shown = await proposing.preview(desk, call, document, seen)
    if mine:
        shown = replace(shown, actions=(_approve(call, seen), *shown.actions))
    if since in (None, current):
        return shown
    _ = speaking(choosing.language(call))
    said = _("The brief moved on to revision {number} since this was shown, so nothing was published. This is the"
             " comparison with it; approve again if it is right.").format(number=current)  # fmt: skip
    return replace(
        shown, blocks=(Prose(text(said)), *shown.blocks), again=proposing.show_press(waiting, since)
    )


async def _may_publish(desk: Desk, tx: Transaction, call: Call, waiting: Proposal) -> bool:
    if desk.rights.role(call.caller) != "admin":
        return False
    try:
        await reviewing.check_second(desk, tx, call.caller, waiting)
    except UserError:
        return False
    return True


def _approve(call: Call, waiting: Proposal) -> Action:
    label = speaking(choosing.language(call))("Approve")
    return Action(label, proposing.approve_press(waiting), style="primary")


async def approve(desk: Desk, call: Call) -> Reply:
    """Publish a proposal that somebody else made."""
    async with desk.store.reading() as tx:
        proposal = await _open(desk, tx, int(call.options["number"]))
        await reviewing.check_second(desk, tx, call.caller, proposal)
    try:
        async with desk.store.reading() as tx:
            document = await desk.proposals.document(tx, proposal.id)
        return await _approved(desk, call, proposal, document)
    except BriefFaults as problem:
        return proposing.refused(problem, choosing.language(call))


async def _approved(desk: Desk, call: Call, proposal: Proposal, document: Document) -> Reply:
    shown = int(call.options.get("base", proposal.base))
    if proposing.base(desk, proposal.brief_id) != shown:
        return await _compared_again(desk, call, proposal, document, shown)
    disk = await desk.outside.on_disk(proposal.brief_id)
    if disk is not None and disk != (document.yaml, document.report):
        return _file_changed(call, document, *disk)
    try:
        revision = await _publish(desk, call, proposal, document, shown)
    except MovedOn:
        return await _compared_again(desk, call, proposal, document, shown)
    said = N_("published as revision {number} of {brief}.", number=revision.number, brief=revision.brief_id)
    _tell_author(desk, call, proposal, said)
    return await _published(desk, call, revision)


async def _open(desk: Desk, tx: Transaction, number: int) -> Proposal:
    proposal = await desk.proposals.get(tx, number)
    if proposal is None:
        raise UserError(
            "There is no proposal {number}; /brief-admin history lists those that wait.", number=number
        )
    if proposal.stage != "open":
        stage = _STAGES[proposal.stage]
        if proposal.decided_by:
            raise UserError(
                "Proposal {number} was {stage} already by {person}; /brief-admin history shows what serves.",
                number=number, stage=stage, person=proposal.decided_by,
            )  # fmt: skip
        raise UserError(
            "Proposal {number} was {stage} already; /brief-admin history shows what serves.",
            number=number, stage=stage,
        )  # fmt: skip
    return proposal


async def _compared_again(desk: Desk, call: Call, waiting: Proposal, document: Document, since: int) -> Reply:
    """The brief moved on since the proposal was shown: an approval holds for what was seen, so show it anew."""
    if proposing.serves(desk, document):
        raise await _overtaken(desk, call, waiting)
    async with desk.store.transaction() as tx:
        await desk.proposals.rebase(tx, waiting.id, proposing.base(desk, waiting.brief_id))
    return await _shown(desk, call, waiting, document, True, since)


async def _overtaken(desk: Desk, call: Call, proposal: Proposal) -> UserError:
    """End a proposal whose very bytes serve already, and say so."""
    number = proposing.base(desk, proposal.brief_id)
    async with desk.store.transaction() as tx:
        words = f"revision {number} holds the same"
        await desk.proposals.decide(tx, proposal.id, "overtaken", str(call.caller.person), call.at, words)
    return UserError(
        "Revision {number} holds what proposal {proposal} asks for, to the letter; nothing is left to publish.",
        number=number, proposal=proposal.id,
    )  # fmt: skip


def _file_changed(call: Call, document: Document, yaml: bytes, report: bytes) -> Reply:
    """The file on disk was changed by somebody meanwhile: show both, and overwrite nothing."""
    _ = speaking(choosing.language(call))
    said = _("Nothing was published: the brief's file was changed on disk meanwhile, and would be overwritten. The"
             " attached files are what stands there, and how the proposal differs from it. Publish or undo the"
             " file's change first, then approve again.")  # fmt: skip
    differs = in_lines(yaml, document.yaml, "brief.yaml, on disk", "brief.yaml, proposed")
    differs += in_lines(report, document.report, "report.md, on disk", "report.md, proposed")
    files = (
        File("on-disk.yaml", yaml, _("brief.yaml as it stands on disk")),
        File("on-disk.md", report, _("The report as it stands on disk")),
        File("brief.diff", differs.encode(), _("From the file to the proposal")),
    )
    # No platform takes a file without content, which is what one that was taken away has.
    there = tuple(file for file in files if file.content)
    return Reply(_("The file changed meanwhile"), (Prose(text(said)),), files=there)


async def _publish(desk: Desk, call: Call, proposal: Proposal, document: Document, base: int) -> Revision:
    async def decide(tx: Transaction, revision: Revision) -> None:
        by = str(call.caller.person)
        if not await desk.proposals.decide(tx, proposal.id, "published", by, call.at):
            await _open(desk, tx, proposal.id)
        detail = f"proposal {proposal.id} of {proposal.author}: {proposal.reason}"
        entry = AuditEntry(
            call.at, by, str(call.place), "published", f"{revision.brief_id} {revision.number}", detail
        )
        await desk.audit.note(tx, entry)

    return await publish(
        desk.store, desk.library, desk.outside.replan_published, document, author=proposal.author, at=call.at,
        reason=proposal.reason, origin=proposal.origin, base=base, within=decide,
    )  # fmt: skip


def _tell_author(desk: Desk, call: Call, proposal: Proposal, said: str) -> None:
    """Tell the author what another person made of their proposal."""
    by = str(call.caller.person)
    if proposal.author != by:
        desk.outside.tell_author(proposal, lambda language: _told(proposal, by, said, language))


def _told(proposal: Proposal, by: str, said: str, language: str) -> Reply:
    _ = speaking(language)
    words = spoken(said, _)
    told = _("{person}: {words}").format(person=by, words=words)
    return Reply(_("Proposal {number}").format(number=proposal.id), (Prose(text(told)),), summary=words)


async def _published(desk: Desk, call: Call, revision: Revision) -> Reply:
    _ = speaking(choosing.language(call))
    left = await desk.outside.write_back(revision.brief_id)
    await desk.outside.commands_changed()
    said = _("Revision {number} of “{title}” serves now. /brief-admin rollback {before} undoes it.").format(
        number=revision.number, title=revision.brief.title, before=revision.number - 1
    )
    blocks: list[Block] = [Prose(text(said))]
    if left:
        blocks.append(Prose(text(spoken(left, _))))
    return Reply(_("Published"), tuple(blocks))


async def reject(desk: Desk, call: Call) -> Reply:
    """Turn a proposal down, or take your own back."""
    _ = speaking(choosing.language(call))
    number, reason = int(call.options["number"]), _reason(call)
    async with desk.store.transaction() as tx:
        proposal = await _open(desk, tx, number)
        own = proposal.author == str(call.caller.person)
        if not own and desk.rights.role(call.caller) != "admin":
            raise UserError(
                "Proposal {number} is {author}'s; only they or an admin may turn it down ({admins}).",
                number=number, author=proposal.author, admins=desk.rights.contacts() or N_("ADMINS is not set"),
            )  # fmt: skip
        await desk.proposals.decide(tx, number, "rejected", str(call.caller.person), call.at, reason)
    said = N_(
        "Proposal {number} is turned down: {reason}. What serves stays as it is.",
        number=number,
        reason=reason,
    )
    _tell_author(desk, call, proposal, said)
    return Reply(_("Rejected"), (Prose(text(spoken(said, _))),))


NUMBER = Option("number", N_("The proposal's number"), "integer", required=True)
REASON = Option("reason", N_("Why, for the history"))
COMMANDS = (
    Command(
        "brief-admin upload", N_("Propose a new version of a brief as a file"), upload,
        (
            Option("file", N_("The brief.yaml"), "file", required=True),
            Option("report", N_("The report.md, where the report's text changed too"), "file"), REASON, choosing.BRIEF,
        ),
        right="editor", asks=True, audited=True, example="/brief-admin upload reason=\"A new note\"",
    ),
    Command("brief-admin proposal", N_("Show a proposal that waits: what differs, what it would send"), proposal,
            (NUMBER, Option("since", N_("The revision with which it was compared before"), "integer")),
            right="editor", example="/brief-admin proposal 3"),
    Command(
        "brief-admin approve", N_("Publish a proposal that another made"), approve,
        (NUMBER, Option("base", N_("The revision that it was compared with"), "integer")),
        right="admin", audited=True, example="/brief-admin approve 3",
    ),
    Command("brief-admin reject", N_("Turn a proposal down, or take your own back"), reject, (NUMBER, REASON),
            right="editor", audited=True, example="/brief-admin reject 3"),
)  # fmt: skip
