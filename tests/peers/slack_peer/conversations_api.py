"""conversations.*: what channels there are, who sits in them, what was said."""

from __future__ import annotations

from .errors import ApiError, Json
from .exchange import Stored
from .methods import Args, Method, need_kind_scope, need_scope, paged
from .state import State
from .world import SCOPE_OF_KIND, Channel

KIND_OF_TYPE = {"public_channel": "channel", "private_channel": "private", "im": "im", "mpim": "mpim"}


def open_conversation(state: State, args: Args) -> Json:
    """conversations.open with `users` (1-8) or `channel` (S: reference/methods/conversations.open)."""
    users = [user for user in args.text("users").split(",") if user]
    if not users:
        need_scope(state, "im:write")
        return {
            "ok": True,
            "channel": {"id": state.channel(args.required("channel", "users_list_not_supplied")).id},
        }
    if len(users) > 8:
        raise ApiError("too_many_users")
    need_scope(state, "im:write" if len(users) == 1 else "mpim:write")
    for user in users:
        if user not in state.users:
            raise ApiError("user_not_found")
        if state.users[user].deleted:
            raise ApiError("user_disabled")
    known = len(state.channels)
    channel = state.direct(users[0]) if len(users) == 1 else _group(state, set(users))
    shown: Json = {"id": channel.id}
    if args.flag("return_im"):
        shown = channel.described(state.bot.id)
    already = {} if len(state.channels) > known else {"no_op": True, "already_open": True}
    return {"ok": True, "channel": shown, **already}


def _group(state: State, users: set[str]) -> Channel:
    members = users | {state.bot.id}
    for channel in state.channels.values():
        if channel.kind == "mpim" and channel.members == members:
            return channel
    names = "--".join(sorted(state.users[user].name for user in members))
    channel = Channel(state.new_id("G"), f"mpdm-{names}-1", "mpim", members)
    state.channels[channel.id] = channel
    return channel


def info(state: State, args: Args) -> Json:
    """conversations.info."""
    channel = state.channel(args.required("channel", "channel_not_found"))
    need_kind_scope(state, channel, "read")
    shown = channel.described(state.bot.id)
    if not args.flag("include_num_members"):
        shown.pop("num_members", None)
    return {"ok": True, "channel": shown}


def list_conversations(state: State, args: Args) -> Json:
    """conversations.list, and users.conversations for those with the bot in them."""
    return _listed(state, args, joined_only=False)


def joined_conversations(state: State, args: Args) -> Json:
    """users.conversations."""
    return _listed(state, args, joined_only=True)


def _listed(state: State, args: Args, *, joined_only: bool) -> Json:
    types = (args.text("types") or "public_channel").replace(" ", "").split(",")
    kinds = {KIND_OF_TYPE.get(name) for name in types}
    if None in kinds:
        raise ApiError("invalid_types")
    for name in types:
        need_scope(state, f"{SCOPE_OF_KIND[KIND_OF_TYPE[name]]}:read")  # type: ignore[index]
    shown = [
        channel.described(state.bot.id)
        for channel in state.channels.values()
        if channel.kind in kinds
        and (state.bot.id in channel.members or (channel.kind == "channel" and not joined_only))
        and not (channel.is_archived and args.flag("exclude_archived"))
    ]
    page, cursor = paged(shown, args, 100)
    return {"ok": True, "channels": page, "response_metadata": {"next_cursor": cursor}}


def members(state: State, args: Args) -> Json:
    """conversations.members."""
    channel = state.channel(args.required("channel", "channel_not_found"))
    need_kind_scope(state, channel, "read")
    page, cursor = paged([{"id": user} for user in sorted(channel.members)], args, 100)
    found = [item["id"] for item in page]
    return {"ok": True, "members": found, "response_metadata": {"next_cursor": cursor}}


def history(state: State, args: Args) -> Json:
    """conversations.history: newest first, replies left out, metadata only with include_all_metadata."""
    channel = _readable(state, args)
    found = [
        stored
        for stored in reversed(state.messages.get(channel.id, []))
        if not stored.deleted
        and _within(stored, args)
        and (stored.payload.get("thread_ts") in (None, stored.ts) or "subtype" in stored.payload)
    ]
    page, cursor = paged([_shown(state, stored, args) for stored in found], args, 100)
    more = {"response_metadata": {"next_cursor": cursor}} if cursor else {}
    return {"ok": True, "messages": page, "has_more": bool(cursor), "pin_count": 0, **more}


def replies(state: State, args: Args) -> Json:
    """conversations.replies: the parent and then its replies, oldest first."""
    channel = _readable(state, args)
    parent = state.find_message(channel.id, args.required("ts", "thread_not_found"))
    rest = [
        stored
        for stored in state.messages[channel.id]
        if stored.payload.get("thread_ts") == parent.ts and stored is not parent and not stored.deleted
    ]
    found = [parent, *(stored for stored in rest if _within(stored, args))]
    page, cursor = paged([_shown(state, stored, args) for stored in found], args, 1000)
    more = {"response_metadata": {"next_cursor": cursor}} if cursor else {}
    return {"ok": True, "messages": page, "has_more": bool(cursor), **more}


def _readable(state: State, args: Args) -> Channel:
    channel = state.channel(args.required("channel", "channel_not_found"))
    need_kind_scope(state, channel, "history")
    if state.bot.id not in channel.members:
        raise ApiError("not_in_channel")
    return channel


def _within(stored: Stored, args: Args) -> bool:
    oldest, latest = args.text("oldest") or "0", args.text("latest") or "9999999999"
    ts = _exact(stored.ts)
    if args.flag("inclusive"):
        return _exact(oldest) <= ts <= _exact(latest)
    return _exact(oldest) < ts < _exact(latest)


def _exact(ts: str) -> tuple[int, int]:
    """Seconds and microseconds: a float would round the sixth digit away."""
    seconds, _, rest = ts.partition(".")
    try:
        return int(seconds), int((rest + "000000")[:6])
    except ValueError:
        raise ApiError("invalid_ts_oldest") from None


def _shown(state: State, stored: Stored, args: Args) -> Json:
    found = dict(stored.payload)
    if not args.flag("include_all_metadata"):
        found.pop("metadata", None)
    replies = [
        other
        for other in state.messages.get(stored.channel, [])
        if other.payload.get("thread_ts") == stored.ts and other is not stored and not other.deleted
    ]
    if replies:
        found |= {"thread_ts": stored.ts, "reply_count": len(replies), "latest_reply": replies[-1].ts}
    return found


def join(state: State, args: Args) -> Json:
    """conversations.join: public channels only."""
    channel = state.channel(args.required("channel", "channel_not_found"))
    if channel.kind != "channel":
        raise ApiError("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise ApiError("is_archived")
    already = {"warning": "already_in_channel"} if state.bot.id in channel.members else {}
    channel.members.add(state.bot.id)
    return {"ok": True, "channel": channel.described(state.bot.id), **already}


METHODS = {
    "conversations.open": Method(open_conversation, None, 3),
    "conversations.info": Method(info, None, 3),
    "conversations.list": Method(list_conversations, None, 2),
    "conversations.members": Method(members, None, 4),
    "conversations.history": Method(history, None, 3),
    "conversations.replies": Method(replies, None, 3),
    "conversations.join": Method(join, "channels:join", 3),
    "users.conversations": Method(joined_conversations, None, 3),
}
