"""What is kept about a person is theirs to set and to remove."""

import pytest

from scheduler.address import person
from scheduler.people import People, Profile
from tests.scheduler.ground import Ground, at

WHO = person("discord:42")
people = People()


async def test_each_setting_leaves_the_others_alone(field: Ground) -> None:
    async with field.database.transaction() as tx:
        await people.set_zone(tx, WHO, "Asia/Tokyo")
        await people.set_language(tx, WHO, "ja")
        await people.mute(tx, WHO, at("2026-12-01 00:00"))
        assert await people.looked(tx, WHO, at("2026-11-24 00:00")) is None
        assert await people.looked(tx, WHO, at("2026-11-25 00:00")) == at("2026-11-24 00:00")
    async with field.database.reading() as tx:
        known = await people.get(tx, WHO)
    assert known == Profile(WHO, "Asia/Tokyo", "ja", False, at("2026-12-01 00:00"), at("2026-11-25 00:00"))
    assert known.muted(at("2026-11-30 23:59"))
    assert not known.muted(at("2026-12-01 00:00"))


async def test_the_zone_is_asked_for_once(field: Ground) -> None:
    async with field.database.transaction() as tx:
        assert await people.ask_zone_once(tx, WHO)
        assert not await people.ask_zone_once(tx, WHO)
        other = person("slack:T1/U1")
        await people.set_zone(tx, other, "Asia/Seoul")
        assert not await people.ask_zone_once(tx, other)


async def test_a_zone_that_does_not_exist_is_refused_with_an_example(field: Ground) -> None:
    async with field.database.transaction() as tx:
        with pytest.raises(
            ValueError, match="'Tokyo' is no time zone of the IANA list; write it like Asia/Tokyo"
        ):
            await people.set_zone(tx, WHO, "Tokyo")


async def test_nothing_is_left_of_a_person_who_is_forgotten(field: Ground) -> None:
    async with field.database.transaction() as tx:
        await people.set_zone(tx, WHO, "Asia/Tokyo")
        assert await people.forget(tx, WHO)
        assert not await people.forget(tx, WHO)
        assert await people.get(tx, WHO) == Profile(WHO)
        assert await tx.fetch("SELECT * FROM people") == []
