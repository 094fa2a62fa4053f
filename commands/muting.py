"""Muting: no messages to oneself for a while."""

from datetime import datetime

from briefs.marking import N_
from commands import choosing, moments
from commands.desk import Desk
from commands.model import (
    Action,
    Answer,
    Block,
    Call,
    Command,
    Form,
    Instant,
    Option,
    Press,
    Prose,
    Reply,
    Text,
    UserError,
    text,
)
from commands.views.wire import on_its_way
from commands.wording import filled, speaking
from commands.zones import known_zone
from scheduler.people import FOR_GOOD

OFF, ALWAYS, ASK = "off", "always", "ask"


async def mute(desk: Desk, call: Call) -> Answer:
    """Receive nothing for a while, or listen again."""
    until = str(call.options.get("until", ""))
    if not until:
        return await _state(desk, call)
    if until == ASK:
        return _form(call)
    if until == OFF:
        return await _listen(desk, call)
    zone = await known_zone(desk, call) or "UTC"
    end = FOR_GOOD if until == ALWAYS else moments.read(until, call.at, zone)
    return await _mute(desk, call, end)


async def _state(desk: Desk, call: Call) -> Reply:
    _ = speaking(choosing.language(call))
    async with desk.store.reading() as tx:
        profile = await desk.people.get(tx, call.caller.person)
    if profile.muted_until is not None and profile.muted(call.at):
        return Reply(_("Muted"), (Prose(_until(call, profile.muted_until)),), actions=(_again(call),))
    said = _("For how long do you want no messages? Channels that you read are not touched.")
    actions = (
        _choice(_("1 hour"), "1h"), _choice(_("Until tomorrow 09:00"), "tomorrow"), _choice(_("1 week"), "1w"),
        _choice(_("Until a date…"), ASK), _choice(_("Until I end it"), ALWAYS),
    )  # fmt: skip
    return Reply(_("Mute"), (Prose(text(said)),), actions=actions)


def _choice(label: str, until: str) -> Action:
    return Action(label, Press("open", "brief mute", (("until", until),)))


def _again(call: Call) -> Action:
    return _choice(speaking(choosing.language(call))("Listen again"), OFF)


def _form(call: Call) -> Form:
    _ = speaking(choosing.language(call))
    day = Option("until", _("The day from which you want messages again"), "date", required=True)
    return Form(_("Mute until"), "brief mute", (day,), submit=_("Mute"))


def _until(call: Call, end: datetime) -> Text:
    _ = speaking(choosing.language(call))
    if end == FOR_GOOD:
        return text(_("You get no messages until you end it with /brief mute off."))
    return filled(_("You get no messages until {end}."), end=Instant(end))


async def _mute(desk: Desk, call: Call, end: datetime) -> Reply:
    _ = speaking(choosing.language(call))
    inbox = call.caller.person.inbox
    async with desk.store.transaction() as tx:
        await desk.people.mute(tx, call.caller.person, end)
        await desk.outside.replan_at(tx, inbox, call.at)
        going = await desk.deliveries.at_platform(tx, inbox)
    missed = _(
        "What falls into that time is not made up for; that a date moved of which you were told, you hear then."
    )
    blocks: list[Block] = [
        Prose(_until(call, end)),
        Prose(text(missed)),
        *on_its_way(going, choosing.language(call)),
    ]
    return Reply(_("Muted"), tuple(blocks), actions=(_again(call),))


async def _listen(desk: Desk, call: Call) -> Reply:
    _ = speaking(choosing.language(call))
    async with desk.store.transaction() as tx:
        profile = await desk.people.get(tx, call.caller.person)
        if not profile.muted(call.at):
            raise UserError("You are not muted; /brief mute begins it.")
        await desk.people.mute(tx, call.caller.person, None)
        await desk.outside.replan_at(tx, call.caller.person.inbox, call.at)
    return Reply(
        _("You get messages again"), (Prose(text(_("What you follow is sent to you from now on."))),)
    )


COMMANDS = (
    Command(
        "brief mute", N_("Receive no messages for a while, or end that"), mute,
        (Option("until", N_("1h, 1w, tomorrow, 2026-12-01, always or off"),
                pattern=moments.PATTERN),),
        asks=True, example="/brief mute 1w",
    ),
)  # fmt: skip
