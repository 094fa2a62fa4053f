"""A brief's revisions: which there are, how they differ, and back to one of them."""

from briefs.faults import BriefFaults
from briefs.library import Entry, Revision, Transaction
from briefs.marking import N_
from briefs.proposals import Proposal
from commands import choosing, proposing
from commands.desk import Desk
from commands.model import (
    Action,
    Block,
    Call,
    Command,
    File,
    Heading,
    Instant,
    Listing,
    Option,
    Press,
    Prose,
    Reply,
    Strong,
    Text,
    UserError,
    text,
)  # fmt: skip
from commands.wording import speaking

SHOWN = 10


async def history(desk: Desk, call: Call) -> Reply:
    """List the revisions and what waits for approval, or hand out the files of one revision."""
    seen = choosing.chosen(desk, call)
    if number := call.options.get("number"):
        return await _files(desk, call, seen.brief.brief, int(number))
    async with desk.store.reading() as tx:
        entries = await desk.library.history(tx, seen.brief.brief)
        waiting = await desk.proposals.open(tx, seen.brief.brief)
    return _listed(call, seen.brief.title, entries, waiting)


def _listed(call: Call, title: str, entries: list[Entry], waiting: list[Proposal]) -> Reply:
    _ = speaking(choosing.language(call))
    blocks: list[Block] = []
    if waiting:
        blocks += [Heading(_("Waiting for approval")), Listing(tuple(_proposed(each) for each in waiting))]
    blocks += [Heading(_("Revisions")), Listing(tuple(_entry(each) for each in entries[:SHOWN]))]
    if len(entries) > SHOWN:
        more = _("{count} older ones: /brief-admin diff and /brief-admin rollback take their numbers.")
        blocks.append(Prose(text(more.format(count=len(entries) - SHOWN))))
    actions = []
    if len(entries) > 1:
        before = entries[1].number
        actions = [
            _button(_("What the last one changed"), "brief-admin diff", before, call),
            _button(
                _("Back to revision {number}").format(number=before), "brief-admin rollback", before, call
            ),
        ]
    return Reply(_("History of {title}").format(title=title), tuple(blocks), actions=tuple(actions))


def _button(label: str, command: str, number: int, call: Call) -> Action:
    options = [("number", str(number))]
    if brief := call.options.get("brief"):
        options.insert(0, ("brief", str(brief)))
    return Action(label, Press("open", command, tuple(options)))


def _entry(each: Entry) -> Text:
    return text(
        Strong(f"{each.number}."), " ", Instant(each.at), f", {each.author} ({each.origin}): {each.reason}"
    )


def _proposed(each: Proposal) -> Text:
    return text(
        Strong(f"{each.id}."), " ", Instant(each.at), f", {each.author} ({each.origin}): {each.reason}"
    )


async def _files(desk: Desk, call: Call, brief_id: str, number: int) -> Reply:
    _ = speaking(choosing.language(call))
    async with desk.store.reading() as tx:
        found = await desk.library.raw(tx, brief_id, number)
    if found is None:
        raise _no_revision(number)
    said = _("The two files of revision {number}, to the letter.").format(number=number)
    files = (File("brief.yaml", found[0], "brief.yaml"), File("report.md", found[1], "report.md"))
    return Reply(_("Revision {number} of {brief}").format(number=number, brief=brief_id), (Prose(text(said)),),
                 files=files)  # fmt: skip


def _no_revision(number: int) -> UserError:
    return UserError("There is no revision {number}; /brief-admin history lists them.", number=number)


async def diff(desk: Desk, call: Call) -> Reply:
    """Say in words what changed between two revisions; since the one before if none is named."""
    seen = choosing.chosen(desk, call)
    current = desk.revisions()[seen.brief.brief]
    to = int(call.options.get("to", current.number))
    number = _earlier(call, to)
    async with desk.store.reading() as tx:
        old, new = (
            await _readable(desk, tx, current.brief_id, number),
            await _readable(desk, tx, current.brief_id, to),
        )
    return proposing.difference(old.document, new.document, number, to, call)


def _earlier(call: Call, number: int) -> int:
    """The revision that the call names, or the one before a number; raise UserError before the first."""
    named = call.options.get("number")
    if named is None and number <= 1:
        raise UserError("Revision 1 is the first one; there is none before it to compare with or go back to.")
    return number - 1 if named is None else int(named)


async def _readable(desk: Desk, tx: Transaction, brief_id: str, number: int) -> Revision:
    try:
        found = await desk.library.revision(tx, brief_id, number)
    except BriefFaults:
        raise UserError(
            "This version of the bot cannot read revision {number} any more; /brief-admin history {number} gives"
            " its files.", number=number,
        ) from None  # fmt: skip
    if found is None:
        raise _no_revision(number)
    return found


async def rollback(desk: Desk, call: Call) -> Reply:
    """Propose an earlier revision as the next one; its deliveries are planned anew."""
    seen = choosing.chosen(desk, call)
    current = desk.revisions()[seen.brief.brief]
    number = _earlier(call, current.number)
    async with desk.store.reading() as tx:
        old = await _readable(desk, tx, current.brief_id, number)
    reason = str(call.options.get("reason", "")) or f"back to revision {number}"
    return await proposing.propose(desk, call, old.document, reason)


COMMANDS = (
    Command(
        "brief-admin history", N_("List the revisions, or hand out one of them"), history,
        (Option("number", N_("The revision whose files you want"), "integer"), choosing.BRIEF),
        right="editor", example="/brief-admin history",
    ),
    Command(
        "brief-admin diff", N_("Say in words what changed from one revision to another"), diff,
        (
            Option("number", N_("The earlier revision"), "integer"), Option("to", N_("The later one"), "integer"),
            choosing.BRIEF,
        ),
        right="editor", example="/brief-admin diff 3 5",
    ),
    Command(
        "brief-admin rollback", N_("Go back to an earlier revision"), rollback,
        (
            Option("number", N_("The revision; the one before if left out"), "integer"),
            Option("reason", N_("Why, for the history")), choosing.BRIEF,
        ),
        right="editor", audited=True, example="/brief-admin rollback 3",
    ),
)  # fmt: skip
