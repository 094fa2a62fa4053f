"""Replies as Slack messages: Block Kit with a complete fallback text. Pure.

Limits: docs.slack.dev, reference/methods/chat.postMessage and chat.update.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from bot.slack_adapter import layout, markup
from commands.model import Block, EditorNote, File, Heading, Listing, Picture, Prose, Quotation, Reply, text
from commands.views import frame
from commands.wording import speaking

EVENT_TYPE = "briefbot_delivery"
TEXT = 39_000
# chat.update answers msg_too_long beyond 4,000 bytes of text, escapes counted.
UPDATE_BYTES = 4_000
_NONE: Mapping[int, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message: its JSON, and the files to share along with it."""

    payload: dict[str, Any]
    files: tuple[File, ...] = ()


def message(reply: Reply, key: str = "", pictures: Mapping[int, str] = _NONE) -> Outgoing:
    """Render a reply. `key` marks a delivery, in metadata that the channel's history gives back.

    `pictures` gives the id of the uploaded file by a Picture's place in `reply.blocks`.
    """
    blocks = layout.blocks_of(reply, pictures)
    if blocks is None:
        return message(_spilled(reply), key)
    payload: dict[str, Any] = {
        "text": _cut(fallback(reply)) or " ",
        "unfurl_links": False,
        "unfurl_media": False,
    }
    if blocks:
        payload["blocks"] = blocks
    if key:
        payload["metadata"] = {"event_type": EVENT_TYPE, "event_payload": {"key": key}}
    return Outgoing(payload, reply.files)


def fits(reply: Reply) -> bool:
    """Whether one message holds a reply as it is."""
    return layout.blocks_of(reply, _NONE) is not None and len(fallback(reply)) <= TEXT


def updating(reply: Reply, pictures: Mapping[int, str] = _NONE) -> Outgoing:
    """Render a reply that takes the place of a posted message: its blocks say everything.

    The metadata of the posted message stays what it is.
    """
    made = message(reply, "", pictures)
    words: str = made.payload["text"]
    cut = words.encode()[: UPDATE_BYTES - 3].decode(errors="ignore")
    shown = words if len(words.encode()) <= UPDATE_BYTES else f"{_whole_escapes(cut)}…"
    return Outgoing({"text": shown, "blocks": made.payload.get("blocks", [])}, made.files)


def pictures_of(reply: Reply) -> list[tuple[int, Picture]]:
    """The pictures of a reply with their places among its blocks."""
    return [(place, block) for place, block in enumerate(reply.blocks) if isinstance(block, Picture)]


def is_plain(reply: Reply) -> bool:
    """Say whether a reply needs no upload, so that it can travel in an acknowledgement."""
    return not reply.files and not pictures_of(reply)


def fallback(reply: Reply) -> str:
    """Write everything that a reply says, for notifications and screen readers; the summary first."""
    summary = reply.summary if reply.summary != reply.title else ""
    lines = [
        markup.escape(summary),
        markup.escape(reply.title),
        *(_fallback(block, reply.language) for block in reply.blocks),
    ]
    lines.append(markup.escape(frame.footer(reply)))
    return "\n".join(line for line in lines if line.strip())


def _fallback(block: Block, language: str) -> str:
    match block:
        case Prose():
            return markup.fallback(block.text, language)
        case Heading():
            return markup.escape(block.text)
        case Quotation():
            label = f"{block.label}: " if block.label else ""
            place = layout.place_of(block)
            return markup.escape(f"{label}“{block.words}”" + (f" ({place})" if place else ""))
        case EditorNote():
            before, behind = frame.source(language)
            heading = frame.note_heading(block, language)
            return markup.escape(f"{heading}: {block.text} {before}{block.source}{behind}")
        case Listing():
            return "\n".join(
                f"{f'{number}.' if block.ordered else '•'} {markup.fallback(item, language)}"
                for number, item in enumerate(block.items, 1)
            )
        case Picture():
            return markup.escape(block.beyond(0))


def _cut(words: str) -> str:
    return words if len(words) <= TEXT else f"{_whole_escapes(words[:TEXT])}…"


def _whole_escapes(words: str) -> str:
    """Drop an escape or a control sequence that a cut left open."""
    return re.sub(r"(?:&[a-z]{0,3}|<[^<>]*)$", "", words)


def _spilled(reply: Reply) -> Reply:
    """What is too long for a message, as a file with a sentence that says so."""
    whole = _unescaped(fallback(reply))
    return reply.with_(
        title=reply.title[:100],
        blocks=(Prose(text(frame.cut_short("Slack", "answer.txt", reply.language))),),
        footer=reply.footer[:1000],
        summary=reply.summary[:1000],
        files=(
            File("answer.txt", whole.encode(), speaking(reply.language)("The whole answer")),
            *reply.files,
        ),
    )


def _unescaped(words: str) -> str:
    dated = re.sub(r"<!date\^[^|>]*\|([^>]*)>", r"\1", words)
    return dated.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
