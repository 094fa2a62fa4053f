"""The people, servers and channels that the peer knows, and how Discord writes them."""

from __future__ import annotations

from dataclasses import dataclass, field

from .errors import Json
from .permissions import BOT, MANAGER, NOTHING, READER, Permission

TEXT, DM, PUBLIC_THREAD = 0, 1, 11
_ABSENT = (
    *("icon", "banner", "splash", "discovery_splash", "description", "afk_channel_id", "vanity_url_code"),
    *("rules_channel_id", "public_updates_channel_id"),
)
_LEVELS = (
    *("verification_level", "default_message_notifications", "explicit_content_filter", "mfa_level"),
    *("nsfw_level", "premium_tier", "system_channel_flags"),
)


@dataclass(eq=False)
class User:
    """An account; `accepts_dms` is their privacy setting."""

    id: str
    name: str
    bot: bool = False
    accepts_dms: bool = True

    def wire(self) -> Json:
        """The user object of the docs (resources/user)."""
        return {
            "id": self.id,
            "username": self.name,
            "discriminator": "0",
            "global_name": None if self.bot else self.name.title(),
            "avatar": None,
            "avatar_decoration_data": None,
            "primary_guild": None,
            "public_flags": 0,
            "bot": self.bot,
        }


@dataclass(eq=False)
class Role:
    """A role of a guild."""

    id: str
    name: str
    mentionable: bool = False
    permissions: Permission = NOTHING

    def wire(self, position: int) -> Json:
        """The role object of the docs (topics/permissions)."""
        return {
            "id": self.id,
            "name": self.name,
            "color": 0,
            "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
            "hoist": False,
            "icon": None,
            "unicode_emoji": None,
            "position": position,
            "permissions": str(int(self.permissions)),
            "managed": False,
            "mentionable": self.mentionable,
            "flags": 0,
        }


@dataclass(eq=False)
class Channel:
    """A text channel, a thread (`parent_id` set) or a DM (`recipient_id` set)."""

    id: str
    name: str | None = None
    kind: int = TEXT
    guild_id: str | None = None
    parent_id: str | None = None
    recipient_id: str | None = None
    denied: Permission = NOTHING

    def wire(self, bot_id: str, recipient: User | None = None) -> Json:
        """The channel object of the docs; what the bot is denied is a member overwrite of type 1."""
        if self.kind == DM:
            people = [recipient.wire()] if recipient else []
            return {"id": self.id, "type": DM, "last_message_id": None, "flags": 0, "recipients": people}
        shape: Json = {
            "id": self.id,
            "type": self.kind,
            "guild_id": self.guild_id,
            "name": self.name,
            "parent_id": self.parent_id,
            "last_message_id": None,
            "rate_limit_per_user": 0,
            "flags": 0,
        }
        return shape | (self._thread(bot_id) if self.kind == PUBLIC_THREAD else self._text(bot_id))

    def _text(self, bot_id: str) -> Json:
        overwrite = {"id": bot_id, "type": 1, "allow": "0", "deny": str(int(self.denied))}
        return {
            "topic": None,
            "position": 0,
            "nsfw": False,
            "permission_overwrites": [overwrite] if self.denied else [],
        }

    def _thread(self, bot_id: str) -> Json:
        settings = {
            "archived": False,
            "auto_archive_duration": 4320,
            "archive_timestamp": "2026-01-01T00:00:00+00:00",
            "locked": False,
        }
        return {"owner_id": bot_id, "message_count": 0, "member_count": 1, "thread_metadata": settings}


@dataclass(eq=False)
class Member:
    """A user's place in one guild."""

    permissions: Permission = READER
    roles: list[str] = field(default_factory=list)


@dataclass(eq=False)
class Guild:
    """A server; `joined` says whether the bot is in it."""

    id: str
    name: str
    channels: list[Channel]
    roles: list[Role] = field(default_factory=list)
    members: dict[str, Member] = field(default_factory=dict)
    locale: str = "en-US"
    joined: bool = True
    bot_permissions: Permission = BOT

    def __post_init__(self) -> None:
        for channel in self.channels:
            channel.guild_id = self.id
        if not any(role.id == self.id for role in self.roles):
            self.roles.insert(0, Role(self.id, "@everyone", permissions=READER | self.bot_permissions))

    def channel(self, name: str) -> Channel:
        """The channel of this name; KeyError where the guild has none."""
        for channel in self.channels:
            if channel.name == name:
                return channel
        raise KeyError(f"guild {self.name} has no channel {name}")

    def role(self, role_id: str) -> Role | None:
        """The role, or None."""
        return next((role for role in self.roles if role.id == role_id), None)

    def wire(self, bot: User) -> Json:
        """The guild object of the docs, with what GUILD_CREATE adds (events/gateway-events)."""
        text = [c.wire(bot.id) for c in self.channels if c.kind != PUBLIC_THREAD]
        threads = [c.wire(bot.id) for c in self.channels if c.kind == PUBLIC_THREAD]
        return self._settings() | {
            "roles": [role.wire(position) for position, role in enumerate(self.roles)],
            "joined_at": "2026-01-01T00:00:00+00:00",
            "large": False,
            "unavailable": False,
            "member_count": len(self.members) + 1,
            "members": [self.member_wire(bot, Member())],
            "channels": text,
            "threads": threads,
            "voice_states": [],
            "presences": [],
            "stage_instances": [],
            "guild_scheduled_events": [],
            "soundboard_sounds": [],
        }

    def _settings(self) -> Json:
        about: Json = dict.fromkeys(_ABSENT, None) | dict.fromkeys(_LEVELS, 0)
        return about | {
            "id": self.id,
            "name": self.name,
            "owner_id": next(iter(self.members), self.id),
            "system_channel_id": self.channels[0].id if self.channels else None,
            "afk_timeout": 300,
            "emojis": [],
            "stickers": [],
            "features": [],
            "preferred_locale": self.locale,
            "premium_progress_bar_enabled": False,
        }

    def member_wire(self, user: User, member: Member) -> Json:
        """The guild member object of the docs (resources/guild)."""
        return {
            "user": user.wire(),
            "nick": None,
            "avatar": None,
            "banner": None,
            "roles": list(member.roles),
            "joined_at": "2026-01-01T00:00:00+00:00",
            "premium_since": None,
            "deaf": False,
            "mute": False,
            "pending": False,
            "flags": 0,
            "communication_disabled_until": None,
        }


READER_USER, MANAGER_USER = "200000000000000001", "200000000000000002"
TEAM_ROLE = "300000000000000001"


def default_users() -> list[User]:
    """One account that may read and one that manages the default guild."""
    return [User(READER_USER, "reader"), User(MANAGER_USER, "manager")]


def default_guilds() -> list[Guild]:
    """One guild with two channels, a thread, a role and both default users."""
    return [
        Guild(
            "100000000000000001",
            "Research",
            channels=[
                Channel("110000000000000001", "general"),
                Channel("110000000000000002", "briefs"),
                Channel("110000000000000003", "questions", PUBLIC_THREAD, parent_id="110000000000000001"),
            ],
            roles=[Role(TEAM_ROLE, "Team", mentionable=True)],
            members={MANAGER_USER: Member(MANAGER), READER_USER: Member(READER, [TEAM_ROLE])},
        )
    ]
