"""Who a message pings (docs: resources/message, Allowed Mentions).

Text in code spans and behind backslashes is counted as well: Discord's own reading of those is not
documented, and a peer that proves mentions inert must rather see one too many.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .errors import Json
from .permissions import Permission
from .world import Channel, Guild

CHANNEL_DEFAULT: Json = {"parse": ["users", "roles", "everyone"]}
# docs: interactions/receiving-and-responding: a response parses users only, unless told otherwise
INTERACTION_DEFAULT: Json = {"parse": ["users"]}


def notified(
    payload: Json, allowed: Json, guild: Guild | None, channel: Channel, bot_may: Permission
) -> list[str]:
    """User ids, `role:ID`, `everyone`, `here` that the message rings; embeds never ring anybody."""
    text = "\n".join(pinging_texts(payload))
    rung = [*_users(text, allowed, guild, channel)]
    if guild is not None:
        rung += _roles(text, allowed, guild, bot_may)
        rung += _everyone(text, allowed, bot_may)
    return list(dict.fromkeys(rung))


def pinging_texts(payload: Json) -> Iterator[str]:
    """The content, and the text displays of a V2 message."""
    yield payload.get("content") or ""
    yield from _text_displays(payload.get("components") or [])


def _text_displays(components: list[Json]) -> Iterator[str]:
    for part in components:
        if part.get("type") == 10:
            yield part.get("content") or ""
        yield from _text_displays(part.get("components") or [])


def _permitted(kind: str, key: str, allowed: Json) -> bool:
    explicit = allowed.get(kind) or []
    return kind in (allowed.get("parse") or []) or key in map(str, explicit)


def _users(text: str, allowed: Json, guild: Guild | None, channel: Channel) -> Iterator[str]:
    there = set(guild.members) if guild is not None else {channel.recipient_id}
    for user_id in re.findall(r"<@!?(\d+)>", text):
        if user_id in there and _permitted("users", user_id, allowed):
            yield user_id


def _roles(text: str, allowed: Json, guild: Guild, bot_may: Permission) -> Iterator[str]:
    for role_id in re.findall(r"<@&(\d+)>", text):
        role = guild.role(role_id)
        may = role is not None and (role.mentionable or Permission.MENTION_EVERYONE in bot_may)
        if may and _permitted("roles", role_id, allowed):
            yield f"role:{role_id}"


def _everyone(text: str, allowed: Json, bot_may: Permission) -> Iterator[str]:
    if Permission.MENTION_EVERYONE in bot_may and "everyone" in (allowed.get("parse") or []):
        yield from (word for word in ("everyone", "here") if f"@{word}" in text)
