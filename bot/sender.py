"""Deliveries to messages: packed at sending time, then handed to the destination's adapter."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from bot.adapter import Adapter
from bot.parcels import Packing
from briefs.marking import N_
from commands.desk import Desk
from commands.dispatch import Dispatcher
from commands.views.places import platform_name
from scheduler.address import Destination
from scheduler.delivery import Delivery
from scheduler.outcomes import Doubtful, Needless, Outcome, Retry

# A platform whose token is not set may get it at the next start.
NO_ADAPTER_AGAIN = timedelta(minutes=15)
NO_BRIEF_AGAIN = timedelta(seconds=30)
# How far this machine's clock may lie behind the platform's, which dates the messages.
SKEW = timedelta(minutes=5)


class Sender:
    """What the runner is handed: `deliver`, `together`, `find` and `mark`."""

    def __init__(
        self,
        desk: Desk,
        dispatcher: Dispatcher,
        adapters: Mapping[str, Adapter],
        clock: Callable[[], datetime],
    ) -> None:
        self._desk = desk
        self._packing = Packing(desk, dispatcher, clock)
        self._adapters = adapters

    async def deliver(self, delivery: Delivery) -> Outcome:
        """Send one delivery by itself."""
        return (await self.together([delivery]))[delivery.id]

    async def together(self, some: Sequence[Delivery]) -> Mapping[int, Outcome]:
        """Wait for a turn, then send as many of some deliveries to one destination as go into one message.

        Says what became of those that it sent, or that need no sending; the rest waits for another turn.
        """
        where = some[0].destination
        adapter = self._adapters.get(where.platform)
        if adapter is None:
            return dict.fromkeys([each.id for each in some], _no_adapter(where))
        unread = [each.id for each in some if each.brief not in self._desk.revisions()]
        if unread:
            # It was planned from a revision, so this process cannot read it, or has not yet.
            again = Retry(N_("this process knows no revision of the brief yet"), NO_BRIEF_AGAIN)
            return dict.fromkeys(unread, again)
        # Before its turn nothing is composed or noted as under way: a long wait neither makes its words old
        # nor leaves it in doubt when the process ends meanwhile.
        async with adapter.turn(where) as turn:
            parcel = await self._packing.packed(some, adapter.fits)
            if not parcel.parts:
                return parcel.settled
            return self._packing.settled(parcel, await adapter.send(where, parcel.reply, parcel.key, turn))

    async def find(self, delivery: Delivery) -> Outcome:
        """Look for a delivery whose fate is in doubt."""
        adapter = self._adapters.get(delivery.destination.platform)
        if adapter is None:
            name = platform_name(delivery.destination.platform)
            return Doubtful(N_("{name} is not connected, so it cannot be asked", name=name), NO_ADAPTER_AGAIN)
        since = delivery.updated_at - SKEW
        return await adapter.find(delivery.destination, delivery.message_key, since)

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
        reply = await self._packing.amended(delivery, amending, standing.language)
        return await adapter.edit(delivery.destination, delivery.message_id, reply)


def _no_adapter(where: Destination) -> Outcome:
    names = {"discord": "DISCORD_TOKEN", "slack": "SLACK_BOT_TOKEN"}
    name, token = platform_name(where.platform), names.get(where.platform, "WEB_PORT")
    return Retry(
        N_("{name} is not connected: set {token} and start again", name=name, token=token), NO_ADAPTER_AGAIN
    )
