"""Who and what there is in the loopback workspace."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from .errors import Json

ChannelKind = Literal["channel", "private", "im", "mpim"]

TEAM = "T1"
APP = "A1"
BOT_USER = "UBRIEFBOT"
BOT = "B1"

# What the bot's manifest asks for; a test that wants fewer grants fewer
BOT_SCOPES = frozenset({
    "channels:history", "channels:join", "channels:read", "chat:write", "chat:write.public", "commands",
    "files:read", "files:write", "groups:history", "groups:read", "im:history", "im:read", "im:write",
    "mpim:history", "mpim:read", "mpim:write", "team:read", "usergroups:read", "users:read",
})  # fmt: skip

# The prefix of the scopes that read a kind of conversation (S: apis/web-api/using-the-conversations-api)
SCOPE_OF_KIND: dict[ChannelKind, str] = {
    "channel": "channels",
    "private": "groups",
    "im": "im",
    "mpim": "mpim",
}


@dataclass
class Team:
    """A workspace."""

    id: str = TEAM
    name: str = "Loopback"
    domain: str = "loopback"


@dataclass
class User:
    """A member, as `users.info` shows one. `tz` is an IANA name."""

    id: str
    name: str
    real_name: str = ""
    tz: str = "America/New_York"
    locale: str = "en-US"
    is_admin: bool = False
    is_owner: bool = False
    is_bot: bool = False
    deleted: bool = False

    def described(self, team: Team, now: float, *, with_locale: bool) -> Json:
        """The `user` object (N: response/UsersInfoResponse.ts). `now` is seconds since the epoch."""
        real_name = self.real_name or self.name.title()
        found: Json = {
            "id": self.id, "team_id": team.id, "name": self.name, "deleted": self.deleted,
            "real_name": real_name, "color": "9f69e7",
            "profile": {"real_name": real_name, "display_name": self.name, "team": team.id},
            "is_bot": self.is_bot, "is_app_user": False, "updated": int(now),
        }  # fmt: skip
        if self.deleted:
            return found
        zone = datetime.fromtimestamp(now, UTC).astimezone(ZoneInfo(self.tz))
        offset = zone.utcoffset()
        assert offset is not None
        found |= {
            "tz": self.tz, "tz_label": zone.tzname(), "tz_offset": int(offset.total_seconds()),
            "is_admin": self.is_admin or self.is_owner, "is_owner": self.is_owner,
            "is_primary_owner": self.is_owner, "is_restricted": False, "is_ultra_restricted": False,
            "is_email_confirmed": True, "who_can_share_contact_card": "EVERYONE",
        }  # fmt: skip
        return found | ({"locale": self.locale} if with_locale else {})


@dataclass
class Channel:
    """A conversation. `restricted`: only some people may post there."""

    id: str
    name: str
    kind: ChannelKind = "channel"
    members: set[str] = field(default_factory=set)
    is_archived: bool = False
    restricted: bool = False
    created: int = 1_700_000_000

    def described(self, bot_user: str) -> Json:
        """The `channel` object of the conversations methods."""
        found: Json = {
            "id": self.id, "created": self.created, "is_archived": self.is_archived,
            "is_channel": self.kind == "channel", "is_group": self.kind == "private",
            "is_im": self.kind == "im", "is_mpim": self.kind == "mpim",
            "is_private": self.kind != "channel", "is_org_shared": False, "is_shared": False,
            "is_ext_shared": False, "unlinked": 0, "context_team_id": TEAM, "updated": self.created * 1000,
        }  # fmt: skip
        if self.kind == "im":
            return found | {"user": next(iter(self.members - {bot_user}), bot_user), "is_open": True}
        return found | {
            "name": self.name, "name_normalized": self.name, "is_general": self.name == "general",
            "is_member": bot_user in self.members, "creator": "U1", "num_members": len(self.members),
            "topic": {"value": "", "creator": "", "last_set": 0},
            "purpose": {"value": "", "creator": "", "last_set": 0},
        }  # fmt: skip


@dataclass
class UserGroup:
    """A user group, mentioned as `<!subteam^S…>`."""

    id: str
    handle: str
    name: str
    users: list[str] = field(default_factory=list)

    def described(self, *, with_users: bool, with_count: bool) -> Json:
        """The `usergroup` object of usergroups.list."""
        found: Json = {
            "id": self.id, "team_id": TEAM, "is_usergroup": True, "is_subteam": True, "name": self.name,
            "description": "", "handle": self.handle, "is_external": False, "date_create": 1_700_000_000,
            "date_update": 1_700_000_000, "date_delete": 0, "created_by": "U1", "updated_by": "U1",
            "auto_provision": False, "enterprise_subteam_id": "", "prefs": {"channels": [], "groups": []},
        }  # fmt: skip
        return (
            found
            | ({"users": list(self.users)} if with_users else {})
            | ({"user_count": len(self.users)} if with_count else {})
        )


def people() -> list[User]:
    """The members that a new peer knows."""
    return [
        User("U1", "alice", "Alice Example"),
        User("U2", "bob", "Bob Example", tz="Asia/Tokyo", locale="ja-JP"),
        User("U9", "admin", "Workspace Admin", tz="Europe/London", locale="en-GB", is_admin=True),
    ]


def channels() -> list[Channel]:
    """Their channels: the bot sits in C1 and C3, C2 is public without it, C4 private without it."""
    everyone = {"U1", "U2", "U9"}
    return [
        Channel("C1", "general", members={*everyone, BOT_USER}),
        Channel("C2", "random", members=set(everyone)),
        Channel("C3", "analysts", "private", members={"U1", "U9", BOT_USER}),
        Channel("C4", "board", "private", members={"U9"}),
    ]


def groups() -> list[UserGroup]:
    """Their user groups."""
    return [UserGroup("S1", "editors", "Editors", ["U1", "U9"])]
