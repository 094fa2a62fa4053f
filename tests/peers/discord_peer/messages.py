"""Building, changing and showing messages, as the platform stores them."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from .component_rules import BUTTON, SELECTS
from .errors import ApiError, Json
from .mentions import CHANNEL_DEFAULT, notified, pinging_texts
from .message_rules import COMPONENTS_V2, is_v2, refuse_message
from .rules import walk
from .state import State, Stored, Upload
from .world import DM, Channel, User

KEPT_FIELDS = ("content", "embeds", "components")
LOADING = 1 << 7


class Messages:
    """The messages of the state; `origin` is the server's own address, for attachment links."""

    def __init__(self, state: State, origin: str) -> None:
        self.state = state
        self.origin = origin

    def create(
        self,
        channel: Channel,
        author: User,
        body: Json,
        files: dict[str, Upload],
        *,
        allowed_default: Json = CHANNEL_DEFAULT,
        only_for: str | None = None,
        extra: Json | None = None,
    ) -> Stored:
        """Checks and stores a new message."""
        refuse_message(body, files)
        refuse_empty(body, files)
        payload = self._blank(channel, author, body) | (extra or {})
        stored = Stored(payload, nonce=_text(body.get("nonce")), only_for=only_for)
        self._fill(stored, channel, body, files, allowed_default)
        self.state.keep(stored)
        return stored

    def edit(
        self, stored: Stored, body: Json, files: dict[str, Upload], allowed_default: Json = CHANNEL_DEFAULT
    ) -> Stored:
        """Checks and applies an edit; what the body does not name stays (docs: Edit Message)."""
        kept = {part["id"]: part for part in stored.payload["attachments"]}
        flags = _edited_flags(stored.payload["flags"], body.get("flags"))
        changed = body | {"flags": flags}
        merged = stored.payload | {key: value for key, value in body.items() if key in KEPT_FIELDS}
        remaining: Json = {key: merged[key] for key in ("content", "embeds")} if is_v2(changed) else {}
        refuse_message(remaining | changed, files, {part["filename"] for part in kept.values()})
        refuse_empty(merged, files)
        channel = self.state.channels[stored.payload["channel_id"]]
        self._fill(stored, channel, changed, files, allowed_default)
        stored.payload["edited_timestamp"] = self._now()
        return stored

    def placeholder(self, channel: Channel, flags: int, only_for: str | None, extra: Json) -> Stored:
        """The "is thinking" message that a deferred answer shows."""
        payload = self._blank(channel, self.state.bot, {"flags": flags | LOADING}) | extra
        stored = Stored(payload, only_for=only_for)
        self.state.keep(stored)
        return stored

    def _blank(self, channel: Channel, author: User, body: Json) -> Json:
        return {
            "id": self.state.snowflake(),
            "channel_id": channel.id,
            "type": 19 if body.get("message_reference") else 0,
            "author": author.wire(),
            "content": "",
            "timestamp": self._now(),
            "edited_timestamp": None,
            "tts": bool(body.get("tts")),
            "mention_everyone": False,
            "mentions": [],
            "mention_roles": [],
            "attachments": [],
            "embeds": [],
            "components": [],
            "pinned": False,
            "flags": body.get("flags") or 0,
        }

    def _fill(
        self, stored: Stored, channel: Channel, body: Json, files: dict[str, Upload], allowed_default: Json
    ) -> None:
        payload = stored.payload
        if "content" in body:
            payload["content"] = (body["content"] or "").strip()
        if files or body.get("attachments") is not None:
            self._attach(stored, body, files)
        if "embeds" in body:
            payload["embeds"] = [_embed(embed) for embed in body["embeds"] or []]
        if "components" in body:
            payload["components"] = numbered(body["components"] or [])
        payload["flags"] = body.get("flags") or 0
        self._link_files(payload)
        self._ping(stored, channel, body, allowed_default)

    def _attach(self, stored: Stored, body: Json, files: dict[str, Upload]) -> None:
        listed = {str(part["id"]): part for part in body.get("attachments") or []}
        kept = [part for part in stored.payload["attachments"] if part["id"] in listed]
        stored.payload["attachments"] = kept
        for index, upload in files.items():
            about = listed.get(index, {})
            upload.description = about.get("description")
            kept.append(self.attachment(stored, stored.payload["channel_id"], upload))

    def attachment(self, stored: Stored | None, channel_id: str, upload: Upload) -> Json:
        """Keeps the bytes and gives the attachment object of the docs (resources/message)."""
        number = self.state.snowflake()
        url = f"{self.origin}/attachments/{channel_id}/{number}/{upload.filename}"
        if stored is not None:
            stored.files[number] = upload
        self.state.files[number] = upload
        about: Json = {"description": upload.description} if upload.description else {}
        return about | {
            "id": number,
            "filename": upload.filename,
            "size": len(upload.data),
            "url": url,
            "proxy_url": url,
            "content_type": upload.content_type,
            "flags": 0,
        }

    def _link_files(self, payload: Json) -> None:
        links = {f"attachment://{part['filename']}": part["url"] for part in payload["attachments"]}
        for holder, key in _urls([*payload["embeds"], *payload["components"]]):
            holder[key] = links.get(holder[key], holder[key])

    def _ping(self, stored: Stored, channel: Channel, body: Json, allowed_default: Json) -> None:
        guild = self.state.guilds[channel.guild_id] if channel.guild_id else None
        allowed = body.get("allowed_mentions")
        allowed = allowed_default if allowed is None else allowed
        may = self.state.permissions(channel)
        stored.notified = notified(stored.payload, allowed, guild, channel, may)
        rung = [self.state.users[key] for key in stored.notified if key in self.state.users]
        roles = [key[5:] for key in stored.notified if key.startswith("role:")]
        stored.payload["mentions"] = [user.wire() for user in rung]
        stored.payload["mention_roles"] = roles
        stored.payload["mention_everyone"] = bool({"everyone", "here"} & set(stored.notified))

    def shown(self, stored: Stored, *, may_read_content: bool) -> Json:
        """The message as a later look-up gives it: never with its nonce, and other people's words only
        with the MESSAGE_CONTENT intent or in a DM (docs: events/gateway, Message Content Intent)."""
        own = stored.payload["author"]["id"] == self.state.bot.id
        private = self.state.channels[stored.payload["channel_id"]].kind == DM
        if own or private or may_read_content:
            return stored.payload
        return stored.payload | {"content": "", "embeds": [], "attachments": [], "components": []}

    def _now(self) -> str:
        return datetime.fromtimestamp(self.state.clock(), UTC).isoformat()


def _edited_flags(stored: int, asked: int | None) -> int:
    # LOADING ends with the first edit; IS_COMPONENTS_V2 never goes away (docs: resources/message)
    return stored & ~LOADING if asked is None else asked | stored & COMPONENTS_V2


def refuse_empty(body: Json, files: dict[str, Upload]) -> None:
    """Refuses a message in which there is nothing to see (50006)."""
    embeds = [embed for embed in body.get("embeds") or [] if embed]
    parts = [body.get("attachments"), body.get("sticker_ids"), body.get("poll"), body.get("components")]
    if not ((body.get("content") or "").strip() or embeds or files or any(parts)):
        raise ApiError(50006)


def _text(nonce: Any) -> str | None:
    return None if nonce is None else str(nonce)


def _embed(embed: Json) -> Json:
    shown: Json = {"type": "rich"} | copy.deepcopy(embed)
    for field in shown.get("fields") or []:
        field.setdefault("inline", False)
    for key in ("title", "description"):
        if isinstance(shown.get(key), str):
            shown[key] = shown[key].strip()
    return shown


def numbered(components: list[Json]) -> list[Json]:
    """The components with the ids that the platform gives where the sender gave none (from 1)."""
    shown = copy.deepcopy(components)
    taken = {part.get("id") for _, part in walk(shown)}
    free = (number for number in range(1, 10_000) if number not in taken)
    for _, part in walk(shown):
        if not part.get("id"):
            part["id"] = next(free)
    return shown


def _urls(value: Any) -> Iterator[tuple[Any, str]]:
    if isinstance(value, list):
        for item in value:
            yield from _urls(item)
    elif isinstance(value, dict):
        if isinstance(value.get("url"), str):
            yield value, "url"
        for inner in value.values():
            yield from _urls(inner)


def find_component(message: Json, wanted: str) -> Json:
    """The button or select with this custom id or label; LookupError with what there is instead."""
    inputs = [part for _, part in walk(message["components"]) if part.get("type") in SELECTS | {BUTTON}]
    for part in inputs:
        if wanted in (part.get("custom_id"), part.get("label")):
            return part
    there = ", ".join(str(part.get("label") or part.get("custom_id")) for part in inputs)
    raise LookupError(f"the message has no component {wanted!r}; it has: {there or 'none'}")


def visible_text(message: Json) -> str:
    """Every word that a reader sees: content, text displays, embeds, labels and alternative texts."""
    words: list[str | None] = [*pinging_texts(message)]
    for embed in message.get("embeds") or []:
        fields = [text for field in embed.get("fields") or [] for text in (field["name"], field["value"])]
        ends = [(embed.get("footer") or {}).get("text"), (embed.get("author") or {}).get("name")]
        words += [embed.get("title"), embed.get("description"), *fields, *ends]
    for _, part in walk(message.get("components")):
        options = [option["label"] for option in part.get("options") or []]
        words += [part.get("label"), part.get("placeholder"), *options]
    words += [part.get("description") for part in message.get("attachments") or []]
    return "\n".join(word for word in words if word)
