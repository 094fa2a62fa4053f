"""Failures on order: what a test tells the peer to do to the next calls of a method."""

from __future__ import annotations

from dataclasses import dataclass, field

from .errors import ApiError


@dataclass
class Failure:
    """One order. `method`: a Web API method, `response_url`, `upload`, or `*`.

    error: the error to answer; with neither error nor status nor `drop` the call is only delayed.
    after_storing: the call takes effect and only its answer is lost or wrong.
    delay: seconds, before the call is looked at, or before the answer with `after_storing`.
    drop: the connection is cut instead of an answer.
    """

    method: str
    error: str | None = None
    status: int | None = None
    times: int = 1
    after_storing: bool = False
    delay: float = 0.0
    drop: bool = False
    headers: dict[str, str] = field(default_factory=dict)
    hits: int = 0

    def refusal(self) -> ApiError | None:
        """What to answer, None where the call shall be answered as usual."""
        if self.error is None and self.status is None:
            return None
        status = self.status or (429 if self.error == "ratelimited" else 200)
        headers = {"Retry-After": "1"} | self.headers if status == 429 else self.headers
        return ApiError(self.error or "internal_error", status=status, headers=headers)


@dataclass
class Failures:
    """The orders in the order in which they were given."""

    orders: list[Failure] = field(default_factory=list)

    def take(self, method: str) -> Failure | None:
        """The first order that fits and is not used up, counted as used."""
        for order in self.orders:
            if order.hits < order.times and order.method in ("*", method):
                order.hits += 1
                return order
        return None
