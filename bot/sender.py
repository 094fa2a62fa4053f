"""Deliveries to messages: composed at sending time, stored, then handed to the destination's adapter."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from bot.adapter import Adapter
from briefs.marking import N_
from briefs.schema import calendar_date
from commands.desk import Desk
from commands.dispatch import Dispatcher
from commands.model import Call, Caller, Reply
from commands.stored import from_json, to_json
from commands.views.amendments import marked
from commands.views.places import platform_name
from commands.writing import circumstances, written
from scheduler.address import Destination, Person
from scheduler.delivery import LOOK_UP_AFTER, Delivery
from scheduler.outcomes import Doubtful, Needless, Outcome, Retry

# A platform whose token is not set may get it at the next start.
NO_ADAPTER_AGAIN = timedelta(minutes=15)
NO_BRIEF_AGAIN = timedelta(seconds=30)
# How far this machine's clock may lie behind the platform's, which dates the messages.
SKEW = timedelta(minutes=5)
BOT = Person("web", "local", "briefbot")


class Sender:
    """What the runner is handed: `deliver`, `find` and `mark`."""

    def __init__(
        self,
        desk: Desk,
        dispatcher: Dispatcher,
        adapters: Mapping[str, Adapter],
        clock: Callable[[], datetime],
    ) -> None:
        self._desk = desk
        self._dispatcher = dispatcher
        self._adapters = adapters
        self._clock = clock

    async def deliver(self, delivery: Delivery) -> Outcome:
        """Wait for its turn, compose (a retry keeps its words, unless it is late by now), store, send."""
        adapter = self._adapters.get(delivery.destination.platform)
        if adapter is None:
            return _no_adapter(delivery.destination)
        if delivery.brief not in self._desk.revisions():
            # It was planned from a revision, so this process cannot read it, or has not yet.
            return Retry(N_("this process knows no revision of the brief yet"), NO_BRIEF_AGAIN)
        # Before its turn nothing is composed or noted as under way: a long wait neither makes its words old
        # nor leaves it in doubt when the process ends meanwhile.
        async with adapter.turn(delivery.destination) as turn:
            reply = await self._ready(delivery)
            if not isinstance(reply, Reply):
                return reply
            return await adapter.send(delivery.destination, reply, delivery.short_key, turn)

    async def find(self, delivery: Delivery) -> Outcome:
        """Look for a delivery whose fate is in doubt."""
        adapter = self._adapters.get(delivery.destination.platform)
        if adapter is None:
            name = platform_name(delivery.destination.platform)
            return Doubtful(N_("{name} is not connected, so it cannot be asked", name=name), NO_ADAPTER_AGAIN)
        since = delivery.updated_at - SKEW
        return await adapter.find(delivery.destination, delivery.short_key, since)

    async def mark(self, delivery: Delivery) -> Outcome:
        """Put over a message that was sent what became of the date that it told; nothing where it stands."""
        adapter = self._adapters.get(delivery.destination.platform)
        if adapter is None:
            return _no_adapter(delivery.destination)
        async with self._desk.store.reading() as tx:
            amending = await self._desk.deliveries.get(tx, delivery.amended_by or 0)
            standing = await self._desk.subscriptions.get(tx, amending.subscription) if amending else None
        if standing is None:
            return Needless(N_("the subscription ended, so nothing more is written there"))
        if amending is None or delivery.text is None or delivery.message_id is None:
            return Needless(N_("nothing is known any more of what was sent, or of what amends it"))
        sent = from_json(delivery.text)
        if delivery.tells != amending.tells:
            now = calendar_date(amending.tells) if amending.tells else None
            sent = marked(sent, now, standing.language, back=not delivery.tells)
        reply = await self._keyed(delivery, sent)
        return await adapter.edit(delivery.destination, delivery.message_id, reply)

    async def _ready(self, delivery: Delivery) -> Reply | Outcome:
        """Compose and store it; or say what becomes of it instead."""
        kept = delivery.text if not delivery.late else None
        reply = from_json(kept) if kept else await self._composed(delivery)
        if reply is None:
            return Needless(N_("the brief no longer says anything about it to this destination"))
        revision = (delivery.revision if kept else None) or self._revision(delivery)
        async with self._desk.store.transaction() as tx:
            twin = await self._desk.deliveries.twin(tx, delivery)
            if twin is not None:
                return _told_already(twin)
            stored = to_json(reply)
            if not await self._desk.deliveries.compose(tx, delivery.id, stored, revision, delivery.attempts):
                return Needless(N_("it was cancelled before it was sent"))
        return reply

    def _revision(self, delivery: Delivery) -> int:
        revision = self._desk.revisions().get(delivery.brief)
        return revision.number if revision else 0

    async def _composed(self, delivery: Delivery) -> Reply | None:
        revision = self._desk.revisions().get(delivery.brief)
        if revision is None:
            return None
        async with self._desk.store.reading() as tx:
            about = await circumstances(self._desk, tx, delivery)
        reply = written(self._desk, revision, about, self._clock())
        return None if reply is None else await self._keyed(delivery, reply)

    async def _keyed(self, delivery: Delivery, reply: Reply) -> Reply:
        """Give its buttons the keys under which they work."""
        call = Call("delivery", Caller(BOT, "briefbot"), delivery.destination, self._clock())
        return await self._dispatcher.keyed(call, reply)


def _told_already(twin: Delivery) -> Outcome:
    """What becomes of a message that another subscription sends to the same destination as well."""
    if twin.state == "sent":
        return Needless(N_("subscription {subscription} told the same here", subscription=twin.subscription))
    return Retry(
        N_("subscription {subscription} tells the same here just now", subscription=twin.subscription),
        LOOK_UP_AFTER,
    )


def _no_adapter(where: Destination) -> Outcome:
    names = {"discord": "DISCORD_TOKEN", "slack": "SLACK_BOT_TOKEN"}
    name, token = platform_name(where.platform), names.get(where.platform, "WEB_PORT")
    return Retry(
        N_("{name} is not connected: set {token} and start again", name=name, token=token), NO_ADAPTER_AGAIN
    )
