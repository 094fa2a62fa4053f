"""Discord's limits as far as they are known: documented ones as a start, the rest learned from its answers."""

from collections.abc import Mapping, Sequence

from discord.http import Route

from bot.pacing import Budget

# topics/rate-limits: 50 requests a second for a bot. Interactions do not count to it
# (interactions/receiving-and-responding), so people's answers need no place kept for them. A hundredth of a second
# between two bulk requests leaves the event loop to them.
GLOBAL, SECOND, SPACING = 50, 1.0, 0.01
# What the API announces for messages into one channel; only a start, since the docs say never to rely on it.
POSTS, POSTS_SECONDS = 5, 5.0
_POST_MESSAGE = ("POST", "/channels/{channel_id}/messages")
# Budgets of places that were quiet are dropped once there are so many.
KEPT = 2000


class Limits:
    """The budgets that each request counts to: the bot's, and its bucket's at its channel or server.

    A bucket is named by a route until Discord names it by `X-RateLimit-Bucket`, which several routes may share.
    """

    def __init__(self) -> None:
        self.everywhere = Budget(GLOBAL, SECOND, SPACING)
        self._bucket_of: dict[tuple[str, str], str] = {}
        self._budgets: dict[tuple[str, str], Budget] = {}

    def of(self, route: Route, now: float) -> Sequence[Budget]:
        """The budgets of a request at this instant of the event loop's time."""
        return (self.everywhere, self._budget(route, now))

    def learn(self, route: Route, status: int, headers: Mapping[str, str], now: float) -> None:
        """Take over what an answer's headers say of its bucket."""
        bucket, limit = headers.get("X-RateLimit-Bucket"), _number(headers.get("X-RateLimit-Limit"))
        if bucket is not None:
            self._named(route, bucket)
        after, left = (_number(headers.get(f"X-RateLimit-{name}")) for name in ("Reset-After", "Remaining"))
        if limit is None or after is None or left is None or limit < 1:
            return
        budget = self._budget(route, now)
        opened = left == limit - 1 and after > 0
        budget.learn(int(limit), after if opened else None)
        if left == 0 or status == 429:
            budget.close(now + after)

    def refused(self, route: Route, everywhere: bool, shared: bool, wait: float, now: float) -> None:
        """Wait as a 429 asks to. A `shared` one is others' doing, and says nothing of what we may."""
        budget = self.everywhere if everywhere else self._budget(route, now)
        budget.close(now + wait)
        if not shared and budget.per:
            budget.lower(now)

    def _budget(self, route: Route, now: float) -> Budget:
        way = (route.method, route.path)
        key = (self._bucket_of.get(way, " ".join(way)), route.major_parameters)
        found = self._budgets.get(key)
        if found is None:
            self._make_room(now)
            start = (POSTS, POSTS_SECONDS) if way == _POST_MESSAGE else (1, 0.0)
            found = self._budgets[key] = Budget(*start)
        return found

    def _named(self, route: Route, bucket: str) -> None:
        way = (route.method, route.path)
        before = self._bucket_of.get(way, " ".join(way))
        if before == bucket:
            return
        self._bucket_of[way] = bucket
        for (name, place), budget in list(self._budgets.items()):
            if name == before:
                del self._budgets[name, place]
                self._budgets.setdefault((bucket, place), budget)

    def _make_room(self, now: float) -> None:
        if len(self._budgets) >= KEPT:
            self._budgets = {key: each for key, each in self._budgets.items() if not each.forget(now)}


def _number(text: str | None) -> float | None:
    try:
        return None if text is None else float(text)
    except ValueError:
        return None
