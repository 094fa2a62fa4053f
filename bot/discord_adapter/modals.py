"""Forms as Discord modals. Pure.

Shapes: docs.discord.com/developers, components/reference (Label, Text Input, selects, File Upload).
"""

from typing import Any

from bot.discord_adapter.kinds import POSTABLE, Component
from commands.labels import YES_NO
from commands.model import Choice, Form, Option

FIELDS, TITLE, NAME, DESCRIPTION, OPTIONS, VALUE = 5, 45, 45, 100, 25, 4000
_SHORT, _LONG = 1, 2
_PLACEHOLDERS = {"date": "2027-06-22", "zone": "Asia/Tokyo", "integer": "7"}


def modal(form: Form) -> dict[str, Any]:
    """Render a form; raise ValueError for one that no modal holds."""
    if not 1 <= len(form.fields) <= FIELDS:
        raise ValueError(
            f"a modal holds 1 to {FIELDS} fields, and the form {form.title!r} has {len(form.fields)}"
        )
    return {
        "custom_id": form.key,
        "title": _cut(form.title, TITLE),
        "components": [_label(field) for field in form.fields],
    }


def _label(field: Option) -> dict[str, Any]:
    return {
        "type": Component.LABEL,
        "label": _cut(field.heading, NAME),
        "description": _cut(field.description, DESCRIPTION),
        "component": {"custom_id": field.name, "required": field.required, **_input(field)},
    }


def _input(field: Option) -> dict[str, Any]:
    chosen = {"min_values": int(field.required), "max_values": 1}
    match field.kind:
        case "choice" if len(field.choices) <= OPTIONS:
            return {"type": Component.STRING_SELECT, **chosen, "options": _options(field, field.choices)}
        case "boolean":
            return {
                "type": Component.STRING_SELECT,
                **chosen,
                "options": _options(field, field.choices or YES_NO),
            }
        case "channel":
            return {"type": Component.CHANNEL_SELECT, **chosen, "channel_types": list(POSTABLE)}
        case "person":
            return {"type": Component.USER_SELECT, **chosen}
        case "role":
            return {"type": Component.ROLE_SELECT, **chosen}
        case "file":
            return {"type": Component.FILE_UPLOAD, **chosen}
    return _text_input(field)


def _options(field: Option, choices: tuple[Choice, ...]) -> list[dict[str, Any]]:
    preset = ("no", "yes")[field.default] if isinstance(field.default, bool) else field.default
    return [
        {
            "label": _cut(choice.label, DESCRIPTION),
            "value": choice.value,
            **({"default": True} if choice.value == preset else {}),
        }
        for choice in choices
    ]


def _text_input(field: Option) -> dict[str, Any]:
    made: dict[str, Any] = {
        "type": Component.TEXT_INPUT,
        "style": _LONG if field.long else _SHORT,
        "max_length": VALUE,
    }
    if field.kind in _PLACEHOLDERS:
        made["placeholder"] = _PLACEHOLDERS[field.kind]
    if field.default is not None:
        made["value"] = str(field.default)[:VALUE]
    return made


def _cut(words: str, room: int) -> str:
    return words if len(words) <= room else f"{words[: room - 1]}…"
