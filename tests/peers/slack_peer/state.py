"""What the peer remembers: it outlives a stopped server, as Slack outlives an outage."""

from __future__ import annotations

import secrets
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from .clock import Clock
from .errors import ApiError, Json
from .exchange import Exchange, Pulse, Stored
from .faults import Failures
from .mentions import notified
from .rates import Rates
from .world import APP, BOT, BOT_USER, Channel, Team, User, UserGroup

TRIGGER_S = 3.0
HOOK_S = 30 * 60.0
HOOK_USES = 5


@dataclass
class Trigger:
    """A trigger_id: one view within 3 s."""

    exchange: Exchange
    created_at: float
    used: bool = False


@dataclass
class Hook:
    """A response_url: 5 posts within 30 minutes."""

    exchange: Exchange
    created_at: float
    uses: int = 0


@dataclass
class StoredFile:
    """A file. `uploaded` once its bytes arrived, `completed` once it may be shown."""

    id: str
    name: str
    length: int
    user: str
    data: bytes = b""
    title: str = ""
    alt_txt: str = ""
    uploaded: bool = False
    completed: bool = False
    ready_at: float = 0.0
    channels: list[str] = field(default_factory=list)


@dataclass
class Received:
    """One request of the bot, and what was answered."""

    method: str
    args: Json
    status: int | None = None
    answer: Json | None = None


class State:
    """Everything that Slack would still know after its servers were restarted."""

    def __init__(
        self,
        clock: Clock,
        users: list[User],
        channels: list[Channel],
        groups: list[UserGroup],
        scopes: frozenset[str],
    ) -> None:
        self.clock = clock
        self.base = ""
        self.team = Team()
        self.bot = User(BOT_USER, "briefbot", is_bot=True)
        self.users = {user.id: user for user in [*users, self.bot]}
        self.channels = {channel.id: channel for channel in channels}
        self.groups = {group.id: group for group in groups}
        self.scopes = scopes
        self.rates = Rates(clock)
        self.failures = Failures()
        self.pulse = Pulse()
        self.auth_failure: str | None = None
        self.messages_tab = True
        self.file_processing_s = 0.0
        self.messages: dict[str, list[Stored]] = {}
        self.ephemerals: list[Stored] = []
        self.views: dict[str, Json] = {}
        self.stacks: dict[str, list[str]] = {}
        self.homes: dict[str, Json] = {}
        self.files: dict[str, StoredFile] = {}
        self.triggers: dict[str, Trigger] = {}
        self.hooks: dict[str, Hook] = {}
        self.tickets: set[str] = set()
        self.received: deque[Received] = deque(maxlen=20_000)
        # Bounded: a bench runs tens of thousands of exchanges
        self.exchanges: deque[Exchange] = deque(maxlen=2_000)
        self._open: deque[Exchange] = deque(maxlen=200)
        self._serial = 0

    def serial(self) -> int:
        """A number that no other thing has."""
        self._serial += 1
        return self._serial

    def new_id(self, prefix: str) -> str:
        """An id in Slack's form: `V0000000A1`."""
        return f"{prefix}{self.serial():08X}"

    def new_ts(self) -> str:
        """A message's timestamp, later than all before: seconds, a dot, six digits."""
        return f"{int(self.clock.now())}.{self.serial() % 1_000_000:06d}"

    def begin(self, exchange: Exchange) -> Exchange:
        """Remember an exchange that begins now."""
        self.exchanges.append(exchange)
        self._open.append(exchange)
        return exchange

    def trigger_for(self, exchange: Exchange) -> str:
        """A fresh trigger_id."""
        trigger_id = f"{self.serial()}.{self.serial()}.{secrets.token_hex(8)}"
        self.triggers[trigger_id] = Trigger(exchange, self.clock.now())
        return trigger_id

    def hook_for(self, exchange: Exchange) -> str:
        """A fresh response_url."""
        secret = secrets.token_hex(12)
        self.hooks[secret] = Hook(exchange, self.clock.now())
        return f"{self.base}/hooks/{self.team.id}/{self.serial()}/{secret}"

    def spend_trigger(self, trigger_id: str) -> Exchange:
        """The exchange of a trigger, which is used up. S: surfaces/modals, reference/methods/views.open."""
        trigger = self.triggers.get(trigger_id)
        if trigger is None:
            raise ApiError("invalid_trigger_id")
        if trigger.used:
            raise ApiError("exchanged_trigger_id")
        if self.clock.now() - trigger.created_at > TRIGGER_S:
            raise ApiError("expired_trigger_id")
        trigger.used = True
        return trigger.exchange

    def spend_hook(self, secret: str) -> Exchange:
        """The exchange of a response_url, one use counted. S: interactivity/handling-user-interaction."""
        hook = self.hooks.get(secret)
        if hook is None:
            raise ApiError("no_service", status=404)
        if self.clock.now() - hook.created_at > HOOK_S:
            raise ApiError("expired_url", status=404)
        if hook.uses >= HOOK_USES:
            raise ApiError("used_url", status=404)
        hook.uses += 1
        return hook.exchange

    def direct(self, user: str) -> Channel:
        """The direct conversation of the bot with a user, opened where it is not yet."""
        if user not in self.users:
            raise ApiError("user_not_found")
        for channel in self.channels.values():
            if channel.kind == "im" and channel.members == {user, self.bot.id}:
                return channel
        channel = Channel(self.new_id("D"), "", "im", {user, self.bot.id})
        self.channels[channel.id] = channel
        return channel

    def channel(self, channel_id: str) -> Channel:
        """A conversation that the bot may know of; private ones without it do not exist for it."""
        channel = self.channels.get(channel_id)
        if channel is None or (channel.kind != "channel" and self.bot.id not in channel.members):
            raise ApiError("channel_not_found")
        return channel

    def store(self, channel: str, content: Json, *, only_for: str | None = None, **more: object) -> Stored:
        """Keep a new message of the bot and show it to whoever waits."""
        payload = self._message(content) | {key: value for key, value in more.items() if value is not None}
        stored = Stored(channel, payload, self.notified(content), only_for)
        if only_for is None:
            self.messages.setdefault(channel, []).append(stored)
        else:
            self.ephemerals.append(stored)
        self.pulse.touch()
        return stored

    def replace(self, stored: Stored, content: Json) -> None:
        """Give a message new content. What it had before stays in `earlier`."""
        stored.earlier.append(dict(stored.payload))
        kept = {key: stored.payload[key] for key in ("ts", "thread_ts", "files") if key in stored.payload}
        edited = {"edited": {"user": self.bot.id, "ts": self.new_ts()}}
        stored.payload = self._message(content) | kept | ({} if stored.only_for else edited)
        stored.notified = list(dict.fromkeys([*stored.notified, *self.notified(content)]))
        self.pulse.touch()

    def notified(self, content: Json) -> list[str]:
        """Who would be pinged by such a message."""
        return notified(content, self.groups.values())

    def _message(self, content: Json) -> Json:
        kept = ("text", "blocks", "attachments", "metadata")
        shown = {key: content[key] for key in kept if content.get(key) is not None}
        if content.get("markdown_text"):
            shown["blocks"] = [{"type": "markdown", "text": content["markdown_text"]}]
        for block in shown.get("blocks", []):
            block.setdefault("block_id", self.new_id("b"))
        return {
            "type": "message", "user": self.bot.id, "bot_id": BOT, "app_id": APP, "team": self.team.id,
            "ts": self.new_ts(), "text": "", **shown,
        }  # fmt: skip

    def watchers(self, channel: str) -> Iterator[Exchange]:
        """Exchanges in this conversation that have no answer yet: what appears there may be theirs."""
        return (exchange for exchange in self._open if exchange.channel == channel and not exchange.seen)

    def appeared(self, stored: Stored) -> None:
        """Tell the exchanges that wait in its conversation that a message appeared or changed."""
        for exchange in self.watchers(stored.channel):
            if stored.only_for in (None, exchange.user):
                exchange.others.append(stored)
                exchange.pulse.touch()

    def published(self, user: str, view: Json) -> None:
        """Tell whoever opened this Home tab, without an answer so far, of its new content."""
        for exchange in self._open:
            opened = exchange.payload.get("event", {}).get("type") == "app_home_opened"
            if opened and exchange.user == user and not exchange.seen:
                exchange.views.append(view)
                exchange.show(view)

    def find_message(self, channel: str, ts: str) -> Stored:
        """A message that is still there."""
        for stored in self.messages.get(channel, []):
            if stored.ts == ts and not stored.deleted:
                return stored
        raise ApiError("message_not_found")
