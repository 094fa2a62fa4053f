"""chat.*: posting, changing and deleting messages."""

from __future__ import annotations

from .errors import ApiError, Json
from .exchange import Stored
from .message_rules import file_ids, refuse_content, refuse_update, truncated
from .methods import Args, Method
from .state import State
from .world import Channel


def post_message(state: State, args: Args) -> Json:
    """chat.postMessage."""
    channel = destination(state, args.required("channel", "channel_not_found"))
    content = args.content()
    refuse_content(content)
    refuse_files(state, content)
    refuse_posting(state, channel)
    thread_ts = args.text("thread_ts") or None
    if thread_ts:
        refuse_thread(state, channel, thread_ts)
    state.rates.count_post(channel.id)
    cut = len(content["text"]) > len(truncated(content["text"]))
    content["text"] = truncated(content["text"])
    stored = state.store(channel.id, content, thread_ts=thread_ts, subtype=_subtype(args, thread_ts))
    state.appeared(stored)
    warning: Json = {"response_metadata": {"warnings": ["message_truncated"]}} if cut else {}
    return {"ok": True, "channel": channel.id, "ts": stored.ts, "message": stored.payload, **warning}


def _subtype(args: Args, thread_ts: str | None) -> str | None:
    return "thread_broadcast" if thread_ts and args.flag("reply_broadcast") else None


def destination(state: State, channel_id: str) -> Channel:
    """The conversation to post to; a user's id opens the direct one. Names are refused: ids are what lasts."""
    if channel_id in state.users:
        return state.direct(channel_id)
    return state.channel(channel_id)


def refuse_posting(state: State, channel: Channel) -> None:
    """Raises where the bot may not post (S: reference/methods/chat.postMessage)."""
    if channel.is_archived:
        raise ApiError("is_archived")
    if channel.kind == "im":
        _refuse_direct(state, channel)
    elif state.bot.id not in channel.members and "chat:write.public" not in state.scopes:
        raise ApiError("not_in_channel")
    if channel.restricted:
        raise ApiError("restricted_action")


def _refuse_direct(state: State, channel: Channel) -> None:
    if not state.messages_tab:
        raise ApiError("messages_tab_disabled")
    if any(state.users[member].deleted for member in channel.members):
        raise ApiError("cannot_dm_bot" if state.bot.deleted else "user_disabled")


def refuse_thread(state: State, channel: Channel, thread_ts: str) -> None:
    """Raises where there is no message to reply to."""
    try:
        state.find_message(channel.id, thread_ts)
    except ApiError:
        raise ApiError("thread_not_found") from None


def refuse_files(state: State, content: Json) -> None:
    """A picture may refer to a file once it is uploaded, completed and processed."""
    for file_id in file_ids(content.get("blocks")):
        file = state.files.get(file_id)
        if file is None or not file.completed or state.clock.now() < file.ready_at:
            messages = ["[ERROR] invalid slack file [json-pointer:/blocks/slack_file/id]"]
            raise ApiError("invalid_blocks", errors=messages, response_metadata={"messages": messages})


def update(state: State, args: Args) -> Json:
    """chat.update. Blocks that are not sent again stay; an empty list removes them."""
    channel = state.channel(args.required("channel", "channel_not_found"))
    stored = state.find_message(channel.id, args.required("ts", "message_not_found"))
    content = args.content()
    if content["blocks"] is None and not content["markdown_text"]:
        content["blocks"] = stored.payload.get("blocks")
    if content["metadata"] is None:
        content["metadata"] = stored.payload.get("metadata")
    refuse_update(content)
    refuse_files(state, content)
    if channel.is_archived:
        raise ApiError("is_archived")
    _refuse_foreign(state, stored, "cant_update_message")
    state.replace(stored, content)
    state.appeared(stored)
    shown = {"ok": True, "channel": channel.id, "ts": stored.ts, "text": stored.payload["text"]}
    return shown | {"message": stored.payload}


def _refuse_foreign(state: State, stored: Stored, error: str) -> None:
    if stored.payload.get("user") != state.bot.id:
        raise ApiError(error)


def delete(state: State, args: Args) -> Json:
    """chat.delete."""
    channel = state.channel(args.required("channel", "channel_not_found"))
    stored = state.find_message(channel.id, args.required("ts", "message_not_found"))
    _refuse_foreign(state, stored, "cant_delete_message")
    stored.deleted = True
    state.pulse.touch()
    return {"ok": True, "channel": channel.id, "ts": stored.ts}


def post_ephemeral(state: State, args: Args) -> Json:
    """chat.postEphemeral: to one user who must be in the channel (S: reference/methods/chat.postEphemeral)."""
    channel = state.channel(args.required("channel", "channel_not_found"))
    user = args.required("user", "user_not_found")
    content = args.content()
    refuse_content(content)
    refuse_files(state, content)
    refuse_posting(state, channel)
    if state.bot.id not in channel.members:
        raise ApiError("not_in_channel")
    if user not in channel.members:
        raise ApiError("user_not_in_channel")
    content["text"] = truncated(content["text"])
    stored = state.store(channel.id, content, only_for=user, thread_ts=args.text("thread_ts") or None)
    state.appeared(stored)
    return {"ok": True, "message_ts": stored.ts}


def permalink(state: State, args: Args) -> Json:
    """chat.getPermalink."""
    channel = state.channel(args.required("channel", "channel_not_found"))
    stored = state.find_message(channel.id, args.required("message_ts", "message_not_found"))
    path = f"archives/{channel.id}/p{stored.ts.replace('.', '')}"
    return {"ok": True, "channel": channel.id, "permalink": f"https://{state.team.domain}.slack.com/{path}"}


METHODS = {
    "chat.postMessage": Method(post_message, "chat:write"),
    "chat.update": Method(update, "chat:write", 3),
    "chat.delete": Method(delete, "chat:write", 3),
    "chat.postEphemeral": Method(post_ephemeral, "chat:write", 4),
    "chat.getPermalink": Method(permalink),
}
