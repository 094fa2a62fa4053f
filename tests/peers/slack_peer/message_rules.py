"""What Slack refuses in a message: chat.*, response URLs and acknowledgements."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from .block_rules import block_faults, refuse_total
from .block_shapes import MESSAGE_BLOCKS
from .errors import ApiError, Json
from .rules import refuse

TEXT_LIMIT = 40_000
UPDATE_LIMIT = 4_000
MARKDOWN_TEXT_LIMIT = 12_000
ATTACHMENTS_LIMIT = 100
EVENT_TYPE = re.compile(r"[A-Za-z0-9_.-]{1,255}")


def refuse_content(content: Json) -> None:
    """Raises what chat.postMessage answers to these arguments.

    no_text, msg_too_long, markdown_text_conflict: S: reference/methods/chat.postMessage, N: request/chat.ts.
    """
    markdown = content.get("markdown_text")
    if markdown and (content.get("text") or content.get("blocks")):
        raise ApiError("markdown_text_conflict")
    if markdown and len(markdown) > MARKDOWN_TEXT_LIMIT:
        raise ApiError("msg_too_long")
    blocks, attachments = content.get("blocks") or [], content.get("attachments") or []
    if not (content.get("text") or markdown or blocks or attachments):
        raise ApiError("no_text")
    refuse_blocks(content.get("blocks"))
    if len(attachments) > ATTACHMENTS_LIMIT:
        raise ApiError("too_many_attachments")
    for attachment in attachments:
        refuse_blocks(attachment.get("blocks"))
    refuse_metadata(content.get("metadata"))


def refuse_blocks(blocks: Any) -> None:
    """Raises invalid_blocks, or msg_blocks_too_long near 12,000 characters over all blocks."""
    if blocks is None:
        return
    if not isinstance(blocks, list):
        raise ApiError("invalid_blocks_format")
    refuse("invalid_blocks", block_faults(MESSAGE_BLOCKS, blocks))
    refuse_total(blocks)


def refuse_update(content: Json) -> None:
    """Raises what chat.update answers: as chat.postMessage, and its `text` holds 4,000 bytes, escapes counted.

    Source: S: reference/methods/chat.update (msg_too_long); the counting: gitlab-org/gitlab merge request 258898.
    """
    refuse_content(content)
    if len((content.get("text") or "").encode()) > UPDATE_LIMIT:
        raise ApiError("msg_too_long")


def refuse_metadata(metadata: Any) -> None:
    """Raises what Slack answers to a wrong `metadata`.

    Shape: S: messaging/message-metadata; values: N: message-metadata.ts (scalars, flat objects, lists of
    those). The size limit is unpublished: none is enforced.
    """
    if metadata is None:
        return
    if not isinstance(metadata, dict) or not {"event_type", "event_payload"} <= metadata.keys():
        raise ApiError("invalid_metadata_format")
    payload = metadata["event_payload"]
    named = isinstance(metadata["event_type"], str) and EVENT_TYPE.fullmatch(metadata["event_type"])
    if not named or not isinstance(payload, dict) or not all(map(_storable, payload.values())):
        raise ApiError("invalid_metadata_schema")


def _storable(value: Any) -> bool:
    items = value if isinstance(value, list) else [value]
    return all(_flat(item) if isinstance(item, dict) else _is_scalar(item) for item in items)


def _flat(value: Json) -> bool:
    return all(map(_is_scalar, value.values()))


def _is_scalar(value: Any) -> bool:
    return isinstance(value, str | int | float | bool)


def truncated(text: str) -> str:
    """The text as it is stored: what exceeds 40,000 characters is cut (S: reference/methods/chat.postMessage)."""
    return text[:TEXT_LIMIT]


def decoded(value: Any, error: str) -> Any:
    """A structured argument, which form bodies carry as JSON text."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise ApiError(error) from None


def file_ids(blocks: Any) -> Iterator[str]:
    """The ids of the Slack files that pictures in these blocks refer to."""
    if isinstance(blocks, list):
        for item in blocks:
            yield from file_ids(item)
    elif isinstance(blocks, dict):
        found = blocks.get("slack_file")
        if isinstance(found, dict) and "id" in found:
            yield found["id"]
        for item in blocks.values():
            yield from file_ids(item)
