"""Whose turn it is: what the ledger hands out to be sent, looked up or marked."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta

from briefs.library import Transaction, to_millis
from scheduler.address import PLATFORMS, Destination
from scheduler.delivery import LATE_AFTER, Delivery, Series
from scheduler.delivery_folds import folded
from scheduler.delivery_table import WAITING, DeliveryTable, among

BATCH = 200
# After a downtime everything is late at once. Late messages go out at most so many a tick, one to each
# destination, behind what is on time.
LATE_A_TICK = 20
# So many late messages of a destination are looked at in a tick, most of which catch-up leaves out.
_LOOKED_AT, _LOOKED_AT_IN_ALL = 20, 400
# A stop's place is a destination, or a platform's name.
_STOPPED = (
    "EXISTS (SELECT 1 FROM stops WHERE stops.place = deliveries.destination"
    " OR stops.place || ':' = substr(deliveries.destination, 1, length(stops.place) + 1))"
)
# What amends waits while another message about the same date is at the platform or in doubt: whether the
# destination was told, and what, is not known before.
_HELD = (
    "(kind IN ('correction', 'cancellation') AND EXISTS (SELECT 1 FROM deliveries AS other"
    " WHERE other.state = 'sending' AND other.on_wire = 1 AND other.kind <> 'digest'"
    " AND other.destination = deliveries.destination AND other.brief = deliveries.brief"
    " AND other.item = deliveries.item AND other.occurrence = deliveries.occurrence))"
)
# A channel's limit is kept in the memory of the process that sent there: another one lets what counts there pass.
HANDED_ON = timedelta(seconds=6)
# Marking an old message is given up a week after the message that amends it went out.
MARK_AGAIN = timedelta(minutes=5)
MARKING_ENDS = timedelta(days=7)


class DeliveryTurns(DeliveryTable):
    """Takes rows out to be worked on. Each operation is part of the caller's transaction.

    `holder` is the number of this process among those that share the database, 0 where it is alone. Several
    may claim at once: each takes rows that no other holds, and a destination is one process's at a time, so
    that its messages keep their order.
    """

    holder = 0
    # Platforms to which this process cannot send now, though another one may: it takes nothing for them.
    cut_off: Callable[[], Collection[str]] = staticmethod(tuple)

    async def claim(
        self, tx: Transaction, now: datetime, limit: int = BATCH, busy: Collection[Destination] = ()
    ) -> list[Delivery]:
        """Take up to `limit` deliveries that are due and mark them as sending, the longest due first.

        What is on time goes before what is late. Nothing late is taken for a `busy` destination. Those that
        catch-up leaves out are marked as skipped, and retries past their time as failed; so is what went
        out of use while its destination was stopped.
        """
        await self._expire_stopped(tx, now)
        on_time = await self.where(
            tx, f"{WAITING} AND next_at <= ? AND due_at >= ? AND NOT {_STOPPED} AND NOT {_HELD}{self._in_reach()}",
            to_millis(now), to_millis(now - LATE_AFTER), order="next_at, id", limit=limit,
        )  # fmt: skip
        late = await self._late(tx, now)
        free = await self._free(tx, {each.destination for each in (*on_time, *late)}, now)
        on_time, late = ([each for each in some if each.destination in free] for some in (on_time, late))
        newest = await self._newest_due(tx, late, now)
        wanted = await self._settle_left_out(tx, [*on_time, *late], newest, now)
        return await self._take(tx, _in_turn(wanted, now, limit, busy), now)

    async def claim_doubtful(self, tx: Transaction, now: datetime, limit: int = BATCH) -> list[Delivery]:
        """Take deliveries in doubt whose look-up is due; `Deliveries.confirm` stores what it finds."""
        rows = await tx.fetch(
            "UPDATE deliveries SET next_at = NULL, holder = ? WHERE id IN (SELECT id FROM deliveries"  # noqa: S608
            f" WHERE state = 'sending' AND next_at <= ?{self._in_reach()} ORDER BY next_at, id LIMIT ?"
            " /*pg FOR UPDATE SKIP LOCKED */) RETURNING id",
            self.holder, to_millis(now), limit,
        )  # fmt: skip
        return await self.some(tx, [row["id"] for row in rows])

    async def claim_marks(self, tx: Transaction, now: datetime, limit: int = BATCH) -> list[Delivery]:
        """Take sent messages that are to be marked as amended; unless `marked` says so they come again."""
        await tx.execute(
            "UPDATE deliveries SET mark_at = NULL WHERE mark_at <= ? AND EXISTS (SELECT 1 FROM deliveries"
            " AS amending WHERE amending.id = deliveries.amended_by AND amending.updated_at < ?)",
            to_millis(now), to_millis(now - MARKING_ENDS),
        )  # fmt: skip
        rows = await tx.fetch(
            "UPDATE deliveries SET mark_at = ? WHERE id IN (SELECT id FROM deliveries"  # noqa: S608  # a constant
            f" WHERE mark_at <= ? AND NOT {_STOPPED}{self._in_reach()} ORDER BY mark_at, id LIMIT ?"
            " /*pg FOR UPDATE SKIP LOCKED */) RETURNING id",
            to_millis(now + MARK_AGAIN), to_millis(now), limit,
        )  # fmt: skip
        return await self.some(tx, [row["id"] for row in rows])

    async def marked(self, tx: Transaction, each: Delivery) -> None:
        """Note that a message is marked as it was claimed, or never can be; not where it was amended again."""
        await tx.execute(
            "UPDATE deliveries SET mark_at = NULL WHERE id = ? AND amended_by = ?", each.id, each.amended_by
        )

    def _in_reach(self) -> str:
        """The condition that a destination's platform can be sent to; empty where all of them can."""
        names = [f"{platform}:" for platform in self.cut_off() if platform in PLATFORMS]
        return "".join(f" AND substr(destination, 1, {len(name)}) <> '{name}'" for name in names)

    async def _free(
        self, tx: Transaction, places: Collection[Destination], now: datetime
    ) -> set[Destination]:
        """Keep other processes off some destinations; return those at which none of them is, or was just now.

        It is asked once they are kept, since another process may have ended its claim a moment before.
        """
        by_name = {str(place): place for place in places}
        kept = await tx.reserve(by_name) if self.holder else set(by_name)
        if not self.holder or not kept:
            return {by_name[name] for name in kept}
        rows = await tx.fetch(
            "SELECT DISTINCT destination FROM deliveries WHERE (state = 'sending' AND next_at IS NULL"  # noqa: S608
            f" OR state = 'sent' AND updated_at > ?) AND holder <> ? AND {among('destination', kept)}",
            to_millis(now - HANDED_ON), self.holder, *sorted(kept),
        )  # fmt: skip
        return {by_name[name] for name in kept - {row["destination"] for row in rows}}

    async def _expire_stopped(self, tx: Transaction, now: datetime) -> None:
        at = to_millis(now)
        await tx.execute(
            "UPDATE deliveries SET state = 'failed', next_at = NULL, updated_at = ?,"  # noqa: S608  # a constant
            " last_error = coalesce(last_error, 'its destination refuses messages')"
            " WHERE state IN ('planned', 'retrying') AND next_at <= ? AND expires_at <= ? AND "
            + _STOPPED, at, at, at,
        )  # fmt: skip

    async def _late(self, tx: Transaction, now: datetime) -> list[Delivery]:
        """What is late, first of all the message of each destination that is longest due."""
        rows = await tx.fetch(
            "SELECT id FROM (SELECT id, next_at, ROW_NUMBER() OVER (PARTITION BY destination"  # noqa: S608  # a constant
            " ORDER BY next_at, id) AS place FROM deliveries"
            " WHERE state IN ('planned', 'retrying') AND next_at <= ? AND due_at < ?"
            f" AND NOT {_STOPPED} AND NOT {_HELD}{self._in_reach()}"
            ") AS waiting WHERE place <= ? ORDER BY place, next_at, id LIMIT ?",
            to_millis(now), to_millis(now - LATE_AFTER), _LOOKED_AT, _LOOKED_AT_IN_ALL,
        )  # fmt: skip
        by_id = {each.id: each for each in await self.some(tx, [row["id"] for row in rows])}
        return [by_id[row["id"]] for row in rows]

    async def _settle_left_out(
        self, tx: Transaction, due: Sequence[Delivery], newest: dict[Series, datetime], now: datetime
    ) -> list[Delivery]:
        """Settle what catch-up leaves out; return the others in their order."""
        verdicts = [(each, each.left_out(now, newest)) for each in due]
        await tx.execute_many(
            "UPDATE deliveries SET state = ?, next_at = NULL, last_error = ?, updated_at = ?"  # noqa: S608
            f" WHERE id = ? AND {WAITING}",
            [
                ("skipped" if each.state == "planned" else "failed", why, to_millis(now), each.id)
                for each, why in verdicts
                if why
            ],
        )
        return [each for each, why in verdicts if not why]

    async def _take(self, tx: Transaction, taken: Sequence[Delivery], now: datetime) -> list[Delivery]:
        """Take rows as they were read a moment ago, but for those that another process took meanwhile."""
        if not taken:
            return []
        rows = await tx.fetch(
            "UPDATE deliveries SET state = 'sending', attempts = attempts + 1, next_at = NULL, on_wire = 0,"  # noqa: S608
            " late = CASE WHEN due_at < ? THEN 1 ELSE 0 END, updated_at = ?, holder = ? WHERE id IN"
            f" (SELECT id FROM deliveries WHERE {among('id', taken)} AND {WAITING} AND next_at <= ?"
            " /*pg FOR UPDATE SKIP LOCKED */) RETURNING id",
            to_millis(now - LATE_AFTER), to_millis(now), self.holder, *[each.id for each in taken], to_millis(now),
        )  # fmt: skip
        return await self.some(tx, [row["id"] for row in rows])

    async def _newest_due(
        self, tx: Transaction, due: Sequence[Delivery], now: datetime
    ) -> dict[Series, datetime]:
        """For what is late and wants only the latest: when the newest message of its series was due."""
        late = {each.subscription for each in due if each.catch_up == "latest" and each.is_late(now)}
        if not late:
            return {}
        oldest = min(each.due_at for each in due)
        rows = await self.where(
            tx, f"{among('subscription', late)} AND due_at <= ? AND due_at > ? AND state <> 'cancelled'",
            *late, to_millis(now), to_millis(oldest),
        )  # fmt: skip
        return {each.series: each.due_at for each in rows}


def _in_turn(
    wanted: Sequence[Delivery], now: datetime, limit: int, busy: Collection[Destination]
) -> list[Delivery]:
    """What is on time, then what the first late message of each destination that is not busy may hold."""
    on_time = [each for each in wanted if not each.is_late(now)]
    late = [each for each in wanted if each.is_late(now) and each.destination not in busy]
    first: dict[Destination, list[Delivery]] = {}
    for some in folded(late):
        first.setdefault(some[0].destination, some)
    return [*on_time, *(each for some in list(first.values())[:LATE_A_TICK] for each in some)][:limit]
