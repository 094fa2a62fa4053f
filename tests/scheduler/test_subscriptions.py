"""Following once is following once, and what was set is found again."""

from dataclasses import replace
from datetime import timedelta

import pytest

from scheduler.address import destination, person
from scheduler.subscriptions import subscription
from tests.scheduler.ground import HARBOUR, LOBBY, Ground, at, following


async def test_a_subscription_is_found_as_it_was_stored(field: Ground) -> None:
    made = following(
        "digest", HARBOUR, subject="topic:town-demands", schedule="weekly mon 09:00", zone="Asia/Tokyo",
        language="ja", leads=["7d", "2h"], catch_up="skip", max_age=timedelta(hours=6), ping="role:9",
    )  # fmt: skip
    stored = await field.follow(made)
    async with field.database.reading() as tx:
        assert await field.subscriptions.get(tx, stored.id) == stored
        assert await field.subscriptions.at(tx, HARBOUR) == [stored]
        assert await field.subscriptions.of_creator(tx, "web:local/reader") == [stored]
        assert await field.subscriptions.of_brief(tx, "another", "harbour-2025") == [stored]
        assert await field.subscriptions.at(tx, LOBBY) == []
    assert replace(stored, id=made.id) == made


async def test_following_the_same_twice_at_one_destination_is_one_subscription(field: Ground) -> None:
    async with field.database.transaction() as tx:
        first, new = await field.subscriptions.add(tx, following(zone="Asia/Tokyo"))
        again, new_again = await field.subscriptions.add(tx, following(zone="Asia/Seoul"))
        other, new_other = await field.subscriptions.add(tx, following(where=HARBOUR))
    assert (new, new_again, new_other) == (True, False, True)
    assert again == first
    assert other.id != first.id


async def test_following_again_after_the_end_is_a_subscription_with_an_id_of_its_own(field: Ground) -> None:
    first = await field.follow(following())
    async with field.database.transaction() as tx:
        assert await field.subscriptions.end(tx, first.id, at("2026-12-01 00:00")) == first
        assert await field.subscriptions.end(tx, first.id, at("2026-12-01 00:00")) is None
        assert await field.subscriptions.get(tx, first.id) is None
    second = await field.follow(following())
    assert second.id > first.id


async def test_a_change_is_checked_and_kept(field: Ground) -> None:
    stored = await field.follow(following("digest"))
    async with field.database.transaction() as tx:
        changed = await field.subscriptions.change(tx, replace(stored, schedule="Daily 7:30", paused=True))
        assert changed.schedule == "daily 07:30"
        assert await field.subscriptions.get(tx, stored.id) == changed
        with pytest.raises(ValueError, match="'noon' is no schedule; write it like daily 09:00"):
            await field.subscriptions.change(tx, replace(stored, schedule="noon"))
        await field.subscriptions.end(tx, stored.id, at("2026-12-01 00:00"))
        with pytest.raises(
            ValueError, match=f"subscription {stored.id} has ended; follow again to have a new one"
        ):
            await field.subscriptions.change(tx, stored)


def test_a_new_subscription_has_the_defaults_of_its_kind() -> None:
    made = subscription("harbour-2025", "reminders", LOBBY, "web:local/reader", at("2026-11-24 00:00"))
    digest = subscription("harbour-2025", "digest", LOBBY, "web:local/reader", at("2026-11-24 00:00"))
    assert (made.schedule, made.catch_up) == ("09:00", "all")
    assert (digest.schedule, digest.catch_up) == ("weekly mon 09:00", "latest")
    with pytest.raises(
        ValueError, match="'Asia/Tokio' is no time zone of the IANA list; write it like Asia/Tokyo"
    ):
        subscription("harbour-2025", "digest", LOBBY, "x", at("2026-11-24 00:00"), zone="Asia/Tokio")
    with pytest.raises(ValueError, match="'weekly mon 09:00' is no clock time; write it like 09:00 or 17:30"):
        subscription(
            "harbour-2025", "reminders", LOBBY, "x", at("2026-11-24 00:00"), schedule="weekly mon 09:00"
        )

    with pytest.raises(ValueError, match="not a lead time; write it like 7d"):
        subscription("harbour-2025", "reminders", LOBBY, "x", at("2026-11-24 00:00"), leads=["soon"])
    with pytest.raises(
        ValueError, match="a message needs some time in which it may be late; write it like 7 days"
    ):
        subscription("harbour-2025", "digest", LOBBY, "x", at("2026-11-24 00:00"), max_age=timedelta(0))


async def test_a_person_who_is_forgotten_leaves_the_channels_subscriptions_unnamed(field: Ground) -> None:
    who = person("slack:T1/U7")
    own = await field.follow(replace(following(where=who.inbox), creator=str(who)))
    shared = await field.follow(replace(following(where=HARBOUR), creator=str(who)))
    async with field.database.transaction() as tx:
        assert await field.subscriptions.forget(tx, who) == [own.id]
        assert await field.subscriptions.all(tx) == [replace(shared, creator="")]
    again = await field.follow(following(where=destination("slack:T1/@U7")))
    assert again.id > shared.id


async def test_the_shared_lobby_is_nobodys_to_forget(field: Ground) -> None:
    stored = await field.follow(following(where=LOBBY))
    async with field.database.transaction() as tx:
        assert await field.subscriptions.forget(tx, person("web:local/reader")) == []
        assert await field.subscriptions.get(tx, stored.id) == replace(stored, creator="")
