"""Failures on order: what a test tells the peer to do to the next requests that fit."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from .errors import Json


@dataclass
class Failure:
    """One order. `after_storing`: the request takes effect and only its answer is lost.

    status: the status to answer, None to answer as usual (a pure delay) or to cut the connection (`drop`).
    delay: seconds, before the request is looked at, or before the answer with `after_storing`.
    """

    method: str
    path: re.Pattern[str]
    status: int | None = 500
    body: Json | None = None
    times: int = 1
    after_storing: bool = False
    delay: float = 0.0
    drop: bool = False
    headers: dict[str, str] = field(default_factory=dict)
    hits: int = 0

    def fits(self, method: str, path: str) -> bool:
        """Whether this order still waits for such a request."""
        return self.hits < self.times and self.method in ("*", method) and bool(self.path.search(path))

    def answer(self) -> tuple[int, Json] | None:
        """Status and body, None where the request shall be answered as usual."""
        if self.status is None:
            return None
        return self.status, self.body or {"message": f"{self.status}: on order", "code": 0}


@dataclass
class Failures:
    """The orders in the order in which they were given."""

    orders: list[Failure] = field(default_factory=list)

    def take(self, method: str, path: str) -> Failure | None:
        """The first order that fits, counted as used."""
        for order in self.orders:
            if order.fits(method, path):
                order.hits += 1
                return order
        return None
