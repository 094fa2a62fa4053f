"""Parcels: the one message in which a platform is sent one delivery or several, composed and noted in the ledger."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from briefs.library import Transaction
from briefs.marking import N_
from briefs.schema import calendar_date
from commands.desk import Desk
from commands.dispatch import Dispatcher
from commands.model import Call, Caller, Reply
from commands.stored import from_json, to_json
from commands.views.amendments import marked
from commands.views.folds import fold
from commands.writing import circumstances, written
from scheduler.address import Person
from scheduler.delivery import LOOK_UP_AFTER, Delivery
from scheduler.outcomes import Needless, Outcome, Refused, Retry

BOT = Person("web", "local", "briefbot")
# More parts than this nobody reads in one message.
MOST = 10
# Room is left in a message for what may be put over each of its parts one day: the longest date there is.
_ONE_DAY = calendar_date("2026-09-30")

Fits = Callable[[Reply], bool]


class Part(NamedTuple):
    """One delivery and its own words, its buttons keyed."""

    delivery: Delivery
    reply: Reply


@dataclass(frozen=True, slots=True)
class Parcel:
    """What goes out in one message under `key`, and what became of those that do not go out at all."""

    parts: Sequence[Part] = ()
    key: str = ""
    settled: Mapping[int, Outcome] = field(default_factory=dict)

    @property
    def reply(self) -> Reply:
        """The message."""
        return fold([each.reply for each in self.parts], self.parts[0].delivery.kind)


class Packing:
    """Makes parcels. A retry keeps its words, unless it is late by now."""

    def __init__(self, desk: Desk, dispatcher: Dispatcher, clock: Callable[[], datetime]) -> None:
        self._desk, self._dispatcher, self._clock = desk, dispatcher, clock
        # What was refused together with others is tried alone: the fault may be another one's.
        self._alone: set[int] = set()

    async def packed(self, some: Sequence[Delivery], fits: Fits) -> Parcel:
        """Compose what of some deliveries goes into one message, and note it as being at the platform.

        The platform is to be called once this returns, for what is in the parcel. What of `some` is neither in
        it nor settled waits for the next one.
        """
        written_ = [(each, await self._words(each)) for each in self._first(some)]
        settled: dict[int, Outcome] = {
            each.id: Needless(N_("the brief no longer says anything about it to this destination"))
            for each, reply in written_
            if reply is None
        }
        parts = [Part(each, reply) for each, reply in written_ if reply is not None]
        return await self._noted(_fitting(parts, fits), settled)

    def settled(self, parcel: Parcel, outcome: Outcome) -> dict[int, Outcome]:
        """What became of each delivery of a parcel. One that was refused as a message is tried in its parts."""
        ids = [each.delivery.id for each in parcel.parts]
        if len(ids) > 1 and isinstance(outcome, Refused) and outcome.reach == "message":
            self._alone.update(ids)
            outcome = Retry(outcome.reason, timedelta(0))
        return {**parcel.settled, **dict.fromkeys(ids, outcome)}

    async def amended(self, delivery: Delivery, amending: Delivery, language: str) -> Reply:
        """Write anew the message in which a delivery stands, with what amends each part put over it."""
        async with self._desk.store.reading() as tx:
            members = await self._desk.deliveries.folds.of(tx, delivery)
            later = {each.id: await self._desk.deliveries.get(tx, each.amended_by or 0) for each in members}
        later[delivery.id] = amending
        told = [(each, from_json(each.text)) for each in members if each.text is not None]
        shown = [_marked(each, reply, later[each.id], language) for each, reply in told]
        return await self.keyed(delivery, fold([reply for _, reply in told], delivery.kind, shown))

    async def keyed(self, delivery: Delivery, reply: Reply) -> Reply:
        """Give its buttons the keys under which they work."""
        call = Call("delivery", Caller(BOT, "briefbot"), delivery.destination, self._clock())
        return await self._dispatcher.keyed(call, reply)

    def _first(self, some: Sequence[Delivery]) -> Sequence[Delivery]:
        if some[0].id in self._alone:
            return some[:1]
        return [each for each in some if each.id not in self._alone][:MOST]

    async def _noted(self, parts: Sequence[Part], settled: dict[int, Outcome]) -> Parcel:
        """Note each of them in one transaction; whoever may not go out any more stays behind."""
        going: list[Part] = []
        key = ""
        if parts:
            async with self._desk.store.transaction() as tx:
                for each in parts:
                    instead = await self._noted_one(tx, each)
                    if instead is None:
                        going.append(each)
                    else:
                        settled[each.delivery.id] = instead
                if going:
                    key = await self._desk.deliveries.folds.note(tx, [each.delivery for each in going])
        self._alone.difference_update(settled, (each.delivery.id for each in going))
        return Parcel(going, key, settled)

    async def _noted_one(self, tx: Transaction, part: Part) -> Outcome | None:
        delivery = part.delivery
        twin = await self._desk.deliveries.twin(tx, delivery)
        if twin is not None:
            return _told_already(twin)
        revision = (delivery.revision if _kept(delivery) else None) or self._revision(delivery)
        stored = to_json(part.reply)
        if await self._desk.deliveries.compose(tx, delivery.id, stored, revision, delivery.attempts):
            return None
        return Needless(N_("it was cancelled before it was sent"))

    def _revision(self, delivery: Delivery) -> int:
        revision = self._desk.revisions().get(delivery.brief)
        return revision.number if revision else 0

    async def _words(self, delivery: Delivery) -> Reply | None:
        kept = _kept(delivery)
        return from_json(kept) if kept else await self._composed(delivery)

    async def _composed(self, delivery: Delivery) -> Reply | None:
        revision = self._desk.revisions().get(delivery.brief)
        if revision is None:
            return None
        async with self._desk.store.reading() as tx:
            about = await circumstances(self._desk, tx, delivery)
        reply = written(self._desk, revision, about, self._clock())
        return None if reply is None else await self.keyed(delivery, reply)


def _kept(delivery: Delivery) -> str | None:
    return delivery.text if not delivery.late else None


def _fitting(parts: Sequence[Part], fits: Fits) -> Sequence[Part]:
    """The first parts, as many as stand in one message without losing a word, in one language."""
    count = 0
    for count in range(1, len(parts)):
        if parts[count].reply.language != parts[0].reply.language or not _hold(parts[: count + 1], fits):
            return parts[:count]
    return parts


def _hold(parts: Sequence[Part], fits: Fits) -> bool:
    replies = [each.reply for each in parts]
    longest = [marked(each, _ONE_DAY, each.language, back=True) for each in replies]
    return fits(fold(replies, parts[0].delivery.kind, longest))


def _marked(each: Delivery, sent: Reply, amending: Delivery | None, language: str) -> Reply:
    if amending is None or each.tells == amending.tells:
        return sent
    now = calendar_date(amending.tells) if amending.tells else None
    return marked(sent, now, language, back=not each.tells)


def _told_already(twin: Delivery) -> Outcome:
    """What becomes of a message that another subscription sends to the same destination as well."""
    if twin.state == "sent":
        return Needless(N_("subscription {subscription} told the same here", subscription=twin.subscription))
    return Retry(
        N_("subscription {subscription} tells the same here just now", subscription=twin.subscription),
        LOOK_UP_AFTER,
    )
