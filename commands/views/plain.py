"""A reply as plain text: for rehearsals, for the terminal, and for whoever reads without markup."""

from collections.abc import Callable
from datetime import datetime

from commands.model import (
    Block,
    Code,
    EditorNote,
    Heading,
    Inline,
    Instant,
    Link,
    Listing,
    Mention,
    Picture,
    Place,
    Prose,
    Quotation,
    Reply,
    Strong,
    Text,
)
from commands.views import frame

Clock = Callable[[datetime], str]


def utc(when: datetime) -> str:
    """Write an instant in UTC."""
    return f"{when:%Y-%m-%d %H:%M} UTC"


def plain(reply: Reply, clock: Clock = utc) -> str:
    """Write the whole reply; `clock` writes its instants."""
    parts = [reply.title, *(block(each, clock, reply.language) for each in reply.blocks)]
    return "\n\n".join(part for part in (*parts, reply.footer) if part)


def block(each: Block, clock: Clock = utc, language: str = "en") -> str:
    """Write one block."""
    match each:
        case Prose():
            return words(each.text, clock)
        case Heading():
            return each.text
        case Quotation():
            label = f"{each.label}: " if each.label else ""
            place = f"{each.passage}, {each.heading}" if each.heading else each.passage
            return f"{label}“{each.words}” ({place})"
        case EditorNote():
            before, behind = frame.source(language)
            heading = frame.note_heading(each, language).replace(" · ", ", ")
            return f"{heading}: {each.text} {before}{each.source}{behind}"
        case Listing():
            return "\n".join(f"- {words(item, clock)}" for item in each.items)
        case Picture():
            return each.beyond(0)


def words(text: Text, clock: Clock = utc) -> str:
    """Write a line of text."""
    return "".join(_word(inline, clock) for inline in text)


def _word(inline: Inline, clock: Clock) -> str:
    match inline:
        case str():
            return inline
        case Instant():
            return clock(inline.when)
        case Strong() | Code():
            return inline.text
        case Link():
            return f"{inline.text} ({inline.url})"
        case Mention():
            return f"@{inline.name}"
        case Place():
            return inline.name
