"""The blast radius in words: what publishing would send, plan, move, reword and drop."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from commands.model import Block, File, Heading, Instant, Listing, Place, Prose, Text, text
from commands.radius import Effect, Verb
from commands.views.places import place
from commands.views.plain import plain
from commands.wording import counting, speaking

# So many lines of each kind are shown; the file holds all of them, in full.
SHOWN = 5
FILE = "messages.txt"


def radius(effects: Sequence[Effect], language: str) -> list[Block]:
    """Say what publishing would do to messages, the most urgent first."""
    _ = speaking(language)
    blocks: list[Block] = [Heading(_("What publishing does to messages"))]
    if not effects:
        return [*blocks, Prose(text(_("Nothing is sent at once, and no planned message changes.")))]
    for verb in ("sent", "planned", "moved", "reworded", "dropped"):
        alike = [each for each in effects if each.verb == verb]
        if alike:
            blocks += [Prose(text(_count(verb, len(alike), language))), _listed(alike, language)]
    return blocks


def in_full(effects: Sequence[Effect], language: str) -> tuple[File, ...]:
    """Every message in full with its destination and time, as a file; none where there is no message."""
    if not effects:
        return ()
    written = "\n\n".join(_whole(each, language) for each in effects)
    return (File(FILE, f"{written}\n".encode(), speaking(language)("Every message, in full")),)


def _count(verb: Verb, count: int, language: str) -> str:
    n_ = counting(language)
    said = {
        "sent": n_("{count} message goes out at once:", "{count} messages go out at once:", count),
        "planned": n_("{count} message is planned anew:", "{count} messages are planned anew:", count),
        "moved": n_("{count} planned message moves:", "{count} planned messages move:", count),
        "reworded": n_("{count} planned message says something else:",
                       "{count} planned messages say something else:", count),
        "dropped": n_("{count} planned message is dropped:", "{count} planned messages are dropped:", count),
    }  # fmt: skip
    return said[verb].format(count=count)


def _listed(alike: Sequence[Effect], language: str) -> Listing:
    items = [_line(each, language) for each in alike[:SHOWN]]
    if len(alike) > SHOWN:
        more = speaking(language)("and {count} more, all of them in {file}")
        items.append(text(more.format(count=len(alike) - SHOWN, file=FILE)))
    return Listing(tuple(items))


def _line(each: Effect, language: str) -> Text:
    where: Place = place(each.delivery.destination, language)
    title = each.reply.title if each.reply else each.delivery.item
    if each.verb == "sent":
        return text(where, f": {title}")
    if each.before is not None:
        return text(where, f": {title}, ", Instant(each.before), " → ", Instant(each.delivery.due_at))
    return text(where, f": {title}, ", Instant(each.delivery.due_at))


def _whole(each: Effect, language: str) -> str:
    _ = speaking(language)
    when = _("at once") if each.verb == "sent" else _local(each.delivery.due_at, each.zone)
    head = f"== {each.verb}: {each.delivery.destination}, {when} =="
    return f"{head}\n{plain(each.reply)}" if each.reply else f"{head}\n{each.delivery.item}"


def _local(when: datetime, zone: str) -> str:
    return f"{when.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M} {zone}"
