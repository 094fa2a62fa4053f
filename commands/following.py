"""Following: reminders and digests for oneself or for a channel."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import cast

from briefs.dates import ordinal
from briefs.library import Transaction
from briefs.marking import N_, capital, reason
from briefs.schema import lead_time
from briefs.visible import Visible
from commands import choosing, pings, topics
from commands.dates import named_date
from commands.desk import Desk
from commands.model import (
    Action,
    Block,
    Call,
    Choice,
    Command,
    Instant,
    Listing,
    Option,
    Press,
    Prose,
    Reply,
    Strong,
    Text,
    UserError,
    text,
)
from commands.views.parts import bare
from commands.views.wire import on_its_way
from commands.wording import filled, recalling, speaking
from commands.zones import ZONE, asks_zone, question, zone_for
from scheduler.address import Destination
from scheduler.planner import plan
from scheduler.stops import Stop
from scheduler.subscriptions import CatchUp, Kind, Subscription, subscription
from scheduler.when import instant_of, moment

HORIZON = timedelta(days=400)
HERE, ME = "here", "me"
# Which field of a subscription an option sets.
FIELDS = {
    "schedule": "schedule", "hour": "schedule", "zone": "zone", "leads": "leads", "ping": "ping",
    "catch-up": "catch_up", "max-age": "max_age", "language": "language",
}  # fmt: skip
WHERE = Option(
    "where", N_("For yourself (me) or for this channel (here)"), "choice",
    choices=(Choice(N_("For myself"), ME), Choice(N_("For this channel"), HERE)), default=ME,
)  # fmt: skip


async def follow(desk: Desk, call: Call) -> Reply:
    """Follow the watch dates of the brief, of a topic, or one of them."""
    where = place_for(desk, call, str(call.options.get("where", ME)))
    seen = choosing.chosen(desk, call, where)
    subject = _subject(seen, str(call.options.get("subject", "")))
    zone = await zone_for(desk, call)
    made = await make(desk, call, seen, "reminders", subject, where, str(call.options.get("hour", "")), zone)
    stored, new = await store(desk, call, made)
    said = _followed(seen, stored, new, call)
    if stored.zone != "UTC" or stored.destination.person is None or not await asks_zone(desk, call):
        return said
    asked, button = question(choosing.language(call))
    return replace(said, blocks=(*said.blocks, Prose(text(asked))), actions=(*said.actions, button))


def _subject(seen: Visible, name: str) -> str:
    if not name or name == seen.brief.brief:
        return ""
    kind, _, id_ = name.partition(":")
    if kind == "date" and id_:
        return f"date:{named_date(seen, id_).id}"
    if kind == "topic" and id_:
        return f"topic:{topics.named(seen, id_).id}"
    date = choosing.part(seen.brief.watch_dates, name)
    return f"date:{date.id}" if date else f"topic:{topics.named(seen, name).id}"


def place_for(desk: Desk, call: Call, where: str) -> Destination:
    """Return the destination meant by `me` or `here`; raise UserError where the caller may not."""
    if where == ME:
        return call.caller.person.inbox
    if call.place.person is None and not desk.rights.allows("manager", call.caller):
        raise UserError(
            "Following for a channel needs the right to manage it; ask somebody who manages it,"
            " or follow for yourself with where=me."
        )
    return call.place


async def make(
    desk: Desk,
    call: Call,
    seen: Visible,
    kind: Kind,
    subject: str,
    where: Destination,
    schedule: str,
    zone: str,
) -> Subscription:
    """Make a subscription from a call; raise UserError for a schedule, hour or lead time that is none."""
    try:
        leads = [
            lead_time(word).text for word in str(call.options.get("leads", "")).replace(",", " ").split()
        ]
        return subscription(
            seen.brief.brief, kind, where, call.caller.person, call.at, subject=subject, schedule=schedule,
            zone=zone, language=str(call.options.get("language") or choosing.language(call)), leads=leads,
            ping=pings.wanted(desk, call, where),
            catch_up=cast(CatchUp | None, call.options.get("catch-up")),
            max_age=_max_age(call),
        )  # fmt: skip
    except ValueError as problem:
        raise UserError("{problem}.", problem=capital(reason(problem))) from None


def _max_age(call: Call) -> timedelta | None:
    age = call.options.get("max-age")
    try:
        return lead_time(str(age)).ahead if age else None
    except ValueError:
        raise UserError(
            "“{age}” is no length of time; write it like max-age=12h or max-age=7d.", age=age
        ) from None


async def store(desk: Desk, call: Call, made: Subscription) -> tuple[Subscription, bool]:
    """Add a subscription, or change what the call names of the one that stands there; plan anew with it.

    Who follows a place again has seen to it that it takes messages, so that a stop of it ends.
    """
    async with desk.store.transaction() as tx:
        stored, new = await desk.subscriptions.add(tx, made)
        if not new:
            given = {field for option, field in FIELDS.items() if option in call.options}
            changes = {field: getattr(made, field) for field in given}
            stored = await desk.subscriptions.change(tx, replace(stored, paused=False, **changes))
        await desk.deliveries.stops.lift(tx, str(stored.destination))
        await desk.outside.replan_subscription(tx, stored.id, call.at)
    return stored, new


def _followed(seen: Visible, stored: Subscription, new: bool, call: Call) -> Reply:
    _ = speaking(choosing.language(call))
    what = subject_words(seen, stored, call)
    if stored.destination.platform == "web":
        said = _("This page now follows {what}.")
    elif stored.destination.person:
        said = _("You now follow {what}.")
    else:
        said = _("This channel now follows {what}.")
    if not new:
        said = _("Followed here already: {what}. Its settings are these now.")
    blocks: list[Block] = [
        Prose(text(said.format(what=what))), Prose(next_words(seen, stored, call)), Prose(text(_hour(stored, call))),
    ]  # fmt: skip
    undo = Action(_("Unfollow"), Press("open", "brief unfollow", (("number", str(stored.id)),)))
    return Reply(_("Following"), tuple(blocks), actions=(undo,))


def _hour(stored: Subscription, call: Call) -> str:
    _ = speaking(choosing.language(call))
    return _("Days are announced at {hour}, {zone} time.").format(hour=stored.schedule, zone=stored.zone)


def subject_words(seen: Visible | None, stored: Subscription, call: Call) -> str:
    """Name what is followed."""
    _ = speaking(choosing.language(call))
    kind, _sep, id_ = stored.subject.partition(":")
    if seen is None or not kind:
        title = seen.brief.title if seen else stored.brief
        return _("all watch dates of “{title}”").format(title=title)
    if kind == "topic":
        found = choosing.part(seen.brief.topics, id_)
        if found:
            return _("the watch dates of /{command}").format(command=found.command)
    date = choosing.part(seen.brief.watch_dates, id_)
    if date:
        return _("the watch date “{title}”").format(title=bare(date.title))
    return _("a part of “{title}” that is not shown here").format(title=seen.brief.title)


def next_words(seen: Visible, stored: Subscription, call: Call) -> Text:
    """Say what a subscription sends next, from the same plan that will send it."""
    _ = speaking(choosing.language(call))
    found = plan(seen.brief, [stored], call.at, call.at + HORIZON)
    if not found:
        return text(
            _("Nothing is due within {days} days; you will hear when that changes.").format(days=HORIZON.days)
        )
    first = found[0]
    title = next((d.title for d in seen.brief.watch_dates if d.id == first.item), seen.brief.title)
    number = first.occurrence
    title = title.replace("{ordinal}", ordinal(number)).replace("{number}", str(number))
    return filled(_("Next message: {due}, {title}."), due=Instant(first.due), title=title)


async def mine(desk: Desk, call: Call, tx: Transaction) -> list[Subscription]:
    """Return the subscriptions that the caller may change from here, their own first."""
    found = await desk.subscriptions.at(tx, call.caller.person.inbox)
    if call.place != call.caller.person.inbox and desk.rights.allows("manager", call.caller):
        found += await desk.subscriptions.at(tx, call.place)
    return [each for each in found if not _is_over(each, call)]


def _is_over(each: Subscription, call: Call) -> bool:
    """Whether it is a snooze whose message went out; it stands on for the sake of corrections."""
    if each.kind != "snooze":
        return False
    wall = moment(each.schedule)
    return instant_of(wall.date(), wall.time(), each.zone) <= call.at


async def unfollow(desk: Desk, call: Call) -> Reply:
    """Stop following; where there are several, offer them."""
    async with desk.store.reading() as tx:
        standing = await mine(desk, call, tx)
    number = call.options.get("number")
    if number is not None:
        standing = [each for each in standing if each.id == number]
        if not standing:
            raise UserError(
                "There is no subscription {number} that you may end; /brief subscriptions lists yours.",
                number=number,
            )
    if not standing:
        raise UserError("You follow nothing here; /brief follow starts it.")
    if len(standing) > 1:
        return _listed(desk, call, standing)
    return await _end(desk, call, standing[0])


async def _end(desk: Desk, call: Call, each: Subscription) -> Reply:
    _ = speaking(choosing.language(call))
    async with desk.store.transaction() as tx:
        await desk.subscriptions.end(tx, each.id, call.at)
        on_wire = await desk.deliveries.cancel(tx, each.id, call.at, N_("unfollowed"))
    said = _("Stopped: {what} at {where}. Nothing more is sent.").format(
        what=_what(desk, call, each), where=place_words(each.destination, call)
    )
    blocks: list[Block] = [Prose(text(said))]
    blocks += on_its_way(on_wire, choosing.language(call))
    again = Action(_("Follow again"), Press("open", "brief follow", _again(each)))
    return Reply(_("Unfollowed"), tuple(blocks), actions=(again,) if each.kind == "reminders" else ())


def _again(each: Subscription) -> tuple[tuple[str, str], ...]:
    where = ME if each.destination.person or each.destination.platform == "web" else HERE
    options = {
        "brief": each.brief,
        "subject": each.subject,
        "where": where,
        "hour": each.schedule,
        "zone": each.zone,
    }
    return tuple(sorted((name, value) for name, value in options.items() if value))


def place_words(where: Destination, call: Call) -> str:
    """Name a destination for the caller."""
    _ = speaking(choosing.language(call))
    if where == call.caller.person.inbox:
        return _("your direct messages") if where.platform != "web" else _("this page")
    return _("this channel") if where == call.place else str(where)


def _what(desk: Desk, call: Call, each: Subscription) -> str:
    _ = speaking(choosing.language(call))
    seen = choosing.readable(desk, call).get(each.brief)
    if each.kind == "digest":
        return _("the digest ({schedule})").format(schedule=each.schedule)
    if each.kind == "snooze":
        return _("a snoozed message, {what}").format(what=subject_words(seen, each, call))
    return _("reminders of {what}").format(what=subject_words(seen, each, call))


def _line(desk: Desk, call: Call, each: Subscription) -> Text:
    _ = speaking(choosing.language(call))
    seen = choosing.readable(desk, call).get(each.brief)
    state: Text = text(" ", _("(paused)")) if each.paused else ()
    next_ = next_words(seen, each, call) if seen and not each.paused else ()
    head = f" {_what(desk, call, each)}, {place_words(each.destination, call)}, {each.zone}. "
    return (Strong(f"{each.id}."), head, *state, *next_)


def listed_lines(desk: Desk, call: Call, standing: Sequence[Subscription]) -> tuple[Text, ...]:
    """Say of each subscription what it is, where it goes and what comes next, one a line."""
    return tuple(_line(desk, call, each) for each in standing)


def _listed(desk: Desk, call: Call, standing: Sequence[Subscription]) -> Reply:
    _ = speaking(choosing.language(call))
    buttons = tuple(
        Action(
            _("Unfollow {number}").format(number=each.id),
            Press("open", "brief unfollow", (("number", str(each.id)),)),
        )
        for each in standing
    )
    items = Listing(listed_lines(desk, call, standing))
    return Reply(_("What is followed here"), (items,), actions=buttons)


async def subscriptions(desk: Desk, call: Call) -> Reply:
    """List what you follow, and what this channel follows where you manage it."""
    async with desk.store.reading() as tx:
        standing = await mine(desk, call, tx)
        places = dict.fromkeys(each.destination for each in standing)
        stops = [(place, stop) for place in places if (stop := await desk.deliveries.stops.at(tx, place))]
    if not standing:
        raise UserError("You follow nothing here; /brief follow starts it.")
    listed = _listed(desk, call, standing)
    return replace(listed, blocks=(*(_refusing(place, stop, call) for place, stop in stops), *listed.blocks))


def _refusing(place: Destination, stop: Stop, call: Call) -> Prose:
    _ = speaking(choosing.language(call))
    said = _("Nothing reaches {where} at the moment: {reason}. When that is mended, follow again.")
    reason = recalling(choosing.language(call))(stop.reason)
    return Prose(text(said.format(where=place_words(place, call), reason=reason)))


async def complete_subject(desk: Desk, call: Call, partial: str) -> Sequence[Choice]:
    """Suggest watch dates and topics to follow."""
    names: dict[str, str] = {}
    for seen in choosing.readable(desk, call).values():
        names |= {f"date:{d.id}": bare(d.title) for d in seen.brief.watch_dates}
        names |= {f"topic:{t.id}": f"/{t.command}: {t.description}" for t in seen.brief.topics}
    return choosing.suggested(names, partial)


CATCH_UP = Option(
    "catch-up", N_("What is sent of that which came due while the bot was down"), "choice",
    choices=(
        Choice(N_("All that is still of use"), "all"), Choice(N_("Only the newest"), "latest"),
        Choice(N_("Nothing"), "skip"),
    ),
)  # fmt: skip
MAX_AGE = Option("max-age", N_("How late a message may be, like 12h or 7d"))
COMMANDS = (
    Command(
        "brief follow", N_("Be reminded before watch dates: all, a topic's, or one"), follow,
        (
            Option("subject", N_("A watch date or a topic; all dates if left out"), completes=complete_subject),
            WHERE,
            Option("leads", N_("How long before, like 30d,7d,0d; the brief's own if left out")),
            Option("hour", N_("When days are announced, like 09:00")),
            ZONE, CATCH_UP, MAX_AGE, choosing.BRIEF,
        ),
        example="/brief follow treaty-signing leads=30d,7d,0d",
    ),
    Command(
        "brief unfollow", N_("Stop being reminded"), unfollow,
        (Option("number", N_("Which subscription, if there are several"), "integer"),), example="/brief unfollow 3",
    ),
    Command("brief subscriptions", N_("List what you and this channel follow"), subscriptions,
            example="/brief subscriptions"),
)  # fmt: skip
