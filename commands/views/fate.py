"""What became of a message, and what happens next."""

from dataclasses import dataclass
from datetime import datetime

from briefs.schema import calendar_date
from briefs.visible import Visible
from commands import moments
from commands.model import Code, Inline, Instant, Text, text
from commands.views.ledger import DELIVERIES, occurrence, quoted
from commands.views.places import platform_name
from commands.wording import filled, long_date, speaking
from scheduler.attempts import Attempt
from scheduler.delivery import Delivery
from scheduler.stops import Stop
from scheduler.subscriptions import Known

RESUME = Code("/brief-admin resume")


@dataclass(frozen=True, slots=True)
class Case:
    """All that is known about one message, for one reader.

    `where` names its destination to the reader, `subject` what its subscription follows, `maker` who made
    that. `seen` is what the reader may see of the brief, `current` the number of its current revision.
    `withheld` says that those whom it goes to may not see its date now. `quiet` is until when its person
    wants no messages. `told` is what it amends. `acts` says that the reader may retry it.
    """

    row: Delivery
    known: Known | None
    attempts: tuple[Attempt, ...]
    stop: Stop | None
    quiet: datetime | None
    told: Delivery | None
    seen: Visible | None
    current: int | None
    withheld: bool
    where: Inline
    subject: str
    maker: str
    acts: bool
    now: datetime
    language: str


def fate(case: Case) -> Text:
    """Say how a message stands now, and what happens next."""
    row = case.row
    if row.state in ("planned", "retrying"):
        return _waiting(case)
    if row.state == "sending":
        return _sending(case)
    if row.state == "sent":
        return _sent(case)
    if row.state == "failed":
        return _failed(case)
    return _cancelled(case) if row.state == "cancelled" else _skipped(case)


def _waiting(case: Case) -> Text:
    _ = speaking(case.language)
    if case.stop is not None:
        return _stopped(case, case.stop)
    if case.withheld:
        return text(
            _(
                "It is left out when its turn comes, since its readers may not see this date,"
                " unless that changes by then."
            )
        )
    at = case.row.next_at or case.row.due_at
    if at <= case.now:
        return text(_("Its turn has come: it goes out within seconds."))
    said = _("It goes out {at}.") if case.row.state == "planned" else _("It is tried again {at}.")
    return filled(said, at=Instant(at))


def _stopped(case: Case, stop: Stop) -> Text:
    _ = speaking(case.language)
    reason = quoted(stop.reason, case.language)
    if stop.is_platform:
        said = _(
            "It waits, since {platform} refuses the bot's messages: {reason}. The bot's admins can lift that stop."
        )
        return filled(said, platform=platform_name(stop.place), reason=reason)
    said = _(
        "It waits, since its destination refuses messages: {reason}. When that is mended, write {resume} there."
    )
    return filled(said, reason=reason, resume=RESUME)


def _sending(case: Case) -> Text:
    _ = speaking(case.language)
    row = case.row
    if row.on_wire and row.next_at is not None:
        said = _(
            "It is looked up {at}, since nobody knows whether it arrived; it is sent again only if it is not there."
        )
        if row.withdrawn:
            said = _("It is looked up {at}, since nobody knows whether it arrived. It was cancelled meanwhile,"
                     " so it is not sent again.")  # fmt: skip
        return filled(said, at=Instant(row.next_at))
    return text(_("It is being sent just now; ask again in a minute."))


def _sent(case: Case) -> Text:
    _ = speaking(case.language)
    row = case.row
    said = filled(_("Nothing more happens: it was sent as message {message}."), message=row.message_id or "-")
    if row.amended_by is None:
        return said
    later = _("{sent} Delivery {number} told later that this date does not stand any more.")
    return filled(later, sent=said, number=row.amended_by)


def _failed(case: Case) -> Text:
    _ = speaking(case.language)
    number, reason = case.row.id, quoted(case.row.last_error, case.language)
    said = _("It failed for good: {reason}. An admin can retry it: {retry}.")
    if case.row.on_wire:
        said = _("It failed for good: {reason}. An admin can retry it, and it is looked up first: {retry}.")
    return filled(said, reason=reason, retry=Code(f"/{DELIVERIES} retry {number}"))


def _skipped(case: Case) -> Text:
    _ = speaking(case.language)
    said = _("It was left out {at}: {reason}. Nothing more happens.")
    return filled(said, at=Instant(case.row.updated_at), reason=quoted(case.row.last_error, case.language))


def _cancelled(case: Case) -> Text:
    _ = speaking(case.language)
    at = Instant(case.row.updated_at)
    return filled(_("It was cancelled {at}, {reason} Nothing more happens."), at=at, reason=_because(case))


def _because(case: Case) -> Text:
    """Why a message was cancelled: what is known of its date and its subscription, else the ledger's words."""
    return (
        _of_the_date(case) or _of_the_subscription(case) or _of_the_lead(case) or _in_the_ledgers_words(case)
    )


def _of_the_date(case: Case) -> Text:
    _ = speaking(case.language)
    found = occurrence(case.seen, case.row)
    if case.row.kind == "digest" or found is None:
        return ()
    if found.watch_date.cancelled is not None:
        return text(_("since the date is cancelled."))
    if str(found.date) == case.row.announced:
        return ()
    return text(_("since the date moved from {old} to {new}.").format(
        old=long_date(calendar_date(case.row.announced), case.language),
        new=long_date(found.date, case.language),
    ))  # fmt: skip


def _of_the_subscription(case: Case) -> Text:
    _ = speaking(case.language)
    if case.known is None:
        return ()
    each, ended = case.known
    if ended is not None and ended <= case.row.updated_at:
        return filled(_("since subscription {number} ended {at}."), number=each.id, at=Instant(ended))
    if each.paused:
        said = _("since subscription {number} is paused; {resume} goes on with what comes then.")
        return filled(said, number=each.id, resume=RESUME)
    if case.quiet is not None and case.row.due_at < case.quiet:
        until = moments.until(case.quiet, case.language)
        return filled(_("since this person muted the bot until {until}."), until=until)
    return ()


def _of_the_lead(case: Case) -> Text:
    _ = speaking(case.language)
    found = occurrence(case.seen, case.row)
    if case.known is None or found is None or case.row.kind != "reminder":
        return ()
    each = case.known.subscription
    asked = each.leads or tuple(lead.text for lead in found.watch_date.remind)
    wanted = each.kind == "snooze" or case.row.lead in asked
    return () if wanted else text(_("since this lead time is not asked for any more."))


def _in_the_ledgers_words(case: Case) -> Text:
    _ = speaking(case.language)
    return text(
        _("in the ledger's words: {reason}.").format(reason=quoted(case.row.last_error, case.language))
    )
