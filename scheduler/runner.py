"""The runner: once a second it takes what is due and has it delivered.

`scheduler.jobs` wakes it; everything that must outlive the process is in the ledger. The clock is read here
and nowhere else in this room.
"""

import asyncio
import logging
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from weakref import WeakValueDictionary

from briefs.library import Library, Store, Transaction
from briefs.marking import N_
from scheduler.address import Destination
from scheduler.deliveries import BATCH, Deliveries
from scheduler.delivery import Delivery, State
from scheduler.delivery_clearing import clear
from scheduler.delivery_folds import folded, under_one_key
from scheduler.jobs import Jobs
from scheduler.outcomes import Doubtful, Outcome, Refused, Retry
from scheduler.replanner import Replanner, chunks
from scheduler.stops import Stop
from scheduler.subscriptions import Subscriptions

log = logging.getLogger(__name__)

Act = Callable[[Delivery], Awaitable[Outcome]]
# Sends at least one of some deliveries to one destination, and says what became of those that it took.
Together = Callable[[Sequence[Delivery]], Awaitable[Mapping[int, Outcome]]]
Work = Callable[[Sequence[Delivery]], Awaitable[None]]
# The numbers of the processes that live, asked in the transaction that acts on it.
Living = Callable[[Transaction], Awaitable[Collection[int]]]

# How long a delivery is kept once it is finished and its date is over (docs/decisions/0033-what-is-finished.md).
KEEP = timedelta(days=400)
# A process that is started again each day keeps house too.
FIRST_HOUSEKEEPING = timedelta(hours=1)
# A snooze stands on for a while after its message, which may have to be corrected.
KEEP_SNOOZES = timedelta(days=500)
_CONFIRM_AGAIN_AFTER = 1.0


async def nobody(_tx: Transaction) -> Collection[int]:
    """No other process shares the database."""
    return ()


def utc_now() -> datetime:
    """The present instant, aware UTC."""
    return datetime.now(UTC)


class Runner:
    """Carries deliveries from due to done.

    `deliver` composes and sends one delivery; it stores the text with `Deliveries.compose` right before it
    calls the platform, and does not call it where that says no. `together` does the same with as many of
    some deliveries as go into one message; without it each goes alone. `find` looks up one in doubt: `Sent` if it
    is there, `Retry` if it certainly is not, `Doubtful` if that cannot be asked now, `Refused` if it never
    can. `mark` edits a message that was amended; `stopped` is told of each destination that refuses
    messages from now on. `housekeep` does the daily work of other rooms; what is finished is kept for `keep`.
    At most `bound` deliveries run at
    once, one at a time at each destination, in the order in which they were due.
    """

    def __init__(
        self,
        store: Store,
        library: Library,
        subscriptions: Subscriptions,
        deliveries: Deliveries,
        deliver: Act,
        find: Act,
        *,
        clock: Callable[[], datetime] = utc_now,
        together: Together | None = None,
        mark: Act | None = None,
        stopped: Callable[[Stop], Awaitable[None]] | None = None,
        housekeep: Callable[[datetime], Awaitable[None]] | None = None,
        bound: int = 200,
        capacity: int = 200,
        jitter: Callable[[], float] = random.random,
        keep: timedelta = KEEP,
    ) -> None:
        self.replanner = Replanner(library, subscriptions, deliveries)
        self.last_tick: datetime | None = None
        self._store, self._library = store, library
        self._subscriptions, self._deliveries = subscriptions, deliveries
        self._together, self._find, self._mark = together or _alone(deliver), find, mark
        self._stopped = stopped
        self._clock, self._jitter, self._housekeep, self._keep = clock, jitter, housekeep, keep
        self._slots = asyncio.Semaphore(bound)
        self._capacity = capacity
        self._lanes: WeakValueDictionary[Destination, asyncio.Lock] = WeakValueDictionary()
        self._at_work: Counter[Destination] = Counter()
        self._claiming = asyncio.Lock()
        self._flying: dict[asyncio.Task[None], int] = {}
        self._stopping = asyncio.Event()
        self._jobs = Jobs(utc_now)
        self._leads = False

    @property
    def in_flight(self) -> int:
        """How many deliveries are being attempted or wait for their destination."""
        return sum(self._flying.values())

    async def start(self, *, leads: bool = True) -> None:
        """Begin to tick, and with `leads` to plan: sort out what the last process left, and plan ahead.

        The library has to be loaded before.
        """
        if leads:
            await self.lead()
        self._jobs.add("tick", self._beat, timedelta(seconds=1))
        self._jobs.add("extend the plan", self._extend_daily, timedelta(days=1))
        self._jobs.add("housekeeping", self._keep_house, timedelta(days=1), FIRST_HOUSEKEEPING)
        self._jobs.start()

    async def lead(self, living: Living = nobody) -> None:
        """Take over what dead processes left, plan ahead, and go on planning each day.

        `living` says which processes share the database.
        """
        await self.take_over(living)
        async with self._store.transaction() as tx:
            await self._deliveries.stops.lift_platforms(tx)
        await self.extend(self._clock())
        self._leads = True

    def stand_by(self) -> None:
        """Deliver, and leave planning to another process."""
        self._leads = False

    async def take_over(self, living: Living) -> int:
        """Release, or put up for look-up, what processes that are dead were at work on; return how much."""
        async with self._store.transaction() as tx:
            doubtful = await self._deliveries.recover(tx, self._clock(), await living(tx))
        if doubtful:
            log.warning("%d deliveries were under way when the bot stopped; looking for them", doubtful)
        return doubtful

    async def stop(self, limit: float = 10.0) -> int:
        """Take nothing new, let what is in flight finish, and cut it off after `limit` seconds.

        Returns how many were cut off; the next start looks them up.
        """
        self._stopping.set()
        self._jobs.stop()
        async with self._claiming:
            flying = set(self._flying)
        pending: set[asyncio.Task[None]] = set()
        if flying:
            _, pending = await asyncio.wait(flying, timeout=limit)
        for task in pending:
            task.cancel()
        await asyncio.gather(*pending, return_exceptions=True)
        if pending:
            log.warning("%d deliveries were cut off; the next start looks for them", len(pending))
        return len(pending)

    async def tick(self, now: datetime) -> int:
        """Take what is due, have it delivered, and wait for it; return how many deliveries it was."""
        taken = await self._take(now)
        count = sum(map(len, taken.values()))
        if taken:
            await asyncio.wait(taken)
        return count

    async def extend(self, now: datetime) -> None:
        """Plan all briefs' deliveries as far ahead as they are planned."""
        for revision in list(self._library.current.values()):
            async with self._store.reading() as tx:
                everyone = await self._subscriptions.ids_of_brief(
                    tx, revision.brief_id, *revision.brief.formerly
                )
            for some in chunks(everyone):
                async with self._store.transaction() as tx:
                    standing = await self._subscriptions.some(tx, some)
                    newest = await self._library.newest(tx, revision.brief_id) or revision
                    await self.replanner.replan_some(tx, newest.brief, standing, now)

    async def keep_house(self, now: datetime) -> None:
        """Delete what nobody needs any more, a little at a time."""
        cleared = await clear(self._store, now - self._keep)
        if cleared:
            log.info("%d deliveries that were finished long ago were deleted", cleared)
        async with self._store.transaction() as tx:
            await self._subscriptions.end_snoozes(tx, now - KEEP_SNOOZES)
        if self._housekeep is not None:
            await self._housekeep(now)

    async def _beat(self) -> None:
        """Tick without waiting for the deliveries, so that a slow destination holds up no other."""
        if self._claiming.locked() or self._stopping.is_set():
            return
        try:
            await self._take(self._clock())
        except Exception:
            log.exception("The tick failed; the next one tries again")

    async def _extend_daily(self) -> None:
        if self._leads:
            await self._daily("extending the plan", self.extend)

    async def _keep_house(self) -> None:
        if self._leads:
            await self._daily("housekeeping", self.keep_house)

    async def _daily(self, what: str, work: Callable[[datetime], Awaitable[None]]) -> None:
        try:
            await work(self._clock())
        except Exception:
            log.exception("%s failed; it is tried again in a day", what.capitalize())

    async def _take(self, now: datetime) -> dict[asyncio.Task[None], Sequence[Delivery]]:
        """Claim what is due, and have it carried: each task with what it carries."""
        async with self._claiming:
            room = min(self._capacity - self.in_flight, BATCH)
            if room <= 0 or self._stopping.is_set():
                return {}
            async with self._store.reading() as tx:
                anything = await self._deliveries.anything_due(tx, now)
            work = await self._claim(now, room) if anything else []
            self.last_tick = now
            return {self._launch(some, act): some for some, act in work}

    async def _claim(self, now: datetime, room: int) -> list[tuple[Sequence[Delivery], Work]]:
        """Take what there is to do, grouped by message, with the work that each needs."""
        async with self._store.claiming() as tx:
            if self._deliveries.holder:
                # What another process published before these are claimed is what they speak of.
                await self._library.refresh(tx)
            due = await self._deliveries.claim(tx, now, room, self._at_work)
            doubts = await self._deliveries.claim_doubtful(tx, now, room)
            marks = await self._deliveries.claim_marks(tx, now, room) if self._mark else []
        return [
            *((some, self._look_up) for some in under_one_key(doubts)),
            *((some, self._send) for some in folded(due)),
            *(([each], self._amend) for each in marks),
        ]

    def _launch(self, some: Sequence[Delivery], work: Work) -> asyncio.Task[None]:
        task = asyncio.create_task(self._carry(some, work), name=f"delivery {_numbers(some)}")
        self._flying[task] = len(some)
        self._at_work[some[0].destination] += len(some)
        task.add_done_callback(partial(self._landed, some[0].destination))
        return task

    def _landed(self, where: Destination, task: asyncio.Task[None]) -> None:
        self._at_work[where] -= self._flying.pop(task)
        if not self._at_work[where]:
            del self._at_work[where]
        if not task.cancelled() and (problem := task.exception()) is not None:
            log.error("The outcome of %s could not be stored; the next start looks for it", task.get_name(),
                      exc_info=problem)  # fmt: skip

    async def _carry(self, some: Sequence[Delivery], work: Work) -> None:
        lane = self._lanes.setdefault(some[0].destination, asyncio.Lock())
        async with lane, self._slots:
            await work(some)

    async def _send(self, some: Sequence[Delivery]) -> None:
        """Send them in as few messages as hold them."""
        left = some
        while left:
            outcomes = await self._outcomes(left)
            await self._sent([each for each in left if each.id in outcomes], outcomes)
            left = [each for each in left if each.id not in outcomes]

    async def _sent(self, some: Sequence[Delivery], outcomes: Mapping[int, Outcome]) -> None:
        """Store what became of an attempt. What travelled together is tried again together: one jitter, one instant."""
        jitter = self._jitter()
        states = await self._settled(
            some,
            lambda tx, each, now: self._deliveries.confirm(
                tx, each.id, outcomes[each.id], now, jitter, each.attempts
            ),
        )
        for each, state in zip(some, states, strict=True):
            log.info(
                "Delivery %d to %s: %s after attempt %d", each.id, each.destination, state, each.attempts
            )
        if any(isinstance(said, Refused) and said.reach != "message" for said in outcomes.values()):
            await self._say_stopped(some[0].destination)

    async def _look_up(self, some: Sequence[Delivery]) -> None:
        """Look for the message in which some deliveries may have arrived."""
        found = await self._attempt(some[0], self._find)
        states = await self._settled(
            some, lambda tx, each, now: self._deliveries.resolve(tx, each.id, found, now)
        )
        for each, state in zip(some, states, strict=True):
            log.info("Delivery %d to %s: %s, as a look-up found", each.id, each.destination, state)

    async def _amend(self, some: Sequence[Delivery]) -> None:
        """Mark a message as amended. Doing it twice is harmless, so that a failure is simply tried again."""
        assert self._mark is not None
        (each,) = some
        outcome = await self._attempt(each, self._mark)
        if not isinstance(outcome, Retry | Doubtful):
            async with self._store.transaction() as tx:
                await self._deliveries.marked(tx, each)
        log.info(
            "Marking delivery %d at %s as amended: %s", each.id, each.destination, type(outcome).__name__
        )

    async def _outcomes(self, some: Sequence[Delivery]) -> Mapping[int, Outcome]:
        try:
            return await self._together(some)
        except Exception as problem:
            log.exception("Delivery %s to %s met an unexpected error", _numbers(some), some[0].destination)
            return dict.fromkeys([each.id for each in some], _own_error(problem))

    async def _attempt(self, each: Delivery, act: Act) -> Outcome:
        try:
            return await act(each)
        except Exception as problem:
            log.exception("Delivery %d to %s met an unexpected error", each.id, each.destination)
            return _own_error(problem)

    async def _settled(
        self, some: Sequence[Delivery],
        store: Callable[[Transaction, Delivery, datetime], Awaitable[State]],
    ) -> list[State]:  # fmt: skip
        """Store outcomes, all or none; keep trying, since a message that went out must not be forgotten.

        What arrived, or may have, although it was withdrawn meanwhile told a date that does not stand any
        more, so it is planned what has to be said about that.
        """
        while True:
            try:
                now = self._clock()
                async with self._store.transaction() as tx:
                    states = [await store(tx, each, now) for each in some]
                    for each, state in zip(some, states, strict=True):
                        if state in ("sent", "failed") and await self._withdrawn(tx, each.id):
                            await self.replanner.replan_subscription(tx, each.subscription, now)
                return states
            except Exception:
                if self._stopping.is_set():
                    raise
                log.exception("The outcome of delivery %s could not be stored; trying again", _numbers(some))
            await asyncio.sleep(_CONFIRM_AGAIN_AFTER)

    async def _withdrawn(self, tx: Transaction, id: int) -> bool:
        found = await self._deliveries.get(tx, id)
        return found is not None and found.withdrawn

    async def _say_stopped(self, where: Destination) -> None:
        async with self._store.reading() as tx:
            stop = await self._deliveries.stops.at(tx, where)
        if stop is not None and self._stopped is not None:
            await self._stopped(stop)


def _alone(deliver: Act) -> Together:
    """Send one delivery at a time."""

    async def first(some: Sequence[Delivery]) -> Mapping[int, Outcome]:
        return {some[0].id: await deliver(some[0])}

    return first


def _own_error(problem: Exception) -> Doubtful:
    return Doubtful(
        N_("the bot met an error of its own ({kind}); its log says more", kind=type(problem).__name__)
    )


def _numbers(some: Sequence[Delivery]) -> str:
    return ", ".join(str(each.id) for each in some)
