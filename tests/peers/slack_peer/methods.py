"""The form of a Web API method: its arguments, the scope it needs, its rate limit tier."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .errors import ApiError, Json
from .message_rules import decoded
from .state import State
from .world import SCOPE_OF_KIND, Channel


@dataclass(frozen=True)
class Args:
    """A call's arguments, from JSON, a form or the query: there every value is text."""

    values: Json

    def text(self, name: str) -> str:
        """A string, empty where absent."""
        value = self.values.get(name)
        return "" if value is None else str(value)

    def required(self, name: str, error: str = "invalid_arguments") -> str:
        """A string that must be there."""
        found = self.text(name)
        if not found:
            messages = [f"[ERROR] missing required field: {name}"]
            raise ApiError(error, response_metadata={"messages": messages})
        return found

    def flag(self, name: str) -> bool:
        """True for true, `true` and `1`."""
        return self.text(name).lower() in ("true", "1")

    def number(self, name: str, default: int) -> int:
        """A whole number."""
        try:
            return int(self.text(name) or default)
        except ValueError:
            raise ApiError("invalid_arguments") from None

    def data(self, name: str, error: str = "invalid_arguments") -> Any:
        """A structured value, None where absent."""
        return decoded(self.values.get(name), error)

    def content(self) -> Json:
        """The part of the arguments that makes a message."""
        found: Json = {
            "text": self.text("text"), "parse": self.text("parse"), "link_names": self.flag("link_names"),
            "markdown_text": self.text("markdown_text"),
            "blocks": self.data("blocks", "invalid_blocks_format"),
            "attachments": self.data("attachments", "invalid_attachments"),
            "metadata": self.data("metadata", "invalid_metadata_format"),
        }  # fmt: skip
        return found


Handler = Callable[[State, Args], Json]


@dataclass(frozen=True)
class Method:
    """One Web API method.

    scope: what the bot token must hold. tier: of the rate limits, None for the special ones.
    app_token: it takes the app-level token instead of the bot's. Scopes come from the method's own page
    (S: reference/methods/<name>); scopes by the kind of a conversation are checked in the handlers.
    """

    handler: Handler
    scope: str | None = None
    tier: int | None = None
    app_token: bool = False


def need_scope(state: State, scope: str) -> None:
    """Raises missing_scope with what is needed and what was granted."""
    if scope not in state.scopes:
        raise ApiError("missing_scope", needed=scope, provided=",".join(sorted(state.scopes)))


def need_kind_scope(state: State, channel: Channel, verb: str) -> None:
    """The scope of a conversation's kind: `channels:read`, `im:history`, …"""
    need_scope(state, f"{SCOPE_OF_KIND[channel.kind]}:{verb}")


def paged(items: list[Json], args: Args, default: int) -> tuple[list[Json], str]:
    """One page of a list and the cursor of the next, empty at the end."""
    start = _start(args.text("cursor"))
    limit = min(args.number("limit", default), 1000)
    if limit < 1:
        raise ApiError("invalid_limit")
    end = start + limit
    return items[start:end], f"next:{end}" if end < len(items) else ""


def _start(cursor: str) -> int:
    if not cursor:
        return 0
    word, _, number = cursor.partition(":")
    if word != "next" or not number.isdecimal():
        raise ApiError("invalid_cursor")
    return int(number)
