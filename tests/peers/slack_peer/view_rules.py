"""What Slack refuses in a modal or a Home tab, and in the acknowledgement of a submitted one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from .block_rules import BLOCK_RULES
from .block_shapes import SCHEMA, VIEWS
from .errors import ApiError, Json
from .rules import Fault, Field, Rule, refuse

VIEW_BYTES = 250_000
STACK_DEPTH = 3
OPTION_LISTS = {
    "options": Field("option", many=True, high=100),
    "option_groups": Field("option_group", many=True, high=100),
}


def _submit_for_inputs(view: Json) -> Iterator[Fault]:
    inputs = any(block["type"] == "input" for block in view["blocks"])
    if view["type"] == "modal" and inputs and "submit" not in view:
        yield Fault("/view", "missing required field: submit")


def _files_in_modals(view: Json) -> Iterator[Fault]:
    for index, block in enumerate(view["blocks"]):
        if view["type"] != "modal" and block.get("element", {}).get("type") == "file_input":
            yield Fault(f"/view/blocks/{index}/element", "unsupported type: file_input")


VIEW_RULES: tuple[Rule, ...] = (
    Rule("a modal with inputs has a submit", VIEWS, _submit_for_inputs),
    Rule(
        "file_input stands in modals",
        "S: reference/block-kit/block-elements/file-input-element",
        _files_in_modals,
    ),
)


def refuse_view(view: Any, wanted: str) -> None:
    """Raises what views.open, push, update or publish answer; `wanted` is `modal` or `home`."""
    if not isinstance(view, dict):
        raise ApiError("invalid_arguments")
    if len(json.dumps(view, ensure_ascii=False).encode()) > VIEW_BYTES:
        raise ApiError("view_too_large")
    if view.get("type") != wanted:
        refuse("invalid_arguments", [Fault("/view/type", f"value must be one of {wanted}")])
    refuse("invalid_arguments", SCHEMA.faults(Field(wanted), view, "/view"))
    refuse("invalid_arguments", (fault for rule in BLOCK_RULES for fault in rule.check(view["blocks"])))
    refuse("invalid_arguments", (fault for rule in VIEW_RULES for fault in rule.check(view)))


def refuse_submission_ack(ack: Any, view: Json) -> None:
    """Raises where Slack would tell the user that it could not work with the answer to a submission.

    Source: S: surfaces/modals (response_action errors, update, push, clear).
    """
    if not ack:
        return
    action = ack.get("response_action") if isinstance(ack, dict) else None
    if action == "errors":
        inputs = {block["block_id"] for block in view["blocks"] if block["type"] == "input"}
        errors = ack.get("errors")
        if not isinstance(errors, dict) or not errors or not errors.keys() <= inputs:
            raise ApiError("invalid_errors", known=sorted(inputs))
    elif action in ("update", "push"):
        refuse_view(ack.get("view"), "modal")
    elif action != "clear":
        raise ApiError("invalid_response_action")


def refuse_suggestions(ack: Any) -> None:
    """Raises where a select could not show these suggestions (S: select-menu-element: 100 of either)."""
    lists = [key for key in OPTION_LISTS if isinstance(ack, dict) and key in ack]
    if len(lists) != 1:
        raise ApiError("invalid_options")
    key = lists[0]
    refuse("invalid_options", SCHEMA.faults(OPTION_LISTS[key], ack[key], f"/{key}"))
