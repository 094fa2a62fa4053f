"""Calendars: watch dates as a file to import, and a workspace's feed to subscribe to."""

import asyncio
import secrets
from collections.abc import Sequence
from datetime import date, datetime

from briefs.agenda import Event, agenda
from briefs.marking import N_
from briefs.visible import Audience
from commands import choosing
from commands.dates import complete_date, named_date
from commands.desk import Desk
from commands.model import Call, Choice, Command, File, Option, Reply, UserError
from commands.views import calendars as views
from commands.views.ics import ics
from commands.wording import speaking
from scheduler.address import Destination, destination

# Letters in an address: 192 random bits.
SECRET_BYTES = 24


async def events_of(desk: Desk, audience: Audience, now: datetime, brief: str = "") -> list[Event]:
    """Return the events of every published brief, or of one, as an audience may see them at a moment."""
    found = []
    for id_, revision in list(desk.revisions().items()):
        if brief in ("", id_):
            told = await desk.chronicles.of(desk.store, desk.library, revision)
            found += agenda(told, audience, now)
    return found


def still(found: Sequence[Event], day: date) -> list[Event]:
    """Leave out what was over before a day."""
    return [event for event in found if event.occurrence.last_day >= day]


async def calendar(desk: Desk, call: Call) -> Reply:
    """Send watch dates as a file that any calendar takes: all to come, or one."""
    seen = choosing.chosen(desk, call)
    language, today = choosing.language(call), choosing.today(call)
    audience = desk.rights.audience(call, public=choosing.is_share(call))
    found = await events_of(desk, audience, call.at, seen.brief.brief)
    name = call.options.get("name")
    if name:
        wanted = named_date(seen, str(name))
        found = [event for event in found if event.occurrence.watch_date.id == wanted.id]
        found = still(found, today) or found[-1:]
    else:
        wanted, found = None, still(found, today)
    if not found:
        raise UserError(
            "No watch date is to come that a calendar could hold; /brief dates says what there is."
        )
    content = await asyncio.to_thread(ics, found, seen.brief.title, language)
    file = File(f"{wanted.id if wanted else seen.brief.brief}.ics", content, views.file_title(language))
    return views.sent(seen, found, file, today, language)


async def feed(desk: Desk, call: Call) -> Reply:
    """Show, make, renew or revoke the calendar feed of the workspace in which it is said."""
    place = _governed(desk, call)
    action = str(call.options.get("action", "show"))
    if action == "show":
        return await _shown(desk, call, place)
    if action == "revoke":
        return await _revoked(desk, call, place)
    base = desk.outside.feeds_at(place.workspace)
    if not base:
        raise UserError(
            "Nobody could reach a feed of this workspace: whoever runs the bot sets PUBLIC_PORT and PUBLIC_URL"
            " first. Until then /brief calendar sends the dates as a file."
        )
    return await _made(desk, call, place, base, renew=action == "renew")


def _governed(desk: Desk, call: Call) -> Destination:
    """The workspace of the call, where the caller may give its calendar away; raise UserError where not.

    A feed opens to whoever has its address. So where it shows what is for the team alone, it is the bot's
    admins who make it, and elsewhere those who govern the workspace.
    """
    _ = speaking(choosing.language(call))
    if call.place.space == "@me":
        raise UserError(
            "A feed belongs to a server; send /brief-admin calendar in the one that it is to be for."
        )
    place = destination(f"{call.place.workspace}/calendar")
    if desk.rights.role(call.caller) == "admin":
        return place
    if desk.rights.audience_of(place) != "everyone":
        raise UserError(
            "A feed of this workspace would show what is for the team alone, so it is the bot's admins ({admins})"
            " who make it; ask one of them.",
            admins=desk.rights.contacts() or "ADMINS is not set",
        )
    if not call.caller.governs:
        raise UserError(
            "A feed shows all that this workspace may see, so it needs the right to manage the whole workspace;"
            " ask somebody who has it."
        )
    return place


async def _shown(desk: Desk, call: Call, place: Destination) -> Reply:
    async with desk.store.reading() as tx:
        standing = await desk.feeds.at(tx, place.workspace)
    return views.state(standing, choosing.language(call))


async def _revoked(desk: Desk, call: Call, place: Destination) -> Reply:
    async with desk.store.transaction() as tx:
        ended = await desk.feeds.revoke(tx, place.workspace)
    if not ended:
        raise UserError("This workspace has no calendar feed that could be revoked.")
    return views.revoked(choosing.language(call))


async def _made(desk: Desk, call: Call, place: Destination, base: str, *, renew: bool) -> Reply:
    language, secret = choosing.language(call), secrets.token_urlsafe(SECRET_BYTES)
    async with desk.store.transaction() as tx:
        standing = await desk.feeds.at(tx, place.workspace)
        if standing and not renew:
            raise UserError(
                "This workspace has a calendar feed already, and its address cannot be shown again;"
                " /brief-admin calendar renew gives it a new one and ends the old one."
            )
        await desk.feeds.make(tx, place.workspace, secret, language, call.caller.person, call.at)
    audience = desk.rights.audience_of(place)
    return views.address(f"{base}/calendar/{secret}.ics", audience, language, ended=standing is not None)


ACTIONS = (
    Choice(N_("Show whether there is one"), "show"), Choice(N_("Make one"), "make"),
    Choice(N_("Give it a new address, and end the old one"), "renew"), Choice(N_("End it"), "revoke"),
)  # fmt: skip
COMMANDS = (
    Command(
        "brief calendar", N_("Get watch dates as a file for your calendar: all to come, or one"), calendar,
        (Option("name", N_("One watch date"), completes=complete_date), choosing.BRIEF),
        example="/brief calendar treaty-signing",
    ),
    Command(
        "brief-admin calendar", N_("The calendar feed of this workspace: show, make, renew, revoke"), feed,
        (Option("action", N_("What to do"), "choice", choices=ACTIONS, default="show"),),
        right="manager", audited=True, example="/brief-admin calendar make",
    ),
)  # fmt: skip
