"""What Discord refuses in the components of messages and modals (D: components/reference)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .errors import Json
from .rules import Fault, Path, Rule, at, between, count, holds, length, part, unique, walk

REFERENCE = "D: components/reference"
ROW, BUTTON, STRING_SELECT, TEXT_INPUT, TEXT_DISPLAY, LABEL = 1, 2, 3, 4, 10, 18
SECTION, THUMBNAIL, GALLERY, FILE, SEPARATOR, CONTAINER = 9, 11, 12, 13, 14, 17
FILE_UPLOAD, RADIO_GROUP, CHECKBOX_GROUP, CHECKBOX = 19, 21, 22, 23
SELECTS = {STRING_SELECT, 5, 6, 7, 8}
LINK, PREMIUM = 5, 6


def _of(*types: int) -> Any:
    def find(body: Any) -> Iterator[tuple[Path, Json]]:
        return (found for found in walk(body.get("components")) if found[1].get("type") in types)

    return find


def _row_fits(row: Json) -> bool:
    types = [inner.get("type") for inner in row.get("components") or []]
    if all(kind == BUTTON for kind in types):
        return 1 <= len(types) <= 5
    return len(types) == 1 and types[0] in SELECTS | {TEXT_INPUT}


def _button_says_something(button: Json) -> bool:
    return bool(button.get("label") or button.get("emoji") or button.get("style") == PREMIUM)


def _button_has_its_target(button: Json) -> bool:
    has_url, has_id = bool(button.get("url")), bool(button.get("custom_id"))
    if button.get("style") == PREMIUM:
        return not has_url and not has_id
    return (has_url, has_id) == ((True, False) if button.get("style") == LINK else (False, True))


def _choice_count_fits(select: Json) -> bool:
    least, most = select.get("min_values", 1), select.get("max_values", 1)
    options = select.get("options") or []
    ready = sum(bool(option.get("default")) for option in options)
    offered = len(options) if select.get("type") == STRING_SELECT else 25
    return bool(least <= most <= max(offered, 1) and ready <= most)


def _option_values_differ(body: Any) -> Iterator[Fault]:
    for path, select in _of(STRING_SELECT, RADIO_GROUP, CHECKBOX_GROUP)(body):
        values = [option.get("value") for option in select.get("options") or []]
        if len(set(values)) < len(values):
            code = "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED"
            yield Fault((*path, "options"), code, "The specified option value is already used")


SHARED: tuple[Rule, ...] = (
    length("custom id", part(SELECTS | {BUTTON, TEXT_INPUT, 19, 21, 22, 23}, "custom_id"), 1, 100, REFERENCE),
    unique("custom ids differ", part(SELECTS | {BUTTON, TEXT_INPUT, 19, 21, 22, 23}, "custom_id"),
           "COMPONENT_CUSTOM_ID_DUPLICATED", REFERENCE),
    count("select options", part({STRING_SELECT}, "options"), 1, 25, REFERENCE),
    length("select option label", part({STRING_SELECT}, "options.*.label"), 1, 100, REFERENCE),
    length("select option value", part({STRING_SELECT}, "options.*.value"), 1, 100, REFERENCE),
    length("select option description", part({STRING_SELECT}, "options.*.description"), 0, 100, REFERENCE),
    length("select placeholder", part(SELECTS, "placeholder"), 0, 150, REFERENCE),
    between("select least choices", part(SELECTS, "min_values"), 0, 25, REFERENCE),
    between("select most choices", part(SELECTS, "max_values"), 1, 25, REFERENCE),
    holds("select choices fit its options", _of(*SELECTS), _choice_count_fits,
          "COMPONENT_SELECT_VALUES_INVALID", "min_values, max_values and defaults must fit the options",
          REFERENCE),
    Rule("select option values differ", REFERENCE, _option_values_differ),
)  # fmt: skip

MESSAGE_ONLY: tuple[Rule, ...] = (
    holds("a row holds 5 buttons or 1 select", _of(ROW), _row_fits, "COMPONENT_LAYOUT_WIDTH_EXCEEDED",
          "The specified component exceeds the maximum width", REFERENCE),
    length("button label", part({BUTTON}, "label"), 0, 80, REFERENCE),
    length("button url", part({BUTTON}, "url"), 1, 512, REFERENCE),
    holds("a button has a label or an emoji", _of(BUTTON), _button_says_something,
          "BUTTON_COMPONENT_INVALID_LABEL", "A button must have a label or an emoji", REFERENCE),
    holds("a link has a url, other buttons a custom id", _of(BUTTON), _button_has_its_target,
          "BUTTON_COMPONENT_CUSTOM_ID_REQUIRED", "A custom id or a url is required, not both", REFERENCE),
    length("text display", part({TEXT_DISPLAY}, "content"), 1, 4000,
           "O: TextDisplayComponentForMessageRequest"),
    count("section texts", part({SECTION}, "components"), 1, 3, REFERENCE),
    holds("a section has an accessory", _of(SECTION), lambda s: bool(s.get("accessory")),
          "BASE_TYPE_REQUIRED", "This field is required", REFERENCE),
    count("media gallery items", part({GALLERY}, "items"), 1, 10, REFERENCE),
    length("media alt text", part({GALLERY}, "items.*.description"), 0, 1024, REFERENCE),
    length("thumbnail alt text", part({THUMBNAIL}, "description"), 0, 1024, REFERENCE),
    between("container colour", part({CONTAINER}, "accent_color"), 0, 0xFFFFFF, REFERENCE),
)  # fmt: skip


def _modal_part_fits(component: Json) -> bool:
    inner = component.get("components") or []
    if component.get("type") == ROW:
        return len(inner) == 1 and inner[0].get("type") == TEXT_INPUT
    return component.get("type") in (LABEL, TEXT_DISPLAY)


def _labelled_part_fits(label: Json) -> bool:
    kinds = SELECTS | {TEXT_INPUT, FILE_UPLOAD, RADIO_GROUP, CHECKBOX_GROUP, CHECKBOX}
    return (label.get("component") or {}).get("type") in kinds


def _text_fits_its_bounds(field: Json) -> bool:
    value = field.get("value") or ""
    least, most = field.get("min_length") or 0, field.get("max_length")
    most = max(4000, len(value)) if most is None else most
    return bool(least <= most and (not value or least <= len(value) <= most))


RESPONDING = "D: interactions/receiving-and-responding (Modal)"
MODAL: tuple[Rule, ...] = (
    length("modal title", at("title"), 1, 45, RESPONDING),
    length("modal custom id", at("custom_id"), 1, 100, RESPONDING),
    # O: ModalInteractionCallbackRequestData allows 40; the docs' 5 is what is kept
    count("modal parts", at("components"), 1, 5, RESPONDING),
    holds("modal parts are labels, texts or rows of one text input", at("components.*"), _modal_part_fits,
          "UNION_TYPE_CHOICES", "Value of field \"type\" must be one of (1, 10, 18).", REFERENCE),
    holds("a label holds an input", at("components.*"),
          lambda c: c.get("type") != LABEL or _labelled_part_fits(c),
          "UNION_TYPE_CHOICES", "This component cannot be used in a label", REFERENCE),
    length("label text", part({LABEL}, "label"), 1, 45, REFERENCE),
    length("label description", part({LABEL}, "description"), 1, 100, REFERENCE),
    length("text input label", part({TEXT_INPUT}, "label"), 1, 45, REFERENCE),
    length("text input value", part({TEXT_INPUT}, "value"), 0, 4000, REFERENCE),
    length("text input placeholder", part({TEXT_INPUT}, "placeholder"), 0, 100, REFERENCE),
    between("text input least length", part({TEXT_INPUT}, "min_length"), 0, 4000, REFERENCE),
    between("text input most length", part({TEXT_INPUT}, "max_length"), 1, 4000, REFERENCE),
    holds("text input value fits its lengths", _of(TEXT_INPUT), _text_fits_its_bounds,
          "BASE_TYPE_BAD_LENGTH", "The value must fit min_length and max_length", REFERENCE),
    count("radio group options", part({RADIO_GROUP}, "options"), 2, 10, REFERENCE),
    count("checkbox group options", part({CHECKBOX_GROUP}, "options"), 1, 10, REFERENCE),
    between("file upload least files", part({FILE_UPLOAD}, "min_values"), 0, 10, REFERENCE),
    between("file upload most files", part({FILE_UPLOAD}, "max_values"), 1, 10, REFERENCE),
    count("file upload types", part({FILE_UPLOAD}, "file_types"), 0, 10,
          "D: reference (File Type Filtering)"),
    *SHARED,
)  # fmt: skip

SUGGESTING = "D: application-commands (Autocomplete)"
AUTOCOMPLETE: tuple[Rule, ...] = (
    count("suggestions", at("choices"), 0, 25, SUGGESTING),
    length("suggestion name", at("choices.*.name"), 1, 100, SUGGESTING),
    holds("suggestion value", at("choices.*.value"), lambda v: not isinstance(v, str) or 1 <= len(v) <= 100,
          "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.", SUGGESTING),
)  # fmt: skip
