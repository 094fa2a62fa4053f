"""views.*: modals, their stack, and the Home tab."""

from __future__ import annotations

import secrets
from typing import Any

from .errors import ApiError, Json
from .exchange import Exchange
from .methods import Args, Method
from .state import State
from .view_rules import STACK_DEPTH, refuse_view
from .world import APP, BOT


def open_view(state: State, args: Args) -> Json:
    """views.open: the first view of a stack."""
    view = args.data("view")
    refuse_view(view, "modal")
    exchange = state.spend_trigger(args.required("trigger_id"))
    made = place(state, view, exchange.user, previous=None)
    show(exchange, made)
    return {"ok": True, "view": made}


def push_view(state: State, args: Args) -> Json:
    """views.push: a view over the open ones, three in all."""
    view = args.data("view")
    refuse_view(view, "modal")
    exchange = state.spend_trigger(args.required("trigger_id"))
    made = push(state, view, exchange.user)
    show(exchange, made)
    return {"ok": True, "view": made}


def push(state: State, view: Json, user: str) -> Json:
    """Put a view on a user's stack; raises push_limit_reached beyond three."""
    stack = state.stacks.get(user, [])
    if not stack:
        raise ApiError("not_found")
    if len(stack) >= STACK_DEPTH:
        raise ApiError("push_limit_reached")
    return place(state, view, user, previous=stack[-1])


def place(state: State, view: Json, user: str, *, previous: str | None) -> Json:
    """Store a new modal on top of `previous`, or as the only one."""
    refuse_external_id(state, view, None)
    made = described(state, view, state.new_id("V"), previous)
    stack = [*state.stacks.get(user, []), made["id"]] if previous else [made["id"]]
    state.views[made["id"]] = made
    state.stacks[user] = stack
    made["root_view_id"] = stack[0]
    return made


def described(state: State, view: Json, view_id: str, previous: str | None) -> Json:
    """A view as Slack gives it back: with ids, a hash, and every key it may have."""
    blocks = [{"block_id": state.new_id("b"), **block} for block in view["blocks"]]
    blocks = [block | _with_action_ids(state, block) for block in blocks]
    found: Json = {
        "id": view_id, "team_id": state.team.id, "app_id": APP, "app_installed_team_id": state.team.id,
        "bot_id": BOT, "callback_id": "", "external_id": "", "private_metadata": "", "title": None,
        "close": None, "submit": None, "clear_on_close": False, "notify_on_close": False,
        "previous_view_id": previous, "root_view_id": view_id, "state": {"values": {}},
        **view, "blocks": blocks,
    }  # fmt: skip
    return found | {"hash": f"{int(state.clock.now())}.{secrets.token_hex(4)}"}


def _with_action_ids(state: State, block: Json) -> Json:
    """An element without an action_id gets one, as Slack gives one."""
    element = block.get("element")
    return {"element": {"action_id": state.new_id("a"), **element}} if isinstance(element, dict) else {}


def refuse_external_id(state: State, view: Json, own: str | None) -> None:
    """Raises duplicate_external_id: it is unique in the workspace."""
    wanted = view.get("external_id")
    if wanted and any(other["external_id"] == wanted and key != own for key, other in state.views.items()):
        raise ApiError("duplicate_external_id")


def show(exchange: Exchange, view: Json) -> None:
    """The user of this exchange sees a view."""
    exchange.views.append(view)
    exchange.show(view)


def update_view(state: State, args: Args) -> Json:
    """views.update by view_id or external_id, guarded by `hash` where one is given."""
    view = args.data("view")
    refuse_view(view, "modal")
    old = _wanted(state, args)
    if args.text("hash") and args.text("hash") != old["hash"]:
        raise ApiError("hash_conflict")
    refuse_external_id(state, view, old["id"])
    made = replace(state, view, old)
    for exchange in state.exchanges:
        if any(shown["id"] == made["id"] for shown in exchange.views):
            show(exchange, made)
    return {"ok": True, "view": made}


def replace(state: State, view: Json, old: Json) -> Json:
    """Give an open view new content."""
    made = described(state, view, old["id"], old["previous_view_id"]) | {"root_view_id": old["root_view_id"]}
    state.views[old["id"]] = made
    state.pulse.touch()
    return made


def _wanted(state: State, args: Args) -> Json:
    view_id, external_id = args.text("view_id"), args.text("external_id")
    for view in state.views.values():
        if view["id"] == view_id or (external_id and view["external_id"] == external_id):
            return view
    raise ApiError("not_found")


def publish(state: State, args: Args) -> Json:
    """views.publish: a user's Home tab (S: surfaces/app-home)."""
    user, view = args.required("user_id", "invalid_arguments"), args.data("view")
    refuse_view(view, "home")
    if user not in state.users:
        raise ApiError("user_not_found")
    old: Any = state.homes.get(user)
    if args.text("hash") and (old is None or args.text("hash") != old["hash"]):
        raise ApiError("hash_conflict")
    made = described(state, view, old["id"] if old else state.new_id("V"), None)
    state.homes[user] = made
    state.published(user, made)
    state.pulse.touch()
    return {"ok": True, "view": made}


def close(state: State, user: str, *, everything: bool = False) -> None:
    """The user's top view goes, or the whole stack."""
    stack = state.stacks.get(user, [])
    for view_id in stack if everything else stack[-1:]:
        state.views.pop(view_id, None)
    state.stacks[user] = [] if everything else stack[:-1]


METHODS = {
    "views.open": Method(open_view, None, 4),
    "views.push": Method(push_view, None, 4),
    "views.update": Method(update_view, None, 4),
    "views.publish": Method(publish, None, 4),
}
