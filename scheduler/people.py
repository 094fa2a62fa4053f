"""People: what is kept about each of them, in the table `people`."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from briefs.library import Row, Transaction, from_millis, to_millis
from scheduler.address import LOBBY, READER, Destination, Person, person
from scheduler.when import zone_info

# The end of a mute that has none, until its person ends it.
FOR_GOOD = datetime(2999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Profile:
    """What a person told the bot, or what it must remember for them.

    `zone` and `language` are None until they are set. `asked_zone` says that the question for the zone
    was put once. `muted_until` and `last_look` are aware UTC.
    """

    person: Person
    zone: str | None = None
    language: str | None = None
    asked_zone: bool = False
    muted_until: datetime | None = None
    last_look: datetime | None = None

    def muted(self, now: datetime) -> bool:
        """Say whether the person wants no messages at a moment."""
        return self.muted_until is not None and now < self.muted_until


class People:
    """The profiles in their table."""

    async def get(self, tx: Transaction, who: Person) -> Profile:
        """Return what is kept about a person; an empty profile where that is nothing."""
        rows = await tx.fetch(
            "SELECT person, zone, language, asked_zone, muted_until, last_look FROM people WHERE person = ?",
            str(who),
        )
        return _profile(rows[0]) if rows else Profile(who)

    async def zones(self, tx: Transaction) -> dict[Person, str]:
        """Every zone that somebody set."""
        rows = await tx.fetch("SELECT person, zone FROM people WHERE zone IS NOT NULL")
        return {person(row["person"]): row["zone"] for row in rows}

    async def languages(self, tx: Transaction) -> dict[Person, str]:
        """Every language that somebody chose."""
        rows = await tx.fetch("SELECT person, language FROM people WHERE language IS NOT NULL")
        return {person(row["person"]): row["language"] for row in rows}

    async def keep(self, tx: Transaction, profile: Profile) -> None:
        """Store a profile in place of the earlier one; raise ValueError for a zone that does not exist."""
        if profile.zone is not None:
            zone_info(profile.zone)
        await tx.execute(
            "INSERT INTO people (person, zone, language, asked_zone, muted_until, last_look)"
            " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (person) DO UPDATE SET zone = excluded.zone,"
            " language = excluded.language, asked_zone = excluded.asked_zone,"
            " muted_until = excluded.muted_until, last_look = excluded.last_look",
            str(profile.person), profile.zone, profile.language, int(profile.asked_zone),
            _stored(profile.muted_until), _stored(profile.last_look),
        )  # fmt: skip

    async def set_zone(self, tx: Transaction, who: Person, zone: str) -> None:
        """Remember a person's zone; raise ValueError with an example where there is none of that name."""
        await self.keep(tx, replace(await self.get(tx, who), zone=zone))

    async def set_language(self, tx: Transaction, who: Person, language: str | None) -> None:
        """Remember a person's language, or forget it with None."""
        await self.keep(tx, replace(await self.get(tx, who), language=language))

    async def ask_zone_once(self, tx: Transaction, who: Person) -> bool:
        """Say whether the person is still to be asked for a zone, and remember that they were."""
        known = await self.get(tx, who)
        if known.asked_zone or known.zone is not None:
            return False
        await self.keep(tx, replace(known, asked_zone=True))
        return True

    async def mute(self, tx: Transaction, who: Person, until: datetime | None) -> None:
        """Remember until when a person wants no messages; None ends it."""
        await self.keep(tx, replace(await self.get(tx, who), muted_until=until))

    async def quiet(
        self, tx: Transaction, places: Collection[Destination], now: datetime
    ) -> dict[Destination, datetime]:
        """Return those of some destinations whose person muted the bot, with the end of it (aware UTC)."""
        inboxes = {who: place for place in places if (who := place.person or _reader(place))}
        if not inboxes:
            return {}
        marks = ", ".join("?" for _ in inboxes)
        rows = await tx.fetch(
            f"SELECT person, muted_until FROM people WHERE muted_until > ? AND person IN ({marks})",  # noqa: S608
            to_millis(now), *map(str, inboxes),
        )  # fmt: skip
        return {inboxes[person(row["person"])]: from_millis(row["muted_until"]) for row in rows}

    async def looked(self, tx: Transaction, who: Person, at: datetime) -> datetime | None:
        """Remember that a person looked at what changed; return when they had looked before."""
        known = await self.get(tx, who)
        await self.keep(tx, replace(known, last_look=at))
        return known.last_look

    async def forget(self, tx: Transaction, who: Person) -> bool:
        """Delete all that this table keeps about a person; say whether there was anything."""
        return await tx.execute("DELETE FROM people WHERE person = ?", str(who)) > 0


def _reader(place: Destination) -> Person | None:
    return READER if place == LOBBY else None


def _stored(instant: datetime | None) -> int | None:
    return None if instant is None else to_millis(instant)


def _read(millis: int | None) -> datetime | None:
    return None if millis is None else from_millis(millis)


def _profile(row: Row) -> Profile:
    return Profile(
        person(row["person"]), row["zone"], row["language"], bool(row["asked_zone"]),
        _read(row["muted_until"]), _read(row["last_look"]),
    )  # fmt: skip
