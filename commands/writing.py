"""The words of a delivery, from the ledger and a revision: for the one that goes out, and for one foreseen."""

from dataclasses import dataclass
from datetime import datetime

from briefs.faults import BriefFaults
from briefs.library import Revision, Transaction
from briefs.schema import calendar_date
from commands.composing import LastDigest, Setting, Told, compose, delivered
from commands.desk import Desk
from commands.model import Reply
from commands.stored import from_json
from commands.views.rereading import shown_in
from scheduler.delivery import Delivery
from scheduler.subscriptions import Subscription


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What the ledger says about a delivery, read in one transaction, so that its words can be written later."""

    delivery: Delivery
    standing: Subscription | None
    last: LastDigest | None = None
    told: Told | None = None

    @property
    def zone(self) -> str:
        """The zone in which its destination counts days."""
        return self.standing.zone if self.standing else "UTC"


async def circumstances(desk: Desk, tx: Transaction, delivery: Delivery) -> Circumstances:
    """Read what the words of a delivery depend on beside the brief."""
    standing = await desk.subscriptions.get(tx, delivery.subscription)
    return await circumstances_of(desk, tx, delivery, standing)


async def circumstances_of(
    desk: Desk, tx: Transaction, delivery: Delivery, standing: Subscription | None
) -> Circumstances:
    """The same where the subscription is known; of a reminder nothing more has to be read."""
    last, told = await _last_digest(desk, tx, delivery), await _told(desk, tx, delivery)
    return Circumstances(delivery, standing, last, told)


def written(desk: Desk, revision: Revision, about: Circumstances, now: datetime) -> Reply | None:
    """Write the message of a delivery as it goes out at a moment; None where there is nothing to tell.

    Its buttons have no keys yet.
    """
    each, standing = about.delivery, about.standing
    audience = desk.rights.audience_of(each.destination)
    planned = each.due_at if each.late else now
    language, ping = (standing.language, standing.ping) if standing else ("en", "")
    setting = Setting(planned, now, audience, language, about.zone, ping)
    reply = compose(revision, each, setting, about.last, about.told)
    return None if reply is None else delivered(reply, each.kind)


async def _told(desk: Desk, tx: Transaction, delivery: Delivery) -> Told | None:
    """What an amendment amends."""
    earlier = await desk.deliveries.earlier(tx, delivery) if delivery.amends else None
    if earlier is None:
        return None
    revision = await _readable(desk, tx, earlier)
    return Told(calendar_date(earlier.announced), earlier.kind == "cancellation", revision)


async def _last_digest(desk: Desk, tx: Transaction, delivery: Delivery) -> LastDigest | None:
    if delivery.kind != "digest":
        return None
    for row in await desk.deliveries.recent(tx, 50, delivery.destination):
        if (row.subscription, row.kind, row.state) == (delivery.subscription, "digest", "sent"):
            revision = await _readable(desk, tx, row)
            passage = shown_in(from_json(row.text)) if row.text else ""
            return LastDigest(row.due_at, revision, passage) if revision else None
    return None


async def _readable(desk: Desk, tx: Transaction, row: Delivery) -> Revision | None:
    """The revision that a message was written from; None where this version of the program cannot read it."""
    try:
        return await desk.library.revision(tx, row.brief, row.revision or 0)
    except BriefFaults:
        return None
