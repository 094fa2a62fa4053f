"""Whose turn it is: what the ledger hands out to be sent, looked up or marked."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta

from briefs.library import Row, Transaction, to_millis
from scheduler.address import PLATFORMS, Destination
from scheduler.delivery import LATE_AFTER, Delivery, Series
from scheduler.delivery_folds import folded
from scheduler.delivery_table import COLUMNS, WAITING, DeliveryTable, among, delivery_of
from scheduler.stops import Stops

BATCH = 200
# After a downtime everything is late at once. Late messages go out at most so many a tick, one to each
# destination, behind what is on time.
LATE_A_TICK = 20
# So many deliveries of one destination are at work at once, one after the other, so that a backlog which its
# limits let out slowly leaves room for others; so many pages are looked at for those.
CROWD = 20
_PAGES = 5
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

    def __init__(self) -> None:
        self.stops = Stops()

    async def claim(
        self, tx: Transaction, now: datetime, limit: int = BATCH, busy: Collection[Destination] = ()
    ) -> list[Delivery]:
        """Take up to `limit` deliveries that are due and mark them as sending, the longest due first.

        What is on time goes before what is late. Nothing late is taken for a `busy` destination, and nothing at
        all for one that is crowded: `busy` may count what is at work at each. Those that catch-up leaves out are
        marked as skipped, and retries past their time as failed; so is what went out of use while its
        destination was stopped.
        """
        await self._expire_stopped(tx, now)
        on_time = await self._on_time(tx, now, limit, busy)
        # What is on time goes first, so nothing late is looked for where that takes all the room.
        late = await self._late_ones(tx, now, busy) if len(on_time) < limit else []
        return await self._take(tx, [*on_time, *late][:limit], now)

    async def anything_due(self, tx: Transaction, now: datetime) -> bool:
        """Whether any kind of claim may find something; at most ticks none does."""
        at = to_millis(now)
        rows = await tx.fetch(
            f"SELECT 1 WHERE EXISTS (SELECT 1 FROM deliveries WHERE {WAITING} AND next_at <= ?)"  # noqa: S608
            " OR EXISTS (SELECT 1 FROM deliveries WHERE state = 'sending' AND next_at <= ?)"
            " OR EXISTS (SELECT 1 FROM deliveries WHERE mark_at <= ?)",
            at, at, at,
        )  # fmt: skip
        return bool(rows)

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

    async def _free(self, tx: Transaction, places: Collection[str], now: datetime) -> set[str]:
        """Keep other processes off some destinations; return those at which none of them is, or was just now.

        It is asked once they are kept, since another process may have ended its claim a moment before.
        """
        kept = await tx.reserve(places) if self.holder and places else set(places)
        if not self.holder or not kept:
            return kept
        rows = await tx.fetch(
            "SELECT DISTINCT destination FROM deliveries WHERE (state = 'sending' AND next_at IS NULL"  # noqa: S608
            f" OR state = 'sent' AND updated_at > ?) AND holder <> ? AND {among('destination', kept)}",
            to_millis(now - HANDED_ON), self.holder, *sorted(kept),
        )  # fmt: skip
        return kept - {row["destination"] for row in rows}

    async def _on_time(
        self, tx: Transaction, now: datetime, limit: int, busy: Collection[Destination]
    ) -> list[int]:
        """The ids of what is on time, the longest due first, of no destination more than may be at work there.

        Where a page holds what has to wait for its crowded destination, the next ones are looked at for others.
        """
        room, taken, last = _Room(busy), list[int](), (0, 0)
        for _ in range(_PAGES):
            page = await self._page_on_time(tx, now, limit, room.crowded, last)
            free = await self._free(tx, {row["destination"] for row in page}, now)
            useful = await self._settle_useless(tx, [row for row in page if row["destination"] in free], now)
            taken += [row["id"] for row in useful if room.takes(row["destination"])]
            if len(page) < limit or len(taken) >= limit:
                break
            room.crowded |= {row["destination"] for row in page} - free
            last = (page[-1]["next_at"], page[-1]["id"])
        return taken[:limit]

    async def _page_on_time(
        self, tx: Transaction, now: datetime, limit: int, but: Collection[str], last: tuple[int, int]
    ) -> Sequence[Row]:
        elsewhere = f" AND NOT {among('destination', but)}" if but else ""
        return await tx.fetch(
            f"SELECT id, destination, expires_at, next_at FROM deliveries WHERE {WAITING} AND next_at <= ?"  # noqa: S608
            f" AND due_at >= ? AND (next_at > ? OR (next_at = ? AND id > ?)) AND NOT {_STOPPED} AND NOT {_HELD}"
            f"{elsewhere}{self._in_reach()} ORDER BY next_at, id LIMIT ?",
            to_millis(now), to_millis(now - LATE_AFTER), last[0], *last, *sorted(but), limit,
        )  # fmt: skip

    async def _settle_useless(self, tx: Transaction, rows: Sequence[Row], now: datetime) -> list[Row]:
        """Settle what is of no use any more; return the others in their order."""
        at = to_millis(now)
        useless = [row["id"] for row in rows if row["expires_at"] <= at]
        await self._settle_left_out(tx, await self.some(tx, useless), {}, now)
        return [row for row in rows if row["expires_at"] > at]

    async def _late_ones(self, tx: Transaction, now: datetime, busy: Collection[Destination]) -> list[int]:
        """The ids of what the first late message of each destination that is not busy may hold."""
        late = await self._late(tx, now)
        free = await self._free(tx, {str(each.destination) for each in late}, now)
        late = [each for each in late if str(each.destination) in free]
        newest = await self._newest_due(tx, late, now)
        wanted = await self._settle_left_out(tx, late, newest, now)
        first: dict[Destination, list[Delivery]] = {}
        for some in folded(each for each in wanted if each.destination not in busy):
            first.setdefault(some[0].destination, some)
        return [each.id for some in list(first.values())[:LATE_A_TICK] for each in some]

    async def _expire_stopped(self, tx: Transaction, now: datetime) -> None:
        if not await self.stops.any(tx):
            return
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

    async def _take(self, tx: Transaction, ids: Sequence[int], now: datetime) -> list[Delivery]:
        """Take rows, but for those that another process took since they were read; the longest due first.

        In that order they are sent at their destination, what is late before what is on time.
        """
        if not ids:
            return []
        rows = await tx.fetch(
            "UPDATE deliveries SET state = 'sending', attempts = attempts + 1, next_at = NULL, on_wire = 0,"  # noqa: S608
            " late = CASE WHEN due_at < ? THEN 1 ELSE 0 END, updated_at = ?, holder = ? WHERE id IN"
            f" (SELECT id FROM deliveries WHERE {among('id', ids)} AND {WAITING} AND next_at <= ?"
            f" /*pg FOR UPDATE SKIP LOCKED */) RETURNING {COLUMNS}",
            to_millis(now - LATE_AFTER), to_millis(now), self.holder, *ids, to_millis(now),
        )  # fmt: skip
        return sorted(map(delivery_of, rows), key=lambda each: (each.due_at, each.id))

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


class _Room:
    """Where something more may be put to work. `crowded` names the destinations that take nothing now."""

    def __init__(self, busy: Collection[Destination]) -> None:
        counted = busy if isinstance(busy, Mapping) else {}
        self._at_work = Counter({str(place): count for place, count in counted.items()})
        self.crowded = {place for place, count in self._at_work.items() if count >= CROWD}

    def takes(self, place: str) -> bool:
        """Whether a destination takes one more, which then is at work there."""
        if place in self.crowded:
            return False
        self._at_work[place] += 1
        if self._at_work[place] >= CROWD:
            self.crowded.add(place)
        return True
