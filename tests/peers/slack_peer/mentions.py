"""Who would be notified by a message (S: messaging/formatting-message-text).

A control sequence (`<!channel>`, `<@U…>`, `<!subteam^S…>`) notifies wherever mrkdwn is read, also with
`verbatim: true`, which only stops the automatic parsing of plain words (S: composition-objects/text-object).
A plain `@channel` notifies where names are parsed: top-level text with `parse: full` or `link_names`, and
mrkdwn objects without `verbatim`; which "certain mentions" those parse is not documented, so broadcasts are
counted there. Escaped text and plain_text notify nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from .errors import Json
from .world import UserGroup

SEQUENCE = re.compile(
    r"<(?:!(?P<broadcast>channel|here|everyone)|@(?P<user>[UW][A-Z0-9]+)|!subteam\^(?P<group>S[A-Z0-9]+))"
    r"(?:\|[^>]*)?>"
)
BARE = re.compile(r"(?<![\w<!@])@(channel|here|everyone)\b")


class Part(NamedTuple):
    """A piece of text that Slack reads: `names` says whether plain words are parsed too."""

    text: str
    names: bool


def notified(content: Json, groups: Iterable[UserGroup]) -> list[str]:
    """Who would be pinged, in the order of first mention.

    Entries: `channel`, `here`, `everyone`, a user's id, `usergroup:<id>`.
    """
    handles = {group.handle: group.id for group in groups}
    found = [name for part in _parts(content) for name in _in_part(part, handles)]
    found += _rich(content.get("blocks"))
    return list(dict.fromkeys(found))


def _in_part(part: Part, handles: dict[str, str]) -> Iterator[str]:
    for match in SEQUENCE.finditer(part.text):
        group = match["group"]
        yield match["broadcast"] or match["user"] or f"usergroup:{group}"
    if part.names:
        yield from BARE.findall(part.text)
        yield from (
            f"usergroup:{handles[name]}" for name in re.findall(r"@([\w-]+)", part.text) if name in handles
        )


def _parts(content: Json) -> Iterator[Part]:
    names = content.get("parse") == "full" or bool(content.get("link_names"))
    for key in ("text", "markdown_text"):
        if content.get(key):
            yield Part(content[key], names)
    yield from _mrkdwn(content.get("blocks"))
    for attachment in content.get("attachments") or []:
        for key in ("text", "pretext", "fallback"):
            if attachment.get(key):
                yield Part(attachment[key], names)
        yield from _mrkdwn(attachment.get("blocks"))


def _mrkdwn(value: Any) -> Iterator[Part]:
    if isinstance(value, list):
        for item in value:
            yield from _mrkdwn(item)
    elif isinstance(value, dict):
        if value.get("type") == "mrkdwn":
            yield Part(str(value.get("text", "")), not value.get("verbatim", False))
        elif value.get("type") == "markdown":
            # Undocumented for markdown blocks: counted, so that nobody leans on silence
            yield Part(str(value.get("text", "")), True)
        else:
            for item in value.values():
                yield from _mrkdwn(item)


def _rich(value: Any) -> Iterator[str]:
    """Mentions that are elements of rich text."""
    if isinstance(value, list):
        for item in value:
            yield from _rich(item)
    elif isinstance(value, dict):
        if value.get("type") == "broadcast":
            yield str(value.get("range"))
        elif value.get("type") == "user" and "user_id" in value:
            yield str(value["user_id"])
        elif value.get("type") == "usergroup" and "usergroup_id" in value:
            yield f"usergroup:{value['usergroup_id']}"
        for item in value.values():
            yield from _rich(item)
