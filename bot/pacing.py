"""Requests at a platform's pace: each waits until it fits every limit that it counts to, people's first.

A request counts to several budgets at once (the bot's, its channel's); it takes its place in all of them at
the same moment, so that one that waits for a busy channel holds nothing that another could use. Why no
library does this is told in docs/decisions/0031-limits-obeyed-beforehand.md.
"""

import asyncio
import math
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field

# A platform counts a request when it arrives, at a moment between our sending and its answer. So many seconds
# beyond that are left for clocks that count milliseconds.
GUARD = 0.003
# From so many answers on the shortest round trip is believed, less a tenth for what they did not show.
ENOUGH, REMEMBERED, BELIEVED = 20, 200, 0.9
# A process that shares a limit with others has heard of a new one within so many seconds, or is none of them any
# more (bot/membership.py: a beat a second, and eight until it is given up).
HEARD_AFTER = 10.0
# So many places of each part stay free where several processes share a limit: what one sends may overtake what another
# sent before it, and the platform counts what arrives.
SPARE = 1
# A limit that proved to be lower than it was thought to be is tried again, step by step, after so long.
LOWER, GROW_AFTER = 0.8, 60.0


class Trip:
    """The shortest round trip to a platform, by which a place in a window is free before its answer says so.

    A request arrives after the way there has passed and is answered before the way back has, so between two
    arrivals lies at least as much as between an answer and a later sending, plus both ways.

    `rank` from 0 to 1 says which of the trips seen lately is believed: the shortest, or one in the middle.
    """

    def __init__(self, rank: float = 0.0) -> None:
        self._seconds: deque[float] = deque(maxlen=REMEMBERED)
        self._rank = rank
        self.least = 0.0

    def took(self, seconds: float) -> None:
        """Note how long one request took."""
        self._seconds.append(seconds)
        if len(self._seconds) >= ENOUGH:
            place = int(self._rank * (len(self._seconds) - 1))
            self.least = BELIEVED * (sorted(self._seconds)[place] if place else min(self._seconds))


@dataclass(eq=False)
class Budget:
    """At most `limit` requests in any `per` seconds, by the platform's clock; `per` 0 means no limit is known.

    Once half of it is in use, bulk requests keep `spacing` seconds apart, so that people's answers find room
    between them; `reserve` places of the limit are left to people. Instants are the event loop's seconds.
    """

    limit: int
    per: float
    spacing: float = 0.0
    reserve: int = 0
    _answered: deque[float] = field(default_factory=deque)
    _under_way: int = 0
    _next: float = 0.0
    _closed_until: float = 0.0
    _most: int = 0
    _grows_at: float = math.inf
    _parts: int = 1
    _fewer: tuple[int, float] = (1, math.inf)
    _bulk_from: float = 0.0

    def opens(self, now: float, trip: Trip, urgent: bool) -> float:
        """When one more request fits; infinite while that depends on an answer that is not there yet."""
        self._forget(now)
        free_at = max(now, self._closed_until - trip.least if self._closed_until > now else now)
        if not urgent:
            free_at = max(free_at, self._next, self._bulk_from)
        too_many = self._under_way + len(self._answered) + 1 - self._room(urgent)
        if not self.per or too_many <= 0:
            return free_at
        if too_many > len(self._answered):
            return math.inf
        return max(free_at, self._answered[too_many - 1] + self.per + GUARD - trip.least)

    def begin(self, now: float) -> None:
        """Count a request that goes out."""
        self._under_way += 1
        if 2 * (self._under_way + len(self._answered)) > self._room(True):
            self._next = now + self.spacing

    def end(self, now: float, used: bool) -> None:
        """Count its answer, or, where it was not sent after all, nothing."""
        self._under_way -= 1
        if used and self.per:
            self._answered.append(now)

    def close(self, until: float) -> None:
        """Let nothing more out before an instant: the platform said so."""
        self._closed_until = max(self._closed_until, until + GUARD)

    def learn(self, limit: int, per: float | None = None) -> None:
        """Take over what the platform says its limit is."""
        self.limit, self._most, self._grows_at = limit, 0, math.inf
        self.per = per or self.per

    def share(self, parts: int, now: float, fresh: bool = False) -> None:
        """Keep to one of so many equal parts of the limit: several processes have it in common.

        A smaller part holds at once, a greater one when what others sent counts no more. `fresh`: this process
        joined others just now, and sends no bulk before they must have heard of it.
        """
        if fresh and parts > 1:
            self._bulk_from = now + HEARD_AFTER + self.per
        elif parts == 1:
            self._bulk_from = min(self._bulk_from, now)
        if parts >= self._parts:
            self._parts, self._fewer = parts, (parts, math.inf)
        elif parts != self._fewer[0] or math.isinf(self._fewer[1]):
            self._fewer = (parts, now + self.per)

    def lower(self, now: float) -> None:
        """Believe less than was documented, after a refusal, and come back to it slowly."""
        self._most = self._most or self.limit
        self.limit = max(1, int(self.limit * LOWER))
        self._grows_at = now + GROW_AFTER

    @property
    def idle(self) -> bool:
        """Whether nothing counts to it now."""
        return not (self._under_way or self._answered)

    def forget(self, now: float) -> bool:
        """Whether it may be forgotten: nothing counts to it, and it is not closed."""
        self._forget(now)
        return self.idle and self._closed_until <= now and not self._most

    def bulk_waits(self, now: float) -> bool:
        """Whether bulk waits until other processes have heard of this one."""
        return now < self._bulk_from

    def _room(self, urgent: bool) -> int:
        ours = self.limit if urgent else self.limit - self.reserve
        return max(1, ours // self._parts - (SPARE if self._parts > 1 else 0))

    def _forget(self, now: float) -> None:
        while self._answered and self._answered[0] + self.per + GUARD <= now:
            self._answered.popleft()
        if now >= self._fewer[1]:
            self._parts, self._fewer = self._fewer[0], (self._fewer[0], math.inf)
        if now >= self._grows_at:
            self.limit = min(self._most, self.limit + max(1, self._most // 20))
            self._grows_at = now + GROW_AFTER if self.limit < self._most else math.inf
            self._most = self._most if self.limit < self._most else 0


@dataclass(eq=False)
class Turn:
    """A place in every budget that a request counts to, until the request is answered."""

    budgets: Sequence[Budget]
    pacer: "Pacer"
    began: float = 0.0
    opens: float = 0.0
    _waited: float = 0.0
    _over: bool = False

    def end(self, used: bool = True) -> None:
        """Give the place back; doing it twice is harmless. `used`: a request went out in this turn."""
        if not self._over:
            self._over = True
            self.pacer.ended(self, used)

    async def open(self) -> None:
        """Wait where its message was ready sooner than others were; to be awaited right before it is sent."""
        self._waited = max(0.0, self.opens - asyncio.get_running_loop().time())
        if self._waited:
            await asyncio.sleep(self._waited)

    def answered(self, now: float) -> None:
        """Note how long it took from its beginning, where something had to be made ready in it."""
        self.pacer.readied.took(now - self.began - self._waited)


@dataclass(eq=False)
class _Waiting:
    budgets: Sequence[Budget]
    turn: asyncio.Future[Turn]
    trip: Trip


# Who waits, by the budget that they count to first of all, which many of them share.
_Queue = dict[Budget | None, list[_Waiting]]


@asynccontextmanager
async def held(taking: Awaitable[Turn]) -> AsyncIterator[Turn]:
    """Wait for a turn and hold it for a block; what was not used of it is given back at its end."""
    taken = await taking
    try:
        yield taken
    finally:
        taken.end(used=False)


class Pacer:
    """Hands out turns: first to people's requests, then to bulk, each in the order in which it was asked for."""

    def __init__(self) -> None:
        self.trip = Trip()
        # The same for turns in which a message is composed and noted before it is sent: they begin so much sooner,
        # and what is ready sooner than most waits for its place.
        self.readied = Trip(0.5)
        self._urgent: _Queue = {}
        self._bulk: _Queue = {}
        self._timer: asyncio.TimerHandle | None = None

    @property
    def waiting(self) -> int:
        """How many requests wait for their turn."""
        return sum(len(lane) for queue in (self._urgent, self._bulk) for lane in queue.values())

    async def take(self, budgets: Sequence[Budget], urgent: bool = False, composes: bool = False) -> Turn:
        """Wait for a turn. Whoever gets it has to end it; `composes`: and makes its message ready in it."""
        trip = self.readied if composes else self.trip
        each = _Waiting(budgets, asyncio.get_running_loop().create_future(), trip)
        queue = self._urgent if urgent else self._bulk
        lane = queue.setdefault(budgets[0] if budgets else None, [])
        lane.append(each)
        self._serve()
        try:
            return await each.turn
        except asyncio.CancelledError:
            if each in lane:
                lane.remove(each)
            elif each.turn.done() and not each.turn.cancelled():
                each.turn.result().end(used=False)
            raise

    def turn(self, budgets: Sequence[Budget], urgent: bool = False) -> AbstractAsyncContextManager[Turn]:
        """Wait for a turn and hold it for a block."""
        return held(self.take(budgets, urgent))

    def ended(self, turn: Turn, used: bool) -> None:
        """Count the end of a turn."""
        now = asyncio.get_running_loop().time()
        for budget in turn.budgets:
            budget.end(now, used)
        self._serve()

    def _serve(self) -> None:
        """Let out whatever fits now, and come back when the next one may."""
        now = asyncio.get_running_loop().time()
        soonest = min(self._let_out(self._urgent, now, True), self._let_out(self._bulk, now, False))
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if soonest < math.inf:
            self._timer = asyncio.get_running_loop().call_at(soonest, self._serve)

    def _let_out(self, queue: "_Queue", now: float, urgent: bool) -> float:
        """Let out what fits; return when something else may."""
        soonest = math.inf
        for lane in list(queue.values()):
            soonest = min(soonest, self._let_lane(lane, now, urgent))
        for first in [first for first, lane in queue.items() if not lane]:
            del queue[first]
        return soonest

    def _let_lane(self, lane: list[_Waiting], now: float, urgent: bool) -> float:
        """The same of those that count to one budget first of all: where that is full, none of them is looked at.

        Whoever waits for a budget goes before those who asked for it later.
        """
        soonest, full, place = math.inf, set[Budget](), 0
        while place < len(lane):
            each = lane[place]
            if not full.isdisjoint(each.budgets):
                place += 1
                continue
            opens = [(budget.opens(now, each.trip, urgent), budget) for budget in each.budgets]
            at = max((at for at, _ in opens), default=now)
            if at <= now:
                del lane[place]
                if not each.turn.done():
                    self._begin(each, now, urgent)
                continue
            soonest = min(soonest, at)
            full.update(budget for at, budget in opens if at > now)
            if each.budgets[0] in full:
                break
            place += 1
        return soonest

    def _begin(self, each: _Waiting, now: float, urgent: bool) -> None:
        opens = max((budget.opens(now, self.trip, urgent) for budget in each.budgets), default=now)
        for budget in each.budgets:
            budget.begin(now)
        each.turn.set_result(Turn(each.budgets, self, now, opens))
