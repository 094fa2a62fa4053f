"""Replies as Discord messages: embeds with buttons. Pure.

Limits: docs.discord.com/developers, resources/message and components/reference. Embeds rather than
Components V2, because servers that speak Discord's language, and notifications, show them all.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.discord_adapter import layout, markup
from bot.discord_adapter.incoming import ABOUT
from bot.discord_adapter.kinds import Component
from commands.model import Block, Choice, File, Inline, Listing, Mention, Picture, Prose, Reply, text
from commands.views import frame
from commands.wording import speaking

CONTENT, LABEL, CUSTOM_ID = 2000, 80, 100
FILES, IN_A_ROW, BUTTONS = 10, 5, 25
MENTIONS, CHOICES, CHOICE = 100, 25, 100
# An embed shows one picture, and the words behind the last one need an embed of their own.
PICTURES = layout.EMBEDS - 1

_STYLES = {"primary": 1, "plain": 2, "danger": 4}


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message: its JSON, and the files (name, bytes) whose ids in `attachments` are their places."""

    payload: dict[str, Any]
    files: tuple[tuple[str, bytes], ...] = ()


def message(reply: Reply, key: str = "") -> Outgoing:
    """Render a reply. `key` marks a delivery: its summary becomes the notification's text.

    Each button of a delivery is named `<action.key>|<key>`, so that the channel's history shows the key.
    """
    pictures = _pictures(reply.blocks)
    embeds = layout.embeds_of(reply, {place: name for place, name, _ in pictures})
    if embeds is None:
        return message(_spilled(reply), key)
    files = [(name, picture.png, picture.within(layout.ALT)) for _, name, picture in pictures]
    files += _named_files(reply.files[: FILES - len(files)])
    payload: dict[str, Any] = {
        "embeds": embeds,
        "components": list(_rows(reply, key)),
        "allowed_mentions": _allowed(reply),
    }
    content = _content(reply, key)
    if content:
        payload["content"] = content
    if files:
        payload["attachments"] = [
            {"id": str(place), "filename": name, "description": words}
            for place, (name, _, words) in enumerate(files)
        ]
    return Outgoing(payload, tuple((name, content) for name, content, _ in files))


def fits(reply: Reply) -> bool:
    """Whether one message holds a reply as it is: no embed, no button and no word of its notification too many."""
    buttons = {action.key for action in reply.actions}
    laid_out = layout.embeds_of(reply, {place: name for place, name, _ in _pictures(reply.blocks)})
    return laid_out is not None and len(buttons) <= BUTTONS and len(_told(reply)) <= CONTENT


def replacing(reply: Reply, key: str = "") -> Outgoing:
    """Render a reply that takes the place of a message: what it does not have is emptied."""
    made = message(reply, key)
    return Outgoing({"content": "", "attachments": [], **made.payload}, made.files)


def suggestions(choices: Sequence[Choice], numbers: bool = False) -> list[dict[str, Any]]:
    """Render completions: at most 25, and none whose value Discord would refuse."""
    fitting = [choice for choice in choices if _fits(choice.value, numbers)]
    return [
        {
            "name": _cut(choice.label or choice.value, CHOICE),
            "value": int(choice.value) if numbers else choice.value,
        }
        for choice in fitting[:CHOICES]
    ]


def _fits(value: str, number: bool) -> bool:
    return value.removeprefix("-").isdecimal() if number else 1 <= len(value) <= CHOICE


def _pictures(blocks: Sequence[Block]) -> list[tuple[int, str, Picture]]:
    """The pictures that can be shown, with their places among the blocks and their file names."""
    found = [(place, block) for place, block in enumerate(blocks) if isinstance(block, Picture)][:PICTURES]
    return [
        (place, _file_name(block.name, number, "png"), block) for number, (place, block) in enumerate(found)
    ]


def _named_files(files: Sequence[File]) -> list[tuple[str, bytes, str]]:
    return [(file.name, file.content, file.title[: layout.ALT]) for file in files]


def _file_name(name: str, number: int, ending: str) -> str:
    """A name that `attachment://` can refer to; Discord replaces other characters (reference, Uploading)."""
    stem = re.sub(r"[^A-Za-z0-9_-]+", "-", name.removesuffix(f".{ending}")).strip("-")[:60]
    return f"{stem or 'picture'}{f'-{number + 1}' if number else ''}.{ending}"


def _spilled(reply: Reply) -> Reply:
    """What is too long for a message, as a file with a sentence that says so."""
    words = "\n\n".join(piece.words for piece in layout.pieces_of(reply, {}))
    pictures = tuple(
        replace(block, alt=block.within(layout.ALT)) for block in reply.blocks if isinstance(block, Picture)
    )
    whole = f"# {markup.escape(reply.title)}\n\n{words}\n\n{frame.footer(reply)}\n"
    return reply.with_(
        title=reply.title[:100],
        blocks=(Prose(text(frame.cut_short("Discord", "answer.md", reply.language))), *pictures[:PICTURES]),
        footer=reply.footer[:1000],
        files=(File("answer.md", whole.encode(), speaking(reply.language)("The whole answer")), *reply.files),
    )


def _rows(reply: Reply, key: str) -> Iterator[dict[str, Any]]:
    buttons = list({button["custom_id"]: button for button in _buttons(reply, key)}.values())[:BUTTONS]
    for at in range(0, len(buttons), IN_A_ROW):
        yield {"type": Component.ROW, "components": buttons[at : at + IN_A_ROW]}


def _buttons(reply: Reply, key: str) -> Iterator[dict[str, Any]]:
    keyed = False
    for action in reply.actions:
        name = f"{action.key}|{key}" if key else action.key
        fits = len(name) <= CUSTOM_ID
        keyed |= fits
        yield _button(action.label, name if fits else action.key, _STYLES[action.style])
    if key and not keyed:
        yield _button(speaking(reply.language)("What arrives here"), f"{ABOUT}|{key}", _STYLES["plain"])


def _button(label: str, name: str, style: int) -> dict[str, Any]:
    return {"type": Component.BUTTON, "style": style, "label": _cut(label, LABEL), "custom_id": name}


def _cut(words: str, room: int) -> str:
    return words if len(words) <= room else f"{words[: room - 1]}…"


def _content(reply: Reply, key: str) -> str:
    """The pings, which work in the content alone, and the words of a delivery's notification."""
    whole = _told(reply) if key else _pings(reply)
    return whole if len(whole) <= CONTENT else f"{whole[: CONTENT - 2].rstrip(chr(92))}…"


def _told(reply: Reply) -> str:
    words = markup.escape(reply.summary or reply.title)
    return " ".join(part for part in (_pings(reply), words) if part)


def _pings(reply: Reply) -> str:
    return " ".join(dict.fromkeys(filter(None, (markup.mention(each.target) for each in _mentions(reply)))))


def _allowed(reply: Reply) -> dict[str, Any]:
    """Nobody is notified but whom a Mention names (resources/message, Allowed Mentions)."""
    allowed: dict[str, Any] = {"parse": []}
    for mention in _mentions(reply):
        kind, _, id = mention.target.partition(":")
        if markup.mention(mention.target):
            allowed.setdefault("roles" if kind == "role" else "users", []).append(id)
    return {kind: list(dict.fromkeys(ids))[:MENTIONS] for kind, ids in allowed.items()}


def _mentions(reply: Reply) -> list[Mention]:
    return [part for block in reply.blocks for part in _inlines(block) if isinstance(part, Mention)]


def _inlines(block: Block) -> Iterable[Inline]:
    match block:
        case Prose():
            return block.text
        case Listing():
            return tuple(part for item in block.items for part in item)
    return ()
