"""Payloads with the fields of real ones.

S: interactivity/implementing-slash-commands, reference/interaction-payloads, apis/events-api.
"""

from __future__ import annotations

import re

from .errors import Json
from .exchange import Exchange, Stored
from .state import State
from .world import APP, Channel

# The deprecated verification token, which every payload still carries
TOKEN = "loopback-verification"
URL = re.compile(r"https?://[^\s<>|]+")
NAME = re.compile(r"(?<!\w)([@#])([\w.-]+)")


def as_typed(state: State, text: str, *, escape: bool) -> str:
    """Text as it arrives: `&`, `<`, `>` escaped, ends trimmed.

    With `should_escape` known names become `<@U1|alice>` and `<#C1|general>`, addresses stand in brackets.
    """
    text = text.strip().replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    if not escape:
        return text
    text = URL.sub(lambda match: f"<{match[0]}>", text)
    users = {user.name: user.id for user in state.users.values()}
    channels = {channel.name: channel.id for channel in state.channels.values() if channel.name}
    groups = {group.handle: group.id for group in state.groups.values()}

    def named(match: re.Match[str]) -> str:
        sign, name = match[1], match[2]
        if sign == "#":
            return f"<#{channels[name]}|{name}>" if name in channels else match[0]
        if name in ("channel", "here", "everyone"):
            return f"<!{name}>"
        if name in groups:
            return f"<!subteam^{groups[name]}|@{name}>"
        return f"<@{users[name]}|{name}>" if name in users else match[0]

    return NAME.sub(named, text)


def channel_name(channel: Channel) -> str:
    """The name that payloads carry: direct and private conversations hide theirs."""
    return {"im": "directmessage", "private": "privategroup"}.get(channel.kind, channel.name)


def command(state: State, exchange: Exchange, name: str, text: str, team: str) -> Json:
    """A slash command's form fields."""
    channel = state.channels[exchange.channel or ""]
    return {
        "token": TOKEN, "team_id": team, "team_domain": state.team.domain, "channel_id": channel.id,
        "channel_name": channel_name(channel), "user_id": exchange.user,
        "user_name": state.users[exchange.user].name, "command": name, "text": text, "api_app_id": APP,
        "is_enterprise_install": "false", "response_url": state.hook_for(exchange),
        "trigger_id": state.trigger_for(exchange),
    }  # fmt: skip


def interaction(state: State, exchange: Exchange, kind: str) -> Json:
    """What every interactivity payload has."""
    user = state.users[exchange.user]
    return {
        "type": kind, "token": TOKEN, "api_app_id": APP,
        "team": {"id": state.team.id, "domain": state.team.domain},
        "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": state.team.id},
        "enterprise": None, "is_enterprise_install": False,
    }  # fmt: skip


def on_message(state: State, exchange: Exchange, stored: Stored) -> Json:
    """What an interaction on a message adds. An ephemeral message is not sent back in it."""
    channel = state.channels[stored.channel]
    container = {
        "type": "message", "message_ts": stored.ts, "channel_id": channel.id, "is_ephemeral": stored.ephemeral,
    }  # fmt: skip
    if "thread_ts" in stored.payload:
        container["thread_ts"] = stored.payload["thread_ts"]
    found: Json = {
        "container": container,
        "channel": {"id": channel.id, "name": channel_name(channel)},
        "state": {"values": {}},
        "response_url": state.hook_for(exchange),
    }
    if not stored.ephemeral:
        found["message"] = {key: value for key, value in stored.payload.items() if key != "metadata"}
    return found


def on_view(view: Json) -> Json:
    """What an interaction in a view adds."""
    return {"container": {"type": "view", "view_id": view["id"]}, "view": view}


def event(state: State, inner: Json) -> Json:
    """The envelope of an event (S: apis/events-api, event_callback)."""
    now = state.clock.now()
    authorization = {
        "enterprise_id": None, "team_id": state.team.id, "user_id": state.bot.id, "is_bot": True,
        "is_enterprise_install": False,
    }  # fmt: skip
    return {
        "token": TOKEN, "team_id": state.team.id, "context_team_id": state.team.id,
        "context_enterprise_id": None, "api_app_id": APP,
        "event": {"event_ts": f"{now:.6f}", **inner}, "type": "event_callback",
        "event_id": state.new_id("Ev"), "event_time": int(now), "authorizations": [authorization],
        "is_ext_shared_channel": False, "event_context": f"4-{state.serial()}",
    }  # fmt: skip
