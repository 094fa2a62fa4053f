"""HTTP mode: requests to the app, signed as Slack signs them (S: authentication/verifying-requests-from-slack)."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Literal
from urllib.parse import urlencode

import aiohttp

from .errors import Json
from .exchange import Ack, Attempt
from .socket_mode import UndeliveredError, parsed

Signature = Literal["right", "wrong", "missing"]
FORM = "application/x-www-form-urlencoded"


def sign(secret: str, timestamp: str, raw: bytes) -> str:
    """`v0=` and the HMAC-SHA256 of version, timestamp and raw body."""
    base = b"v0:" + timestamp.encode() + b":" + raw
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


def encoded(kind: str, payload: Json) -> tuple[bytes, str]:
    """The raw body of a payload and its content type: commands and interactivity are forms, events JSON."""
    if kind == "events_api":
        return json.dumps(payload).encode(), "application/json"
    if kind == "slash_commands":
        return urlencode(payload).encode(), FORM
    return urlencode({"payload": json.dumps(payload)}).encode(), FORM


def prepared(
    kind: str,
    payload: Json,
    secret: str,
    now: float,
    *,
    signature: Signature,
    age: float,
    retry: Attempt | None,
) -> Attempt:
    """A signed request that can be sent, and sent again unchanged. age: seconds that its timestamp is old."""
    raw, content_type = encoded(kind, payload)
    timestamp = str(int(now - age))
    headers = {
        "Content-Type": content_type,
        "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
        "X-Slack-Request-Timestamp": timestamp,
    }
    if signature != "missing":
        key = secret if signature == "right" else secret + "-forged"
        headers["X-Slack-Signature"] = sign(key, timestamp, raw)
    if retry is not None and retry.number:
        headers |= {"X-Slack-Retry-Num": str(retry.number), "X-Slack-Retry-Reason": str(retry.reason)}
    number, reason = (retry.number, retry.reason) if retry else (0, None)
    return Attempt(number, reason, raw=raw, headers=headers)


class HttpMode:
    """Posts to the app's address."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    async def post(self, target: str, attempt: Attempt) -> Ack:
        """One request; a redirect is not followed. Raises UndeliveredError where nobody listens."""
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=None))
        try:
            async with self._session.post(
                target, data=attempt.raw, headers=attempt.headers, allow_redirects=False
            ) as response:
                body = parsed(await response.text(), response.content_type)
                return Ack(response.status, body, response.headers.get("X-Slack-No-Retry") == "1")
        except aiohttp.ClientError:
            raise UndeliveredError("connection_failed") from None

    async def close(self) -> None:
        """Close the kept connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None
