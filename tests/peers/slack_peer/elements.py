"""What a user does with an element: find it, press it, fill it in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from .block_rules import options_of
from .errors import Json, LoopbackError

MULTI = {
    "multi_static_select": "selected_options",
    "multi_external_select": "selected_options",
    "checkboxes": "selected_options",
    "multi_users_select": "selected_users",
    "multi_channels_select": "selected_channels",
    "multi_conversations_select": "selected_conversations",
}
SINGLE = {
    "static_select": "selected_option",
    "external_select": "selected_option",
    "radio_buttons": "selected_option",
    "overflow": "selected_option",
    "users_select": "selected_user",
    "channels_select": "selected_channel",
    "conversations_select": "selected_conversation",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "plain_text_input": "value",
    "email_text_input": "value",
    "url_text_input": "value",
    "number_input": "value",
}
EXTERNAL = {"external_select", "multi_external_select"}


def interactive(blocks: list[Json]) -> Iterator[tuple[str, Json]]:
    """Every element with an action_id, with the id of its block."""
    for block in blocks:
        found = [block.get("accessory"), block.get("element"), *block.get("elements", [])]
        for element in found:
            if isinstance(element, dict) and "action_id" in element:
                yield str(block.get("block_id", "")), element


def find(blocks: list[Json], action_id: str, value: Any = None) -> tuple[str, Json] | None:
    """The block id and element with this action_id; of several buttons the one with this value."""
    for block_id, element in interactive(blocks):
        if element["action_id"] != action_id:
            continue
        if element["type"] != "button" or value is None or element.get("value") == value:
            return block_id, element
    return None


def pressed(block_id: str, element: Json, value: Any, ts: str) -> Json:
    """One entry of `actions` in a block_actions payload."""
    found: Json = {
        "type": element["type"], "action_id": element["action_id"], "block_id": block_id, "action_ts": ts,
    }  # fmt: skip
    for key in ("placeholder", "confirm", "style"):
        if key in element:
            found[key] = element[key]
    if element["type"] == "button":
        return found | {"text": element["text"]} | ({"value": element["value"]} if "value" in element else {})
    return found | filled(element, value)


def filled(element: Json, value: Any) -> Json:
    """The element's own part of a view's state, or of an action: `{"selected_option": {…}}`."""
    kind = element["type"]
    if kind == "file_input":
        return {"files": value or []}
    if kind in MULTI:
        chosen = list(value or [])
        if MULTI[kind] == "selected_options":
            chosen = [_option(element, item) for item in chosen]
        return {MULTI[kind]: chosen}
    if SINGLE.get(kind) == "selected_option" and value is not None:
        return {"selected_option": _option(element, value)}
    if kind in SINGLE:
        return {SINGLE[kind]: value}
    raise LoopbackError(f"a {kind} cannot be filled in")


def _option(element: Json, value: Any) -> Json:
    """The option with this value. External options are given whole, as suggested, or by their value."""
    if isinstance(value, dict):
        return value
    if element["type"] in EXTERNAL:
        return {"text": {"type": "plain_text", "text": str(value), "emoji": True}, "value": str(value)}
    for option in options_of(element):
        if option.get("value") == value:
            return option
    offered = [option.get("value") for option in options_of(element)]
    raise LoopbackError(f"{element.get('action_id')} offers {offered}, not {value!r}")


def initial(element: Json) -> Any:
    """What stands in an element before the user touches it."""
    for key in ("initial_value", "initial_option", "initial_options", "initial_user", "initial_users",
                "initial_channel", "initial_channels", "initial_conversation", "initial_conversations",
                "initial_date", "initial_time", "initial_date_time"):  # fmt: skip
        if key in element:
            return element[key]
    return None


def view_state(view: Json, values: Json, files: Callable[[str], Json]) -> Json:
    """`state.values` of a submitted view, from values by action_id or by block_id.

    Raises LoopbackError where the user's client would not let the form go: a required input is empty, a text
    too short or long, a value given for no input.
    """
    found: Json = {}
    left = dict(values)
    for block in view["blocks"]:
        if block["type"] != "input":
            continue
        element = block["element"]
        value = initial(element)
        for key in (block["block_id"], element["action_id"]):
            value = left.pop(key, value)
        _refuse_input(block, element, value)
        if element["type"] == "file_input":
            value = [files(file_id) for file_id in value or []]
        filled_in = {"type": element["type"], **filled(element, value)}
        found.setdefault(block["block_id"], {})[element["action_id"]] = filled_in
    if left:
        raise LoopbackError(f"the view has no inputs {sorted(left)}; it has {inputs(view)}")
    return found


def inputs(view: Json) -> list[str]:
    """The action ids of a view's inputs."""
    return [block["element"]["action_id"] for block in view["blocks"] if block["type"] == "input"]


def _refuse_input(block: Json, element: Json, value: Any) -> None:
    name = element["action_id"]
    if value in (None, "", []):
        if not block.get("optional", False):
            raise LoopbackError(f"the client asks the user to fill in {name!r}")
        return
    if element["type"] == "plain_text_input":
        low, high = element.get("min_length", 0), element.get("max_length", 3000)
        if not low <= len(value) <= high:
            raise LoopbackError(f"the client takes {low} to {high} characters in {name!r}, not {len(value)}")
    if element["type"] == "file_input" and len(value) > element.get("max_files", 10):
        raise LoopbackError(f"the client takes {element.get('max_files', 10)} files in {name!r}")
