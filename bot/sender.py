"""Deliveries to messages: composed at sending time, stored, then handed to the destination's adapter."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from bot.adapter import Adapter
from briefs.library import Transaction
from commands.composing import LastDigest, compose
from commands.desk import Desk
from commands.dispatch import Dispatcher
from commands.model import Call, Caller, Reply
from commands.pages import one_message
from commands.stored import from_json, to_json
from scheduler.address import Destination, Person
from scheduler.deliveries import Delivery
from scheduler.outcomes import Doubtful, Needless, Outcome, Retry

# A platform whose token is not set may get it at the next start.
NO_ADAPTER_AGAIN = timedelta(minutes=15)
BOT = Person("web", "local", "briefbot")


class Sender:
    """What the runner is handed: `deliver` and `find`."""

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
        """Compose (a retry keeps its words), store, send."""
        adapter = self._adapters.get(delivery.destination.platform)
        if adapter is None:
            return _no_adapter(delivery.destination)
        reply = from_json(delivery.text) if delivery.text else await self._composed(delivery)
        if reply is None:
            return Needless("the brief no longer says anything about it to this destination")
        revision = delivery.revision or self._revision(delivery)
        async with self._desk.store.transaction() as tx:
            if not await self._desk.deliveries.compose(tx, delivery.id, to_json(reply), revision):
                return Needless("it was cancelled before it was sent")
        return await adapter.send(delivery.destination, reply, delivery.short_key)

    async def find(self, delivery: Delivery) -> Outcome:
        """Look for a delivery whose fate is in doubt."""
        adapter = self._adapters.get(delivery.destination.platform)
        if adapter is None:
            return Doubtful(f"{delivery.destination.platform} is not connected", NO_ADAPTER_AGAIN)
        since = min(delivery.due_at, delivery.updated_at) - timedelta(minutes=5)
        return await adapter.find(delivery.destination, delivery.short_key, since)

    def _revision(self, delivery: Delivery) -> int:
        revision = self._desk.revisions().get(delivery.brief)
        return revision.number if revision else 0

    async def _composed(self, delivery: Delivery) -> Reply | None:
        revision = self._desk.revisions().get(delivery.brief)
        if revision is None:
            return None
        now = self._clock()
        async with self._desk.store.reading() as tx:
            standing = await self._desk.subscriptions.get(tx, delivery.subscription)
            last = await self._last_digest(tx, delivery)
        audience = self._desk.rights.audience_of(delivery.destination)
        language = standing.language if standing else "en"
        planned = delivery.due_at if delivery.late else now
        zone = standing.zone if standing else "UTC"
        reply = compose(revision, delivery, planned, now, last, audience, language, zone)
        if reply is None:
            return None
        call = Call("delivery", Caller(BOT, "briefbot", locale=language), delivery.destination, now)
        return await self._dispatcher.keyed(call, one_message(reply))

    async def _last_digest(self, tx: Transaction, delivery: Delivery) -> LastDigest | None:
        if delivery.kind != "digest":
            return None
        recent = await self._desk.deliveries.recent(tx, 50, delivery.destination)
        for row in recent:
            if (row.subscription, row.kind, row.state) == (delivery.subscription, "digest", "sent"):
                revision = await self._desk.library.revision(tx, row.brief, row.revision or 0)
                return LastDigest(row.due_at, revision) if revision else None
        return None


def _no_adapter(where: Destination) -> Outcome:
    names = {"discord": "DISCORD_TOKEN", "slack": "SLACK_BOT_TOKEN"}
    token = names.get(where.platform, "the page")
    return Retry(f"{where.platform} is not connected: set {token} and start again", NO_ADAPTER_AGAIN)
