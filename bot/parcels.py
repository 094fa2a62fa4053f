"""Parcels: the one message in which a platform is sent one delivery or several, composed and noted in the ledger."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from briefs.library import Revision, Transaction
from briefs.marking import N_
from briefs.schema import calendar_date
from commands.desk import Desk
from commands.dispatch import Dispatcher
from commands.model import Call, Caller, Reply
from commands.stored import from_json, to_json
from commands.views.amendments import marked
from commands.views.folds import fold
from commands.writing import Circumstances, circumstances, written
from scheduler.address import Person
from scheduler.delivery import LOOK_UP_AFTER, Delivery
from scheduler.outcomes import Needless, Outcome, Refused, Retry

BOT = Person("web", "local", "briefbot")
# More parts than this nobody reads in one message.
MOST = 10
# So many different reminders are kept for the channels that are told the same in the same second.
WRITTEN = 64
# Room is left in a message for what may be put over each of its parts one day: the longest date there is.
_ONE_DAY = calendar_date("2026-09-30")

Fits = Callable[[Reply], bool]


class Words(NamedTuple):
    """What is said of one delivery, its buttons named, and the same as it is stored."""

    reply: Reply
    stored: str


class Part(NamedTuple):
    """One delivery and its words."""

    delivery: Delivery
    reply: Reply
    stored: str


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
        self._written: dict[tuple[object, ...], Words | None] = {}

    async def packed(self, some: Sequence[Delivery], fits: Fits) -> Parcel:
        """Compose what of some deliveries goes into one message, and note it as being at the platform.

        The platform is to be called once this returns, for what is in the parcel. What of `some` is neither in
        it nor settled waits for the next one.
        """
        first = self._first(some)
        beyond = await self._beyond(first)
        while True:
            async with self._desk.store.transaction() as tx:
                written_ = await self._all_written(tx, first, beyond)
                parts = [Part(each, *words) for each, words in written_ if words is not None]
                unknown = [each.reply for each in parts if not self._dispatcher.remembers(each.reply)]
                if not unknown:
                    settled = {each.id: _nothing_to_say() for each, words in written_ if words is None}
                    return await self._noted(tx, _fitting(parts, fits), settled)
            # A button works before anybody can press it.
            await self._dispatcher.remember(unknown, self._call(first[0]))

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
        return await self._dispatcher.keyed(self._call(delivery), reply)

    def _call(self, delivery: Delivery) -> Call:
        return Call("delivery", Caller(BOT, "briefbot"), delivery.destination, self._clock())

    def _first(self, some: Sequence[Delivery]) -> Sequence[Delivery]:
        if some[0].id in self._alone:
            return some[:1]
        return [each for each in some if each.id not in self._alone][:MOST]

    async def _noted(self, tx: Transaction, parts: Sequence[Part], settled: dict[int, Outcome]) -> Parcel:
        """Note each of them; whoever may not go out any more stays behind."""
        going: list[Part] = []
        for each in parts:
            instead = await self._noted_one(tx, each)
            if instead is None:
                going.append(each)
            else:
                settled[each.delivery.id] = instead
        self._alone.difference_update(settled, (each.delivery.id for each in going))
        if not going:
            return Parcel((), "", settled)
        key = await self._desk.deliveries.folds.note(tx, [each.delivery for each in going])
        return Parcel(going, key, settled)

    async def _noted_one(self, tx: Transaction, part: Part) -> Outcome | None:
        delivery = part.delivery
        twin = await self._desk.deliveries.twin(tx, delivery)
        if twin is not None:
            return _told_already(twin)
        revision = (delivery.revision if _kept(delivery) else None) or self._revision(delivery)
        ledger = self._desk.deliveries
        if await ledger.compose(tx, delivery.id, part.stored, revision, delivery.attempts):
            return None
        return Needless(N_("it was cancelled before it was sent"))

    def _revision(self, delivery: Delivery) -> int:
        revision = self._desk.revisions().get(delivery.brief)
        return revision.number if revision else 0

    async def _beyond(self, some: Sequence[Delivery]) -> dict[int, Circumstances]:
        """What the ledger says of those whose words depend on earlier messages; it may take a while to read."""
        asked = [each for each in some if each.kind != "reminder" and not _kept(each)]
        if not asked:
            return {}
        async with self._desk.store.reading() as tx:
            return {each.id: await circumstances(self._desk, tx, each) for each in asked}

    async def _all_written(
        self, tx: Transaction, some: Sequence[Delivery], beyond: Mapping[int, Circumstances]
    ) -> list[tuple[Delivery, Words | None]]:
        asked = [each.subscription for each in some if each.id not in beyond and not _kept(each)]
        standing = {each.id: each for each in await self._desk.subscriptions.some(tx, asked)}
        return [
            (each, self._words(beyond.get(each.id) or Circumstances(each, standing.get(each.subscription))))
            for each in some
        ]

    def _words(self, about: Circumstances) -> Words | None:
        """Its words as they were stored, or as they are now, the buttons named."""
        kept, now = _kept(about.delivery), self._clock()
        if kept:
            return Words(from_json(kept), kept)
        revision = self._desk.revisions().get(about.delivery.brief)
        if revision is None:
            return None
        if about.delivery.kind != "reminder":
            return self._composed(revision, about, now)
        audience = self._desk.rights.audience_of(about.delivery.destination)
        key = _alike(about, revision.number, audience, now)
        if key not in self._written:
            self._written[key] = self._composed(revision, about, now)
            while len(self._written) > WRITTEN:
                del self._written[next(iter(self._written))]
        return self._written[key]

    def _composed(self, revision: Revision, about: Circumstances, now: datetime) -> Words | None:
        reply = written(self._desk, revision, about, now)
        if reply is None:
            return None
        named = self._dispatcher.named(reply)
        return Words(named, to_json(named))


def _alike(about: Circumstances, revision: int, audience: str, now: datetime) -> tuple[object, ...]:
    """Whatever the words of a reminder depend on, the second included: hundreds of channels are told the same."""
    each, standing = about.delivery, about.standing
    ours = (standing.language, standing.ping, standing.zone) if standing else ()
    due = each.due_at if each.late else None
    second = now.replace(microsecond=0)
    return (each.brief, revision, each.item, each.occurrence, each.lead, due, ours, audience, second)


def _nothing_to_say() -> Outcome:
    return Needless(N_("the brief no longer says anything about it to this destination"))


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
