"""How the Web API refuses: HTTP 200 (429 for rates) with `{"ok": false, "error": …}`."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


class ApiError(Exception):
    """One refusal. `extra` joins the body (`needed`, `response_metadata`, …)."""

    def __init__(
        self, error: str, *, status: int = 200, headers: dict[str, str] | None = None, **extra: Any
    ) -> None:
        super().__init__(error)
        self.error = error
        self.status = status
        self.headers = headers or {}
        self.extra = extra

    def __str__(self) -> str:
        return f"{self.error} {self.extra}" if self.extra else self.error

    @property
    def body(self) -> Json:
        """The response's JSON."""
        return {"ok": False, "error": self.error, **self.extra}


class LoopbackError(Exception):
    """The test asked for something that no user of Slack could do."""


class UnansweredError(LookupError):
    """The user saw Slack's own failure notice and nothing from the bot."""
