"""Slack's payloads as calls. Pure.

Shapes: docs.slack.dev, interactivity/implementing-slash-commands and reference/interaction-payloads.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from commands.model import Call, Caller, Form, OptionValue
from scheduler.address import Destination, Person, destination

Payload = Mapping[str, Any]

METADATA = 3000
_CONTROL = re.compile(r"<([^<>]*)>")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a request came from, and with it where its answer goes.

    `channel` is Slack's own id, empty in the Home tab. `replaceable` says that only the presser sees the
    message whose button was pressed.
    """

    team: str
    user: str
    channel: str = ""
    thread: str = ""
    response_url: str = ""
    trigger: str = ""
    replaceable: bool = False

    @property
    def place(self) -> Destination:
        """The address: the person's direct messages for a conversation of two, and for the Home tab."""
        if not self.channel or self.channel.startswith("D"):
            return Destination("slack", self.team, f"@{self.user}")
        return Destination("slack", self.team, self.channel, self.thread)

    @property
    def person(self) -> Person:
        """Who asks."""
        return Person("slack", self.team, self.user)


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that came with a form, not yet fetched."""

    option: str
    name: str
    url: str
    size: int


def origin(payload: Payload) -> Origin:
    """Read where a request came from: a slash command, a press, a submission, a suggestion."""
    if "command" in payload:
        return Origin(
            payload["team_id"], payload["user_id"], payload["channel_id"],
            response_url=payload.get("response_url", ""), trigger=payload.get("trigger_id", ""),
        )  # fmt: skip
    user = payload["user"]
    team = (payload.get("team") or {}).get("id") or user.get("team_id", "")
    if payload.get("view"):
        return _view_origin(payload, team)
    container = payload.get("container") or {}
    channel = (payload.get("channel") or {}).get("id") or container.get("channel_id", "")
    return Origin(
        team, user["id"], channel, _thread(container),
        payload.get("response_url", ""), payload.get("trigger_id", ""), replaceable(payload),
    )  # fmt: skip


def line(payload: Payload) -> str:
    """Return a slash command with its text, as somebody would have typed it."""
    return f"{payload['command']} {normalised(payload.get('text') or '', payload['team_id'])}".rstrip()


def normalised(text: str, team: str) -> str:
    """Turn Slack's escapes into addresses and characters (messaging/formatting-message-text)."""

    def plain(found: re.Match[str]) -> str:
        return _control(found[1], team)

    whole = _CONTROL.sub(plain, text)
    return whole.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def command_call(payload: Payload, command: str, options: Mapping[str, OptionValue], at: datetime) -> Call:
    """Read a slash command, whose line is parsed already."""
    return _call(payload, command, options, at)


def press_call(payload: Payload, at: datetime) -> tuple[str, Call]:
    """Read the press of a button: its key, and a call that the front completes."""
    key: str = payload["actions"][0]["action_id"]
    return key.partition("|")[0], _call(payload, "", {}, at)


def form_call(payload: Payload, at: datetime) -> tuple[str, Call]:
    """Read a submitted form: its key, and a call whose options are the answers; those left empty are not there."""
    return payload["view"]["callback_id"], _call(payload, "", _answers(payload), at)


def completion(payload: Payload, at: datetime) -> tuple[Call, str, str]:
    """Read a completion: the call as far as it is filled in, the option in work and its text so far."""
    asked = _asked(payload)
    options = dict(asked.get("preset", ())) | _answers(payload)
    option: str = payload["action_id"]
    options.pop(option, None)
    return _call(payload, asked.get("command", ""), options, at), option, payload.get("value") or ""


def attachments(payload: Payload) -> tuple[Attached, ...]:
    """List the files of a submitted form, one of each option."""
    found = ((name, element["files"][0]) for name, element in _elements(payload) if element.get("files"))
    return tuple(
        Attached(
            name, file["name"], file.get("url_private_download") or file["url_private"], file.get("size", 0)
        )
        for name, file in found
    )


def replaceable(payload: Payload) -> bool:
    """Say whether only the presser sees the message whose button was pressed."""
    container = payload.get("container") or {}
    if container.get("type") != "message":
        return False
    return bool(container.get("is_ephemeral")) or str(container.get("channel_id", "")).startswith("D")


def request_id(payload: Payload) -> str:
    """Return what a repeated request has in common with the first; empty where Slack gives it nothing."""
    id = payload.get("event_id") or payload.get("trigger_id") or ""
    return f"slack:{id}" if id else ""


def metadata(form: Form, asked: Origin) -> str:
    """What a modal has to bring back: a submission does not say where it was asked for.

    A preset that is too long is left out; the front knows it under the form's key.
    """
    kept = {
        "place": str(asked.place),
        "channel": asked.channel,
        "url": asked.response_url,
        "command": form.command,
    }
    whole = json.dumps({**kept, "preset": form.preset}, ensure_ascii=False)
    return whole if len(whole) <= METADATA else json.dumps(kept, ensure_ascii=False)


def shown_name(payload: Payload) -> str:
    """Return how Slack calls the person who asks."""
    user = payload.get("user") or {}
    name: str = payload.get("user_name") or user.get("username") or user.get("name") or ""
    return name


def _call(payload: Payload, command: str, options: Mapping[str, OptionValue], at: datetime) -> Call:
    came = origin(payload)
    caller = Caller(came.person, shown_name(payload) or came.user)
    return Call(command, caller, came.place, at, options, request=request_id(payload))


def _thread(container: Payload) -> str:
    """The thread of a pressed message; a channel's own message is in none, replies to it or not."""
    thread = container.get("thread_ts") or ""
    return "" if thread == container.get("message_ts") else thread


def _view_origin(payload: Payload, team: str) -> Origin:
    asked = _asked(payload)
    place = destination(asked["place"]) if asked.get("place") else None
    return Origin(
        team, payload["user"]["id"], asked.get("channel", ""), place.thread if place else "",
        asked.get("url", ""), payload.get("trigger_id", ""),
    )  # fmt: skip


def _asked(payload: Payload) -> dict[str, Any]:
    """What `metadata` kept; nothing in a Home tab, which keeps nothing."""
    kept = (payload.get("view") or {}).get("private_metadata")
    found: dict[str, Any] = json.loads(kept) if kept else {}
    return found


def _control(inside: str, team: str) -> str:
    kind, (body, _, label) = inside[:1], inside[1:].partition("|")
    if kind == "@":
        return f"slack:{team}/{body}"
    if kind == "#":
        return f"slack:{team}/{body}"
    if kind == "!":
        return _special(body, label)
    url, _, label = inside.partition("|")
    return label if url.startswith("mailto:") and label else url


def _special(body: str, label: str) -> str:
    name, _, id = body.partition("^")
    if name == "subteam":
        return f"usergroup:{id}"
    return label or f"@{name}"


def _elements(payload: Payload) -> Iterator[tuple[str, Payload]]:
    values = ((payload.get("view") or {}).get("state") or {}).get("values") or {}
    for block in values.values():
        yield from block.items()


def _answers(payload: Payload) -> dict[str, OptionValue]:
    team = (payload.get("team") or {}).get("id") or payload["user"].get("team_id", "")
    read = ((name, _answer(element, team)) for name, element in _elements(payload))
    return {name: value for name, value in read if value}


def _answer(element: Payload, team: str) -> str:
    match element.get("type"):
        case "static_select" | "external_select":
            return str((element.get("selected_option") or {}).get("value", ""))
        case "datepicker":
            return element.get("selected_date") or ""
        case "conversations_select":
            channel = element.get("selected_conversation")
            return f"slack:{team}/{channel}" if channel else ""
        case "users_select":
            user = element.get("selected_user")
            return f"slack:{team}/{user}" if user else ""
    return str(element.get("value") or "").strip()
