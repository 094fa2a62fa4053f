"""Forms as Slack modals. Pure.

Shapes: docs.slack.dev, reference/views and reference/block-kit/block-elements.
"""

from typing import Any

from bot.slack_adapter.layout import plain, shortened
from commands.labels import YES_NO
from commands.model import Choice, Form, Option

TITLE, SUBMIT, OPTIONS, VALUE, TYPED, HINT = 24, 24, 100, 150, 3000, 2000
OPTION_TEXT, PLACEHOLDER = 75, 150
_PLACEHOLDERS = {"zone": "Asia/Tokyo", "integer": "7"}


def modal(form: Form, metadata: str) -> dict[str, Any]:
    """Render a form. `metadata` (at most 3,000 characters) comes back with its submission.

    Each field's block_id and action_id are the option's name.
    """
    return {
        "type": "modal",
        "callback_id": form.key,
        "private_metadata": metadata,
        "title": plain(shortened(form.title, TITLE)),
        "submit": plain(shortened(form.submit, SUBMIT)),
        "close": plain(shortened(form.cancel, SUBMIT)),
        "blocks": [_input(field) for field in form.fields],
    }


def options(choices: tuple[Choice, ...] | list[Choice]) -> list[dict[str, Any]]:
    """Render suggestions; Slack takes 100 at most, and no value longer than 150 characters."""
    fitting = {choice.value: choice for choice in choices if 0 < len(choice.value) <= VALUE}
    return [_option(choice) for choice in list(fitting.values())[:OPTIONS]]


def _option(choice: Choice) -> dict[str, Any]:
    return {"text": plain(shortened(choice.label or choice.value, OPTION_TEXT)), "value": choice.value}


def _input(field: Option) -> dict[str, Any]:
    hint = {"hint": plain(shortened(field.description, HINT))} if field.description else {}
    return {
        "type": "input",
        "block_id": field.name,
        "label": plain(field.heading),
        "optional": not field.required,
        "element": {"action_id": field.name, **_element(field)},
        **hint,
    }


def _element(field: Option) -> dict[str, Any]:
    match field.kind:
        case "choice" if field.choices:
            return _static(field, field.choices)
        case "boolean":
            return _static(field, field.choices or YES_NO)
        case "date":
            return {"type": "datepicker", **_initial_date(field)}
        case "channel":
            return {
                "type": "conversations_select",
                "default_to_current_conversation": True,
                "filter": {"include": ["public", "private"]},
            }
        case "person":
            return {"type": "users_select"}
        case "file":
            return {"type": "file_input", "max_files": 1}
        case "role":
            return {"type": "external_select", "min_query_length": 0}
    if field.completes and not field.long:
        return {"type": "external_select", "min_query_length": 0, **_initial(field), **_placeholder(field)}
    return _typed(field)


def _static(field: Option, choices: tuple[Choice, ...]) -> dict[str, Any]:
    offered = tuple(choices[:OPTIONS])
    return {
        "type": "static_select",
        "options": [_option(choice) for choice in offered],
        **_initial(field, offered),
    }


def _initial(field: Option, choices: tuple[Choice, ...] = ()) -> dict[str, Any]:
    if field.default is None:
        return {}
    value = (
        {True: "yes", False: "no"}[field.default] if isinstance(field.default, bool) else str(field.default)
    )
    known = next((choice for choice in choices if choice.value == value), None)
    if choices and known is None:
        return {}
    return {"initial_option": _option(known or Choice(value, value))}


def _initial_date(field: Option) -> dict[str, Any]:
    return {"initial_date": str(field.default)} if field.default is not None else {}


def _typed(field: Option) -> dict[str, Any]:
    given = {"initial_value": str(field.default)[:TYPED]} if field.default is not None else {}
    return {
        "type": "plain_text_input",
        "multiline": field.long,
        "max_length": TYPED,
        **given,
        **_placeholder(field),
    }


def _placeholder(field: Option) -> dict[str, Any]:
    shown = _PLACEHOLDERS.get(field.kind)
    return {"placeholder": plain(shown)} if shown else {}
