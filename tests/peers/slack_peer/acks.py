"""What an acknowledgement does on the user's side."""

from __future__ import annotations

import time
from typing import Any

from .chat_api import refuse_files
from .errors import ApiError, Json
from .exchange import DISPATCH_FAILED, Ack, Exchange
from .hooks import show as show_message
from .message_rules import refuse_content, truncated
from .state import State
from .view_rules import refuse_submission_ack, refuse_suggestions
from .views_api import close, push, replace
from .views_api import show as show_view


def acknowledged(state: State, exchange: Exchange, ack: Ack) -> None:
    """Take an acknowledgement that came in time."""
    exchange.acked_at = time.perf_counter()
    if ack.status != 200:
        exchange.fail(DISPATCH_FAILED)
        return
    exchange.ack = ack
    try:
        if exchange.kind == "command":
            _answer_command(state, exchange, ack.body)
        elif exchange.kind == "view_submission":
            _answer_submission(state, exchange, ack.body)
        elif exchange.kind == "block_suggestion":
            refuse_suggestions(ack.body)
    except ApiError as error:
        exchange.refusals.append(error)
        exchange.fail(error.error)
    exchange.pulse.touch()


def _answer_command(state: State, exchange: Exchange, body: Any) -> None:
    """A body is a message: JSON, or plain text."""
    if not body:
        return
    content: Json = {"text": body} if isinstance(body, str) else {"text": "", "blocks": None, **body}
    refuse_content(content)
    refuse_files(state, content)
    content["text"] = truncated(content["text"] or "")
    show_message(state, exchange, content)


def _answer_submission(state: State, exchange: Exchange, body: Any) -> None:
    view = exchange.payload["view"]
    refuse_submission_ack(body, view)
    action = body.get("response_action") if isinstance(body, dict) else None
    if action == "errors":
        # The form stays, with its complaints: that is what the user sees
        exchange.show({"type": "errors", "errors": body["errors"]})
    elif action == "update":
        show_view(exchange, replace(state, body["view"], view))
    elif action == "push":
        show_view(exchange, push(state, body["view"], exchange.user))
    else:
        close(state, exchange.user, everything=action == "clear")
