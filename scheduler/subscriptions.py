"""Subscriptions: who follows what, where, and when it is told; their table `subscriptions`."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from briefs.library import Row, Transaction, Value, from_millis, to_millis
from briefs.marking import N_
from briefs.schema import lead_time
from scheduler.address import Destination, Person, destination
from scheduler.when import clock_time, moment, once, parse, zone_info

Kind = Literal["digest", "reminders", "snooze"]
CatchUp = Literal["skip", "latest", "all"]

ANNOUNCE_HOUR = "09:00"
DEFAULT_CATCH_UP: dict[Kind, CatchUp] = {"reminders": "all", "digest": "latest", "snooze": "all"}
A_WEEK = timedelta(days=7)
DEFAULT_MAX_AGE: dict[Kind, timedelta] = {"reminders": A_WEEK, "digest": A_WEEK, "snooze": A_WEEK}

_FIELDS = (
    "brief, kind, subject, destination, creator, schedule, zone, language, leads, catch_up, max_age, ping,"
    " paused, created_at, planned_until, occurrence"
)

# Where the new name is followed at the same destination already, the old subscription stays as it is.
_RIVAL = (
    "ended_at IS NULL AND NOT EXISTS (SELECT 1 FROM subscriptions AS other WHERE other.ended_at IS NULL"
    " AND other.kind = subscriptions.kind AND other.destination = subscriptions.destination"
    " AND other.occurrence = subscriptions.occurrence"
    " AND other.brief = ?"
)
_UNRIVALLED = f"{_RIVAL} AND other.subject = ?)"
_UNRIVALLED_BRIEF = f"{_RIVAL} AND other.subject = subscriptions.subject)"


@dataclass(frozen=True, slots=True)
class Subscription:
    """One standing wish to be told about a brief at a destination; a snooze is told once.

    `id` is 0 until it is stored. `subject` is empty (the whole brief), `topic:ID` or `date:ID`.
    `schedule` is read by `scheduler.when.parse` for a digest ("weekly mon 09:00"), by `when.moment` for a
    snooze ("once 2026-11-26T09:00"), and is the hour of announcement ("09:00") for reminders. `leads` ("7d",
    "2h") are the brief's own where empty. `ping` is empty or a `Mention`'s target. `planned_until` is the
    instant up to which deliveries were planned. `occurrence` is the one that a snooze is about, 0 otherwise.
    """

    id: int
    brief: str
    kind: Kind
    subject: str
    destination: Destination
    creator: str
    schedule: str
    zone: str
    language: str
    leads: tuple[str, ...]
    catch_up: CatchUp
    max_age: timedelta
    ping: str
    paused: bool
    created_at: datetime
    planned_until: datetime | None = None
    occurrence: int = 0


class Known(NamedTuple):
    """A subscription, and when it ended (aware UTC); None while it stands."""

    subscription: Subscription
    ended_at: datetime | None


def subscription(
    brief: str,
    kind: Kind,
    where: Destination,
    creator: Person | str,
    created_at: datetime,
    *,
    subject: str = "",
    schedule: str = "",
    zone: str = "UTC",
    language: str = "en",
    leads: Sequence[str] = (),
    catch_up: CatchUp | None = None,
    max_age: timedelta | None = None,
    ping: str = "",
    occurrence: int = 0,
) -> Subscription:
    """Make a subscription that is not stored yet, with the defaults of its kind.

    Raises ValueError with an example for a schedule or zone that does not exist.
    """
    made = Subscription(
        id=0, brief=brief, kind=kind, subject=subject, destination=where, creator=str(creator),
        schedule=schedule or (ANNOUNCE_HOUR if kind == "reminders" else f"weekly mon {ANNOUNCE_HOUR}"),
        zone=zone, language=language, leads=tuple(leads), catch_up=catch_up or DEFAULT_CATCH_UP[kind],
        max_age=DEFAULT_MAX_AGE[kind] if max_age is None else max_age, ping=ping, paused=False,
        created_at=created_at, occurrence=occurrence,
    )  # fmt: skip
    return checked(made)


def checked(made: Subscription) -> Subscription:
    """Return the subscription in canonical spelling; raise ValueError with an example where it is wrong."""
    zone_info(made.zone)
    if made.max_age <= timedelta(0):
        raise ValueError(N_("a message needs some time in which it may be late; write it like 7 days"))
    made = replace(made, leads=tuple(lead_time(each).text for each in made.leads))
    if made.kind == "snooze":
        return replace(made, schedule=once(moment(made.schedule)))
    if made.kind == "digest":
        return replace(made, schedule=str(parse(made.schedule)))
    return replace(made, schedule=f"{clock_time(made.schedule):%H:%M}")


class Subscriptions:
    """The subscriptions that stand, in their table. One that ended keeps its row, so that no id returns."""

    async def add(self, tx: Transaction, wanted: Subscription) -> tuple[Subscription, bool]:
        """Store a subscription; return it with its id, and whether it is new.

        Following the same brief, kind and subject twice at one destination returns the first as it is.
        """
        wanted = checked(wanted)
        rows = await tx.fetch(
            f"INSERT INTO subscriptions ({_FIELDS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608
            " ON CONFLICT (brief, kind, subject, occurrence, destination) WHERE ended_at IS NULL"
            " DO NOTHING RETURNING id",
            *_values(wanted),
        )
        if rows:
            return replace(wanted, id=rows[0]["id"]), True
        same = await self._where(
            tx,
            "brief = ? AND kind = ? AND subject = ? AND occurrence = ? AND destination = ?",
            wanted.brief, wanted.kind, wanted.subject, wanted.occurrence, str(wanted.destination),
        )  # fmt: skip
        return same[0], False

    async def change(self, tx: Transaction, changed: Subscription) -> Subscription:
        """Store a subscription's new settings under its id; raise ValueError where they are wrong.

        Plan its deliveries anew in the same transaction.
        """
        changed = checked(changed)
        count = await tx.execute(
            "UPDATE subscriptions SET brief = ?, kind = ?, subject = ?, destination = ?, creator = ?,"
            " schedule = ?, zone = ?, language = ?, leads = ?, catch_up = ?, max_age = ?, ping = ?,"
            " paused = ?, created_at = ?, planned_until = ?, occurrence = ? WHERE id = ? AND ended_at IS NULL",
            *_values(changed),
            changed.id,
        )
        if not count:
            raise ValueError(N_("subscription {id} has ended; follow again to have a new one", id=changed.id))
        return changed

    async def end(self, tx: Transaction, id: int, now: datetime) -> Subscription | None:
        """End a subscription; return it as it stood, or None where it had ended already.

        Cancel its deliveries in the same transaction (`Deliveries.cancel`).
        """
        standing = await self.get(tx, id)
        if standing is not None:
            await tx.execute("UPDATE subscriptions SET ended_at = ? WHERE id = ?", to_millis(now), id)
        return standing

    async def get(self, tx: Transaction, id: int) -> Subscription | None:
        """Return a standing subscription, or None."""
        found = await self._where(tx, "id = ?", id)
        return found[0] if found else None

    async def known(self, tx: Transaction, id: int) -> Known | None:
        """Return a subscription, whether it stands or has ended; None where it was deleted or never was."""
        rows = await tx.fetch(f"SELECT id, {_FIELDS}, ended_at FROM subscriptions WHERE id = ?", id)  # noqa: S608
        return _known(rows[0]) if rows else None

    async def ended(self, tx: Transaction, where: Destination) -> list[Known]:
        """The subscriptions of a destination that have ended, the last ended first."""
        rows = await tx.fetch(
            f"SELECT id, {_FIELDS}, ended_at FROM subscriptions"  # noqa: S608
            " WHERE destination = ? AND ended_at IS NOT NULL ORDER BY ended_at DESC, id DESC",
            str(where),
        )
        return [_known(row) for row in rows]

    async def at(self, tx: Transaction, where: Destination) -> list[Subscription]:
        """The standing subscriptions of a destination, oldest first."""
        return await self._where(tx, "destination = ?", str(where))

    async def at_any(self, tx: Transaction, places: Collection[Destination]) -> list[Subscription]:
        """The standing subscriptions of some destinations, oldest first."""
        if not places:
            return []
        marks = ", ".join("?" for _ in places)
        return await self._where(tx, f"destination IN ({marks})", *map(str, places))

    async def end_snoozes(self, tx: Transaction, before: datetime) -> int:
        """End the snoozes that were made before an instant; return how many."""
        return await tx.execute(
            "UPDATE subscriptions SET ended_at = ? WHERE kind = 'snooze' AND created_at < ?"
            " AND ended_at IS NULL",
            to_millis(before), to_millis(before),
        )  # fmt: skip

    async def of_creator(self, tx: Transaction, creator: Person | str) -> list[Subscription]:
        """The standing subscriptions that a person made, oldest first."""
        return await self._where(tx, "creator = ?", str(creator))

    async def of_brief(self, tx: Transaction, *brief_ids: str) -> list[Subscription]:
        """The standing subscriptions of a brief under any of its ids, oldest first."""
        marks = ", ".join("?" for _ in brief_ids)
        return await self._where(tx, f"brief IN ({marks})", *brief_ids)

    async def ids_of_brief(self, tx: Transaction, *brief_ids: str) -> list[int]:
        """The ids of a brief's standing subscriptions under any of its ids, oldest first."""
        marks = ", ".join("?" for _ in brief_ids)
        return await self._ids(tx, f"brief IN ({marks})", *brief_ids) if brief_ids else []

    async def subjects(self, tx: Transaction, brief: str) -> list[str]:
        """What the standing subscriptions of a brief are about, digests apart."""
        rows = await tx.fetch(
            "SELECT DISTINCT subject FROM subscriptions WHERE brief = ? AND kind <> 'digest'"
            " AND ended_at IS NULL ORDER BY subject",
            brief,
        )
        return [row["subject"] for row in rows]

    async def about(self, tx: Transaction, brief: str, subjects: Collection[str]) -> list[int]:
        """The ids of a brief's standing subscriptions to some subjects, digests apart, oldest first."""
        if not subjects:
            return []
        marks = ", ".join("?" for _ in subjects)
        return await self._ids(
            tx, f"brief = ? AND kind <> 'digest' AND subject IN ({marks})", brief, *subjects
        )

    async def all(self, tx: Transaction) -> list[Subscription]:
        """Every standing subscription, oldest first."""
        return await self._where(tx, "id > ?", 0)

    async def planned(self, tx: Transaction, ids: Sequence[int], until: datetime) -> None:
        """Remember up to which instant the deliveries of some subscriptions are planned."""
        marks = ", ".join("?" for _ in ids)
        await tx.execute(
            f"UPDATE subscriptions SET planned_until = ? WHERE id IN ({marks})",  # noqa: S608
            to_millis(until), *ids,
        )  # fmt: skip

    async def some(self, tx: Transaction, ids: Sequence[int]) -> list[Subscription]:
        """Those of some subscriptions that stand, oldest first."""
        if not ids:
            return []
        marks = ", ".join("?" for _ in ids)
        return await self._where(tx, f"id IN ({marks})", *ids)

    async def rename(self, tx: Transaction, brief: str, old: str, new: str) -> None:
        """Follow a part of a brief from its old subject to its new one (`date:old` to `date:new`)."""
        await tx.execute(
            f"UPDATE subscriptions SET subject = ? WHERE brief = ? AND subject = ? AND {_UNRIVALLED}",  # noqa: S608
            new, brief, old, brief, new,
        )  # fmt: skip

    async def rename_brief(self, tx: Transaction, old: str, new: str) -> None:
        """Follow a brief from its old id to its new one."""
        await tx.execute(
            f"UPDATE subscriptions SET brief = ? WHERE brief = ? AND {_UNRIVALLED_BRIEF}",  # noqa: S608
            new, old, new,
        )  # fmt: skip

    async def forget(self, tx: Transaction, person: Person) -> list[int]:
        """Remove a person: what goes to them alone is deleted, what they set up for a channel stays unnamed.

        Returns the ids of the deleted subscriptions; delete their deliveries in the same transaction.
        """
        inbox = [str(person.inbox)] if person.inbox.person is not None else []
        gone = (
            await tx.fetch("DELETE FROM subscriptions WHERE destination = ? RETURNING id", *inbox)
            if inbox
            else []
        )
        await tx.execute("UPDATE subscriptions SET creator = '' WHERE creator = ?", str(person))
        return [row["id"] for row in gone]

    async def _ids(self, tx: Transaction, condition: str, *values: Value) -> list[int]:
        rows = await tx.fetch(
            f"SELECT id FROM subscriptions WHERE {condition} AND ended_at IS NULL ORDER BY id",  # noqa: S608
            *values,
        )
        return [row["id"] for row in rows]

    async def _where(self, tx: Transaction, condition: str, *values: Value) -> list[Subscription]:
        rows = await tx.fetch(
            f"SELECT id, {_FIELDS} FROM subscriptions WHERE {condition} AND ended_at IS NULL ORDER BY id",  # noqa: S608
            *values,
        )
        return [_subscription(row) for row in rows]


def _values(each: Subscription) -> tuple[Value, ...]:
    return (
        each.brief, each.kind, each.subject, str(each.destination), each.creator, each.schedule, each.zone,
        each.language, " ".join(each.leads), each.catch_up, each.max_age // timedelta(milliseconds=1),
        each.ping, int(each.paused), to_millis(each.created_at),
        None if each.planned_until is None else to_millis(each.planned_until), each.occurrence,
    )  # fmt: skip


def _subscription(row: Row) -> Subscription:
    """Read a row of id and _FIELDS, in their order: by their names it takes twice as long."""
    (
        id, brief, kind, subject, where, creator, schedule, zone, language, leads, catch_up, max_age, ping, paused,
        created_at, until, occurrence, *_,
    ) = row  # fmt: skip
    return Subscription(
        id, brief, kind, subject, destination(where), creator, schedule, zone, language, tuple(leads.split()),
        catch_up, timedelta(milliseconds=max_age), ping, bool(paused), from_millis(created_at),
        None if until is None else from_millis(until), occurrence,
    )  # fmt: skip


def _known(row: Row) -> Known:
    ended = row["ended_at"]
    return Known(_subscription(row), None if ended is None else from_millis(ended))
