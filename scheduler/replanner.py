"""Planning anew: the ledger brought in line with a brief and its subscriptions, in one transaction."""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from briefs.library import Library, Transaction
from briefs.marking import N_
from briefs.schema import Brief, Named, Topic, WatchDate
from scheduler.address import Destination
from scheduler.amendments import amendments
from scheduler.deliveries import Deliveries, Replanned
from scheduler.difference import changed_items, changed_subjects
from scheduler.people import People
from scheduler.planner import Planned, Quiet, plan
from scheduler.subscriptions import Kind, Subscription, Subscriptions

T = TypeVar("T")

# A reminder 90 days before a yearly date is always in sight; digests come often, so a few weeks do.
AHEAD: dict[Kind, timedelta] = {
    "reminders": timedelta(days=400),
    "snooze": timedelta(days=400),
    "digest": timedelta(days=40),
}
# So many subscriptions are read and written at once, and so many planned, to leave the event loop its breath.
CHUNK, AT_ONCE = 50, 10
# Where each has few messages more of them are, as far as they have about so many together.
_MOST, _MESSAGES = 200, 1_000


class Replanner:
    """Plans deliveries anew whenever a brief or a subscription changes, and each day further ahead."""

    def __init__(self, library: Library, subscriptions: Subscriptions, deliveries: Deliveries) -> None:
        self._library = library
        self._subscriptions = subscriptions
        self._deliveries = deliveries
        self._people = People()

    async def replan_brief(self, tx: Transaction, brief: Brief, now: datetime) -> Replanned:
        """Plan all deliveries of a brief anew, as it stands in `brief`.

        What was planned for parts that have a new id goes on under that id.
        """
        await self._rename(tx, brief)
        everyone = await self._subscriptions.ids_of_brief(tx, brief.brief, *brief.formerly)
        return await self._replan_ids(tx, brief, everyone, now)

    async def replan_published(self, tx: Transaction, brief_id: str, now: datetime) -> Replanned:
        """Plan anew what the newest revision of a brief changes, in the transaction that publishes it.

        What the revision before it says the same about is planned already. Where there is none, or it cannot
        be read any more, or the brief has a new id, everything is planned anew.
        """
        revision = await self._library.newest(tx, brief_id)
        if revision is None:
            return Replanned(0, 0, 0)
        before = await self._library.before(tx, revision)
        moving = await self._subscriptions.ids_of_brief(tx, *revision.brief.formerly)
        if before is None or moving:
            return await self.replan_brief(tx, revision.brief, now)
        await self._rename(tx, revision.brief)
        concerned = await self._concerned(tx, before.brief, revision.brief)
        return await self._replan_ids(tx, revision.brief, concerned, now, _page(revision.brief))

    async def _concerned(self, tx: Transaction, before: Brief, after: Brief) -> list[int]:
        """The subscriptions that follow a date which differs, or under which one was ever told.

        An amendment goes out under the name of either.
        """
        subjects = changed_subjects(before, after, await self._subscriptions.subjects(tx, after.brief))
        following = await self._subscriptions.about(tx, after.brief, subjects)
        items = changed_items(before, after)
        return sorted({*following, *await self._deliveries.subscriptions_about(tx, after.brief, items)})

    async def _replan_ids(
        self, tx: Transaction, brief: Brief, ids: Sequence[int], now: datetime, size: int = CHUNK
    ) -> Replanned:
        """Plan some subscriptions anew, a page of them at a time: a brief may have a hundred thousand."""
        total = Replanned(0, 0, 0)
        for page in chunks(ids, size):
            standing = await self._subscriptions.some(tx, page)
            total = _sum(total, await self.replan_some(tx, brief, standing, now, size))
        return total

    async def replan(self, tx: Transaction, brief_id: str, now: datetime) -> Replanned:
        """Plan all deliveries of a brief anew, as its newest revision stands in this transaction."""
        revision = await self._library.newest(tx, brief_id)
        return Replanned(0, 0, 0) if revision is None else await self.replan_brief(tx, revision.brief, now)

    async def replan_subscription(self, tx: Transaction, subscription: int, now: datetime) -> Replanned:
        """Plan the deliveries of one subscription anew, after it was added, changed, paused or resumed.

        One that has ended has its unsent deliveries cancelled.
        """
        standing = await self._subscriptions.get(tx, subscription)
        if standing is None:
            open_before = await self._deliveries.oldest_open(tx, [subscription])
            await self._deliveries.cancel(tx, subscription, now, N_("the subscription ended"))
            return Replanned(0, 0, 0 if open_before is None else 1)
        revision = await self._library.newest(tx, standing.brief)
        if revision is None:
            return Replanned(0, 0, 0)
        return await self.replan_some(tx, revision.brief, [standing], now)

    async def replan_some(
        self, tx: Transaction, brief: Brief, subscriptions: Sequence[Subscription], now: datetime,
        size: int = CHUNK,
    ) -> Replanned:  # fmt: skip
        """Plan the deliveries of some subscriptions of a brief anew."""
        total = Replanned(0, 0, 0)
        for kind in AHEAD:
            alike = [each for each in subscriptions if each.kind == kind]
            for some in chunks(alike, size):
                total = _sum(total, await self._replan_chunk(tx, brief, some, now, now + AHEAD[kind]))
        return total

    async def _replan_chunk(
        self, tx: Transaction, brief: Brief, some: Sequence[Subscription], now: datetime, until: datetime
    ) -> Replanned:
        ids = [each.id for each in some]
        known = await self._deliveries.open(tx, ids)
        first = (*(each.due_at for each in known), *(each.planned_until or now for each in some))
        since = min(now, *first)
        quiet = await self._people.quiet(tx, {each.destination for each in some}, now)
        planned = await _planned(brief, some, since, until, quiet)
        owed = await self._owed(tx, brief, some, now, quiet)
        done = await self._deliveries.replan(tx, [*planned, *owed], some, known, now, until, quiet)
        await self._subscriptions.planned(tx, ids, until)
        return done

    async def _owed(
        self, tx: Transaction, brief: Brief, some: Sequence[Subscription], now: datetime, quiet: Quiet
    ) -> list[Planned]:
        """What has to be amended under the name of some subscriptions, all of one kind."""
        if some[0].kind == "digest":
            return []
        places = {each.destination for each in some}
        told = await self._deliveries.told(tx, brief.brief, places)
        if not told:
            return []
        standing = await self._subscriptions.at_any(tx, places)
        ours = {each.id for each in some}
        of_brief = [each for each in standing if each.brief == brief.brief]
        return [each for each in amendments(brief, told, of_brief, now, quiet) if each.subscription in ours]

    async def replan_at(self, tx: Transaction, where: Destination, now: datetime) -> None:
        """Plan all that a destination receives anew, after its person muted the bot or listens again."""
        for each in await self._subscriptions.at(tx, where):
            await self.replan_subscription(tx, each.id, now)

    async def _rename(self, tx: Transaction, brief: Brief) -> None:
        for old in brief.formerly:
            await self._deliveries.rename_brief(tx, old, brief.brief)
            await self._subscriptions.rename_brief(tx, old, brief.brief)
        await self._rename_back(tx, brief)
        for part in brief.parts():
            for old in part.formerly:
                await self._rename_part(tx, brief.brief, part, old, part.id)

    async def _rename_back(self, tx: Transaction, brief: Brief) -> None:
        """Undo the renames that the revision which served until now made and this one takes back."""
        before = self._library.current.get(brief.brief)
        if before is None:
            return
        names = {part.id for part in brief.parts()}
        for part in before.brief.parts():
            back = next((old for old in part.formerly if old in names), None)
            if back is not None and part.id not in names:
                await self._rename_part(tx, brief.brief, part, part.id, back)

    async def _rename_part(self, tx: Transaction, brief: str, part: Named, old: str, new: str) -> None:
        if isinstance(part, WatchDate):
            await self._deliveries.rename(tx, brief, old, new)
            await self._subscriptions.rename(tx, brief, f"date:{old}", f"date:{new}")
        elif isinstance(part, Topic):
            await self._subscriptions.rename(tx, brief, f"topic:{old}", f"topic:{new}")


async def _planned(
    brief: Brief, some: Sequence[Subscription], since: datetime, until: datetime, quiet: Quiet
) -> list[Planned]:
    """What `plan` says of some subscriptions; each may have hundreds of messages."""
    found: list[Planned] = []
    for start in range(0, len(some), AT_ONCE):
        found += plan(brief, some[start : start + AT_ONCE], since, until, quiet)
        await asyncio.sleep(0)
    return found


def _sum(one: Replanned, other: Replanned) -> Replanned:
    return Replanned(*(a + b for a, b in zip(one, other, strict=True)))


def _page(brief: Brief) -> int:
    """How many who follow a brief's dates are planned at once."""
    messages = sum(max(len(each.remind), 1) for each in brief.watch_dates)
    return max(AT_ONCE, min(_MOST, _MESSAGES // max(messages, 1)))


def chunks(subscriptions: Sequence[T], size: int = CHUNK) -> Iterator[Sequence[T]]:
    """Cut subscriptions, or their ids, into pieces that are planned at once."""
    for start in range(0, len(subscriptions), size):
        yield subscriptions[start : start + size]
