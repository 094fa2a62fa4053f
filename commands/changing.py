"""What changed: since one looked last, since a day, between two revisions, or from another edition."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta

from briefs.faults import BriefFaults
from briefs.library import Revision
from briefs.marking import N_
from briefs.schema import calendar_date
from briefs.visible import Visible, visible, without_withheld
from commands import choosing
from commands.desk import Desk
from commands.model import Call, Choice, Command, Option, Press, Reply, UserError
from commands.views import since as views
from scheduler.when import zone_info

# Who looks for the first time is shown what is new since so long ago.
FIRST_LOOK = timedelta(days=31)


async def changes(desk: Desk, call: Call) -> Reply:
    """Say in words what changed."""
    seen = choosing.chosen(desk, call)
    if "from" in call.options or "to" in call.options:
        return await _between(desk, call, seen)
    if "since" in call.options:
        return await _since(desk, call, seen, _moment(call), first=False)
    last = await _looked(desk, call)
    return await _since(desk, call, seen, last or call.at - FIRST_LOOK, first=last is None)


async def _looked(desk: Desk, call: Call) -> datetime | None:
    """Remember this look, and return the one before; what is shown to a channel is nobody's look."""
    async with desk.store.transaction() as tx:
        if choosing.is_share(call):
            return (await desk.people.get(tx, call.caller.person)).last_look
        return await desk.people.looked(tx, call.caller.person, call.at)


def _moment(call: Call) -> datetime:
    """Read the option: a day begins at midnight where the caller is, a button names an instant."""
    words = str(call.options["since"])
    try:
        if "T" in words and len(words) > len("2026-06-01T09:00"):
            return datetime.fromisoformat(words).astimezone(UTC)
        day = calendar_date(words)
        zone = zone_info(call.caller.zone or "UTC")
        return datetime.combine(day.day, day.at or time(0), zone).astimezone(UTC)
    except (ValueError, OverflowError):
        raise UserError("“{words}” is no day; write it like since=2026-06-01.", words=words) from None


async def _since(desk: Desk, call: Call, seen: Visible, then: datetime, *, first: bool) -> Reply:
    """Compare with the revision that served at a moment, as its readers could see it then."""
    brief_id, language, today = seen.brief.brief, choosing.language(call), choosing.today(call)
    if then > call.at:
        raise UserError(
            "{words} is still to come; write a day that has passed, like since=2026-06-01.",
            words=call.options["since"],
        )
    async with desk.store.reading() as tx:
        entries = await desk.library.history(tx, brief_id)
    served = next((each.number for each in entries if each.at <= then), None)
    old = await _old(desk, call, seen, served or entries[-1].number, max(then, entries[-1].at))
    asked = (("brief", brief_id), ("since", then.isoformat(timespec="seconds")))
    again = Press("open", "brief changes", asked, brief_id, seen.revision)
    came = entries[-1].at if served is None else None
    about = views.Span(old, seen, then, came, is_first=first)
    return views.since(about, today, language).with_(again=again)


async def _between(desk: Desk, call: Call, seen: Visible) -> Reply:
    """Compare two revisions, or this brief with another edition of it."""
    edition = str(call.options.get("from", ""))
    if edition and not edition.isdigit():
        return _editions(desk, call, seen, edition)
    to = int(call.options.get("to", seen.revision))
    from_ = int(edition) if edition else to - 1
    new = seen if to == seen.revision else await _old(desk, call, seen, to, call.at)
    old = await _old(desk, call, seen, from_, call.at)
    return views.between(old, new, choosing.today(call), choosing.language(call))


def _editions(desk: Desk, call: Call, seen: Visible, name: str) -> Reply:
    readable = choosing.readable(desk, call)
    if name not in readable:
        raise UserError(
            "“{name}” is neither the number of a revision nor a brief; there is {names}.",
            name=name, names=", ".join(readable),
        )  # fmt: skip
    return views.editions(readable[name], seen, choosing.today(call), choosing.language(call))


async def _old(desk: Desk, call: Call, seen: Visible, number: int, then: datetime) -> Visible:
    """A revision as the caller may see it now, and could have seen it at a moment."""
    current = desk.revisions()[seen.brief.brief]
    found = await _revision(desk, seen.brief.brief, number)
    source = found.document.source
    shown = visible(found.brief, source, found.number, seen.audience, min(then, call.at))
    if shown is None:
        raise UserError("Revision {number} was not to be seen then; ask for a later one.", number=number)
    return without_withheld(shown, current.brief, seen)


async def _revision(desk: Desk, brief_id: str, number: int) -> Revision:
    try:
        async with desk.store.reading() as tx:
            found = await desk.library.revision(tx, brief_id, number)
    except BriefFaults:
        found = None
    if found is None:
        raise UserError(
            "There is no revision {number} to compare with; the newest is {newest}.",
            number=number, newest=desk.revisions()[brief_id].number,
        )  # fmt: skip
    return found


async def complete_from(desk: Desk, call: Call, partial: str) -> Sequence[Choice]:
    """Suggest the earlier revisions, and other briefs as editions."""
    readable = choosing.readable(desk, call)
    numbers = {str(n): f"{n}" for seen in readable.values() for n in range(seen.revision - 1, 0, -1)}
    return choosing.suggested(numbers | {id_: one.brief.title for id_, one in readable.items()}, partial)


COMMANDS = (
    Command(
        "brief changes", N_("Say what changed since you looked last, or since a day"), changes,
        (
            Option("since", N_("A day, like 2026-06-01; your last look if left out")),
            Option("from", N_("An earlier revision's number, or another edition's id"), completes=complete_from),
            Option("to", N_("A later revision's number; the present one if left out"), "integer"),
            choosing.BRIEF,
        ),
        example="/brief changes since=2026-06-01",
    ),
)  # fmt: skip
