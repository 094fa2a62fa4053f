"""The rows of table `deliveries`: the questions asked of them, and what is done to whole sets of them."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import NamedTuple, cast

from briefs.library import Row, Transaction, Value, from_millis, to_millis
from scheduler.address import Destination, destination
from scheduler.delivery import Delivery, State
from scheduler.planner import key_of

PLANNED_COLUMNS = (
    "key, subscription, kind, item, occurrence, lead, announced, due_at, destination, brief, expires_at,"
    " catch_up"
)
COLUMNS = (
    f"id, {PLANNED_COLUMNS}, state, attempts, short_key, text, revision, message_id, updated_at, last_error,"
    " next_at, late, on_wire, withdrawn, amended_by, fold"
)
# So many rows are read at once where there may be any number, to leave the event loop its breath.
_PAGE = 200
WAITING = "state IN ('planned', 'retrying')"
# What may have arrived counts as told: silence about a date that moved is worse than one word too many.
_TOLD = "(state = 'sent' OR (state = 'failed' AND on_wire = 1)) AND kind <> 'digest'"
_OPEN = "state IN ('planned', 'retrying', 'sending')"


class Tally(NamedTuple):
    """How many deliveries are planned, wait for their next attempt or look-up, were sent lately, and failed."""

    planned: int
    waiting: int
    sent: int
    failed: int


class DeliveryTable:
    """What the ledger holds. Each question is part of the caller's transaction."""

    async def doubtful(self, tx: Transaction) -> list[Delivery]:
        """Every delivery that waits for its look-up, the longest due first."""
        return await self.where(tx, "state = 'sending' AND next_at IS NOT NULL")

    async def get(self, tx: Transaction, id: int) -> Delivery | None:
        """Return one delivery, or None."""
        found = await self.some(tx, [id])
        return found[0] if found else None

    async def by_short_key(self, tx: Transaction, short_key: str) -> Delivery | None:
        """Return the delivery with a short key, or None."""
        found = await self.where(tx, "short_key = ?", short_key)
        return found[0] if found else None

    async def upcoming(
        self, tx: Transaction, limit: int, destination: Destination | None = None
    ) -> list[Delivery]:
        """What is planned or to be tried again, next first; of one destination or of all."""
        at, values = _at(destination)
        return await self.where(tx, f"{WAITING} AND {at}", *values, order="next_at, id", limit=limit)

    async def next_of(self, tx: Transaction, subscription: int) -> Delivery | None:
        """What a subscription will be told next, or None."""
        found = await self.where(
            tx, f"{WAITING} AND subscription = ?", subscription,
            order="next_at, id", limit=1,
        )  # fmt: skip
        return found[0] if found else None

    async def recent(
        self, tx: Transaction, limit: int, destination: Destination | None = None
    ) -> list[Delivery]:
        """What was sent, failed or was skipped, latest first; at one destination or at all."""
        at, values = _at(destination)
        return await self.where(
            tx, f"state IN ('sent', 'failed', 'skipped') AND {at}", *values,
            order="updated_at DESC, id DESC", limit=limit,
        )  # fmt: skip

    async def told(
        self, tx: Transaction, brief: str, destinations: Collection[Destination]
    ) -> list[Delivery]:
        """Which dates of a brief some destinations were told, and told not to stand any more, in order."""
        if not destinations:
            return []
        return await self.where(
            tx, f"brief = ? AND {among('destination', destinations)} AND {_TOLD}",
            brief, *map(str, destinations), order="updated_at, id",
        )  # fmt: skip

    async def earlier(self, tx: Transaction, amending: Delivery) -> Delivery | None:
        """What a destination was told last of an occurrence before a message that amends it."""
        found = await self.where(
            tx, f"destination = ? AND brief = ? AND item = ? AND occurrence = ? AND id <> ? AND {_TOLD}"
            " AND (? <> 'sent' OR updated_at <= ?)",
            str(amending.destination), amending.brief, amending.item, amending.occurrence, amending.id,
            amending.state, to_millis(amending.updated_at), order="updated_at DESC, id DESC", limit=1,
        )  # fmt: skip
        return found[0] if found else None

    async def about(self, tx: Transaction, brief: str, item: str, where: Destination) -> list[Delivery]:
        """Every message about a watch date to a destination, whatever became of it, the first due first."""
        return await self.where(
            tx, "destination = ? AND brief = ? AND item = ? AND kind <> 'digest'", str(where), brief, item
        )

    async def last_sent(self, tx: Transaction, where: Destination) -> Delivery | None:
        """The message that reached a destination last, or None."""
        found = await self.where(
            tx, "destination = ? AND state = 'sent'", str(where), order="updated_at DESC, id DESC", limit=1
        )
        return found[0] if found else None

    async def by_message(
        self, tx: Transaction, platform: str, channel: str, message_id: str
    ) -> list[Delivery]:
        """The deliveries that a message of a platform's channel may be.

        A platform's channel of direct messages has an id of its own, which a person's address does not say.
        """
        begins = f"{platform}:"
        found = await self.where(
            tx, "message_id = ? AND substr(destination, 1, ?) = ?", message_id, len(begins), begins
        )
        return [each for each in found if each.destination.person or each.destination.channel == channel]

    async def twin(self, tx: Transaction, each: Delivery) -> Delivery | None:
        """The message of another subscription that tells the same destination the same, sent or at work."""
        if each.kind == "digest":
            return None
        found = await self.where(
            tx, "destination = ? AND brief = ? AND kind = ? AND item = ? AND occurrence = ? AND lead = ?"
            " AND announced = ? AND id <> ? AND (state = 'sent' OR (state = 'sending' AND on_wire = 1))",
            str(each.destination), each.brief, each.kind, each.item, each.occurrence, each.lead,
            each.announced, each.id, limit=1,
        )  # fmt: skip
        return found[0] if found else None

    async def at_platform(self, tx: Transaction, where: Destination) -> list[Delivery]:
        """What the platform has been called for at a destination, its answer not being known yet."""
        return await self.where(tx, "destination = ? AND state = 'sending' AND on_wire = 1", str(where))

    async def failed(
        self, tx: Transaction, limit: int, destination: Destination | None = None
    ) -> list[Delivery]:
        """What failed for good, latest first; at one destination or at all."""
        at, values = _at(destination)
        return await self.where(
            tx, f"state = 'failed' AND {at}", *values, order="updated_at DESC, id DESC", limit=limit
        )

    async def waiting_at(self, tx: Transaction, place: str, now: datetime) -> int:
        """How many due messages wait for a place that is stopped: a destination or a whole platform."""
        rows = await tx.fetch(
            f"SELECT COUNT(*) AS number FROM deliveries WHERE {WAITING} AND next_at <= ?"  # noqa: S608  # a constant
            " AND (destination = ? OR substr(destination, 1, ?) = ?)",
            to_millis(now), place, len(place) + 1, f"{place}:",
        )  # fmt: skip
        return int(rows[0]["number"])

    async def tally(self, tx: Transaction, since: datetime, destination: Destination | None = None) -> Tally:
        """Count what is planned, waits and failed, and what was sent since an instant; there or at all."""
        at, values = _at(destination)
        rows = await tx.fetch(
            "SELECT state, COUNT(*) AS number FROM deliveries"  # noqa: S608  # a constant
            f" WHERE {at} AND (state <> 'sent' OR updated_at >= ?) GROUP BY state",
            *values, to_millis(since),
        )  # fmt: skip
        of = {row["state"]: int(row["number"]) for row in rows}
        waiting = of.get("retrying", 0) + of.get("sending", 0)
        return Tally(of.get("planned", 0), waiting, of.get("sent", 0), of.get("failed", 0))

    async def counts(self, tx: Transaction) -> dict[State, int]:
        """How many deliveries there are in each state."""
        rows = await tx.fetch("SELECT state, COUNT(*) AS number FROM deliveries GROUP BY state")
        return {cast(State, row["state"]): row["number"] for row in rows}

    async def oldest_open(self, tx: Transaction, subscriptions: Sequence[int]) -> datetime | None:
        """The instant at which the first unsent delivery of some subscriptions is or was due."""
        if not subscriptions:
            return None
        rows = await tx.fetch(
            f"SELECT MIN(due_at) AS first FROM deliveries WHERE {among('subscription', subscriptions)}"  # noqa: S608
            f" AND {_OPEN}",
            *subscriptions,
        )
        return _instant(rows[0]["first"])

    async def open(self, tx: Transaction, subscriptions: Sequence[int]) -> list[Delivery]:
        """The deliveries of some subscriptions that are not settled: planned, retrying or sending."""
        if not subscriptions:
            return []
        return await self.where(tx, f"{among('subscription', subscriptions)} AND {_OPEN}", *subscriptions)

    async def open_of(self, tx: Transaction, briefs: Sequence[str]) -> list[Delivery]:
        """The deliveries of a brief, under any of some ids, that are not settled."""
        return await self.where(tx, f"{among('brief', briefs)} AND {_OPEN}", *briefs)

    async def subscriptions_about(self, tx: Transaction, brief: str, items: Collection[str]) -> list[int]:
        """The ids of the subscriptions under which messages about some watch dates were ever planned."""
        if not items:
            return []
        rows = await tx.fetch(
            f"SELECT DISTINCT subscription FROM deliveries WHERE brief = ? AND {among('item', items)}"  # noqa: S608
            " AND kind <> 'digest'",
            brief, *items,
        )  # fmt: skip
        return [row["subscription"] for row in rows]

    async def some(self, tx: Transaction, ids: Sequence[int]) -> list[Delivery]:
        """Return the deliveries with some ids, the longest due first."""
        return await self.where(tx, among("id", ids), *ids) if ids else []

    async def where(
        self, tx: Transaction, condition: str, *values: Value, order: str = "due_at, id", limit: int = -1
    ) -> list[Delivery]:
        """The deliveries that meet a condition, in SQL with `?` for its values."""
        end: tuple[str, tuple[int, ...]] = (" LIMIT ?", (limit,)) if limit >= 0 else ("", ())
        rows = await tx.fetch(
            f"SELECT {COLUMNS} FROM deliveries WHERE {condition} ORDER BY {order}{end[0]}",  # noqa: S608
            *values,
            *end[1],
        )
        return [delivery_of(row) for row in rows]

    async def rename(self, tx: Transaction, brief: str, old: str, new: str) -> int:
        """Give the deliveries of a part its new id, so that a rename is neither a cancellation nor news.

        Where a rename is taken back and made again, a message may stand under both ids: the one that was
        cancelled gives way.
        """
        renamed, last = 0, 0
        while page := await self.where(
            tx, "brief = ? AND item = ? AND id > ?", brief, old, last, order="id", limit=_PAGE
        ):
            renamed += await self._rename_page(tx, page, new)
            last = page[-1].id
        return renamed

    async def _rename_page(self, tx: Transaction, page: Sequence[Delivery], new: str) -> int:
        renamed = [(row, _key_under(new, row)) for row in page]
        keys = [key for _, key in renamed]
        taken = {each.key: each for each in await self.where(tx, among("key", keys), *keys)}
        free = [(row, key) for row, key in renamed if key not in taken or taken[key].state == "cancelled"]
        given_way = [(taken[key].id,) for _, key in free if key in taken]
        doubles = [(row.id,) for row, key in renamed if (row, key) not in free and not row.at_platform]
        await tx.execute_many("DELETE FROM deliveries WHERE id = ?", given_way + doubles)
        changes = [(new, key, row.id) for row, key in free]
        return await tx.execute_many("UPDATE deliveries SET item = ?, key = ? WHERE id = ?", changes)

    async def rename_brief(self, tx: Transaction, old: str, new: str) -> None:
        """Give a brief's deliveries its new id."""
        await self.rename(tx, old, old, new)
        await tx.execute("UPDATE deliveries SET brief = ? WHERE brief = ?", new, old)

    async def forget(self, tx: Transaction, subscriptions: Sequence[int]) -> int:
        """Delete all rows of some subscriptions, whatever their state."""
        ids = [(each,) for each in subscriptions]
        return await tx.execute_many("DELETE FROM deliveries WHERE subscription = ?", ids)


def among(column: str, values: Iterable[object]) -> str:
    """Write the condition that a column has one of some values."""
    return f"{column} IN ({', '.join('?' for _ in values)})"


def _at(where: Destination | None) -> tuple[str, tuple[str, ...]]:
    return ("1 = 1", ()) if where is None else ("destination = ?", (str(where),))


def _key_under(item: str, each: Delivery) -> str:
    return key_of(each.subscription, each.kind, item, each.occurrence, each.lead, each.announced)


def _instant(millis: int | None) -> datetime | None:
    return None if millis is None else from_millis(millis)


def delivery_of(row: Row) -> Delivery:
    """Read a row of COLUMNS, in their order: by their names it takes twice as long."""
    (
        id, key, subscription, kind, item, occurrence, lead, announced, due_at, where, brief, expires_at, catch_up,
        state, attempts, short_key, text, revision, message_id, updated_at, last_error, next_at, late, on_wire,
        withdrawn, amended_by, fold,
    ) = row  # fmt: skip
    return Delivery(
        id, key, subscription, kind, item, occurrence, lead, announced, from_millis(due_at), destination(where),
        brief, from_millis(expires_at), catch_up, state, attempts, short_key, text, revision, message_id,
        from_millis(updated_at), last_error, _instant(next_at), bool(late), bool(on_wire), bool(withdrawn),
        amended_by, fold,
    )  # fmt: skip
