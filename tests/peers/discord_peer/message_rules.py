"""What Discord refuses in a message (platform limits of messages, files and mentions)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from typing import Any
from urllib.parse import urlsplit

from .component_rules import (
    CONTAINER,
    FILE,
    GALLERY,
    MESSAGE_ONLY,
    REFERENCE,
    ROW,
    SECTION,
    SEPARATOR,
    SHARED,
    TEXT_DISPLAY,
    THUMBNAIL,
)
from .errors import ApiError, Json, ServerFaultError
from .mentions import pinging_texts
from .rules import Fault, Rule, at, count, holds, length, refuse, select, walk
from .state import Upload

SUPPRESS_EMBEDS, EPHEMERAL, SUPPRESS_NOTIFICATIONS = 1 << 2, 1 << 6, 1 << 12
VOICE_MESSAGE, COMPONENTS_V2 = 1 << 13, 1 << 15
EMBEDS = "D: resources/message (Embed Limits)"
MESSAGE = "D: resources/message (Create Message)"
MENTIONS = "D: resources/message (Allowed Mentions)"
FILE_LIMIT, REQUEST_LIMIT = 10 * 1024 * 1024, 25 * 1024 * 1024
# discord/discord-api-docs issue 8554: an HTTP 500 beyond about this many UTF-8 bytes of V2 text
V2_BYTES = 10_170
V2_ONLY = {SECTION, TEXT_DISPLAY, THUMBNAIL, GALLERY, FILE, SEPARATOR, CONTAINER}


def is_v2(body: Json) -> bool:
    """Whether the flag IS_COMPONENTS_V2 is set."""
    return bool((body.get("flags") or 0) & COMPONENTS_V2)


def _embed_total(body: Json) -> Iterator[Fault]:
    spots = ("title", "description", "fields.*.name", "fields.*.value", "footer.text", "author.name")
    sizes = (len(text.strip()) for spot in spots for _, text in select(body, f"embeds.*.{spot}"))
    if sum(sizes) > 6000:
        message = "Embed size exceeds maximum size of 6000"
        yield Fault(("embeds",), "MAX_EMBED_SIZE_EXCEEDED", message)


def _embed_urls(body: Json) -> Iterator[Fault]:
    spots = ("url", "image.url", "thumbnail.url", "footer.icon_url", "author.icon_url", "author.url")
    for spot in spots:
        for path, url in select(body, f"embeds.*.{spot}"):
            if urlsplit(url).scheme not in ("http", "https", "attachment"):
                yield Fault(path, "URL_TYPE_INVALID_SCHEME", "Scheme must be one of ('http', 'https').")
            if len(url) > 2048:
                yield Fault(path, "BASE_TYPE_MAX_LENGTH", "Must be 2048 or fewer in length.")


def _rows(body: Json) -> Iterator[Fault]:
    parts = body.get("components") or []
    if not is_v2(body) and len(parts) > 5:
        yield Fault(("components",), "BASE_TYPE_MAX_LENGTH", "Must be 5 or fewer in length.")
    if is_v2(body) and sum(1 for _ in walk(parts)) > 40:
        message = "The maximum number of components is 40"
        yield Fault(("components",), "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", message)


def _top_level(body: Json) -> Iterator[Fault]:
    allowed = V2_ONLY - {THUMBNAIL} | {ROW} if is_v2(body) else {ROW}
    for path, component in select(body, "components.*"):
        if component.get("type") not in allowed:
            message = f'Value of field "type" must be one of {tuple(sorted(allowed))}.'
            yield Fault((*path, "type"), "UNION_TYPE_CHOICES", message)


def _v2_excludes(body: Json) -> Iterator[Fault]:
    if is_v2(body):
        for key in ("content", "embeds", "poll", "sticker_ids"):
            if body.get(key):
                message = f"The '{key}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2"
                yield Fault((key,), "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", message)


def _v2_text(body: Json) -> Iterator[Fault]:
    if is_v2(body) and sum(map(len, pinging_texts(body))) > 4000:
        message = "The maximum displayable text size of 4000 is exceeded"
        yield Fault(("components",), "COMPONENT_TOTAL_TEXT_EXCEEDED", message)


def _explicit_and_parsed(body: Json) -> Iterator[Fault]:
    allowed = body.get("allowed_mentions") or {}
    for kind in ("users", "roles"):
        if allowed.get(kind) and kind in (allowed.get("parse") or []):
            message = f'parse:["{kind}"] and {kind}: [ids...] are mutually exclusive.'
            yield Fault(("allowed_mentions",), "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", message)


def _nonce(nonce: Any) -> bool:
    return len(nonce) <= 25 if isinstance(nonce, str) else -(2**63) <= nonce < 2**63


MESSAGE_RULES: tuple[Rule, ...] = (
    # O: MessageCreateRequest says 4000; bots are held to the docs' 2000
    length("content", at("content"), 0, 2000, MESSAGE),
    count("embeds", at("embeds"), 0, 10, MESSAGE),
    length("embed title", at("embeds.*.title"), 0, 256, EMBEDS),
    length("embed description", at("embeds.*.description"), 0, 4096, EMBEDS),
    count("embed fields", at("embeds.*.fields"), 0, 25, EMBEDS),
    length("embed field name", at("embeds.*.fields.*.name"), 1, 256, EMBEDS),
    length("embed field value", at("embeds.*.fields.*.value"), 1, 1024, EMBEDS),
    length("embed footer", at("embeds.*.footer.text"), 0, 2048, EMBEDS),
    length("embed author", at("embeds.*.author.name"), 0, 256, EMBEDS),
    Rule("embeds in total", EMBEDS, _embed_total),
    Rule("embed urls", "O: RichEmbed", _embed_urls),
    Rule("rows, or components of a V2 message", REFERENCE, _rows),
    Rule("top-level components", REFERENCE, _top_level),
    Rule("V2 excludes content and embeds", REFERENCE, _v2_excludes),
    Rule("V2 text in total", "discord/discord-api-docs#8562", _v2_text),
    Rule("parse excludes an explicit list of its kind", MENTIONS, _explicit_and_parsed),
    holds("parse names known kinds", at("allowed_mentions.parse.*"),
          lambda kind: kind in ("users", "roles", "everyone"), "BASE_TYPE_CHOICES",
          "Value must be one of ('users', 'everyone', 'roles').", MENTIONS),
    count("explicitly allowed users", at("allowed_mentions.users"), 0, 100, MENTIONS),
    count("explicitly allowed roles", at("allowed_mentions.roles"), 0, 100, MENTIONS),
    count("attachments", at("attachments"), 0, 10, "O: MessageCreateRequest"),
    length("attachment alt text", at("attachments.*.description"), 0, 1024, MESSAGE),
    holds("nonce", at("nonce"), _nonce, "NONCE_TYPE_TOO_LONG",
          "Nonce must be 25 or fewer in length.", MESSAGE),
    *MESSAGE_ONLY,
    *SHARED,
)  # fmt: skip


def refuse_message(body: Json, files: dict[str, Upload], kept: Set[str] = frozenset()) -> None:
    """Raises what Discord would answer to this message; `kept` names files that the message has already."""
    refuse(MESSAGE_RULES, body)
    refuse_files(body, files, kept)
    if is_v2(body) and sum(len(text.encode()) for text in pinging_texts(body)) > V2_BYTES:
        raise ServerFaultError


def refuse_files(body: Json, files: dict[str, Upload], kept: Set[str]) -> None:
    """Sizes (D: reference, Uploading Files), and `attachment://` names that no file bears.

    In an embed Discord drops such an image without a word; here it is refused, since it is never meant.
    """
    sizes = [len(upload.data) for upload in files.values()]
    if max(sizes, default=0) > FILE_LIMIT or sum(sizes) > REQUEST_LIMIT:
        raise ApiError(40005)
    there = kept | {upload.filename for upload in files.values()}
    rule = Rule("attachment:// names", "D: reference (Uploading Files)", lambda b: _lost_files(b, there))
    refuse((rule,), body)


def _lost_files(body: Json, there: Set[str]) -> Iterator[Fault]:
    urls = [*select(body, "embeds.*.image.url"), *select(body, "embeds.*.thumbnail.url")]
    for path, component in walk(body.get("components")):
        for spot in ("media.url", "file.url", "items.*.media.url"):
            urls += [(path + inner, url) for inner, url in select(component, spot)]
    for path, url in urls:
        name = re.match("attachment://(.*)", url)
        if name and name[1] not in there:
            code = "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND"
            yield Fault(path, code, f"The referenced attachment {name[1]} was not found")
