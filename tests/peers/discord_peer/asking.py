"""What a person sends: the data of interactions, built and checked as Discord's own client does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .command_rules import GROUP, SUBCOMMAND
from .component_rules import STRING_SELECT, TEXT_INPUT
from .errors import Json
from .messages import Messages
from .permissions import Permission
from .rules import walk
from .state import State, Upload
from .world import DM, Channel, Guild, Member, User

STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER, ATTACHMENT = range(3, 12)
ANY_OF_THE_TYPES = {str: STRING, bool: BOOLEAN, int: INTEGER, float: NUMBER, Upload: ATTACHMENT}


class NotOfferedError(LookupError):
    """The person's client does not offer this: it would send nothing to the bot."""


class Asking:
    """Builds the `data` of commands, components and modals from what a person chose."""

    def __init__(self, state: State, messages: Messages) -> None:
        self.state = state
        self.messages = messages

    def registered(self, name: str, channel: Channel, allowed: Permission) -> Json:
        """The command as the person's client offers it in this channel; NotOfferedError with the reason."""
        scopes = [channel.guild_id, None] if channel.guild_id else [None]
        listed = [c for scope in scopes for c in self.state.commands.get(scope, {}).values()]
        command = next((c for c in listed if c["name"] == name), None)
        if command is None:
            names = ", ".join(sorted(c["name"] for c in listed)) or "none"
            raise NotOfferedError(f"/{name} is not registered here; there are: {names}")
        contexts = [0, 1] if command["contexts"] is None else command["contexts"]
        if command["contexts"] is None and command["dm_permission"] is False:
            contexts = [0]
        if (1 if channel.kind == DM else 0) not in contexts:
            raise NotOfferedError(f"/{name} is not offered in this kind of channel")
        self._refuse_hidden(command, channel, allowed)
        return command

    def _refuse_hidden(self, command: Json, channel: Channel, allowed: Permission) -> None:
        needed = command["default_member_permissions"]
        if channel.guild_id is None or needed is None or Permission.ADMINISTRATOR in allowed:
            return
        if int(needed) == 0 or Permission(int(needed)) & ~allowed:
            raise NotOfferedError(f"/{command['name']} is hidden from members without permissions {needed}")

    def command_data(
        self,
        command: Json | None,
        path: list[str],
        values: Mapping[str, Any],
        channel: Channel,
        focused: str | None = None,
    ) -> Json:
        """The data of a command; with `focused`, of its completion (then nothing is required yet)."""
        resolved: Json = {}
        offered, nesting = _descend(command, path)
        given = [
            self._option(_offered(offered, name, value), value, channel, resolved, focused)
            for name, value in values.items()
        ]
        missing = [o["name"] for o in offered or [] if o.get("required") and o["name"] not in values]
        if missing and focused is None:
            raise NotOfferedError(f"/{' '.join(path)} cannot be sent without: {', '.join(missing)}")
        for kind, name in reversed(nesting):
            given = [{"type": kind, "name": name, "options": given}]
        data: Json = {"id": command["id"] if command else self.state.snowflake(), "name": path[0], "type": 1}
        data |= {"guild_id": command["guild_id"]} if command and "guild_id" in command else {}
        data |= {"options": given} if given else {}
        return data | ({"resolved": resolved} if resolved else {})

    def _option(self, offer: Json, value: Any, channel: Channel, resolved: Json, focused: str | None) -> Json:
        kind, name = offer["type"], offer["name"]
        shown: Json = {"name": name, "type": kind, "value": self._resolve(kind, value, channel, resolved)}
        if focused == name:
            if not offer.get("autocomplete"):
                raise NotOfferedError(f"option {name} has no completion")
            return shown | {"focused": True}
        _refuse_value(offer, value)
        return shown

    def _resolve(self, kind: int, value: Any, channel: Channel, resolved: Json) -> Any:
        if kind in (USER, CHANNEL, ROLE, MENTIONABLE):
            key = str(getattr(value, "id", value))
            self._resolve_one(kind, key, channel, resolved)
            return key
        if kind == ATTACHMENT:
            attachment = self.messages.attachment(None, channel.id, value)
            resolved.setdefault("attachments", {})[attachment["id"]] = attachment | {"ephemeral": True}
            return attachment["id"]
        return value

    def _resolve_one(self, kind: int, key: str, channel: Channel, resolved: Json) -> None:
        guild = self.state.guilds[channel.guild_id] if channel.guild_id else None
        if key in self.state.users and kind in (USER, MENTIONABLE):
            resolved.setdefault("users", {})[key] = self.state.users[key].wire()
            if guild is not None and key in guild.members:
                user = self.state.users[key]
                resolved.setdefault("members", {})[key] = member(
                    guild, user, guild.members[key], nested=False
                )
        elif kind == CHANNEL:
            resolved.setdefault("channels", {})[key] = partial_channel(self.state, self.state.channels[key])
        elif guild is not None and guild.role(key) is not None and kind in (ROLE, MENTIONABLE):
            resolved.setdefault("roles", {})[key] = next(
                r for r in guild.wire(self.state.bot)["roles"] if r["id"] == key
            )
        else:
            raise NotOfferedError(f"nothing here has the id {key}")

    def select_data(self, component: Json, values: list[Any], channel: Channel) -> Json:
        """The data of a select menu; NotOfferedError for other values or another number of them."""
        least, most = component.get("min_values", 1), component.get("max_values", 1)
        if not least <= len(values) <= most:
            raise NotOfferedError(f"the menu takes {least} to {most} values, not {len(values)}")
        resolved: Json = {}
        if component["type"] == STRING_SELECT:
            _refuse_unlisted(component, values)
            chosen = list(values)
        else:
            kind = {5: USER, 6: ROLE, 7: MENTIONABLE, 8: CHANNEL}[component["type"]]
            chosen = [self._resolve(kind, value, channel, resolved) for value in values]
        return {"values": chosen} | ({"resolved": resolved} if resolved else {})

    def modal_data(self, modal: Json, fields: Mapping[str, Any], channel: Channel) -> Json:
        """The submitted modal: every input with the value given, or with the one that was filled in."""
        inputs = {part["custom_id"]: part for _, part in walk(modal["components"]) if "custom_id" in part}
        unknown = set(fields) - set(inputs)
        if unknown:
            raise NotOfferedError(
                f"the form has no field {sorted(unknown)[0]!r}; it has: {', '.join(inputs)}"
            )
        resolved: Json = {}
        parts = [self._submitted(part, fields, channel, resolved) for part in modal["components"]]
        data: Json = {"custom_id": modal["custom_id"], "components": parts}
        return data | ({"resolved": resolved} if resolved else {})

    def _submitted(self, part: Json, fields: Mapping[str, Any], channel: Channel, resolved: Json) -> Json:
        shape: Json = {"type": part["type"], "id": part["id"]}
        if "components" in part:
            inner = [self._submitted(child, fields, channel, resolved) for child in part["components"]]
            return shape | {"components": inner}
        if "component" in part:
            return shape | {"component": self._submitted(part["component"], fields, channel, resolved)}
        if "custom_id" not in part:
            return shape
        answer = self._field(part, fields.get(part["custom_id"]), channel, resolved)
        return shape | {"custom_id": part["custom_id"]} | answer

    def _field(self, part: Json, given: Any, channel: Channel, resolved: Json) -> Json:
        kind = part["type"]
        if kind == TEXT_INPUT:
            text = part.get("value") or "" if given is None else given
            _refuse_text(part, text)
            return {"value": text}
        if kind in (21, 23):
            return {"value": given}
        given = [] if given is None else given if isinstance(given, list) else [given]
        if kind == 19:
            return {"values": [self._resolve(ATTACHMENT, upload, channel, resolved) for upload in given]}
        if kind == 22:
            return {"values": given}
        chosen = self.select_data(part, given, channel)
        _merge(resolved, chosen.pop("resolved", {}))
        return chosen


def _merge(resolved: Json, more: Json) -> None:
    for kind, found in more.items():
        resolved.setdefault(kind, {}).update(found)


def _descend(command: Json | None, path: list[str]) -> tuple[list[Json] | None, list[tuple[int, str]]]:
    """The options offered at the end of the path (None: unknown), and the subcommands passed."""
    if command is None:
        kinds = [SUBCOMMAND] if len(path) == 2 else [GROUP, SUBCOMMAND]
        return None, list(zip(kinds, path[1:], strict=False))
    options, nesting = command["options"], []
    for name in path[1:]:
        step = next((o for o in options if o["name"] == name and o["type"] in (SUBCOMMAND, GROUP)), None)
        if step is None:
            there = ", ".join(o["name"] for o in options) or "none"
            raise NotOfferedError(f"/{' '.join(path)} has no part {name!r}; there are: {there}")
        nesting.append((step["type"], name))
        options = step.get("options") or []
    if any(option["type"] in (SUBCOMMAND, GROUP) for option in options):
        raise NotOfferedError(f"/{' '.join(path)} cannot be invoked without a subcommand")
    return options, nesting


def _offered(options: list[Json] | None, name: str, value: Any) -> Json:
    if options is None:
        return {"name": name, "type": ANY_OF_THE_TYPES[type(value)], "autocomplete": True}
    for option in options:
        if option["name"] == name:
            return option
    there = ", ".join(option["name"] for option in options) or "none"
    raise NotOfferedError(f"there is no option {name!r}; there are: {there}")


def _refuse_value(offer: Json, value: Any) -> None:
    for fault in _value_faults(offer, value):
        raise NotOfferedError(f"option {offer['name']}: {fault}")


def _value_faults(offer: Json, value: Any) -> Iterator[str]:
    types: dict[int, tuple[type, ...]] = {
        STRING: (str,),
        INTEGER: (int,),
        BOOLEAN: (bool,),
        NUMBER: (int, float),
    }
    if offer["type"] in types and not isinstance(value, types[offer["type"]]):
        yield f"{value!r} is not of its type"
    choices = [choice["value"] for choice in offer.get("choices") or []]
    if choices and value not in choices:
        yield f"{value!r} is not one of {choices}"
    if isinstance(value, str) and offer["type"] == STRING:
        if not offer.get("min_length", 0) <= len(value) <= offer.get("max_length", 6000):
            yield f"{len(value)} characters are not allowed"
    elif isinstance(value, int | float) and not offer.get("min_value", value) <= value <= offer.get(
        "max_value", value
    ):
        yield f"{value} is out of range"


def _refuse_unlisted(component: Json, values: list[Any]) -> None:
    listed = [option["value"] for option in component["options"]]
    for value in values:
        if value not in listed:
            raise NotOfferedError(f"the menu does not offer {value!r}; it offers: {', '.join(listed)}")


def _refuse_text(part: Json, text: str) -> None:
    required = part.get("required", True)
    least, most = part.get("min_length") or 0, part.get("max_length") or 4000
    if (required and not text) or (text and not least <= len(text) <= most):
        raise NotOfferedError(f"the form's client refuses {len(text)} characters in {part['custom_id']!r}")


def partial_channel(state: State, channel: Channel) -> Json:
    """The channel as interactions carry it (docs: Interaction Structure)."""
    about = {"permissions": str(int(state.permissions(channel)))} if channel.guild_id else {}
    return state.channel_wire(channel) | about


def member(guild: Guild, user: User, place: Member, *, nested: bool = True) -> Json:
    """The member as interactions carry it, with permissions; without its user inside `resolved`."""
    shown = guild.member_wire(user, place) | {"permissions": str(int(place.permissions))}
    if not nested:
        shown.pop("user")
    return shown
