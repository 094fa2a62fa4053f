"""What the peer remembers: it outlives a stopped server, as Discord outlives an outage."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .errors import ApiError, Json
from .permissions import EVERYTHING, NOTHING, Permission
from .world import DM, PUBLIC_THREAD, Channel, Guild, User

if TYPE_CHECKING:
    from .exchange import Exchange

DISCORD_EPOCH_MS = 1_420_070_400_000
APPLICATION_ID = "900000000000000001"
# docs: resources/message, Create Message: "in the past few minutes"
NONCE_WINDOW_S = 180.0


@dataclass
class Upload:
    """A file as a user attaches it or as the bot sent it."""

    filename: str
    data: bytes
    description: str | None = None
    content_type: str = "application/octet-stream"


@dataclass
class Stored:
    """A message as the platform keeps it; `payload` is what it shows.

    `notified` names who would be pinged: user ids, `role:ID`, `everyone` or `here`. It is computed for
    ephemeral messages too, as if they were public, and again at each edit, though an edit rings nobody.
    """

    payload: Json
    nonce: str | None = None
    notified: list[str] = field(default_factory=list)
    files: dict[str, Upload] = field(default_factory=dict)
    only_for: str | None = None

    @property
    def id(self) -> str:
        """The message's snowflake."""
        return str(self.payload["id"])


@dataclass
class Received:
    """One request that arrived, its status (None: cut off), and the body of a refusal."""

    method: str
    path: str
    body: object
    files: list[str]
    status: int | None = None
    refusal: Json | None = None


class State:
    """Everything that Discord would still know after its servers were restarted."""

    def __init__(self, guilds: list[Guild], users: list[User], clock: Callable[[], float]) -> None:
        self.clock = clock
        self.application_id = APPLICATION_ID
        self.bot = User(APPLICATION_ID, "briefbot", bot=True)
        self.users = {user.id: user for user in [*users, self.bot]}
        self.guilds = {guild.id: guild for guild in guilds}
        self.channels = {channel.id: channel for guild in guilds for channel in guild.channels}
        self.messages: dict[str, dict[str, Stored]] = {}
        self.stored: dict[str, Stored] = {}
        self.commands: dict[str | None, dict[str, Json]] = {None: {}}
        self.creates: dict[str | None, deque[float]] = {}
        self.exchanges: dict[str, Exchange] = {}
        self.files: dict[str, Upload] = {}
        self.nonces: dict[tuple[str, str], tuple[str, float]] = {}
        self._last_snowflake = 0

    def snowflake(self) -> str:
        """A fresh id that grows and carries the clock's time (docs: reference, Snowflakes)."""
        timed = (int(self.clock() * 1000) - DISCORD_EPOCH_MS) << 22
        self._last_snowflake = max(timed, self._last_snowflake + 1)
        return str(self._last_snowflake)

    def add_guild(self, guild: Guild) -> None:
        """Makes a server known; users named in it must be known already."""
        self.guilds[guild.id] = guild
        self.channels |= {channel.id: channel for channel in guild.channels}

    def guild(self, guild_id: str) -> Guild:
        """A guild that the bot is in; 10004 for one that is not, as the API answers."""
        guild = self.guilds.get(guild_id)
        if guild is None or not guild.joined:
            raise ApiError(10004)
        return guild

    def dm_with(self, user_id: str) -> Channel:
        """The DM with this user, always the same one (docs: resources/user, Create DM)."""
        for channel in self.channels.values():
            if channel.recipient_id == user_id:
                return channel
        channel = Channel(self.snowflake(), kind=DM, recipient_id=user_id)
        self.channels[channel.id] = channel
        return channel

    def permissions(self, channel: Channel) -> Permission:
        """What the bot may do in the channel; a thread inherits what its parent denies."""
        if channel.guild_id is None:
            return EVERYTHING & ~Permission.MANAGE_MESSAGES
        allowed = self.guilds[channel.guild_id].bot_permissions & ~channel.denied
        if channel.parent_id is not None:
            allowed &= ~self.channels[channel.parent_id].denied
        return allowed

    def reach(self, channel_id: str, needed: Permission = NOTHING) -> Channel:
        """The channel, or the refusal that the bot would get: 10003, 50001 or 50013."""
        channel = self.channels.get(channel_id)
        if channel is None:
            raise ApiError(10003)
        if channel.guild_id is not None and not self.guilds[channel.guild_id].joined:
            raise ApiError(50001)
        allowed = self.permissions(channel)
        if Permission.VIEW_CHANNEL not in allowed:
            raise ApiError(50001)
        if needed & ~allowed:
            raise ApiError(50013)
        return channel

    def reach_to_post(self, channel_id: str, needed: Permission) -> Channel:
        """As `reach`, with the permission to post there and with what a person's settings refuse."""
        kind = self.channels[channel_id].kind if channel_id in self.channels else None
        in_thread = kind == PUBLIC_THREAD
        post = Permission.SEND_MESSAGES_IN_THREADS if in_thread else Permission.SEND_MESSAGES
        channel = self.reach(channel_id, needed | post)
        if channel.recipient_id is not None:
            self._refuse_closed_dm(channel.recipient_id)
        return channel

    def _refuse_closed_dm(self, user_id: str) -> None:
        if not any(guild.joined and user_id in guild.members for guild in self.guilds.values()):
            raise ApiError(50278)
        if not self.users[user_id].accepts_dms:
            raise ApiError(50007)

    def channel_wire(self, channel: Channel) -> Json:
        """The channel as the API writes it."""
        recipient = self.users[channel.recipient_id] if channel.recipient_id else None
        return channel.wire(self.bot.id, recipient)

    def message(self, channel_id: str, message_id: str) -> Stored:
        """A public message of the channel; 10008 where there is none."""
        try:
            return self.messages[channel_id][message_id]
        except KeyError:
            raise ApiError(10008) from None

    def keep(self, message: Stored) -> None:
        """Stores a message; one for a single person is not in the channel's history."""
        self.stored[message.id] = message
        if message.only_for is None:
            self.messages.setdefault(message.payload["channel_id"], {})[message.id] = message

    def forget(self, message: Stored) -> None:
        """Deletes a message."""
        self.stored.pop(message.id, None)
        self.messages.get(message.payload["channel_id"], {}).pop(message.id, None)

    def repeated(self, channel_id: str, nonce: str) -> Stored | None:
        """The message that was sent with this nonce a few minutes ago, if any."""
        message_id, at = self.nonces.get((channel_id, nonce), ("", 0.0))
        return self.stored.get(message_id) if self.clock() - at < NONCE_WINDOW_S else None
