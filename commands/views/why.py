"""Why a message came, or did not: its whole story."""

from datetime import timedelta

from briefs.schema import calendar_date
from commands.model import Action, Block, Heading, Instant, Listing, Prose, Reply, Text, text
from commands.views import ledger
from commands.views.fate import Case, fate
from commands.wording import counting, filled, long_date, speaking
from scheduler.attempts import INTERRUPTED, Attempt
from scheduler.delivery import Delivery
from scheduler.planner import OUT_OF_TURN
from scheduler.subscriptions import Subscription
from scheduler.when import instant_of, moment

_MINUTE = timedelta(minutes=1)


def story(case: Case) -> Reply:
    """Say how a message stands, which rule made it, from what, when it was due and went out, and each attempt."""
    _ = speaking(case.language)
    row = case.row
    what = ledger.what(case.seen, row, case.language)
    head = filled(_("It is {what}, to {where}."), what=what, where=case.where)
    told = _amending(case) if row.amends else _lead(case)
    paragraphs = [head, fate(case), _rule(case), told, _revision(case), _times(case)]
    return Reply(
        _("Why: delivery {number}").format(number=row.id),
        (*(Prose(words) for words in paragraphs if words), *_attempts(case)),
        actions=_buttons(case),
    )


def _buttons(case: Case) -> tuple[Action, ...]:
    if case.row.state != "failed" or not case.acts:
        return ()
    return tuple(ledger.button(case.row, action, case.language) for action in ("retry", "dismiss"))


def _rule(case: Case) -> Text:
    _ = speaking(case.language)
    if case.known is None:
        said = _("Subscription {number} made it, of which nothing is known any more.")
        return text(said.format(number=case.row.subscription))
    each, ended = case.known
    rule = filled(
        _rule_sentence(case, each), number=each.id, subject=case.subject, maker=case.maker,
        schedule=each.schedule, zone=each.zone, made=Instant(each.created_at),
        until=_until(each) if each.kind == "snooze" else "",
    )  # fmt: skip
    if ended is None:
        return rule
    return filled(_("{rule} The subscription ended {at}."), rule=rule, at=Instant(ended))


def _rule_sentence(case: Case, each: Subscription) -> str:
    _ = speaking(case.language)
    if each.kind == "snooze":
        return _("Subscription {number} made it: {maker} snoozed it, {made}, until {until}.")
    if case.row.lead == OUT_OF_TURN:
        return _(
            "It was asked for out of turn, with /brief-admin digest send; the schedule of subscription {number},"
            " {schedule}, {zone} time, stays as it is."
        )
    if each.kind == "digest":
        return _(
            "Subscription {number} made it: the digest, {schedule}, {zone} time, set up {made} by {maker}."
        )
    return _(
        "Subscription {number} made it: reminders of {subject}, announced at {schedule}, {zone} time,"
        " set up {made} by {maker}."
    )


def _until(each: Subscription) -> Instant:
    wall = moment(each.schedule)
    return Instant(instant_of(wall.date(), wall.time(), each.zone))


def _lead(case: Case) -> Text:
    _ = speaking(case.language)
    how_long = ledger.lead(case.row, case.language)
    if not how_long or ledger.occurrence(case.seen, case.row) is None:
        return ()
    said = _("It tells of {date}: {lead}.")
    return text(said.format(date=_announced(case.row, case.language), lead=how_long))


def _announced(row: Delivery, language: str) -> str:
    return long_date(calendar_date(row.announced), language)


def _amending(case: Case) -> Text:
    """Say which message it amends, and what that one told."""
    _ = speaking(case.language)
    if case.told is None:
        return text(_("It amends a message that the ledger does not know any more."))
    if ledger.occurrence(case.seen, case.row) is None:
        return text(_("It amends delivery {number}.").format(number=case.told.id))
    said = _("It amends delivery {number}, which told {date}.")
    if case.told.kind == "cancellation":
        said = _("It amends delivery {number}, which told that the date is cancelled.")
    return text(said.format(number=case.told.id, date=_announced(case.told, case.language)))


def _revision(case: Case) -> Text:
    _ = speaking(case.language)
    number = case.row.revision
    if not number:
        unsent = case.row.state in ("planned", "retrying", "sending")
        said = _("It is composed when it goes out, from the revision that is current then.")
        return text(said if unsent else _("It was never composed."))
    if number == case.current:
        return text(_("It was composed from revision {number}, the current one.").format(number=number))
    if case.current is None:
        return text(_("It was composed from revision {number}.").format(number=number))
    said = _("It was composed from revision {number}; revision {current} is the current one.")
    return text(said.format(number=number, current=case.current))


def _times(case: Case) -> Text:
    _ = speaking(case.language)
    due = Instant(case.row.due_at)
    out = _went_out(case)
    if out is None:
        return filled(_("It was planned for {due}."), due=due)
    late = _late(out.at - case.row.due_at, case.language)
    return filled(
        _("It was planned for {due} and went out {at}, {late}."), due=due, at=Instant(out.at), late=late
    )


def _went_out(case: Case) -> Attempt | None:
    """The attempt that reached the platform: where a look-up found the message, the one that it asked about."""
    if case.row.state != "sent" or not case.attempts:
        return None
    last = case.attempts[-1].number
    return next(each for each in case.attempts if each.number == last)


def _late(by: timedelta, language: str) -> str:
    _, n_ = speaking(language), counting(language)
    minutes = by // _MINUTE
    if minutes < 1:
        return _("on time")
    if minutes < 120:
        return n_("{count} minute late", "{count} minutes late", minutes).format(count=minutes)
    hours = minutes // 60
    return n_("{count} hour late", "{count} hours late", hours).format(count=hours)


def _attempts(case: Case) -> list[Block]:
    _ = speaking(case.language)
    if not case.attempts:
        open_ = case.row.state in ("planned", "sending", "retrying")
        return [Prose(text(_("No attempt has reached the platform yet.")))] if open_ else []
    earlier = [each.number for each in case.attempts]
    items = tuple(
        _attempt(each, case.language, is_look_up=each.number in earlier[:place])
        for place, each in enumerate(case.attempts)
    )
    return [Heading(_("Attempts")), Listing(items)]


def _attempt(each: Attempt, language: str, *, is_look_up: bool) -> Text:
    _ = speaking(language)
    said = (
        _("Look-up after attempt {number}, {at}: {what}.")
        if is_look_up
        else _("Attempt {number}, {at}: {what}.")
    )
    if each.outcome == INTERRUPTED:
        said = _("During attempt {number}, {at}: {what}.")
    named = _looked_up(language) if is_look_up else _tried(language)
    what = named[each.outcome]
    if each.words:
        what = _("{what}: {reason}").format(what=what, reason=ledger.quoted(each.words, language))
    return filled(said, number=each.number, at=Instant(each.at), what=what)


def _tried(language: str) -> dict[str, str]:
    """What an attempt's outcome means, by its name (`scheduler.attempts.Attempt`)."""
    _ = speaking(language)
    return {
        "sent": _("it arrived"),
        "retry": _("it did not arrive"),
        "refused": _("it was refused"),
        "doubtful": _("nobody knows whether it arrived"),
        "needless": _("it was not sent"),
        INTERRUPTED: _("nobody knows whether it arrived"),
    }


def _looked_up(language: str) -> dict[str, str]:
    """What a look-up's outcome means, by its name."""
    _ = speaking(language)
    return {
        "sent": _("it is there"),
        "retry": _("it is not there, and is sent again"),
        "refused": _("that cannot be found out"),
        "doubtful": _("that could not be found out yet"),
        "needless": _("there is nothing to look for"),
        INTERRUPTED: _("that is still not known"),
    }
