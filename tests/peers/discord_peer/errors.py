"""Discord's own error answers, by their JSON code.

Source of codes, sentences and statuses: Discord developer docs, topics/opcodes-and-status-codes.
"""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

CODES: dict[int, tuple[int, str]] = {
    0: (404, "404: Not Found"),
    10003: (404, "Unknown Channel"),
    10004: (404, "Unknown Guild"),
    10007: (404, "Unknown Member"),
    10008: (404, "Unknown Message"),
    10013: (404, "Unknown User"),
    10015: (404, "Unknown Webhook"),
    10062: (404, "Unknown interaction"),
    10063: (404, "Unknown application command"),
    20002: (403, "Only bots can use this endpoint"),
    30032: (400, "Maximum number of application commands reached (100)"),
    30034: (429, "Max number of daily application command creates has been reached (200)"),
    40001: (401, "Unauthorized. Provide a valid token and try again"),
    40005: (413, "Request entity too large"),
    40060: (400, "Interaction has already been acknowledged."),
    50001: (403, "Missing Access"),
    50005: (403, "Cannot edit a message authored by another user"),
    50006: (400, "Cannot send an empty message"),
    50007: (403, "Cannot send messages to this user"),
    50013: (403, "Missing Permissions"),
    50027: (401, "Invalid Webhook Token"),
    50035: (400, "Invalid Form Body"),
    50041: (400, "Invalid API version provided"),
    50109: (400, "The request body contains invalid JSON."),
    50278: (403, "Cannot send messages to this user due to having no mutual guilds"),
}


class ApiError(Exception):
    """A refusal in Discord's shape; `errors` is the nested table of a 50035."""

    def __init__(self, code: int, *, errors: Json | None = None, status: int | None = None) -> None:
        known_status, sentence = CODES[code]
        super().__init__(f"{code} {sentence}")
        self.code = code
        self.status = status or known_status
        self.body: Json = {"message": sentence, "code": code}
        if errors is not None:
            self.body["errors"] = errors


class UnauthorizedError(ApiError):
    """The answer to a missing or wrong bot token: code 0, as Discord sends it."""

    def __init__(self) -> None:
        super().__init__(0, status=401)
        self.body = {"message": "401: Unauthorized", "code": 0}


class UserAgentError(ApiError):
    """Discord's edge refuses a client that does not name itself (docs: reference, User Agent)."""

    def __init__(self) -> None:
        super().__init__(0, status=403)
        self.body = {"message": "The User-Agent must be DiscordBot (url, version)", "code": 40333}


class ServerFaultError(ApiError):
    """A bare 500, as Discord answers where its own limits are undocumented."""

    def __init__(self) -> None:
        super().__init__(0, status=500)
        self.body = {"message": "500: Internal Server Error", "code": 0}
