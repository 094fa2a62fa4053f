"""What a channel receives: its digest, its reminders, and pausing them."""

from dataclasses import replace
from zoneinfo import ZoneInfo

from briefs.marking import N_, spoken
from commands import choosing
from commands.composing import delivered
from commands.desk import Desk
from commands.following import CATCH_UP, MAX_AGE, make, next_words, place_words, store, subject_words
from commands.languages import LANGUAGE
from commands.links import thread_of
from commands.model import Block, Call, Choice, Command, Option, Prose, Reply, UserError, text
from commands.pings import PING
from commands.views import digests
from commands.wording import speaking
from commands.zones import ZONE, zone_for
from scheduler.address import LOBBY, Destination, destination
from scheduler.subscriptions import Subscription

DEFAULT = "weekly mon 09:00"


def target(desk: Desk, call: Call) -> Destination:
    """Return the channel that the call names, or the one it comes from.

    Another channel than the one the call comes from needs the right to manage the whole workspace, another
    workspace a bot's admin. Nobody sets up another person's direct messages.
    """
    named = call.options.get("channel")
    if named is None:
        return call.place
    found = _channel(str(named), call.place)
    if not desk.outside.serves(found.platform) or (found.person and found != call.caller.person.inbox):
        raise UserError(
            "Nothing can be sent to “{channel}” from here; pick a channel from the list.", channel=named
        )
    if found == call.place or desk.rights.is_admin(call.caller.person):
        return found
    if found.workspace != call.place.workspace:
        raise UserError(
            "“{channel}” belongs to another workspace; only the bot's admins reach it.", channel=named
        )
    if not call.caller.governs:
        raise UserError(
            "Setting up another channel needs the right to manage the whole workspace;"
            " write the command in that channel."
        )
    return found


def _channel(named: str, here: Destination) -> Destination:
    try:
        found = thread_of(named, here) or destination(named)
    except ValueError:
        raise UserError(
            "“{channel}” is no channel here; pick one from the list or leave channel out.", channel=named
        ) from None
    if found.platform == "web" and found != LOBBY:
        raise UserError("The page has one room; leave channel out.")
    return found


async def digest(desk: Desk, call: Call) -> Reply:
    """Set, preview, send or stop the digest of a channel."""
    action = str(call.options.get("action", "set"))
    if action == "preview":
        return await _preview(desk, call)
    if action == "send":
        return await _send(desk, call)
    if action == "stop":
        return await _stop(desk, call)
    return await _set(desk, call)


async def _standing(desk: Desk, call: Call) -> Subscription | None:
    where = target(desk, call)
    seen = choosing.chosen(desk, call, where)
    async with desk.store.reading() as tx:
        found = await desk.subscriptions.at(tx, where)
    return next((each for each in found if each.kind == "digest" and each.brief == seen.brief.brief), None)


async def _set(desk: Desk, call: Call) -> Reply:
    _ = speaking(choosing.language(call))
    seen = choosing.chosen(desk, call, target(desk, call))
    old = await _standing(desk, call)
    schedule = str(call.options.get("schedule", "")) or (old.schedule if old else DEFAULT)
    zone = old.zone if old and "zone" not in call.options else await zone_for(desk, call)
    made = await make(desk, call, seen, "digest", "", target(desk, call), schedule, zone)
    stored, new = await store(desk, call, made)
    said = _("The digest of “{title}” now goes to {where}: {schedule}, {zone} time.").format(
        title=seen.brief.title,
        where=place_words(stored.destination, call),
        schedule=stored.schedule,
        zone=stored.zone,
    )
    blocks: list[Block] = [Prose(text(said)), Prose(next_words(seen, stored, call))]
    if old and not new and (old.schedule, old.zone) != (stored.schedule, stored.zone):
        before = _("Before, it was {schedule}, {zone} time.").format(schedule=old.schedule, zone=old.zone)
        blocks.insert(1, Prose(text(before)))
    return Reply(_("Digest set"), tuple(blocks))


async def _preview(desk: Desk, call: Call) -> Reply:
    """Show the digest as its channel would get it now, had it got none before."""
    seen = choosing.chosen(desk, call, target(desk, call))
    standing = await _standing(desk, call)
    zone = standing.zone if standing else await zone_for(desk, call)
    today = call.at.astimezone(ZoneInfo(zone)).date()
    whole = digests.digest(seen, None, today, "", choosing.language(call))
    return replace(delivered(whole, "digest"), visibility="private")


async def _send(desk: Desk, call: Call) -> Reply:
    _ = speaking(choosing.language(call))
    standing = await _standing(desk, call)
    if standing is None:
        raise UserError(
            "No digest is set for this channel; set one first: /brief-admin digest set weekly mon 09:00."
        )
    said = await desk.outside.send_now(standing.id, call.at)
    return Reply(_("Digest on its way"), (Prose(text(spoken(said, _))),))


async def _stop(desk: Desk, call: Call) -> Reply:
    _ = speaking(choosing.language(call))
    standing = await _standing(desk, call)
    if standing is None:
        raise UserError("No digest is set for this channel, so there is nothing to stop.")
    async with desk.store.transaction() as tx:
        await desk.subscriptions.end(tx, standing.id, call.at)
        await desk.deliveries.cancel(tx, standing.id, call.at, N_("digest stopped"))
    said = _("The digest of {where} is stopped. /brief-admin digest sets it again.").format(
        where=place_words(standing.destination, call)
    )
    return Reply(_("Digest stopped"), (Prose(text(said)),))


async def channel(desk: Desk, call: Call) -> Reply:
    """Send the reminders of the brief to a channel, at its hour and in its zone."""
    _ = speaking(choosing.language(call))
    seen = choosing.chosen(desk, call, target(desk, call))
    zone = await zone_for(desk, call)
    hour = str(call.options.get("hour", ""))
    made = await make(desk, call, seen, "reminders", "", target(desk, call), hour, zone)
    stored, _new = await store(desk, call, made)
    said = _("Reminders of {what} now go to {where}, announced at {hour}, {zone} time.").format(
        what=subject_words(seen, stored, call), where=place_words(stored.destination, call),
        hour=stored.schedule, zone=stored.zone,
    )  # fmt: skip
    return Reply(_("Channel set"), (Prose(text(said)), Prose(next_words(seen, stored, call))))


async def pause(desk: Desk, call: Call) -> Reply:
    """Pause what this channel receives, or one subscription of it."""
    return await _turn(desk, call, paused=True)


async def resume(desk: Desk, call: Call) -> Reply:
    """Resume what was paused."""
    return await _turn(desk, call, paused=False)


async def _turn(desk: Desk, call: Call, *, paused: bool) -> Reply:
    _ = speaking(choosing.language(call))
    number = call.options.get("number")
    async with desk.store.transaction() as tx:
        standing = await desk.subscriptions.at(tx, call.place)
        wanted = [each for each in standing if number in (None, each.id) and each.paused != paused]
        for each in wanted:
            await desk.subscriptions.change(tx, replace(each, paused=paused))
            await desk.outside.replan_subscription(tx, each.id, call.at)
        lifted = not paused and await desk.deliveries.stops.lift(tx, str(call.place))
    if lifted:
        return _mended(call)
    if not wanted:
        raise UserError(
            "There is nothing here to pause or resume; /brief subscriptions shows what is followed."
        )
    numbers = ", ".join(str(each.id) for each in wanted)
    said = (
        _("Paused: {numbers}. Nothing is sent until /brief-admin resume.")
        if paused
        else _("Resumed: {numbers}. What came due meanwhile is not sent.")
    )
    return Reply(_("Paused") if paused else _("Resumed"), (Prose(text(said.format(numbers=numbers))),))


def _mended(call: Call) -> Reply:
    _ = speaking(choosing.language(call))
    said = _("This channel is sent messages again; what waited for it and is still of use goes out now.")
    return Reply(_("Resumed"), (Prose(text(said)),))


CHANNEL = Option(
    "channel", N_("Another channel, or the link of a message in whose thread to write"), "channel"
)
NUMBER = Option("number", N_("One subscription; all of this channel if left out"), "integer")
ACTIONS = (
    Choice(N_("Set or change it"), "set"), Choice(N_("Preview it"), "preview"), Choice(N_("Send it now"), "send"),
    Choice(N_("Stop it"), "stop"),
)  # fmt: skip
COMMANDS = (
    Command(
        "brief-admin digest", N_("Set, preview, send or stop the digest of a channel"), digest,
        (
            Option("action", N_("What to do"), "choice", choices=ACTIONS, default="set"),
            Option(
                "schedule", N_("When, like daily 09:00, weekly mon 09:00 or monthly 1 09:00"),
                pattern=r"daily \S+|(?:weekly|monthly) \S+ \S+",
            ),
            ZONE, CHANNEL, LANGUAGE, PING, CATCH_UP, MAX_AGE, choosing.BRIEF,
        ),
        right="manager", example="/brief-admin digest set weekly sun 09:00 Asia/Tokyo",
    ),
    Command(
        "brief-admin channel", N_("Send reminders to a channel, at its hour and in its zone"), channel,
        (
            CHANNEL, Option("leads", N_("How long before, like 30d,7d,0d")), Option("hour", N_("Like 09:00")),
            ZONE, LANGUAGE, PING, CATCH_UP, MAX_AGE, choosing.BRIEF,
        ),
        right="manager", example="/brief-admin channel hour=08:30 zone=Asia/Seoul",
    ),
    Command("brief-admin pause", N_("Pause what this channel receives"), pause, (NUMBER,), right="manager",
            example="/brief-admin pause"),
    Command("brief-admin resume", N_("Resume what was paused"), resume, (NUMBER,), right="manager",
            example="/brief-admin resume"),
)  # fmt: skip
