"""Rate limits and the headers that announce them (docs: topics/rate-limits)."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from .errors import Json

GLOBAL_PER_SECOND = 50
# Observed on the real platform for messages into one channel; the docs say never to hard-code it
POSTS = (5, 5.0)
# Generous, so that a test meets no wait that it did not ask for
ELSEWHERE = (100, 1.0)


@dataclass
class Window:
    """A fixed window of `limit` requests that opened at `since`."""

    limit: int
    per: float
    since: float
    used: int = 0

    def remaining(self) -> int:
        """Requests left in this window."""
        return max(0, self.limit - self.used)


@dataclass
class LimitedError(Exception):
    """A request over a limit: `after` seconds until the window ends."""

    after: float
    everywhere: bool

    def body(self) -> Json:
        """The 429's JSON."""
        return {
            "message": "You are being rate limited.",
            "retry_after": round(self.after, 3),
            "global": self.everywhere,
        }

    def headers(self) -> dict[str, str]:
        """What a 429 adds to the usual headers."""
        scope = "global" if self.everywhere else "user"
        found = {"Retry-After": str(max(1, round(self.after))), "X-RateLimit-Scope": scope}
        return found | ({"X-RateLimit-Global": "true"} if self.everywhere else {})


@dataclass
class Rates:
    """Counts requests. While `enforced` is off it announces room to spare and refuses nothing."""

    monotonic: Callable[[], float] = time.monotonic
    enforced: bool = False
    _windows: dict[str, Window] = field(default_factory=dict)

    def headers(self, method: str, template: str, major: str) -> dict[str, str]:
        """Counts this request and gives its answer's rate headers; LimitedError over the limit."""
        bucket = hashlib.blake2s(f"{method} {template}".encode(), digest_size=16).hexdigest()
        if not self.enforced:
            return _announce(bucket, ELSEWHERE[0], ELSEWHERE[0] - 1, ELSEWHERE[1])
        # docs: receiving-and-responding: interaction endpoints do not count to the global limit
        if not template.startswith(("/interactions", "/webhooks")):
            self._take("global", GLOBAL_PER_SECOND, 1.0, everywhere=True)
        limit, per = POSTS if (method, template) == _POST_MESSAGE else ELSEWHERE
        window = self._take(f"{bucket}:{major}", limit, per, everywhere=False)
        return _announce(bucket, limit, window.remaining(), window.since + per - self.monotonic())

    def _take(self, key: str, limit: int, per: float, *, everywhere: bool) -> Window:
        now = self.monotonic()
        window = self._windows.get(key)
        if window is None or now - window.since >= per:
            window = self._windows[key] = Window(limit, per, now)
        if not window.remaining():
            raise LimitedError(window.since + per - now, everywhere)
        window.used += 1
        return window


_POST_MESSAGE = ("POST", "/channels/{channel_id}/messages")


def _announce(bucket: str, limit: int, remaining: int, after: float) -> dict[str, str]:
    return {
        "X-RateLimit-Bucket": bucket,
        "X-RateLimit-Limit": str(limit),
        "X-RateLimit-Remaining": str(remaining),
        "X-RateLimit-Reset-After": f"{max(0.0, after):.3f}",
    }
