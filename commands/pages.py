"""Pages: a long reply cut into screens that lose no word.

The budgets hold on every platform even when each character has to be escaped: a page of 1,500 characters
is at most 7,500 as Slack's `&amp;` (its limit lies near 12,000 over all blocks) and 3,000 behind Discord's
backslashes (an embed's description holds 4,096).
"""

import re
from collections.abc import Iterator
from dataclasses import replace

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

FIRST, REST = 900, 1500
BLOCKS = 12
BUTTONS = 15
# What an instant or a mention grows to as markup: `<!date^1780000000^{date_short} {time}|fallback>`.
MARKUP = 40


def width(inline: Inline) -> int:
    """Characters of an inline part as a reader counts them, markup allowed for."""
    match inline:
        case str():
            return len(inline)
        case Instant():
            return MARKUP
        case Link():
            return len(inline.text) + len(inline.url)
        case Mention():
            return MARKUP
        case Place():
            return max(MARKUP, len(inline.name))
        case Strong() | Code():
            return len(inline.text)


def size(block: Block) -> int:
    """Characters of a block, its labels included."""
    match block:
        case Prose():
            return sum(map(width, block.text))
        case Heading():
            return len(block.text)
        case Quotation():
            return len(block.words) + len(block.passage) + len(block.heading) + len(block.label or "")
        case EditorNote():
            return len(block.text) + len(block.source) + MARKUP
        case Listing():
            return sum(sum(map(width, item)) + 3 for item in block.items)
        case Picture():
            return len(block.beyond(0))


_BREAK = re.compile(r"(?<=[.!?。!?])\s+|\n+")


def cut(words: str, room: int) -> tuple[str, str]:
    """Cut after the last sentence that fits; failing that at a word; failing that anywhere.

    The two parts joined are the words again.
    """
    if len(words) <= room:
        return words, ""
    ends = [found.end() for found in _BREAK.finditer(words, 0, room + 1) if found.end() <= room]
    spaces = [found.end() for found in re.finditer(r"\s+", words[: room + 1]) if found.end() <= room]
    at = max(ends or spaces or [room])
    return words[:at], words[at:]


def _cut_text(text: Text, room: int) -> tuple[Text, Text]:
    head: list[Inline] = []
    for place, inline in enumerate(text):
        if width(inline) <= room:
            head.append(inline)
            room -= width(inline)
            continue
        if isinstance(inline, str | Strong | Code) and (room > 80 or not head):
            words = inline if isinstance(inline, str) else inline.text
            fits, left = cut(words, max(room, 1))
            return (*head, _like(inline, fits)), (_like(inline, left), *text[place + 1 :])
        if not head:
            head.append(inline)
            return tuple(head), text[place + 1 :]
        return tuple(head), text[place:]
    return tuple(head), ()


def _like(inline: str | Strong | Code, words: str) -> Inline:
    return words if isinstance(inline, str) else replace(inline, text=words)


def _cut_block(block: Block, room: int) -> tuple[Block, Block | None]:
    """Cut a block that is too long for any page; the first part is never empty."""
    match block:
        case Prose():
            fits, left = _cut_text(block.text, room)
            return Prose(fits), Prose(left) if left else None
        case Listing():
            return _cut_listing(block, room)
        case Quotation():
            words, rest = cut(block.words, max(room - size(block) + len(block.words), 200))
            return _quotation_parts(block, len(words), rest)
        case EditorNote():
            words, rest = cut(block.text, max(room - len(block.source) - MARKUP, 200))
            return replace(block, text=words), replace(block, text=rest) if rest else None
        case Heading():
            words, rest = cut(block.text, room)
            return Heading(words), Heading(rest) if rest else None
        case Picture():
            return block, None


def _quotation_parts(block: Quotation, at: int, rest: str) -> tuple[Block, Block | None]:
    if not rest:
        return block, None
    head, tail = block.highlight, block.highlight
    if block.highlight:
        start, end = block.highlight
        head = (start, min(end, at)) if start < at else None
        tail = (max(start - at, 0), end - at) if end > at else None
    return (
        replace(block, words=block.words[:at], highlight=head),
        replace(block, words=rest, highlight=tail, label=None),
    )


def _cut_listing(block: Listing, room: int) -> tuple[Block, Block | None]:
    taken: list[Text] = []
    for place, item in enumerate(block.items):
        cost = sum(map(width, item)) + 3
        if cost > room:
            if not taken:
                fits, left = _cut_text(item, room)
                rest = (left, *block.items[place + 1 :]) if left else block.items[place + 1 :]
                return replace(block, items=(fits,)), replace(block, items=rest) if rest else None
            return replace(block, items=tuple(taken)), replace(block, items=block.items[place:])
        taken.append(item)
        room -= cost
    return block, None


def _screens(blocks: tuple[Block, ...], first: int) -> Iterator[tuple[Block, ...]]:
    waiting = list(reversed(blocks))
    screen: list[Block] = []
    budget = room = first
    while waiting:
        block = waiting.pop()
        if isinstance(block, Picture) and block.told and any(isinstance(each, Picture) for each in screen):
            # A picture whose words stand beside it begins a screen of its own, so that its words stay with it.
            yield tuple(screen)
            screen, budget, room = [], REST, REST
        if size(block) <= room and len(screen) < BLOCKS:
            screen.append(block)
            room -= size(block)
            continue
        splits = size(block) > budget or isinstance(block, Listing)
        if splits and room > budget // 2 and len(screen) < BLOCKS:
            fits, left = _cut_block(block, room)
            screen.append(fits)
            if left:
                waiting.append(left)
        elif screen:
            waiting.append(block)
        else:  # a picture or a heading longer than a screen stands alone
            screen.append(block)
        yield tuple(screen)
        screen, budget, room = [], REST, REST
    if screen:
        yield tuple(screen)


def _without_widows(screens: list[tuple[Block, ...]]) -> list[tuple[Block, ...]]:
    """Move a heading at the foot of a screen to the screen that it heads."""
    for place in range(len(screens) - 1):
        if len(screens[place]) > 1 and isinstance(screens[place][-1], Heading):
            screens[place + 1] = (screens[place][-1], *screens[place + 1])
            screens[place] = screens[place][:-1]
    return screens


def paginate(reply: Reply, first: int = FIRST) -> tuple[Reply, ...]:
    """Cut a reply into pages; buttons beyond the first BUTTONS move to later pages.

    Files go with the first page, which holds `first` characters. A reply of one page comes back as it was.
    """
    screens = _without_widows(list(_screens(reply.blocks, first))) or [()]
    groups = [reply.actions[at : at + BUTTONS] for at in range(0, len(reply.actions), BUTTONS)] or [()]
    count = max(len(screens), len(groups))
    if count == 1:
        return (reply,)
    return tuple(
        replace(
            reply,
            blocks=screens[at] if at < len(screens) else (),
            actions=groups[at] if at < len(groups) else (),
            files=reply.files if at == 0 else (),
            page=at + 1,
            pages=count,
        )
        for at in range(count)
    )


def one_message(reply: Reply, room: int = FIRST) -> Reply:
    """Reduce a reply to its first page: a delivery is one message or a part of one, its buttons lead to the rest."""
    return replace(paginate(reply, room)[0], pages=1)
