"""What could not be delivered: admins and managers read the list, retry and dismiss."""

from datetime import timedelta

from briefs.library import Transaction
from briefs.marking import N_
from commands import choosing, reach
from commands.channels import CHANNEL
from commands.desk import Desk
from commands.model import Call, Choice, Command, Inline, Instant, Option, Prose, Reply, Text, UserError, text
from commands.views import ledger as views
from commands.views.places import place, platform_name
from commands.wording import filled, speaking
from scheduler.address import PLATFORMS, Destination
from scheduler.delivery import Delivery
from scheduler.stops import Stop

RECENTLY = timedelta(days=7)
# Ids in the database end far below this.
LARGEST = 10**15


async def deliveries(desk: Desk, call: Call) -> Reply:
    """List what is stopped and what failed for good, or retry or dismiss one of it."""
    action = str(call.options["action"])
    if action == "list":
        return await _list(desk, call)
    if action == "retry" and "number" not in call.options:
        return await _lift(desk, call)
    if action == "retry":
        return await _retry(desk, call)
    return await _dismiss(desk, call)


async def _list(desk: Desk, call: Call) -> Reply:
    where, own = _scope(desk, call), desk.rights.is_admin(call.caller.person)
    ledger = desk.deliveries
    async with desk.store.reading() as tx:
        stops = await _stops(desk, tx, where, call)
        failed = await ledger.failed(tx, views.LISTED, where)
        tally = await ledger.tally(tx, call.at - RECENTLY, where)
        upcoming = await ledger.upcoming(tx, 1, where)
    state = views.State(where, stops, failed, tally, upcoming[0] if upcoming else None, own)
    return views.listing(state, choosing.readable(desk, call), choosing.language(call))


def _scope(desk: Desk, call: Call) -> Destination | None:
    """Which destination the caller sees: an admin all of them, unless one is named."""
    if desk.rights.is_admin(call.caller.person) and "channel" not in call.options:
        return None
    return reach.named_place(desk, call)


async def _stops(
    desk: Desk, tx: Transaction, where: Destination | None, call: Call
) -> list[tuple[Stop, int]]:
    """Each stop with how many messages wait for it, of those in sight."""
    ledger = desk.deliveries
    found = await ledger.stops.all(tx) if where is None else await ledger.stops.of(tx, where)
    return [(each, await ledger.waiting_at(tx, str(where or each.place), call.at)) for each in found]


async def _retry(desk: Desk, call: Call) -> Reply:
    """Give a delivery that failed another day; a stop that holds it up is lifted with it."""
    language = choosing.language(call)
    async with desk.store.transaction() as tx:
        row = await _failed(desk, call, tx)
        await _refuse_unwanted(desk, call, tx, row)
        lifted = await _lift_at(desk, call, tx, row.destination)
        held = await desk.deliveries.stops.at(tx, row.destination)
        await desk.deliveries.try_again(tx, row.id, call.at)
    said = [_looked_up_or_sent(row, language), *_stop_words(lifted, held, row.destination, language)]
    why = views.why_button(row.id, language)
    return Reply(_titled(row, call), tuple(map(Prose, said)), actions=(why, views.all_button(language)))


def _titled(row: Delivery, call: Call) -> str:
    _ = speaking(choosing.language(call))
    return _("Delivery {number} is tried again").format(number=row.id)


def _looked_up_or_sent(row: Delivery, language: str) -> Text:
    _ = speaking(language)
    if row.on_wire:
        return text(
            _(
                "It is looked up first, since nobody knows whether it arrived; it is sent only if it is not there."
            )
        )
    return text(_("It is sent again within seconds, and tried for a day."))


def _stop_words(lifted: Stop | None, held: Stop | None, where: Destination, language: str) -> list[Text]:
    _ = speaking(language)
    if held is not None:
        said = _(
            "It waits, since {platform} refuses the bot's messages; the bot's admins can lift that stop."
        )
        return [text(said.format(platform=platform_name(held.place)))]
    if lifted is None:
        return []
    said = _("The stop of {where} is lifted with it; what waits there goes out as well.")
    return [filled(said, where=place(where, language))]


async def _refuse_unwanted(desk: Desk, call: Call, tx: Transaction, row: Delivery) -> None:
    """Raise UserError where those who would receive the message have said that they want none."""
    known = await desk.subscriptions.known(tx, row.subscription)
    if known is None or known.ended_at is not None:
        raise UserError(
            "Delivery {number} is not sent again, since subscription {subscription} has ended;"
            " take it off the list with /brief-admin deliveries dismiss {number}.",
            number=row.id, subscription=row.subscription,
        )  # fmt: skip
    if known.subscription.paused:
        raise UserError(
            "Delivery {number} is not sent again while subscription {subscription} is paused;"
            " write /brief-admin resume there first.",
            number=row.id, subscription=row.subscription,
        )  # fmt: skip
    until = (await desk.people.quiet(tx, [row.destination], call.at)).get(row.destination)
    if until is not None:
        raise UserError(
            "Delivery {number} is not sent again now, since this person muted the bot until {until} UTC;"
            " retry it after that, or dismiss it.",
            number=row.id, until=f"{until:%Y-%m-%d %H:%M}",
        )  # fmt: skip


async def _lift(desk: Desk, call: Call) -> Reply:
    """Lift the stop of a destination, or for an admin of a platform, so that what waits for it goes out."""
    named = str(call.options.get("channel", ""))
    if named in PLATFORMS and desk.rights.is_admin(call.caller.person):
        return await _lift_platform(desk, call, named)
    where = reach.named_place(desk, call)
    async with desk.store.transaction() as tx:
        waiting = await desk.deliveries.waiting_at(tx, str(where), call.at)
        lifted = await _lift_at(desk, call, tx, where)
        held = await desk.deliveries.stops.at(tx, where)
    if lifted is None and held is None:
        raise UserError(
            "Nothing is stopped there; to retry what failed give its number,"
            " like /brief-admin deliveries retry 17. /brief-admin deliveries lists what failed."
        )
    if held is not None:
        raise UserError(
            "{platform} refuses the bot's messages; the bot's admins ({admins}) can lift that stop.",
            platform=platform_name(held.place), admins=desk.rights.contacts() or N_("ADMINS is not set"),
        )  # fmt: skip
    return _lifted(place(where, choosing.language(call)), waiting, call)


async def _lift_platform(desk: Desk, call: Call, platform: str) -> Reply:
    async with desk.store.transaction() as tx:
        waiting = await desk.deliveries.waiting_at(tx, platform, call.at)
        lifted = await desk.deliveries.stops.lift(tx, platform)
    name = platform_name(platform)
    if not lifted:
        raise UserError("{platform} is not stopped; /brief-admin deliveries lists what is.", platform=name)
    return _lifted(name, waiting, call)


def _lifted(where: Inline, waiting: int, call: Call) -> Reply:
    language = choosing.language(call)
    _ = speaking(language)
    said = _(
        "The stop of {where} is lifted. Messages that go out now, as far as they are still of use: {count}."
    )
    words = filled(said, where=where, count=waiting)
    return Reply(_("Stop lifted"), (Prose(words),), actions=(views.all_button(language),))


async def _lift_at(desk: Desk, call: Call, tx: Transaction, where: Destination) -> Stop | None:
    """Lift what stops a destination, its platform's stop too for an admin; return the last one lifted."""
    lifted = None
    for stop in await desk.deliveries.stops.of(tx, where):
        if not stop.is_platform or desk.rights.is_admin(call.caller.person):
            await desk.deliveries.stops.lift(tx, stop.place)
            lifted = stop
    return lifted


async def _dismiss(desk: Desk, call: Call) -> Reply:
    """Take a delivery that failed off the list."""
    language = choosing.language(call)
    _ = speaking(language)
    async with desk.store.transaction() as tx:
        row = await _failed(desk, call, tx)
        await desk.deliveries.dismiss(tx, row.id, call.at, str(call.caller.person))
    seen = choosing.readable(desk, call).get(row.brief)
    said = filled(
        _("Off the list, and not sent: {what}, to {where}, due {due}."),
        what=views.what(seen, row, language), where=place(row.destination, language), due=Instant(row.due_at),
    )  # fmt: skip
    title = _("Delivery {number} is dismissed").format(number=row.id)
    return Reply(title, (Prose(said),), actions=(views.all_button(language),))


async def _failed(desk: Desk, call: Call, tx: Transaction) -> Delivery:
    """Return the failed delivery that the call names, if the caller may act on it."""
    number = call.options.get("number")
    if number is None:
        raise UserError(
            "Say which one, like /brief-admin deliveries dismiss 17; /brief-admin deliveries lists what failed."
        )
    row = await desk.deliveries.get(tx, int(number)) if 0 < int(number) < LARGEST else None
    if row is None or not reach.may_act(desk, call, row.destination):
        raise UserError(
            "There is no delivery {number} that you may act on from here;"
            " /brief-admin deliveries lists what failed.",
            number=number,
        )
    if row.state != "failed":
        raise UserError(
            "Delivery {number} has not failed, so there is nothing to do about it;"
            " /brief-admin why {number} says what became of it.",
            number=number,
        )
    return row


ACTIONS = (
    Choice(N_("List what failed"), "list"), Choice(N_("Try again"), "retry"),
    Choice(N_("Take off the list"), "dismiss"),
)  # fmt: skip
COMMANDS = (
    Command(
        "brief-admin deliveries", N_("List what could not be delivered; retry or dismiss it"), deliveries,
        (
            Option("action", N_("What to do"), "choice", choices=ACTIONS, default="list"),
            Option("number", N_("Which delivery of the list"), "integer"),
            CHANNEL,
        ),
        right="manager", example="/brief-admin deliveries retry 17",
    ),
)  # fmt: skip
