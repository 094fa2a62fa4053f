"""Cases: what is known about a message, gathered for one reader."""

from briefs.library import Transaction
from briefs.visible import Visible
from commands import choosing, reach
from commands.desk import Desk
from commands.following import place_words, subject_words
from commands.model import Call, Inline
from commands.views.fate import Case
from commands.views.ledger import occurrence
from commands.views.places import place
from commands.wording import speaking
from scheduler.address import LOBBY, Destination
from scheduler.delivery import Delivery
from scheduler.subscriptions import Subscription


async def case_of(desk: Desk, call: Call, tx: Transaction, row: Delivery) -> Case:
    """Gather what is known about a message."""
    where, seen = row.destination, choosing.readable(desk, call).get(row.brief)
    known = await desk.subscriptions.known(tx, row.subscription)
    each = known.subscription if known else None
    quiet = await desk.people.quiet(tx, [where], call.at)
    revision = desk.revisions().get(row.brief)
    return Case(
        row, known, tuple(await desk.deliveries.attempts.of(tx, row.id)),
        await desk.deliveries.stops.at(tx, where), quiet.get(where),
        await desk.deliveries.earlier(tx, row) if row.amends else None,
        seen, revision.number if revision else None, _withheld(desk, call, row, seen),
        where_words(where, call), _subject(call, seen, each),
        _maker(desk, call, each) if each else "", reach.may_act(desk, call, where),
        call.at, choosing.language(call),
    )  # fmt: skip


def _subject(call: Call, seen: Visible | None, each: Subscription | None) -> str:
    if seen is None or each is None:
        return speaking(choosing.language(call))("a brief that is not shown here")
    return subject_words(seen, each, call)


def _withheld(desk: Desk, call: Call, row: Delivery, seen: Visible | None) -> bool:
    """Whether the caller sees the date of a message, and those whom it goes to do not."""
    if row.kind == "digest" or occurrence(seen, row) is None:
        return False
    return occurrence(choosing.shown_at(desk, call, row.destination).get(row.brief), row) is None


def where_words(where: Destination, call: Call) -> Inline:
    """Name a destination to the caller."""
    near = where in (call.place, call.caller.person.inbox)
    return place_words(where, call) if near else place(where, choosing.language(call))


def _maker(desk: Desk, call: Call, each: Subscription) -> str:
    """Who made a subscription. Who snoozed a message is for that person and the admins to know."""
    _ = speaking(choosing.language(call))
    if each.creator == str(call.caller.person):
        return _("you")
    if each.kind == "snooze" and not desk.rights.is_admin(call.caller.person):
        return _("somebody")
    if not each.creator and each.destination == LOBBY:
        return _("the installation itself")
    return each.creator or _("somebody whose name is not kept any more")
