"""Who sends an interaction, from where: people, guilds and channels by object, id or name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .asking import NotOfferedError
from .exchange import Exchange
from .permissions import EVERYTHING, READER, Permission
from .state import State, Stored
from .world import DM, Channel, Guild, Member, User


@dataclass
class Caller:
    """A person in a place; `guild` is None in a DM."""

    user: User
    channel: Channel
    guild: Guild | None
    place: Member
    locale: str

    @property
    def permissions(self) -> Permission:
        """What they may do there."""
        return self.place.permissions


class Directory:
    """Finds people and places in the state."""

    state: State

    def user(self, who: User | str | None = None) -> User:
        """A person by object, id or name."""
        if isinstance(who, User):
            return who
        people = [user for user in self.state.users.values() if not user.bot]
        found = people[0] if who is None else next((u for u in people if who in (u.id, u.name)), None)
        if found is None:
            raise LookupError(f"no user {who!r}")
        return found

    def guild(self, which: Guild | str | None = None) -> Guild:
        """A guild by object, id or name."""
        if isinstance(which, Guild):
            return which
        guilds = list(self.state.guilds.values())
        found = guilds[0] if which is None else next((g for g in guilds if which in (g.id, g.name)), None)
        if found is None:
            raise LookupError(f"no guild {which!r}")
        return found

    def channel(self, which: Channel | str | None = None, guild: Guild | str | None = None) -> Channel:
        """A channel by object, id, or name in the guild; the guild's first channel for None."""
        if isinstance(which, Channel):
            return which
        if which in self.state.channels:
            return self.state.channels[which]
        there = self.guild(guild)
        return there.channels[0] if which is None else there.channel(which)

    def caller(
        self,
        user: User | str | None,
        guild: Guild | str | None,
        channel: Channel | str | None,
        dm: bool,
        permissions: Permission | int | None,
        roles: Sequence[str] | None,
        locale: str,
    ) -> Caller:
        """A person in a channel, or in their DM with the bot."""
        person = self.user(user)
        where = self.state.dm_with(person.id) if dm else self.channel(channel, guild)
        if where.kind == DM:
            return Caller(person, where, None, Member(EVERYTHING), locale)
        assert where.guild_id is not None
        server = self.state.guilds[where.guild_id]
        if not server.joined:
            raise NotOfferedError(f"the bot is not in {server.name}")
        usual = server.members.setdefault(person.id, Member(READER))
        allowed = usual.permissions if permissions is None else Permission(permissions)
        return Caller(
            person, where, server, Member(allowed, list(usual.roles if roles is None else roles)), locale
        )

    def caller_at(
        self,
        stored: Stored,
        user: User | str | None = None,
        locale: str = "en-US",
        permissions: Permission | int | None = None,
        roles: Sequence[str] | None = None,
    ) -> Caller:
        """A person who acts on a message they see."""
        channel = stored.payload["channel_id"]
        recipient = self.state.channels[channel].recipient_id
        who = user or stored.only_for or recipient
        return self.caller(who, None, channel, False, permissions, roles, locale)

    def caller_again(self, opener: Exchange) -> Caller:
        """The same person in the same place as in an earlier exchange."""
        payload = opener.payload
        place = payload.get("member") or {}
        permissions = int(place["permissions"]) if place else None
        channel, roles = payload["channel_id"], place.get("roles")
        return self.caller(opener.user_id, None, channel, False, permissions, roles, payload["locale"])
