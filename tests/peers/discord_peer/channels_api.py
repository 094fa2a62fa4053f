"""REST: the account, guilds, channels and messages (docs: resources/*)."""

from __future__ import annotations

from .calls import Answer, Call, Handler
from .errors import ApiError, Json
from .gateway import DIRECT_MESSAGES, GUILD_MESSAGES, Gateway
from .message_rules import EPHEMERAL
from .messages import Messages
from .permissions import Permission
from .rules import invalid
from .state import State, Stored, Upload
from .world import Channel, Member


class ChannelsApi:
    """Handlers by method and template."""

    def __init__(self, state: State, gateway: Gateway, messages: Messages) -> None:
        self.state = state
        self.gateway = gateway
        self.messages = messages
        one = "/channels/{channel_id}/messages/{message_id}"
        self.routes: list[tuple[str, str, Handler]] = [
            ("GET", "/users/@me", self.me),
            ("GET", "/users/@me/guilds", self.my_guilds),
            ("DELETE", "/users/@me/guilds/{guild_id}", self.leave),
            ("POST", "/users/@me/channels", self.create_dm),
            ("GET", "/users/{user_id}", self.user),
            ("GET", "/oauth2/applications/@me", self.application),
            ("GET", "/applications/@me", self.application),
            ("GET", "/gateway", self.gateway_address),
            ("GET", "/gateway/bot", self.gateway_for_bots),
            ("GET", "/guilds/{guild_id}", self.guild),
            ("GET", "/guilds/{guild_id}/channels", self.guild_channels),
            ("GET", "/guilds/{guild_id}/roles", self.guild_roles),
            ("GET", "/guilds/{guild_id}/members/{user_id}", self.member),
            ("GET", "/channels/{channel_id}", self.channel),
            ("POST", "/channels/{channel_id}/typing", self.typing),
            ("GET", "/channels/{channel_id}/messages", self.history),
            ("POST", "/channels/{channel_id}/messages", self.post),
            ("GET", one, self.message),
            ("PATCH", one, self.edit),
            ("DELETE", one, self.delete),
        ]

    async def me(self, call: Call) -> Answer:
        """Get Current User."""
        about = {"mfa_enabled": True, "locale": "en-US", "verified": True, "email": None, "flags": 0}
        return 200, self.state.bot.wire() | about

    async def my_guilds(self, call: Call) -> Answer:
        """Get Current User Guilds."""
        joined = [guild for guild in self.state.guilds.values() if guild.joined]
        return 200, [{"id": g.id, "name": g.name, "permissions": str(int(g.bot_permissions))} for g in joined]

    async def leave(self, call: Call) -> Answer:
        """Leave Guild."""
        guild = self.state.guild(call.params["guild_id"])
        guild.joined = False
        await self.gateway.publish("GUILD_DELETE", {"id": guild.id}, guild.id)
        return 204, None

    async def create_dm(self, call: Call) -> Answer:
        """Create DM: the existing channel, or a new one."""
        user_id = str(call.json().get("recipient_id", ""))
        if user_id not in self.state.users or user_id == self.state.bot.id:
            raise invalid(("recipient_id",), "INVALID_RECIPIENT", "Unknown or invalid recipient")
        return 200, self.state.channel_wire(self.state.dm_with(user_id))

    async def user(self, call: Call) -> Answer:
        """Get User."""
        try:
            return 200, self.state.users[call.params["user_id"]].wire()
        except KeyError:
            raise ApiError(10013) from None

    async def application(self, call: Call) -> Answer:
        """Get Current Application."""
        people = [user for user in self.state.users.values() if not user.bot]
        return 200, {
            "id": self.state.application_id,
            "name": self.state.bot.name,
            "icon": None,
            "description": "",
            "summary": "",
            "bot_public": True,
            "bot_require_code_grant": False,
            "owner": (people[-1] if people else self.state.bot).wire(),
            "verify_key": "0" * 64,
            "team": None,
            "flags": 0,
            "interactions_endpoint_url": None,
            "integration_types_config": {"0": {}, "1": {}},
        }

    async def gateway_address(self, call: Call) -> Answer:
        """Get Gateway."""
        return 200, {"url": self.gateway.address}

    async def gateway_for_bots(self, call: Call) -> Answer:
        """Get Gateway Bot, with the session budget."""
        left = max(0, 1000 - self.gateway.identifies)
        budget = {"total": 1000, "remaining": left, "reset_after": 86_400_000}
        budget["max_concurrency"] = self.gateway.at_once
        shards = self.gateway.shards
        return 200, {"url": self.gateway.address, "shards": shards, "session_start_limit": budget}

    async def guild(self, call: Call) -> Answer:
        """Get Guild."""
        return 200, self.state.guild(call.params["guild_id"]).wire(self.state.bot)

    async def guild_channels(self, call: Call) -> Answer:
        """Get Guild Channels."""
        guild = self.state.guild(call.params["guild_id"])
        return 200, guild.wire(self.state.bot)["channels"]

    async def guild_roles(self, call: Call) -> Answer:
        """Get Guild Roles."""
        return 200, self.state.guild(call.params["guild_id"]).wire(self.state.bot)["roles"]

    async def member(self, call: Call) -> Answer:
        """Get Guild Member."""
        guild, user_id = self.state.guild(call.params["guild_id"]), call.params["user_id"]
        if user_id == self.state.bot.id:
            return 200, guild.member_wire(self.state.bot, Member())
        if user_id not in guild.members:
            raise ApiError(10007 if user_id in self.state.users else 10013)
        return 200, guild.member_wire(self.state.users[user_id], guild.members[user_id])

    async def channel(self, call: Call) -> Answer:
        """Get Channel."""
        return 200, self.state.channel_wire(self.state.reach(call.params["channel_id"]))

    async def typing(self, call: Call) -> Answer:
        """Trigger Typing Indicator."""
        self.state.reach_to_post(call.params["channel_id"], Permission(0))
        return 204, None

    async def history(self, call: Call) -> Answer:
        """Get Channel Messages, newest first; nothing without READ_MESSAGE_HISTORY."""
        channel = self.state.reach(call.params["channel_id"])
        limit = call.number("limit", 50)
        if not 1 <= limit <= 100:
            message = "int value should be between 1 and 100."
            raise invalid(("limit",), "NUMBER_TYPE_OUT_OF_RANGE", message)
        if Permission.READ_MESSAGE_HISTORY not in self.state.permissions(channel):
            return 200, []
        stored = sorted(self.state.messages.get(channel.id, {}).values(), key=lambda m: int(m.id))
        return 200, [self._shown(message) for message in _page(stored, call, limit)]

    async def message(self, call: Call) -> Answer:
        """Get Channel Message."""
        channel_id = call.params["channel_id"]
        self.state.reach(channel_id, Permission.READ_MESSAGE_HISTORY)
        return 200, self._shown(self.state.message(channel_id, call.params["message_id"]))

    async def post(self, call: Call) -> Answer:
        """Create Message; with `enforce_nonce` a repeated nonce gets the first message again."""
        body = call.json()
        channel = self.state.reach_to_post(call.params["channel_id"], _needed(body, call.files))
        nonce = None if body.get("nonce") is None else str(body["nonce"])
        stored = self.state.repeated(channel.id, nonce) if nonce and body.get("enforce_nonce") else None
        if stored is None:
            stored = self._create(channel, body, call.files)
            if nonce:
                self.state.nonces[channel.id, nonce] = (stored.id, self.state.clock())
            await self._announce("MESSAGE_CREATE", stored.payload, channel)
        return 200, stored.payload | ({"nonce": nonce} if nonce else {})

    def _create(self, channel: Channel, body: Json, files: dict[str, Upload]) -> Stored:
        # An ordinary message cannot be ephemeral: the platform drops the flag
        body = body | {"flags": (body.get("flags") or 0) & ~EPHEMERAL}
        reference = body.get("message_reference") or {}
        extra: Json = {"message_reference": reference} if reference else {}
        if reference and reference.get("fail_if_not_exists", True):
            self.state.message(channel.id, str(reference.get("message_id")))
        return self.messages.create(channel, self.state.bot, body, files, extra=extra)

    async def edit(self, call: Call) -> Answer:
        """Edit Message: one's own only."""
        body, channel_id = call.json(), call.params["channel_id"]
        channel = self.state.reach(channel_id)
        stored = self.state.message(channel_id, call.params["message_id"])
        if stored.payload["author"]["id"] != self.state.bot.id:
            raise ApiError(50005)
        self.messages.edit(stored, body, call.files)
        await self._announce("MESSAGE_UPDATE", stored.payload, channel)
        return 200, stored.payload

    async def delete(self, call: Call) -> Answer:
        """Delete Message: others' messages only with MANAGE_MESSAGES."""
        channel_id = call.params["channel_id"]
        channel = self.state.reach(channel_id)
        stored = self.state.message(channel_id, call.params["message_id"])
        if stored.payload["author"]["id"] != self.state.bot.id:
            self.state.reach(channel_id, Permission.MANAGE_MESSAGES)
        self.state.forget(stored)
        await self._announce("MESSAGE_DELETE", {"id": stored.id, "channel_id": channel_id}, channel)
        return 204, None

    def _shown(self, stored: Stored) -> Json:
        return self.messages.shown(stored, may_read_content=self.gateway.may_read_content)

    async def _announce(self, event: str, payload: Json, channel: Channel) -> None:
        guild: Json = {"guild_id": channel.guild_id} if channel.guild_id else {}
        needs = GUILD_MESSAGES if guild else DIRECT_MESSAGES
        await self.gateway.publish(event, payload | guild, channel.guild_id, needs)


def _needed(body: Json, files: dict[str, Upload]) -> Permission:
    needed = Permission.EMBED_LINKS if body.get("embeds") else Permission(0)
    return needed | (Permission.ATTACH_FILES if files else Permission(0))


def _page(stored: list[Stored], call: Call, limit: int) -> list[Stored]:
    """`stored` is oldest first; the page is newest first (docs: Get Channel Messages)."""
    if "after" in call.query:
        later = [m for m in stored if int(m.id) > call.number("after", 0)]
        return later[:limit][::-1]
    if "around" in call.query:
        middle = call.number("around", 0)
        before = [m for m in stored if int(m.id) < middle][-(limit // 2) :]
        rest = [m for m in stored if int(m.id) >= middle][: limit - len(before)]
        return (before + rest)[::-1]
    before_id = call.number("before", 1 << 63)
    return [m for m in stored if int(m.id) < before_id][-limit:][::-1]
