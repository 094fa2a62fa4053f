"""What people do in Slack, for tests: every method returns at once, and its exchange is waited for."""

from __future__ import annotations

from typing import Any, Literal

from . import elements, payloads
from .courier import Courier
from .errors import Json, LoopbackError
from .exchange import Exchange, Kind, Stored
from .files_api import described
from .http_mode import Signature
from .state import State, StoredFile
from .views_api import close
from .world import TEAM

Mode = Literal["socket", "http"]


class Driver:
    """Acts for the workspace's people. Over HTTP where a target is set, else over a socket."""

    def __init__(self, state: State, courier: Courier) -> None:
        self.state = state
        self.courier = courier
        # command -> should_escape; None: every command exists, with should_escape
        self.commands: dict[str, bool] | None = None
        self.events: frozenset[str] | None = None

    def _begin(self, kind: Kind, user: str, channel: str | None, mode: Mode | None) -> Exchange:
        if user not in self.state.users:
            raise LoopbackError(f"there is no user {user}")
        if channel is not None and channel not in self.state.channels:
            raise LoopbackError(f"there is no channel {channel}")
        chosen: Mode = mode or ("http" if self.courier.target else "socket")
        return Exchange(kind, {}, user, channel, self.state.clock.now(), chosen)

    def _send(
        self, exchange: Exchange, payload: Json, signature: Signature = "right", age: float = 0.0
    ) -> Exchange:
        exchange.payload = payload
        return self.courier.start(self.state.begin(exchange), signature=signature, age=age)

    async def command(
        self,
        name: str,
        text: str = "",
        *,
        user: str = "U1",
        channel: str = "C1",
        team: str = TEAM,
        mode: Mode | None = None,
        signature: Signature = "right",
        age: float = 0.0,
    ) -> Exchange:
        """Type a slash command. `text` is what the user types: `@alice #general` arrives as mentions.

        Raises LoopbackError where the installed manifest has no such command.
        """
        if self.commands is not None and name not in self.commands:
            raise LoopbackError(f"{name} is not a valid command here; installed are {sorted(self.commands)}")
        escape = self.commands is None or self.commands[name]
        exchange = self._begin("command", user, channel, mode)
        typed = payloads.as_typed(self.state, text, escape=escape)
        payload = payloads.command(self.state, exchange, name, typed, team)
        return self._send(exchange, payload, signature, age)

    async def click(
        self,
        action_id: str,
        value: Any = None,
        *,
        message: Stored | Json | None = None,
        view: Json | None = None,
        user: str = "U1",
        mode: Mode | None = None,
    ) -> Exchange:
        """Use an element: press a button, choose an option (block_actions).

        It must be there: in the given message or view, else in the newest message that the user sees.
        """
        if view is not None:
            return self._click_in_view(action_id, value, view, user, mode)
        stored = self._message_with(action_id, value, message, user)
        exchange = self._begin("block_actions", user, stored.channel, mode)
        exchange.source = stored
        payload = payloads.interaction(self.state, exchange, "block_actions")
        payload |= payloads.on_message(self.state, exchange, stored)
        found = elements.find(stored.payload.get("blocks", []), action_id, value)
        return self._act(exchange, payload, found, value)

    def _click_in_view(
        self, action_id: str, value: Any, view: Json, user: str, mode: Mode | None
    ) -> Exchange:
        exchange = self._begin("block_actions", user, None, mode)
        payload = payloads.interaction(self.state, exchange, "block_actions") | payloads.on_view(view)
        found = elements.find(view["blocks"], action_id, value)
        if found is None:
            raise LoopbackError(f"the view shows no {action_id!r}")
        return self._act(exchange, payload, found, value)

    def _act(self, exchange: Exchange, payload: Json, found: tuple[str, Json] | None, value: Any) -> Exchange:
        assert found is not None
        payload["trigger_id"] = self.state.trigger_for(exchange)
        payload["actions"] = [elements.pressed(*found, value, self.state.new_ts())]
        return self._send(exchange, payload)

    def _message_with(self, action_id: str, value: Any, message: Stored | Json | None, user: str) -> Stored:
        wanted = message.ts if isinstance(message, Stored) else message["ts"] if message else None
        for stored in sorted(self.visible(user), key=lambda each: each.ts, reverse=True):
            if wanted in (None, stored.ts) and elements.find(
                stored.payload.get("blocks", []), action_id, value
            ):
                return stored
        where = f"the message {wanted}" if wanted else "no message that the user sees"
        raise LoopbackError(f"{where} has {'no ' if wanted else ''}{action_id!r} with value {value!r}")

    def visible(self, user: str) -> list[Stored]:
        """Every message that a user sees, ephemeral ones included."""
        public = [
            stored
            for channel, messages in self.state.messages.items()
            for stored in messages
            if self.state.channels[channel].kind == "channel" or user in self.state.channels[channel].members
        ]
        private = [stored for stored in self.state.ephemerals if stored.only_for == user]
        return [stored for stored in [*public, *private] if not stored.deleted]

    async def submit(
        self, view: Json, values: Json | None = None, *, user: str = "U1", mode: Mode | None = None
    ) -> Exchange:
        """Submit a modal that is on top of the user's stack; `values` by action_id or block_id."""
        current = self._on_top(view, user)
        exchange = self._begin("view_submission", user, None, mode)
        state = {"values": elements.view_state(current, values or {}, self._file)}
        payload = payloads.interaction(self.state, exchange, "view_submission")
        payload |= {"view": current | {"state": state}, "response_urls": []}
        payload["trigger_id"] = self.state.trigger_for(exchange)
        return self._send(exchange, payload)

    async def close_view(self, view: Json, *, user: str = "U1", mode: Mode | None = None) -> Exchange | None:
        """Close a modal; the bot hears of it (view_closed) where the view has notify_on_close."""
        current = self._on_top(view, user)
        close(self.state, user)
        if not current["notify_on_close"]:
            return None
        exchange = self._begin("view_closed", user, None, mode)
        payload = payloads.interaction(self.state, exchange, "view_closed")
        return self._send(exchange, payload | {"view": current, "is_cleared": False})

    def _on_top(self, view: Json, user: str) -> Json:
        stack = self.state.stacks.get(user, [])
        if not stack or stack[-1] != view["id"]:
            raise LoopbackError(f"{user} does not see the view {view['id']}; open are {stack}")
        return self.state.views[view["id"]]

    def _file(self, file_id: str) -> Json:
        return described(self.state, self.state.files[file_id])

    async def suggest(
        self,
        action_id: str,
        value: str,
        *,
        message: Stored | Json | None = None,
        view: Json | None = None,
        user: str = "U1",
        mode: Mode | None = None,
    ) -> Exchange:
        """Type into an external select (block_suggestion)."""
        stored = None if view else self._message_with(action_id, None, message, user)
        blocks = view["blocks"] if view else stored.payload["blocks"] if stored else []
        found = elements.find(blocks, action_id)
        if found is None or found[1]["type"] not in elements.EXTERNAL:
            raise LoopbackError(f"there is no external select {action_id!r}")
        if len(value) < found[1].get("min_query_length", 3):
            raise LoopbackError(f"{value!r} is shorter than min_query_length")
        exchange = self._begin("block_suggestion", user, stored.channel if stored else None, mode)
        payload = payloads.interaction(self.state, exchange, "block_suggestion")
        payload |= payloads.on_view(view) if view else {}
        payload |= payloads.on_message(self.state, exchange, stored) if stored else {}
        payload |= {"action_id": action_id, "block_id": found[0], "value": value}
        payload.pop("response_url", None)
        return self._send(exchange, payload)

    async def shortcut(self, callback_id: str, *, user: str = "U1", mode: Mode | None = None) -> Exchange:
        """Use a global shortcut."""
        exchange = self._begin("shortcut", user, None, mode)
        payload = payloads.interaction(self.state, exchange, "shortcut")
        payload |= {"callback_id": callback_id, "action_ts": self.state.new_ts()}
        return self._send(exchange, payload | {"trigger_id": self.state.trigger_for(exchange)})

    async def event(
        self, inner: Json, *, mode: Mode | None = None, signature: Signature = "right", age: float = 0.0
    ) -> Exchange:
        """Let something happen: `{"type": "app_home_opened", "user": "U1", …}`.

        Raises LoopbackError where the installed manifest does not subscribe to it.
        """
        if self.events is not None and inner["type"] not in self.events:
            raise LoopbackError(f"the app is not subscribed to {inner['type']}")
        user = inner.get("user", "U1")
        channel = inner.get("channel")
        where = channel if isinstance(channel, str) else None
        exchange = self._begin("event", user if isinstance(user, str) else user["id"], where, mode)
        return self._send(exchange, payloads.event(self.state, inner), signature, age)

    async def open_home(self, user: str = "U1", *, mode: Mode | None = None) -> Exchange:
        """Open the app's Home tab."""
        inner: Json = {"type": "app_home_opened", "user": user, "tab": "home"}
        inner["channel"] = self.state.direct(user).id
        if user in self.state.homes:
            inner["view"] = self.state.homes[user]
        return await self.event(inner, mode=mode)

    async def invite(self, channel: str, *, inviter: str = "U1", mode: Mode | None = None) -> Exchange:
        """Invite the bot to a channel."""
        found = self.state.channels[channel]
        found.members.add(self.state.bot.id)
        return await self.event(
            {
                "type": "member_joined_channel", "user": self.state.bot.id, "channel": channel,
                "channel_type": "C" if found.kind == "channel" else "G", "team": self.state.team.id,
                "inviter": inviter,
            },
            mode=mode,
        )  # fmt: skip

    def attach(self, name: str, data: bytes, *, user: str = "U1") -> str:
        """Upload a file as a user; its id goes into a file_input's values."""
        file = StoredFile(self.state.new_id("F"), name, len(data), user, data, uploaded=True, completed=True)
        self.state.files[file.id] = file
        return file.id
