"""Discord's interaction payloads as calls.

Shapes: docs.discord.com/developers, interactions/receiving-and-responding (Interaction Structure).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.discord_adapter.kinds import EPHEMERAL, GROUP_CONTEXT, Component, Interaction, OptionType, Permission
from commands.model import Call, Caller, OptionValue
from scheduler.address import Destination, Person

Payload = Mapping[str, Any]

_GOVERNS = Permission.ADMINISTRATOR | Permission.MANAGE_GUILD
_MANAGES = Permission.ADMINISTRATOR | Permission.MANAGE_CHANNELS | Permission.MANAGE_GUILD

# The button under a delivery that has none of its own: it gives the delivery's key a place in the
# channel's history, and runs a command that says why the message came.
ABOUT = "about"
ABOUT_COMMAND = "brief subscriptions"


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that came with an interaction, not yet fetched. `size` in bytes; `url` expires."""

    option: str
    name: str
    url: str
    size: int


def command_call(payload: Payload, at: datetime) -> Call:
    """Read an application command."""
    path, options = _walk(payload["data"])
    return _call(payload, path, _values(options, payload), at)


def completion(payload: Payload, at: datetime) -> tuple[Call, str, str]:
    """Read a completion: the call as far as it is written, the option in work and its text so far."""
    path, options = _walk(payload["data"])
    focused = next(option for option in options if option.get("focused"))
    others = [option for option in options if option is not focused]
    partial = str(focused.get("value", ""))
    return _call(payload, path, _values(others, payload), at), focused["name"], partial


def press_call(payload: Payload, at: datetime) -> tuple[str, Call]:
    """Read the press of a button: its key, and a call that the front completes."""
    key = _key(payload)
    return key, _call(payload, ABOUT_COMMAND if key == ABOUT else "", {}, at)


def form_call(payload: Payload, at: datetime) -> tuple[str, Call]:
    """Read a submitted form: its key, and a call whose options are the answers."""
    answers = {
        field["custom_id"]: _answer(field, payload)
        for field in _fields(payload)
        if field["type"] != Component.FILE_UPLOAD
    }
    return _key(payload), _call(payload, "", {name: value for name, value in answers.items() if value}, at)


def attachments(payload: Payload) -> tuple[Attached, ...]:
    """List the files of a command or of a submitted form, one of each option."""
    there = _resolved(payload, "attachments")
    if not there:
        return ()
    if payload["type"] == Interaction.MODAL_SUBMIT:
        uploads = (field for field in _fields(payload) if field["type"] == Component.FILE_UPLOAD)
        named = [(field["custom_id"], field["values"][0]) for field in uploads if field.get("values")]
    else:
        options = _walk(payload["data"])[1]
        named = [(each["name"], each["value"]) for each in options if each["type"] == OptionType.ATTACHMENT]
    return tuple(_attached(option, there[id]) for option, id in named if id in there)


def replaceable(payload: Payload) -> bool:
    """Say whether only the presser sees the message whose button was pressed."""
    message = payload.get("message")
    if message is None:
        return False
    alone = "guild_id" not in payload and payload.get("context") != GROUP_CONTEXT
    return alone or bool((message.get("flags") or 0) & EPHEMERAL)


def opens(payload: Payload) -> bool:
    """Say whether a pressed button opens a message of its own, rather than turning a page or sharing."""
    return _key(payload).partition(":")[0] not in ("page", "share")


def wants_number(payload: Payload) -> bool:
    """Say whether the option that is being completed is an integer."""
    options = _walk(payload["data"])[1]
    return any(option.get("focused") and option["type"] == OptionType.INTEGER for option in options)


def _attached(option: str, file: Payload) -> Attached:
    return Attached(option, file["filename"], file["url"], file["size"])


def _key(payload: Payload) -> str:
    key: str = payload["data"]["custom_id"]
    return key.partition("|")[0]


def person(payload: Payload) -> Person:
    """Who sent an interaction, from a server or in private."""
    user = (payload.get("member") or payload)["user"]
    return Person("discord", "", user["id"])


def _call(payload: Payload, command: str, options: Mapping[str, OptionValue], at: datetime) -> Call:
    guild = payload.get("guild_id")
    member = payload.get("member") or {}
    user = member["user"] if member else payload["user"]
    id = user["id"]
    return Call(
        command=command,
        caller=Caller(
            person(payload),
            member.get("nick") or user.get("global_name") or user["username"],
            payload.get("locale") or "en",
            manages=int(member.get("permissions") or 0) & _MANAGES != 0,
            governs=int(member.get("permissions") or 0) & _GOVERNS != 0,
            roles=tuple(f"discord:{guild}/role:{role}" for role in member.get("roles") or ()),
        ),
        place=Destination("discord", guild, payload["channel_id"]) if guild else _inbox(id),
        at=at,
        options=options,
        request=f"discord:{payload['id']}",
    )


def _inbox(user: str) -> Destination:
    return Destination("discord", "@me", f"@{user}")


def _walk(data: Payload) -> tuple[str, Sequence[Payload]]:
    """Return the command's path in words, and the options of its innermost subcommand."""
    path: str = data["name"]
    options: Sequence[Payload] = data.get("options") or ()
    while options and options[0]["type"] in (OptionType.SUBCOMMAND, OptionType.GROUP):
        path = f"{path} {options[0]['name']}"
        options = options[0].get("options") or ()
    return path, options


def _values(options: Sequence[Payload], payload: Payload) -> dict[str, OptionValue]:
    return {
        option["name"]: _value(option, payload)
        for option in options
        if option["type"] != OptionType.ATTACHMENT and option.get("value") is not None
    }


def _value(option: Payload, payload: Payload) -> OptionValue:
    value = option["value"]
    match option["type"]:
        case OptionType.USER:
            return f"discord:{value}"
        case OptionType.CHANNEL:
            return _channel(value, payload)
        case OptionType.ROLE:
            return f"role:{value}"
        case OptionType.MENTIONABLE:
            return f"role:{value}" if value in _resolved(payload, "roles") else f"discord:{value}"
    return value if isinstance(value, str | int) else str(value)


def _resolved(payload: Payload, kind: str) -> Mapping[str, Any]:
    return (payload["data"].get("resolved") or {}).get(kind) or {}


def _channel(id: str, payload: Payload) -> str:
    return f"discord:{payload.get('guild_id') or '@me'}/{id}"


def _fields(payload: Payload) -> Iterator[Payload]:
    """Each field of a submitted form: inside a Label, or (older clients) inside an action row."""
    for holder in payload["data"]["components"]:
        inner = holder.get("component")
        yield from (inner,) if inner else holder.get("components") or ()


def _answer(field: Payload, payload: Payload) -> str:
    if "value" in field:
        return str(field["value"] or "")
    chosen = field.get("values")
    if not chosen:
        return ""
    match field["type"]:
        case Component.USER_SELECT:
            return f"discord:{chosen[0]}"
        case Component.ROLE_SELECT:
            return f"role:{chosen[0]}"
        case Component.CHANNEL_SELECT:
            return _channel(chosen[0], payload)
    return str(chosen[0])
