"""Why: what became of a message, and why another one is missing."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from briefs.dates import Occurrence, next_occurrence, previous_occurrence
from briefs.library import Transaction
from briefs.schema import WatchDate
from briefs.visible import Visible
from commands import choosing, reach
from commands.channels import CHANNEL
from commands.dates import named_date
from commands.desk import Desk
from commands.following import HERE, ME, place_words, subject_words
from commands.links import message_link
from commands.model import Call, Choice, Command, Inline, Option, Reply, UserError
from commands.views import missing
from commands.views import why as views
from commands.views.fate import Case
from commands.views.ledger import occurrence
from commands.views.parts import bare
from commands.views.places import place
from commands.wording import speaking
from scheduler.absences import absences, follows
from scheduler.address import LOBBY, Destination
from scheduler.delivery import Delivery
from scheduler.subscriptions import Subscription

# How long after its day an occurrence is still explained (days), and how many ended subscriptions are named.
BACK, ENDED = 31, 3
# Numbers of deliveries are far shorter; the database takes none of more than 18 digits.
LONGEST = 16


async def why(desk: Desk, call: Call) -> Reply:
    """Explain one message, all about a watch date at one place, or the last message there."""
    if "date" in call.options:
        return await _date(desk, call)
    async with desk.store.reading() as tx:
        row = await (_named(desk, call, tx) if "message" in call.options else _last(desk, call, tx))
        return views.story(await _case(desk, call, tx, row))


async def _named(desk: Desk, call: Call, tx: Transaction) -> Delivery:
    """The message that is named by number or link, if the caller may ask about it."""
    asked = str(call.options["message"])
    found = [row for row in await _found(desk, tx, asked) if reach.may_ask(desk, call, row.destination)]
    if not found:
        raise UserError(
            "There is no message “{message}” of the bot's that you may ask about from here;"
            " a message that is missing is asked for by its date, like /brief-admin why date=treaty-signing.",
            message=asked,
        )
    return found[0]


async def _found(desk: Desk, tx: Transaction, asked: str) -> Sequence[Delivery]:
    link = message_link(asked)
    if link is not None:
        return await desk.deliveries.by_message(tx, *link)
    if asked.isascii() and asked.isdigit():
        row = await desk.deliveries.get(tx, int(asked)) if len(asked) < LONGEST else None
        return [row] if row else []
    raise UserError(
        "“{message}” is neither the number nor the link of a message; write it like /brief-admin why 17,"
        " or paste what the platform's Copy link gives.",
        message=asked,
    )


async def _last(desk: Desk, call: Call, tx: Transaction) -> Delivery:
    row = await desk.deliveries.last_sent(tx, _place(desk, call))
    if row is None:
        raise UserError(
            "No message was sent there yet; /brief-admin why date=treaty-signing asks about one that is missing,"
            " and /brief subscriptions lists what is followed."
        )
    return row


def _place(desk: Desk, call: Call) -> Destination:
    """The place that is asked about; raise UserError where its messages are none of the caller's business."""
    where = reach.named_place(desk, call)
    if not reach.may_ask(desk, call, where):
        raise UserError(
            "Asking about this channel's messages needs the right to manage it; ask somebody who manages it,"
            " or ask about your own in your direct messages with the bot."
        )
    return where


async def _case(desk: Desk, call: Call, tx: Transaction, row: Delivery) -> Case:
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
        _where(where, call), _subject(call, seen, each),
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


def _where(where: Destination, call: Call) -> Inline:
    near = where in (call.place, call.caller.person.inbox)
    return place_words(where, call) if near else place(where, choosing.language(call))


def _maker(desk: Desk, call: Call, each: Subscription) -> str:
    """Who made a subscription. Who put a message off is for that person and the admins to know."""
    _ = speaking(choosing.language(call))
    if each.creator == str(call.caller.person):
        return _("you")
    if each.kind == "snooze" and not desk.rights.is_admin(call.caller.person):
        return _("somebody")
    if not each.creator and each.destination == LOBBY:
        return _("the installation itself")
    return each.creator or _("somebody whose name is not kept any more")


async def _date(desk: Desk, call: Call) -> Reply:
    """Explain every message about a watch date at one place, those that are missing too."""
    where = _place(desk, call)
    seen, watch_date = _named_date(desk, call)
    async with desk.store.reading() as tx:
        standing = await desk.subscriptions.at(tx, where)
        ended = await desk.subscriptions.ended(tx, where)
        quiet = (await desk.people.quiet(tx, [where], call.at)).get(where)
        stop = await desk.deliveries.stops.at(tx, where)
        rows = await desk.deliveries.about(tx, seen.brief.brief, watch_date.id, where)
        near = _near(watch_date, choosing.today(call), rows)
        indices = {each.index for each in near}
        cases = [await _case(desk, call, tx, row) for row in rows if row.occurrence in indices]
    ours = [each for each in standing if _follows(seen, each, watch_date)]
    gone = [each for each in ended if _follows(seen, each.subscription, watch_date)][:ENDED]
    hidden = _hidden(desk, call, where, seen, watch_date)
    asked = [] if hidden else ours
    told = [
        missing.Told(
            each, [case for case in cases if case.row.occurrence == each.index],
            absences(seen.brief, asked, each, {row.key for row in rows}, call.at, quiet),
        )
        for each in near
    ]  # fmt: skip
    return missing.answer(missing.Question(
        watch_date, _where(where, call), _how_to_follow(watch_date, where),
        [(each, subject_words(seen, each, call)) for each in ours], gone, told, stop, quiet, hidden,
        choosing.language(call),
    ))  # fmt: skip


def _named_date(desk: Desk, call: Call) -> tuple[Visible, WatchDate]:
    """The watch date that is named by id or title, of the brief that is named or the only one that has it."""
    name = str(call.options["date"])
    seen = choosing.readable(desk, call)
    having = [(one, found) for one in seen.values() if (found := _of_name(one, name))]
    if "brief" not in call.options and len(having) == 1:
        return having[0]
    one = choosing.chosen(desk, call)
    return one, _of_name(one, name) or named_date(one, name)


def _of_name(seen: Visible, name: str) -> WatchDate | None:
    by_id = choosing.part(seen.brief.watch_dates, name.removeprefix("date:"))
    titled = (each for each in seen.brief.watch_dates if bare(each.title).casefold() == name.casefold())
    return by_id or next(titled, None)


def _follows(seen: Visible, each: Subscription, watch_date: WatchDate) -> bool:
    names = {seen.brief.brief, *seen.brief.formerly}
    return each.brief in names and follows(seen.brief, each, watch_date.id)


def _hidden(desk: Desk, call: Call, where: Destination, seen: Visible, watch_date: WatchDate) -> bool:
    there = choosing.shown_at(desk, call, where).get(seen.brief.brief)
    return there is None or choosing.part(there.brief.watch_dates, watch_date.id) is None


def _near(watch_date: WatchDate, today: date, rows: Iterable[Delivery]) -> list[Occurrence]:
    """The occurrence that was, where it was lately or none is to come, and the next.

    Of a date that is cancelled only those that something was planned for.
    """
    standing = watch_date.model_copy(update={"cancelled": None})
    next_, last = next_occurrence(standing, today), previous_occurrence(standing, today)
    lately = last is not None and (next_ is None or last.last_day >= today - timedelta(days=BACK))
    found = [each for each in (last if lately else None, next_) if each is not None]
    known = {row.occurrence for row in rows}
    return [each for each in found if watch_date.cancelled is None or each.index in known]


def _how_to_follow(watch_date: WatchDate, where: Destination) -> str:
    whose = ME if where.person or where == LOBBY else HERE
    return f"/brief follow date:{watch_date.id} where={whose}"


async def complete_date(desk: Desk, call: Call, partial: str) -> Sequence[Choice]:
    """Suggest watch dates, those that are over or cancelled too."""
    names = {
        each.id: bare(each.title)
        for seen in choosing.readable(desk, call).values()
        for each in seen.brief.watch_dates
    }
    return choosing.suggested(names, partial)


COMMANDS = (
    Command(
        "brief-admin why", "Say why a message came, or why one is missing", why,
        (
            Option("message", "A delivery's number, or a message's link; the last one if left out"),
            Option("date", "A watch date whose messages you miss", completes=complete_date),
            CHANNEL, choosing.BRIEF,
        ),
        example="/brief-admin why 17",
    ),
)  # fmt: skip
