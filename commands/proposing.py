"""Proposing a version of a brief: read, check, compare, preview, then publish or ask for approval.

Upload, the page's editor, small edits, rollback and changed files all take this path.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from briefs import marking
from briefs.collisions import collisions
from briefs.compare import compare
from briefs.diffs import in_lines
from briefs.editing import CannotEdit, Edited
from briefs.faults import BriefFaults
from briefs.library import Origin
from briefs.proposals import Proposal
from briefs.reading import Document, read_brief
from briefs.visible import Visible
from commands import choosing, reviewing
from commands.desk import Desk, Previews
from commands.model import Action, Block, Call, File, Listing, Press, Prose, Reply, UserError, text
from commands.pages import one_message, paginate
from commands.radius import effects
from commands.views import radius as views
from commands.views.changes import changes
from commands.wording import counting, speaking

ORIGINS: dict[str, Origin] = {"discord": "discord", "slack": "slack", "web": "page"}
# So many faults are readable in a chat message; the file has all.
SHOWN = 8


def read(yaml: bytes, report: bytes) -> Document:
    """Read a version; raises BriefFaults."""
    return read_brief(yaml, report)


def refused(problem: BriefFaults, language: str) -> Reply:
    """Show what is wrong with a version: where, what was found, what is allowed."""
    _, n_ = speaking(language), counting(language)
    faults = [fault.said(_) for fault in problem.faults]
    said = n_("It has {count} fault and was not taken. Mend it and send it again:",
              "It has {count} faults and was not taken. Mend them and send it again:", len(faults))  # fmt: skip
    blocks: list[Block] = [Prose(text(said.format(count=len(faults)))), _faults(faults)]
    files: tuple[File, ...] = ()
    if len(faults) > SHOWN or len(paginate(Reply("", tuple(blocks)))) > 1:
        blocks.insert(1, Prose(text(_("The first ones follow; the file faults.txt has every one in full:"))))
        files = (File("faults.txt", "\n".join(faults).encode(), _("Every fault")),)
    return one_message(Reply(_("The brief has faults"), tuple(blocks), files=files))


def _faults(faults: Sequence[str]) -> Listing:
    return Listing(tuple(text(fault) for fault in faults[:SHOWN]))


async def propose(desk: Desk, call: Call, document: Document, reason: str) -> Reply:
    """Store a version as a proposal and show what it would do, with the button that goes on with it."""
    check(desk, document)
    async with desk.store.transaction() as tx:
        proposal = await desk.proposals.add(
            tx, document, str(call.caller.person), call.at, reason, ORIGINS[call.caller.person.platform],
            base(desk, document.brief.brief),
        )  # fmt: skip
        alone = not await reviewing.is_required(desk, tx) and desk.rights.role(call.caller) == "admin"
    shown = await preview(desk, call, document, proposal, alone=alone)
    if alone:
        return replace(shown, actions=(_publish(proposal, call), *shown.actions))
    await desk.outside.ask_approval(proposal, previews(desk, call, document, proposal))
    return shown


async def propose_edit(desk: Desk, call: Call, reason: str, edit: Callable[[], Edited]) -> Reply:
    """Propose a small edit of a brief; raise UserError where it cannot be made."""
    try:
        return await propose(desk, call, edit().document, reason[:200])
    except CannotEdit as problem:
        raise UserError("{problem}", problem=marking.reason(problem)) from None
    except BriefFaults as problem:
        return refused(problem, choosing.language(call))


def check(desk: Desk, document: Document) -> None:
    """Raise UserError for what is published already, BriefFaults for a command that another brief has."""
    if serves(desk, document):
        raise UserError(
            "That is revision {number} of {brief} to the letter; nothing is to be published.",
            number=base(desk, document.brief.brief), brief=document.brief.brief,
        )  # fmt: skip
    faults = collisions(document, [each.brief for each in desk.revisions().values()])
    if faults:
        raise BriefFaults(faults)


def serves(desk: Desk, document: Document) -> bool:
    """Say whether a version is the published one, byte for byte."""
    current = desk.revisions().get(document.brief.brief)
    published = current.document if current else None
    return published is not None and (published.yaml, published.report) == (document.yaml, document.report)


def base(desk: Desk, brief_id: str) -> int:
    """The revision with which a version is compared: the published one's number, 0 where there is none."""
    current = desk.revisions().get(brief_id)
    return current.number if current else 0


def previews(desk: Desk, call: Call, document: Document, proposal: Proposal) -> Previews:
    """Return what shows a proposal in the language of whoever is to decide."""

    async def shown(language: str) -> Reply:
        spoken = replace(call, caller=replace(call.caller, language=language))
        return await preview(desk, spoken, document, proposal)

    return shown


async def preview(
    desk: Desk, call: Call, document: Document, proposal: Proposal, *, alone: bool = False
) -> Reply:
    """Show a proposal: who wrote it and why, what differs in words, and every message that it would touch.

    `alone` says that its author may publish it.
    """
    language = choosing.language(call)
    _ = speaking(language)
    found = await effects(desk, document, call.at)
    differs = compared(desk, call, document)
    asked = _("Another admin approves it; until then {what} keeps serving.")
    if alone:
        asked = _("Publish makes it serve; until then {what} does.")
    serving = _("revision {number}").format(number=proposal.base) if proposal.base else _("nothing of it")
    head = _("{author} proposes: {reason}").format(author=proposal.author, reason=proposal.reason)
    blocks: list[Block] = [
        Prose(text(head)), *differs.blocks, *_manifest(desk, document, language), *views.radius(found, language),
    ]  # fmt: skip
    if proposal.stage == "open":
        blocks.append(Prose(text(asked.format(what=serving))))
    return Reply(
        _("Proposal {number}: {title}").format(number=proposal.id, title=document.brief.title),
        tuple(blocks),
        actions=(_reject(proposal, call),),
        again=show_press(proposal),
        files=(*differs.files, *views.in_full(found, language)),
        summary=f"{head} {differs.summary}",
    )


def compared(desk: Desk, call: Call, document: Document) -> Reply:
    """The difference from what is published, in words, with the YAML's own as a file."""
    language = choosing.language(call)
    current = desk.revisions().get(document.brief.brief)
    new = _whole(document, (current.number if current else 0) + 1)
    if current is None:
        _ = speaking(language)
        said = _("A new brief: {title}, with {topics} topics and {dates} watch dates.").format(
            title=document.brief.title,
            topics=len(document.brief.topics),
            dates=len(document.brief.watch_dates),
        )
        return Reply(_("A new brief"), (Prose(text(said)),), summary=said)
    return difference(current.document, document, current.number, new.revision, call)


def difference(old: Document, new: Document, from_: int, to: int, call: Call) -> Reply:
    """Two versions compared in words, with the line diffs of both files."""
    names = [(f"{name}, revision {from_}", f"{name}, revision {to}") for name in ("brief.yaml", "report.md")]
    diff = in_lines(old.yaml, new.yaml, *names[0]) + in_lines(old.report, new.report, *names[1])
    return changes(_whole(old, from_), _whole(new, to), choosing.today(call), choosing.language(call), diff)


def _whole(document: Document, number: int) -> Visible:
    """A version as its editors see it: all of it, under embargo or not."""
    return Visible(document.brief, document.source, number, "admins")


def _manifest(desk: Desk, document: Document, language: str) -> list[Block]:
    """Say that commands of their own come and go in Slack with its manifest only."""
    current = desk.revisions().get(document.brief.brief)
    if current is None or not desk.outside.serves("slack"):
        return []
    found = compare(_whole(current.document, current.number), _whole(document, current.number + 1))
    if not (found.appearing or found.vanishing):
        return []
    said = speaking(language)(
        "Slack shows new commands as /name once its manifest is put in again; until then they answer as"
        " /brief topic NAME. The admins are sent the new manifest."
    )
    return [Prose(text(said))]


def show_press(proposal: Proposal, since: int | None = None) -> Press:
    """What asks for a proposal to be shown; `since` is the revision with which it was compared before."""
    options = (("number", str(proposal.id)), *(() if since is None else (("since", str(since)),)))
    return Press("open", "brief-admin proposal", options)


def approve_press(proposal: Proposal) -> Press:
    """What the button that publishes a proposal asks for; it names the revision that was compared with."""
    options = (("base", str(proposal.base)), ("number", str(proposal.id)))
    return Press("open", "brief-admin approve", options)


def _publish(proposal: Proposal, call: Call) -> Action:
    return Action(speaking(choosing.language(call))("Publish"), approve_press(proposal), style="primary")


def _reject(proposal: Proposal, call: Call) -> Action:
    press = Press("open", "brief-admin reject", (("number", str(proposal.id)),))
    return Action(speaking(choosing.language(call))("Reject"), press, style="danger")
