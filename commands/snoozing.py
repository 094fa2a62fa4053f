"""Snoozing: one message once more, to oneself alone, while what everybody receives stays as it is."""

from dataclasses import replace
from datetime import datetime, timedelta

from briefs.dates import Occurrence, next_occurrence, occurrence_of
from briefs.marking import N_
from briefs.visible import Visible
from commands import choosing, moments
from commands.dates import complete_date, named_date
from commands.desk import Desk
from commands.model import (
    Action,
    Answer,
    Call,
    Command,
    Form,
    Instant,
    Option,
    Press,
    Prose,
    Reply,
    UserError,
    text,
)
from commands.wording import filled, long_date, speaking
from commands.zones import known_zone
from scheduler.planner import over_at
from scheduler.subscriptions import Subscription, subscription
from scheduler.when import instant_of, once, zone_info

DIGEST, ASK = "digest", "ask"
LONGEST = timedelta(days=400)


async def snooze(desk: Desk, call: Call) -> Answer:
    """Have a message sent to you again later."""
    seen = choosing.chosen(desk, call, call.caller.person.inbox)
    about = str(call.options.get("about", "")) or await _last_here(desk, call)
    occurrence = _occurrence(seen, about, call)
    until = str(call.options.get("until", ""))
    if not until:
        return _choices(call, about, occurrence)
    if until == ASK:
        return _form(call, about)
    zone = await known_zone(desk, call)
    due = moments.read(until, call.at, zone or "UTC", str(call.options.get("hour", "")))
    _check(due, occurrence, call, zone or "UTC")
    stored = await _store(desk, call, _made(call, seen, occurrence, due, zone or "UTC"))
    return _snoozed(call, stored, occurrence, due, zone)


async def _last_here(desk: Desk, call: Call) -> str:
    """What the place of the call was sent last."""
    async with desk.store.reading() as tx:
        recent = await desk.deliveries.recent(tx, 20, call.place)
    last = next((each for each in recent if each.state == "sent" and each.kind != "cancellation"), None)
    if last is None:
        raise UserError(
            "Nothing was sent here yet; say what to snooze, like /brief snooze 1h treaty-signing."
        )
    return DIGEST if last.kind == "digest" else f"{last.item}#{last.occurrence}"


def _occurrence(seen: Visible, about: str, call: Call) -> Occurrence | None:
    """The occurrence that is meant, None for the digest."""
    if about == DIGEST:
        return None
    name, _sep, number = about.partition("#")
    watch_date = named_date(seen, name)
    found = (
        occurrence_of([watch_date], watch_date.id, int(number))
        if number.isdecimal()
        else next_occurrence(watch_date, choosing.today(call))
    )
    if found is None or watch_date.cancelled is not None:
        raise UserError("“{name}” is not to come any more; /brief dates lists what is.", name=name)
    return found


def _about(occurrence: Occurrence | None) -> str:
    return DIGEST if occurrence is None else f"{occurrence.watch_date.id}#{occurrence.index}"


def _named(occurrence: Occurrence | None, language: str) -> str:
    return speaking(language)("The digest") if occurrence is None else f"“{occurrence.title}”"


def _choices(call: Call, about: str, occurrence: Occurrence | None) -> Reply:
    _ = speaking(choosing.language(call))

    def choice(label: str, until: str) -> Action:
        options = (("about", about), *_brief_of(call), ("until", until))
        return Action(label, Press("open", "brief snooze", options))

    said = _("When shall {what} come to you again? Only you get it; nothing changes for others.").format(
        what=_named(occurrence, choosing.language(call))
    )
    actions = (
        choice(_("In 1 hour"), "1h"), choice(_("Tomorrow 09:00"), "tomorrow"), choice(_("On a date…"), ASK),
    )  # fmt: skip
    return Reply(_("Snooze"), (Prose(text(said)),), actions=actions)


def _brief_of(call: Call) -> tuple[tuple[str, str], ...]:
    brief = call.options.get("brief")
    return (("brief", str(brief)),) if brief else ()


def _form(call: Call, about: str) -> Form:
    _ = speaking(choosing.language(call))
    fields = (
        Option("until", _("The day on which it comes again"), "date", required=True),
        Option("hour", _("The hour, like 09:00"), default="09:00"),
    )
    preset = (("about", about), *_brief_of(call))
    return Form(_("Snooze until"), "brief snooze", fields, preset, submit=_("Snooze"))


def _check(due: datetime, occurrence: Occurrence | None, call: Call, zone: str) -> None:
    if due - call.at > LONGEST:
        raise UserError("That is more than {days} days ahead; choose an earlier day.", days=LONGEST.days)
    if occurrence is not None and due >= over_at(occurrence.date, occurrence.watch_date.zone, zone):
        raise UserError(
            "By then the date itself, {date}, is over; choose an earlier moment.",
            date=long_date(occurrence.date, choosing.language(call)),
        )


def _made(call: Call, seen: Visible, occurrence: Occurrence | None, due: datetime, zone: str) -> Subscription:
    wall = due.astimezone(zone_info(zone)).replace(tzinfo=None)
    if instant_of(wall.date(), wall.time(), zone) != due:  # the second of two equal clock times in autumn
        zone, wall = "UTC", due.replace(tzinfo=None)
    return subscription(
        seen.brief.brief, "snooze", call.caller.person.inbox, call.caller.person, call.at,
        subject=f"date:{occurrence.watch_date.id}" if occurrence else "", schedule=once(wall), zone=zone,
        language=choosing.language(call), occurrence=occurrence.index if occurrence else 0,
    )  # fmt: skip


async def _store(desk: Desk, call: Call, made: Subscription) -> Subscription:
    """Store a snooze; a later one of the same message takes the place of the earlier."""
    async with desk.store.transaction() as tx:
        stored, new = await desk.subscriptions.add(tx, made)
        if not new:
            stored = await desk.subscriptions.change(
                tx, replace(made, id=stored.id, planned_until=stored.planned_until)
            )
        await desk.outside.replan_subscription(tx, stored.id, call.at)
    return stored


def _snoozed(
    call: Call, stored: Subscription, occurrence: Occurrence | None, due: datetime, zone: str | None
) -> Reply:
    _ = speaking(choosing.language(call))
    what = _named(occurrence, choosing.language(call))
    where = _("this page") if stored.destination.platform == "web" else _("your direct messages")
    said = filled(_("{what} comes to {where} again: {due}."), what=what, where=where, due=Instant(due))
    blocks = [Prose(said)]
    if zone is None:
        blocks.append(
            Prose(text(_("Your zone is not known here, so UTC is used. Set it with /brief timezone.")))
        )
    undo = Action(_("Do not send it"), Press("open", "brief unfollow", (("number", str(stored.id)),)))
    return Reply(_("Snoozed"), tuple(blocks), actions=(undo,))


COMMANDS = (
    Command(
        "brief snooze", N_("Have a message sent to you again later"), snooze,
        (
            Option("until", N_("When, like 1h, 3d, tomorrow or 2026-12-01"),
                   pattern=moments.PATTERN),
            Option("about", N_("A watch date; what was sent here last if left out"), completes=complete_date),
            Option("hour", N_("At which hour, like 09:00")),
            choosing.BRIEF,
        ),
        asks=True, example="/brief snooze tomorrow treaty-signing",
    ),
)  # fmt: skip
