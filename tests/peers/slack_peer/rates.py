"""Rate limits (S: apis/web-api/rate-limits). Refuses nothing while `enforced` is off."""

from __future__ import annotations

import math
from collections import defaultdict, deque
from dataclasses import dataclass, field

from .clock import Clock
from .errors import ApiError

TIERS = {1: 1, 2: 20, 3: 50, 4: 100}
WINDOW_S = 60.0
# "1 message per second per channel, short bursts allowed": the burst's size is not published
BURST = 5
# "several hundred messages per minute" for a workspace
POSTS_PER_MINUTE = 300


@dataclass
class Rates:
    """Counts calls per method and messages per channel."""

    clock: Clock
    enforced: bool = False
    _calls: dict[str, deque[float]] = field(default_factory=lambda: defaultdict(deque))
    _buckets: dict[str, tuple[float, float]] = field(default_factory=dict)

    def count(self, method: str, tier: int | None) -> None:
        """Count a call; raises `ratelimited` where it exceeds its tier."""
        if self.enforced and tier is not None:
            self._window(method, TIERS[tier])

    def count_post(self, channel: str) -> None:
        """Count a message into a channel; raises `ratelimited` beyond one a second after a burst."""
        if not self.enforced:
            return
        now = self.clock.now()
        left, since = self._buckets.get(channel, (float(BURST), now))
        left = min(float(BURST), left + now - since)
        if left < 1:
            self._buckets[channel] = (left, now)
            raise limited(1 - left)
        self._window("chat.postMessage", POSTS_PER_MINUTE)
        self._buckets[channel] = (left - 1, now)

    def _window(self, method: str, limit: int) -> None:
        now, calls = self.clock.now(), self._calls[method]
        while calls and calls[0] <= now - WINDOW_S:
            calls.popleft()
        if len(calls) >= limit:
            raise limited(calls[0] + WINDOW_S - now)
        calls.append(now)


def limited(seconds: float) -> ApiError:
    """HTTP 429 with whole seconds in Retry-After."""
    return ApiError("ratelimited", status=429, headers={"Retry-After": str(max(1, math.ceil(seconds)))})
