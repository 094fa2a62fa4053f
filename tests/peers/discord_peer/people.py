"""The verbs of people and of server managers: mixed into the peer."""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .asking import Asking, NotOfferedError, member, partial_channel
from .callers import Caller, Directory
from .component_rules import BUTTON
from .errors import Json
from .exchange import COMMAND, COMPLETION, COMPONENT, MODAL, MODAL_SUBMIT, Exchange
from .gateway import DIRECT_MESSAGES, GUILD_MESSAGES, GUILDS, Gateway
from .messages import Messages, find_component, numbered
from .permissions import READER, Permission
from .state import Stored
from .world import Channel, Guild, Member, User

if TYPE_CHECKING:
    from collections.abc import Sequence

ATTACHMENT_LIMIT = 10 * 1024 * 1024


class People(Directory):
    """What people do. A user, guild or channel is given as an object or by its id; a user also by name,
    a channel of the guild too. Without a user it is the first one; without a guild, the first guild and its
    first channel; `guild=None` with `dm=True` is the person's DM with the bot."""

    gateway: Gateway
    asking: Asking
    messages_api: Messages

    async def command(
        self,
        name: str,
        options: Mapping[str, Any] | None = None,
        *,
        user: User | str | None = None,
        guild: Guild | str | None = None,
        channel: Channel | str | None = None,
        dm: bool = False,
        locale: str = "en-US",
        permissions: Permission | int | None = None,
        roles: Sequence[str] | None = None,
        registered: bool = True,
    ) -> Exchange:
        """Sends a slash command: `name` is the whole path ("brief show"), `options` its values by name.

        Users, channels, roles are given by object or id, attachments as Upload. NotOfferedError is raised
        for what the person's client would not send. registered=False sends a command that the platform does not
        list, as happens while a stale list is still cached; option types then follow the Python types.
        """
        caller = self.caller(user, guild, channel, dm, permissions, roles, locale)
        path = name.split(" ")
        command = self.asking.registered(path[0], caller.channel, caller.permissions) if registered else None
        data = self.asking.command_data(command, path, options or {}, caller.channel)
        return await self._send(COMMAND, data, caller)

    async def autocomplete(
        self,
        name: str,
        focused: str,
        value: str = "",
        options: Mapping[str, Any] | None = None,
        *,
        user: User | str | None = None,
        guild: Guild | str | None = None,
        channel: Channel | str | None = None,
        dm: bool = False,
        locale: str = "en-US",
        permissions: Permission | int | None = None,
        roles: Sequence[str] | None = None,
    ) -> Exchange:
        """Types `value` into the option `focused`; the answer's data holds the `choices`."""
        caller = self.caller(user, guild, channel, dm, permissions, roles, locale)
        path = name.split(" ")
        command = self.asking.registered(path[0], caller.channel, caller.permissions)
        values = {**(options or {}), focused: value}
        data = self.asking.command_data(command, path, values, caller.channel, focused)
        return await self._send(COMPLETION, data, caller)

    async def click(self, custom_id: str, message: Json | str, **who: Any) -> Exchange:
        """Presses a button of a message, by custom id or label. `who`: user, locale, permissions, roles."""
        stored, part = self._pressable(custom_id, message, **who)
        if part["type"] != BUTTON or "custom_id" not in part:
            raise NotOfferedError(f"{custom_id!r} is no button that sends anything")
        data = {"custom_id": part["custom_id"], "component_type": BUTTON, "id": part["id"]}
        return await self._send(COMPONENT, data, self.caller_at(stored, **who), message=stored)

    async def select(self, custom_id: str, message: Json | str, values: list[Any], **who: Any) -> Exchange:
        """Chooses in a select menu; values are strings, or users, roles, channels by object or id."""
        stored, part = self._pressable(custom_id, message, **who)
        caller = self.caller_at(stored, **who)
        data = {"custom_id": part["custom_id"], "component_type": part["type"], "id": part["id"]}
        data |= self.asking.select_data(part, values, caller.channel)
        return await self._send(COMPONENT, data, caller, message=stored)

    async def submit(self, modal: Exchange | str, fields: Mapping[str, Any]) -> Exchange:
        """Submits a form that is open: by the exchange that opened it, or the last one of this custom id."""
        opener = modal if isinstance(modal, Exchange) else self._opener(modal)
        if opener.callback is None or opener.callback["type"] != MODAL:
            raise NotOfferedError("this exchange opened no form")
        shown = opener.callback["data"] | {"components": numbered(opener.callback["data"]["components"])}
        caller = self.caller_again(opener)
        data = self.asking.modal_data(shown, fields, caller.channel)
        message = opener.payload.get("message")
        stored = self.state.stored.get(message["id"]) if message else None
        return await self._send(MODAL_SUBMIT, data, caller, message=stored)

    async def say(
        self, content: str, channel: Channel | str | None = None, user: User | str | None = None
    ) -> Stored:
        """A person writes in a channel."""
        where, author = self.channel(channel), self.user(user)
        stored = self.messages_api.create(where, author, {"content": content}, {})
        shown = self.messages_api.shown(stored, may_read_content=self.gateway.may_read_content)
        needs = GUILD_MESSAGES if where.guild_id else DIRECT_MESSAGES
        guild: Json = {"guild_id": where.guild_id} if where.guild_id else {}
        await self.gateway.publish("MESSAGE_CREATE", shown | guild, where.guild_id, needs)
        return stored

    def _opener(self, custom_id: str) -> Exchange:
        for exchange in reversed(self.state.exchanges.values()):
            callback = exchange.callback or {}
            if callback.get("type") == MODAL and callback["data"]["custom_id"] == custom_id:
                return exchange
        raise NotOfferedError(f"no form {custom_id!r} is open")

    def _pressable(self, custom_id: str, message: Json | str, **who: Any) -> tuple[Stored, Json]:
        key = message if isinstance(message, str) else message["id"]
        stored = self.state.stored.get(key)
        if stored is None:
            raise NotOfferedError(f"message {key} is gone")
        user = self.user(who.get("user") or stored.only_for)
        if stored.only_for not in (None, user.id):
            raise NotOfferedError(f"{user.name} does not see this private message")
        part = find_component(stored.payload, custom_id)
        if part.get("disabled"):
            raise NotOfferedError(f"{custom_id!r} is disabled")
        return stored, part

    async def _send(self, kind: int, data: Json, caller: Caller, message: Stored | None = None) -> Exchange:
        payload = self._payload(kind, data, caller)
        if message is not None:
            payload["message"] = message.payload
        exchange = Exchange(self.state, payload, caller.user.id, self.state.clock())
        self.state.exchanges[exchange.token] = exchange
        exchange.sent_at = time.perf_counter()
        guild_id = caller.guild.id if caller.guild else None
        await self.gateway.publish("INTERACTION_CREATE", payload, guild_id)
        return exchange

    def _payload(self, kind: int, data: Json, caller: Caller) -> Json:
        """The interaction object of the docs (interactions/receiving-and-responding)."""
        channel, guild = caller.channel, caller.guild
        payload: Json = {
            "id": self.state.snowflake(),
            "application_id": self.state.application_id,
            "type": kind,
            "data": data,
            "channel_id": channel.id,
            "channel": partial_channel(self.state, channel),
            "token": secrets.token_urlsafe(48),
            "version": 1,
            "app_permissions": str(int(self.state.permissions(channel))),
            "locale": caller.locale,
            "entitlements": [],
            "authorizing_integration_owners": {"0": guild.id if guild else "0"},
            "context": 0 if guild else 1,
            "attachment_size_limit": ATTACHMENT_LIMIT,
        }
        if guild is None:
            return payload | {"user": caller.user.wire()}
        return payload | {
            "guild_id": guild.id,
            "guild": {"id": guild.id, "locale": guild.locale, "features": []},
            "guild_locale": guild.locale,
            "member": member(guild, caller.user, caller.place),
        }

    def close_dms(self, user: User | str, *, closed: bool = True) -> None:
        """The person refuses direct messages (50007), or takes them again."""
        self.user(user).accepts_dms = not closed

    async def deny(self, channel: Channel | str, what: Permission | int = Permission.VIEW_CHANNEL) -> None:
        """Takes permissions from the bot in one channel; `Permission(0)` gives them all back."""
        where = self.channel(channel)
        where.denied = Permission(what)
        await self.gateway.publish("CHANNEL_UPDATE", self.state.channel_wire(where), where.guild_id, GUILDS)

    async def delete_channel(self, channel: Channel | str) -> None:
        """The channel is gone, with its messages (10003 afterwards)."""
        where = self.channel(channel)
        assert where.guild_id is not None
        self.state.channels.pop(where.id)
        self.state.guilds[where.guild_id].channels.remove(where)
        self.state.messages.pop(where.id, None)
        shown = where.wire(self.state.bot.id)
        await self.gateway.publish("CHANNEL_DELETE", shown, where.guild_id, GUILDS)

    async def remove_bot(self, guild: Guild | str | None = None) -> None:
        """The bot is kicked; its commands of that guild go with it."""
        server = self.guild(guild)
        server.joined = False
        self.state.commands.pop(server.id, None)
        await self.gateway.publish("GUILD_DELETE", {"id": server.id}, server.id, GUILDS)

    async def invite(self, guild: Guild | str) -> None:
        """The bot is added to a guild, new or left before."""
        if isinstance(guild, Guild):
            self.state.add_guild(guild)
        server = self.guild(guild)
        server.joined = True
        created = server.wire(self.state.bot)
        # `unavailable: false` says that a known guild is back; a guild that is joined comes without the key
        del created["unavailable"]
        await self.gateway.publish("GUILD_CREATE", created, server.id, GUILDS)

    def add_user(self, name: str, guild: Guild | str | None = None, permissions: Permission = READER) -> User:
        """A new account that is a member of the guild."""
        user = User(self.state.snowflake(), name)
        self.state.users[user.id] = user
        self.guild(guild).members[user.id] = Member(permissions)
        return user

    def delete_message(self, message: Json | str) -> None:
        """A moderator deletes a message."""
        key = message if isinstance(message, str) else message["id"]
        self.state.forget(self.state.stored[key])
