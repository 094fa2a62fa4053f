"""The zone in which somebody is told of days and times."""

from collections.abc import Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from briefs.marking import N_
from briefs.schema import ZONES
from commands import choosing
from commands.desk import Desk
from commands.model import (
    Action,
    Answer,
    Call,
    Caller,
    Choice,
    Command,
    Form,
    Option,
    Press,
    Prose,
    Reply,
    text,
)
from commands.wording import speaking


async def zone_for(desk: Desk, call: Call) -> str:
    """Return the zone that the call names, or the caller's own, or UTC."""
    if given := call.options.get("zone"):
        return str(given)
    return await known_zone(desk, call) or "UTC"


async def known_zone(desk: Desk, call: Call) -> str | None:
    """Return the zone that the caller set, or the platform's, or None."""
    async with desk.store.reading() as tx:
        profile = await desk.people.get(tx, call.caller.person)
    return profile.zone or _known(call.caller)


async def asks_zone(desk: Desk, call: Call) -> bool:
    """Say whether the caller is to be asked for a zone now, which happens once."""
    if await known_zone(desk, call) is not None:
        return False
    async with desk.store.transaction() as tx:
        return await desk.people.ask_zone_once(tx, call.caller.person)


def question(language: str) -> tuple[str, Action]:
    """Ask for the zone: the sentence, and the button that answers it."""
    _ = speaking(language)
    said = _(
        "In which zone are you? Write /brief timezone and pick it from the list; until then UTC is used."
    )
    return said, Action(_("Set my time zone"), Press("open", "brief timezone"))


def _known(caller: Caller) -> str | None:
    return caller.zone if caller.zone in ZONES else None


async def timezone(desk: Desk, call: Call) -> Answer:
    """Show or set the zone in which you are told of times and days."""
    _ = speaking(choosing.language(call))
    zone = call.options.get("zone")
    if zone is None and call.press is not None:
        return Form(_("Your time zone"), "brief timezone", (replace(ZONE, required=True),), submit=_("Set"))
    if zone is None:
        return await _shown(desk, call)
    moved = await _move(desk, call, str(zone))
    said = (
        _("Your zone is {zone} now; your own reminders follow it.")
        if moved
        else _("Your zone is {zone} now.")
    )
    local = f"{call.at.astimezone(ZoneInfo(str(zone))):%H:%M}"
    there = _("{said} There it is {time}.").format(said=said.format(zone=zone), time=local)
    return Reply(_("Your time zone"), (Prose(text(there)),))


async def _shown(desk: Desk, call: Call) -> Reply:
    _ = speaking(choosing.language(call))
    known = await known_zone(desk, call)
    said = _("Your zone is {zone}. Change it with /brief timezone Asia/Tokyo.")
    if known is None:
        said = _("Your zone is not known here, so UTC is used. Set it with /brief timezone Asia/Tokyo.")
    return Reply(_("Your time zone"), (Prose(text(said.format(zone=known))),))


async def _move(desk: Desk, call: Call, zone: str) -> int:
    """Store the zone; reminders that were told in the old one move along, those with a zone of their own stay."""
    old = await known_zone(desk, call) or "UTC"
    async with desk.store.transaction() as tx:
        await desk.people.set_zone(tx, call.caller.person, zone)
        inbox = await desk.subscriptions.at(tx, call.caller.person.inbox)
        own = [each for each in inbox if each.zone == old and each.kind == "reminders"]
        for each in own:
            await desk.subscriptions.change(tx, replace(each, zone=zone))
            await desk.outside.replan_subscription(tx, each.id, call.at)
    desk.zones[call.caller.person] = zone
    return len(own)


async def complete_zone(desk: Desk, call: Call, partial: str) -> Sequence[Choice]:
    """Suggest time zones, those most like what was typed first."""
    known = [zone for zone in (_known(call.caller), "Asia/Tokyo", "Asia/Seoul", "America/New_York") if zone]
    names = {zone: zone.replace("_", " ") for zone in [*known, *sorted(ZONES)]}
    return choosing.suggested(names, partial)


ZONE = Option("zone", N_("An IANA time zone, like Asia/Tokyo"), "zone", completes=complete_zone)
COMMANDS = (
    Command("brief timezone", N_("Show or set your time zone"), timezone, (ZONE,), asks=True,
            example="/brief timezone Asia/Tokyo"),
)  # fmt: skip
