"""Destinations that refuse messages: those who can mend that are told once."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial

from bot.notices import Notices
from briefs.library import Store
from commands.model import Block, Code, Prose, Reply, text
from commands.views.places import place, platform_name
from commands.wording import counting, filled, recalling, speaking
from scheduler.address import Person, destination, person
from scheduler.deliveries import Deliveries
from scheduler.stops import Stop
from scheduler.subscriptions import Subscription, Subscriptions

log = logging.getLogger(__name__)


class Stopped:
    """Tells the bot's admins, and whoever set up what goes to a destination, that it is stopped."""

    def __init__(
        self, store: Store, deliveries: Deliveries, notices: Notices, clock: Callable[[], datetime]
    ) -> None:
        self._store, self._deliveries, self._notices = store, deliveries, notices
        self._clock = clock

    async def tell_again(self) -> None:
        """Tell of every stop there is; who was told already hears nothing."""
        async with self._store.reading() as tx:
            stops = await self._deliveries.stops.all(tx)
        for stop in stops:
            await self(stop)

    async def __call__(self, stop: Stop) -> None:
        """Tell of one stop."""
        async with self._store.reading() as tx:
            waiting = await self._deliveries.waiting_at(tx, stop.place, self._clock())
            where = None if stop.is_platform else destination(stop.place)
            standing = await Subscriptions().at(tx, where) if where else []
        log.error("nothing is sent to %s any more: %s", stop.place, stop.reason)
        self._notices.tell(f"stopped {stop}", partial(said, stop, waiting), also=_creators(standing))


def said(stop: Stop, waiting: int, language: str) -> Reply:
    """Say what is stopped, why, and how it goes on."""
    _, n_, reason = speaking(language), counting(language), recalling(language)(stop.reason)
    count = n_("{count} message waits for it.", "{count} messages wait for it.", waiting).format(
        count=waiting
    )
    if stop.is_platform:
        title = _("{platform} refuses the bot's messages").format(platform=platform_name(stop.place))
        return Reply(title, (Prose(text(_sentence(reason), " ", count)),), summary=title)
    where = place(destination(stop.place), language)
    cure = filled(
        _(
            "When that is mended, write {resume} there, or press Try again in the list of {deliveries}; what is still"
            " of use then goes out."
        ),
        resume=Code("/brief-admin resume"),
        deliveries=Code("/brief-admin deliveries"),
    )
    stopped = filled(
        _("Nothing is sent to {place} any more: {reason}. {count}"), place=where, reason=reason, count=count
    )
    blocks: list[Block] = [Prose(stopped), Prose(cure)]
    summary = _("Nothing is sent to {place} any more: {reason}.").format(place=where.name, reason=reason)
    return Reply(_("A destination refuses messages"), tuple(blocks), summary=summary)


def _sentence(reason: str) -> str:
    return f"{reason[0].upper()}{reason[1:]}."


def _creators(standing: Iterable[Subscription]) -> set[Person]:
    """Who set up what goes there, but for people whose own messages are refused."""
    found = {person(each.creator) for each in standing if each.creator and each.destination.person is None}
    return {who for who in found if who.platform != "web"}
