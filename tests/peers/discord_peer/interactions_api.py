"""REST: answering interactions (docs: interactions/receiving-and-responding)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from .calls import Answer, Call, Handler
from .component_rules import AUTOCOMPLETE, MODAL
from .errors import ApiError, Json
from .exchange import (
    CHOICES,
    COMMAND,
    COMPLETION,
    COMPONENT,
    DEFERRED,
    DEFERRED_UPDATE,
    MESSAGE,
    MODAL_SUBMIT,
    UPDATE,
    Exchange,
)
from .exchange import MODAL as SHOW_MODAL
from .mentions import INTERACTION_DEFAULT
from .message_rules import COMPONENTS_V2, EPHEMERAL, SUPPRESS_EMBEDS, SUPPRESS_NOTIFICATIONS, VOICE_MESSAGE
from .messages import Messages
from .rules import invalid, refuse
from .state import State, Stored

ANSWER_FLAGS = SUPPRESS_EMBEDS | EPHEMERAL | COMPONENTS_V2 | VOICE_MESSAGE | SUPPRESS_NOTIFICATIONS
TOKEN_LIFE_S = 15 * 60.0


class InteractionsApi:
    """Handlers by method and template. `deadline` is the seconds that a first response may take."""

    def __init__(self, state: State, messages: Messages) -> None:
        self.state = state
        self.messages = messages
        self.deadline = 3.0
        hook = "/webhooks/{application_id}/{token}"
        self.routes: list[tuple[str, str, Handler]] = [
            ("POST", "/interactions/{interaction_id}/{token}/callback", self.callback),
            ("POST", hook, self.follow_up),
            ("GET", f"{hook}/messages/{{message_id}}", self.get),
            ("PATCH", f"{hook}/messages/{{message_id}}", self.edit),
            ("DELETE", f"{hook}/messages/{{message_id}}", self.delete),
        ]

    async def callback(self, call: Call) -> Answer:
        """The first response: within the deadline, once, and of a kind that fits."""
        exchange = self.state.exchanges.get(call.params["token"])
        if exchange is None or exchange.id != call.params["interaction_id"]:
            raise ApiError(10062)
        if exchange.callback is not None:
            raise ApiError(40060)
        if self.state.clock() - exchange.created_at > self.deadline:
            raise ApiError(10062)
        body = call.json()
        self._refuse_misfit(exchange, body)
        with _named_under_data():
            self._apply(exchange, body["type"], body.get("data") or {}, call)
        exchange.callback = body
        exchange.called_back_at = time.perf_counter()
        exchange.touch()
        return (
            (200, _callback_result(exchange))
            if call.query.get("with_response") in ("1", "true")
            else (204, None)
        )

    def _refuse_misfit(self, exchange: Exchange, body: Json) -> None:
        fitting = {
            COMMAND: {MESSAGE, DEFERRED, SHOW_MODAL},
            COMPONENT: {MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE, SHOW_MODAL},
            COMPLETION: {CHOICES},
            MODAL_SUBMIT: {MESSAGE, DEFERRED},
        }[exchange.kind]
        if exchange.kind == MODAL_SUBMIT and "message" in exchange.payload:
            fitting = fitting | {DEFERRED_UPDATE, UPDATE}
        if body.get("type") not in fitting:
            message = f"Value must be one of {tuple(sorted(fitting))}."
            raise invalid(("type",), "BASE_TYPE_CHOICES", message)

    def _apply(self, exchange: Exchange, kind: int, data: Json, call: Call) -> None:
        if kind == CHOICES:
            refuse(AUTOCOMPLETE, data)
        elif kind == SHOW_MODAL:
            refuse(MODAL, data)
        elif kind == MESSAGE:
            exchange.original = self._create(exchange, data, call)
        elif kind == DEFERRED:
            self._defer(exchange, data)
        else:
            self._update(exchange, kind, data, call)

    def _create(self, exchange: Exchange, data: Json, call: Call) -> Stored:
        flags = (data.get("flags") or 0) & ANSWER_FLAGS
        return self.messages.create(
            self.state.channels[exchange.payload["channel_id"]],
            self.state.bot,
            data | {"flags": flags},
            call.files,
            allowed_default=INTERACTION_DEFAULT,
            only_for=exchange.user_id if flags & EPHEMERAL else None,
            extra=self._origin(exchange),
        )

    def _defer(self, exchange: Exchange, data: Json) -> None:
        flags = data.get("flags") or 0
        if flags & ~EPHEMERAL:
            raise invalid(("flags",), "MESSAGE_FLAGS_INVALID", "Only EPHEMERAL may be set here")
        only_for = exchange.user_id if flags & EPHEMERAL else None
        channel = self.state.channels[exchange.payload["channel_id"]]
        exchange.original = self.messages.placeholder(channel, flags, only_for, self._origin(exchange))
        exchange.loading = True

    def _update(self, exchange: Exchange, kind: int, data: Json, call: Call) -> None:
        exchange.original = self.state.stored.get(exchange.payload["message"]["id"])
        if kind == DEFERRED_UPDATE:
            exchange.loading = True
        elif exchange.original is None:
            raise ApiError(10008)
        else:
            kept = self._keeping_flags(exchange.original, data)
            self.messages.edit(exchange.original, kept, call.files, INTERACTION_DEFAULT)

    def _origin(self, exchange: Exchange) -> Json:
        caller = self.state.users[exchange.user_id].wire()
        about: Json = {"id": exchange.id, "type": exchange.kind, "user": caller}
        about["authorizing_integration_owners"] = exchange.payload["authorizing_integration_owners"]
        name = exchange.payload["data"].get("name")
        about |= {"name": name, "command_type": 1} if name else {}
        origin: Json = {"application_id": self.state.application_id, "interaction_metadata": about}
        return origin | {"webhook_id": self.state.application_id, "type": 20 if name else 0}

    def _keeping_flags(self, stored: Stored, data: Json) -> Json:
        # Private or public is settled with the first response (docs: Messages note)
        if data.get("flags") is None:
            return data
        kept = stored.payload["flags"] & EPHEMERAL
        return data | {"flags": data["flags"] & ANSWER_FLAGS & ~EPHEMERAL | kept}

    def _answered(self, call: Call) -> Exchange:
        exchange = self.state.exchanges.get(call.params["token"])
        if exchange is None or call.params["application_id"] != self.state.application_id:
            raise ApiError(10015)
        if self.state.clock() - exchange.created_at > TOKEN_LIFE_S:
            raise ApiError(50027)
        if exchange.callback is None:
            raise ApiError(10015)
        return exchange

    async def follow_up(self, call: Call) -> Answer:
        """Create Followup Message; the first one after a deferral fills the waiting answer instead."""
        exchange, data = self._answered(call), call.json()
        assert exchange.callback is not None
        if exchange.loading and exchange.callback["type"] == DEFERRED and exchange.original is not None:
            return 200, self._fill(exchange, exchange.original, data, call)
        stored = self._create(exchange, data, call)
        exchange.followups.append(stored)
        exchange.touch()
        return 200, stored.payload

    async def get(self, call: Call) -> Answer:
        """Get Original Interaction Response, or a follow-up."""
        return 200, self._message(self._answered(call), call).payload

    async def edit(self, call: Call) -> Answer:
        """Edit Original Interaction Response, or a follow-up."""
        exchange = self._answered(call)
        return 200, self._fill(exchange, self._message(exchange, call), call.json(), call)

    async def delete(self, call: Call) -> Answer:
        """Delete Original Interaction Response, or a follow-up."""
        exchange = self._answered(call)
        stored = self._message(exchange, call)
        self.state.forget(stored)
        if stored is exchange.original:
            exchange.original, exchange.loading = None, False
        else:
            exchange.followups.remove(stored)
        exchange.touch()
        return 204, None

    def _message(self, exchange: Exchange, call: Call) -> Stored:
        wanted = call.params["message_id"]
        own = [*exchange.followups, *([exchange.original] if exchange.original else [])]
        found = exchange.original if wanted == "@original" else None
        found = found or next((stored for stored in own if stored.id == wanted), None)
        if found is None or found.id not in self.state.stored:
            raise ApiError(10008)
        return found

    def _fill(self, exchange: Exchange, stored: Stored, data: Json, call: Call) -> Json:
        self.messages.edit(stored, self._keeping_flags(stored, data), call.files, INTERACTION_DEFAULT)
        if stored is exchange.original:
            exchange.loading = False
        exchange.touch()
        return stored.payload


@contextmanager
def _named_under_data() -> Iterator[None]:
    """Faults of a response lie under `data`, where the message stands."""
    try:
        yield
    except ApiError as error:
        if "errors" in error.body:
            error.body["errors"] = {"data": error.body["errors"]}
        raise


def _callback_result(exchange: Exchange) -> Json:
    assert exchange.callback is not None
    kind, stored = exchange.callback["type"], exchange.original
    about: Json = {"id": exchange.id, "type": exchange.kind}
    resource: Json = {"type": kind}
    if stored is not None:
        about |= {"response_message_id": stored.id, "response_message_loading": exchange.loading}
        about["response_message_ephemeral"] = exchange.ephemeral
        resource |= {"message": stored.payload} if kind in (MESSAGE, UPDATE) else {}
    return {"interaction": about, "resource": resource}
