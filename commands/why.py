"""Why: what became of a message, and why another one is missing."""

from collections.abc import Sequence

from briefs.library import Transaction
from briefs.marking import N_
from commands import choosing, links, missing, reach
from commands.cases import case_of
from commands.channels import CHANNEL
from commands.desk import Desk
from commands.model import Call, Command, Option, Reply, UserError
from commands.views import why as views
from scheduler.delivery import Delivery

# Numbers of deliveries are far shorter; the database takes none of more than 18 digits.
LONGEST = 16


async def why(desk: Desk, call: Call) -> Reply:
    """Explain one message, all about a watch date at one place, or the last message there."""
    if "date" in call.options:
        return await missing.about_date(desk, call)
    async with desk.store.reading() as tx:
        row = await (_named(desk, call, tx) if "message" in call.options else _last(desk, call, tx))
        return views.story(await case_of(desk, call, tx, row))


async def _named(desk: Desk, call: Call, tx: Transaction) -> Delivery:
    """The message that is named by number or link, if the caller may ask about it."""
    asked = str(call.options["message"])
    found = [row for row in await _found(desk, call, tx, asked) if reach.may_ask(desk, call, row.destination)]
    if not found:
        raise UserError(
            "There is no message “{message}” of the bot's that you may ask about from here;"
            " a message that is missing is asked for by its date, like /brief-admin why date=treaty-signing.",
            message=asked,
        )
    return found[0]


async def _found(desk: Desk, call: Call, tx: Transaction, asked: str) -> Sequence[Delivery]:
    link = links.read(asked.strip("<>"), call.place)
    if link is not None:
        return await desk.deliveries.by_message(tx, link.where.platform, link.where.channel, link.message)
    if asked.isascii() and asked.isdigit():
        row = await desk.deliveries.get(tx, int(asked)) if len(asked) < LONGEST else None
        return [row] if row else []
    raise UserError(
        "“{message}” is neither the number nor the link of a message; write it like /brief-admin why 17,"
        " or paste what the platform's Copy link gives.",
        message=asked,
    )


async def _last(desk: Desk, call: Call, tx: Transaction) -> Delivery:
    row = await desk.deliveries.last_sent(tx, reach.asked_place(desk, call))
    if row is None:
        raise UserError(
            "No message was sent there yet; /brief-admin why date=treaty-signing asks about one that is missing,"
            " and /brief subscriptions lists what is followed."
        )
    return row


COMMANDS = (
    Command(
        "brief-admin why", N_("Say why a message came, or why one is missing"), why,
        (
            Option("message", N_("A delivery's number, or a message's link; the last one if left out")),
            Option("date", N_("A watch date whose messages you miss"), completes=missing.complete_date),
            CHANNEL, choosing.BRIEF,
        ),
        example="/brief-admin why 17",
    ),
)  # fmt: skip
