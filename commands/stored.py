"""A reply as JSON and back, so that a message can be shown again in every look after a restart."""

import json
from base64 import b64decode, b64encode
from dataclasses import fields
from datetime import datetime
from typing import Any

from commands import model

_KINDS: dict[str, type] = {
    kind.__name__: kind
    for kind in (
        model.Reply, model.Instant, model.Strong, model.Code, model.Link, model.Mention, model.Place, model.Prose,
        model.Heading, model.Quotation, model.EditorNote, model.Listing, model.Picture, model.Press,
        model.Action, model.File,
    )
}  # fmt: skip
_FIELDS = {kind: tuple(field.name for field in fields(kind)) for kind in _KINDS.values()}


def to_json(reply: model.Reply) -> str:
    """Write a reply; each part carries the name of its kind under `is`."""
    return json.dumps(_plain(reply), ensure_ascii=False, separators=(",", ":"))


def from_json(written: str) -> model.Reply:
    """Read a reply back, equal to the one that was written.

    A field that this version does not know any more is left out, one that is new has its default.
    """
    reply = _parts(json.loads(written))
    if not isinstance(reply, model.Reply):
        raise ValueError(f"stored message is no reply but {type(reply).__name__}")
    return reply


def _plain(value: Any) -> Any:
    kind = type(value)
    if kind in _FIELDS:
        named = {name: _plain(getattr(value, name)) for name in _FIELDS[kind]}
        return {"is": kind.__name__, **named}
    if isinstance(value, tuple | list):
        return [_plain(part) for part in value]
    if isinstance(value, datetime):
        return {"is": "datetime", "iso": value.isoformat()}
    if isinstance(value, bytes):
        return {"is": "bytes", "base64": b64encode(value).decode()}
    return value


def _parts(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_parts(part) for part in value)
    if not isinstance(value, dict):
        return value
    if value["is"] == "datetime":
        return datetime.fromisoformat(value["iso"])
    if value["is"] == "bytes":
        return b64decode(value["base64"])
    kind = _KINDS[value["is"]]
    known = {field.name for field in fields(kind)}
    return kind(**{name: _parts(part) for name, part in value.items() if name in known})
