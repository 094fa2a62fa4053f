"""Deliveries in words: what a message was, and the list of those that failed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from briefs.dates import Occurrence, occurrence_of
from briefs.visible import Visible
from commands.model import Action, Block, Code, Heading, Instant, Listing, Press, Prose, Reply, Text, text
from commands.views.dates import lead_words
from commands.views.places import place, place_name, platform_name
from commands.wording import filled, recalling, speaking
from scheduler.address import Destination, destination
from scheduler.delivery import Delivery
from scheduler.delivery_table import Tally
from scheduler.planner import OUT_OF_TURN
from scheduler.stops import Stop

DELIVERIES = "brief-admin deliveries"
# So many failed deliveries are listed, and the first few of them have buttons.
LISTED, PRESSED = 20, 3

Seen = Mapping[str, Visible]
"""What the reader of a reply may see of every brief, by the brief's id."""


@dataclass(frozen=True, slots=True)
class State:
    """The ledger as one list shows it; `where` is None for all destinations.

    `stops` holds each stop with the number of due messages that wait for it. `own` says that the reader
    may also lift the stop of a whole platform.
    """

    where: Destination | None
    stops: Sequence[tuple[Stop, int]]
    failed: Sequence[Delivery]
    tally: Tally
    next: Delivery | None
    own: bool


def occurrence(seen: Visible | None, row: Delivery) -> Occurrence | None:
    """Find the occurrence that a message is about, as far as the reader may see it."""
    return None if seen is None else occurrence_of(seen.brief.watch_dates, row.item, row.occurrence)


def what(seen: Visible | None, row: Delivery, language: str) -> str:
    """Say what a message is: `the reminder of …, 7 days before`."""
    _ = speaking(language)
    if row.kind == "digest":
        title = f"“{seen.brief.title}”" if seen else _("a brief that is not shown here")
        return _("the digest of {title}").format(title=title)
    found = occurrence(seen, row)
    title = found.title if found else _("a watch date that is not shown here")
    named = {
        "reminder": _("the reminder of {title}"),
        "correction": _("the correction of {title}"),
        "cancellation": _("the cancellation of {title}"),
    }[row.kind]
    what, before = named.format(title=title), lead(row, language)
    return _("{what}, {lead}").format(what=what, lead=before) if before else what


def lead(row: Delivery, language: str) -> str:
    """Say how long before its date a reminder is told; empty for what has no lead time."""
    _ = speaking(language)
    if row.kind != "reminder" or row.lead == OUT_OF_TURN:
        return ""
    return _("snoozed") if row.lead.startswith("once ") else lead_words(row.lead, language)


def quoted(reason: str | None, language: str) -> str:
    """Set the platform's or the ledger's own words apart; they are stored in English."""
    _, said = speaking(language), recalling(language)(reason or "").rstrip(".。")
    return _("“{words}”").format(words=said) if reason else _("no reason was given")


def button(row: Delivery, action: str, language: str) -> Action:
    """Make the button that retries or dismisses what failed."""
    _ = speaking(language)
    label = _("Retry {number}") if action == "retry" else _("Dismiss {number}")
    options = (("action", action), ("number", str(row.id)))
    return Action(label.format(number=row.id), Press("open", DELIVERIES, options))


def all_button(language: str) -> Action:
    """Make the button that shows the list again."""
    return Action(speaking(language)("The list"), Press("open", DELIVERIES))


def why_button(number: int, language: str) -> Action:
    """Make the button that explains a message."""
    return Action(speaking(language)("Why"), Press("open", "brief-admin why", (("message", str(number)),)))


def listing(state: State, seen: Seen, language: str) -> Reply:
    """List what is stopped and what failed for good, with what can be done about each."""
    _ = speaking(language)
    blocks: list[Block] = [*_stops(state, language), *_failed(state, seen, language)]
    if not blocks:
        blocks = [
            Prose(text(_("Nothing failed, and no destination is stopped."))),
            _next(state, seen, language),
        ]
    blocks.append(Prose(text(_counts(state.tally, language))))
    lifts = [
        _lift(stop, len(state.stops), language) for stop, _waiting in state.stops if _may_lift(stop, state)
    ]
    pressed = [
        button(row, action, language) for row in state.failed[:PRESSED] for action in ("retry", "dismiss")
    ]
    return Reply(_("Deliveries"), tuple(blocks), actions=(*lifts, *pressed))


def _stops(state: State, language: str) -> list[Block]:
    if not state.stops:
        return []
    _ = speaking(language)
    items = tuple(_stop(stop, waiting, state, language) for stop, waiting in state.stops)
    return [Heading(_("Stopped")), Listing(items)]


def _stop(stop: Stop, waiting: int, state: State, language: str) -> Text:
    _ = speaking(language)
    said = _("Nothing is sent to {where} since {since}: {reason}. Messages that wait: {count}.")
    where = platform_name(stop.place) if stop.is_platform else place(destination(stop.place), language)
    words = filled(
        said, where=where, since=Instant(stop.since), reason=quoted(stop.reason, language), count=waiting
    )
    if _may_lift(stop, state):
        return words
    return (*words, " ", _("The bot's admins can lift it."))


def _may_lift(stop: Stop, state: State) -> bool:
    return state.own or not stop.is_platform


def _lift(stop: Stop, count: int, language: str) -> Action:
    _ = speaking(language)
    press = Press("open", DELIVERIES, (("action", "retry"), ("channel", stop.place)))
    if count == 1:
        return Action(_("Try again"), press)
    named = platform_name(stop.place) if stop.is_platform else place_name(destination(stop.place), language)
    return Action(_("Try again: {place}").format(place=named), press)


def _failed(state: State, seen: Seen, language: str) -> list[Block]:
    if not state.failed:
        return []
    _ = speaking(language)
    items = tuple(_line(row, seen.get(row.brief), language) for row in state.failed)
    blocks: list[Block] = [Heading(_("Failed for good")), Listing(items)]
    if len(items) < state.tally.failed:
        said = _("These are the latest {count} of {all}; dismiss some to see the others.")
        blocks.append(Prose(text(said.format(count=len(items), all=state.tally.failed))))
    number = state.failed[-1].id
    how = filled(
        _("By number: {retry} or {dismiss}. What became of one: {why}."),
        retry=Code(f"/{DELIVERIES} retry {number}"), dismiss=Code(f"/{DELIVERIES} dismiss {number}"),
        why=Code(f"/brief-admin why {number}"),
    )  # fmt: skip
    return [*blocks, Prose(how)]


def _line(row: Delivery, seen: Visible | None, language: str) -> Text:
    _ = speaking(language)
    return filled(
        _("{number}: {what}, to {where}, due {due}: {reason}."),
        number=row.id, what=what(seen, row, language), where=place(row.destination, language),
        due=Instant(row.due_at), reason=quoted(row.last_error, language),
    )  # fmt: skip


def _next(state: State, seen: Seen, language: str) -> Prose:
    _ = speaking(language)
    if state.next is None:
        how = _("Nothing is planned either; {follow} follows the dates of a brief.")
        return Prose(filled(how, follow=Code("/brief follow where=here")))
    return Prose(filled(
        _("Next: {what}, to {where}, {due}."),
        what=what(seen.get(state.next.brief), state.next, language),
        where=place(state.next.destination, language), due=Instant(state.next.due_at),
    ))  # fmt: skip


def _counts(tally: Tally, language: str) -> str:
    _ = speaking(language)
    said = _(
        "Planned: {planned}. Sent within 7 days: {sent}. Waiting to be tried again or looked up: {waiting}."
    )
    return said.format(planned=tally.planned, sent=tally.sent, waiting=tally.waiting)
