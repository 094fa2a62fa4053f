"""Words as Slack's rich text, where nothing is markup, and as the fallback `text`, where three characters are.

Shapes: docs.slack.dev, reference/block-kit/blocks/rich-text-block and messaging/formatting-message-text.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC
from typing import Any

from babel.dates import format_date

from commands.model import Code, Inline, Instant, Link, Mention, Place, Strong, Text
from commands.pages import cut

LONGEST_URL = 3000

Element = dict[str, Any]

_FORMATS = {"date": "{date}", "time": "{time}", "both": "{date}, {time}", "relative": "{ago}"}
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_WEB = re.compile(r"https?://[^\s<>|]+")
_PERSON = re.compile(r"[UW][A-Z0-9]+")
_CHANNEL = re.compile(r"slack:[^/]+/([CG][A-Z0-9]+)(?:/.*)?")
_GROUP = re.compile(r"S[A-Z0-9]+")


def escape(words: str) -> str:
    """Write the three characters that Slack reads as control; at most five times as long as before."""
    return words.translate(_ESCAPES)


def rich(text: Text, language: str = "en") -> list[Element]:
    """Write inline parts as elements of a rich text."""
    return [element for part in text for element in _element(part, language)]


def words(text: str, **style: bool) -> list[Element]:
    """Write plain words as elements, shown exactly as they stand; none for no words."""
    if not text:
        return []
    return [{"type": "text", "text": text, **({"style": style} if style else {})}]


def address(url: str) -> list[Element]:
    """Write an address as a link; as words where it is none."""
    return [{"type": "link", "url": url}] if is_web(url) else words(url)


def is_web(url: str) -> bool:
    """Say whether Slack makes a link of all of an address."""
    return len(url) <= LONGEST_URL and bool(_WEB.fullmatch(url))


def fallback(text: Text, language: str) -> str:
    """Write inline parts for the fallback `text`, escaped."""
    return "".join(_fallback(part, language) for part in text)


def length(elements: Iterable[Element]) -> int:
    """Count the characters of elements, addresses included."""
    return sum(len(e.get("text", "")) + len(e.get("url", "")) + len(e.get("fallback", "")) for e in elements)


def parts(elements: Iterable[Element], room: int) -> Iterator[list[Element]]:
    """Cut elements into groups of at most `room` characters, at word ends; a long address stays whole."""
    group: list[Element] = []
    left = room
    waiting = list(elements)[::-1]
    while waiting:
        element = waiting.pop()
        if length([element]) <= left:
            group.append(element)
            left -= length([element])
            continue
        if element["type"] == "text" and (left > 80 or not group):
            fits, rest = cut(element["text"], left)
            group.append({**element, "text": fits})
            waiting.append({**element, "text": rest})
        elif group:
            waiting.append(element)
        else:
            group.append(element)
        yield group
        group, left = [], room
    if group:
        yield group


def _element(part: Inline, language: str) -> list[Element]:
    match part:
        case str():
            return words(part)
        case Strong():
            return words(part.text, bold=True)
        case Code():
            return words(part.text, code=True)
        case Instant():
            return [
                {
                    "type": "date",
                    "timestamp": int(part.when.timestamp()),
                    "format": _FORMATS[part.style],
                    "fallback": in_utc(part, language),
                }
            ]
        case Link():
            return _link(part)
        case Mention():
            return [_mention(part.target)] if _mention(part.target) else words(part.name)
        case Place():
            id = _channel(part.address)
            return [{"type": "channel", "channel_id": id}] if id else words(part.name)


def _link(link: Link) -> list[Element]:
    if not is_web(link.url) or not link.text.strip():
        return words(f"{link.text} ({link.url})")
    return [{"type": "link", "url": link.url, "text": link.text}]


def _mention(target: str) -> Element:
    kind, _, id = target.partition(":")
    id = id.rpartition("/")[2]
    if kind == "usergroup" and _GROUP.fullmatch(id):
        return {"type": "usergroup", "usergroup_id": id}
    if kind == "person" and _PERSON.fullmatch(id):
        return {"type": "user", "user_id": id}
    return {}


def _channel(place: str) -> str:
    found = _CHANNEL.fullmatch(place)
    return found[1] if found else ""


def _fallback(part: Inline, language: str) -> str:
    match part:
        case str():
            return escape(part)
        case Strong() | Code():
            return escape(part.text)
        case Instant():
            stamp = int(part.when.timestamp())
            return f"<!date^{stamp}^{_FORMATS[part.style]}|{escape(in_utc(part, language))}>"
        case Link():
            same = part.text == part.url
            return escape(part.text if same else f"{part.text} ({part.url})")
        case Mention():
            found = _mention(part.target)
            if not found:
                return escape(part.name)
            return f"<!subteam^{id}>" if (id := found.get("usergroup_id")) else f"<@{found['user_id']}>"

        case Place():
            return f"<#{id}>" if (id := _channel(part.address)) else escape(part.name)


def in_utc(instant: Instant, language: str) -> str:
    """Write a moment in UTC, for clients that know no zone."""
    local = instant.when.astimezone(UTC)
    day = str(format_date(local, "long", locale=language))
    time = f"{local:%H:%M} UTC"
    return {"date": day, "time": time}.get(instant.style, f"{day}, {time}")
