"""Who was told a date that does not stand any more is told so, once."""

from dataclasses import replace
from datetime import date

import pytest

from briefs.schema import Brief, WatchDate
from scheduler.address import Destination, Person
from scheduler.delivery import Delivery
from scheduler.outcomes import Doubtful, Retry, Sent
from tests.scheduler.ground import BASIS, HARBOUR, PIER, Ground, at, brief_with, following, single, yearly

START = "2026-11-24 00:00"
WEEK_BEFORE = "2026-12-11 09:00"
INBOX = Person("slack", "T1", "U1").inbox


def talks(day: str = "2026-12-18", **more: object) -> WatchDate:
    return single("talks", day, "7d", "0d", **more)  # type: ignore[arg-type]  # fields of a WatchDate


def cancelled(day: str = "2026-12-18") -> Brief:
    return brief_with(talks(day, cancelled=BASIS))


async def told(field: Ground, *places: Destination) -> list[Delivery]:
    """Have some places told, seven days before, that the talks are on December 18."""
    for place in places or (HARBOUR,):
        await field.follow(following(where=place))
    await field.replan(brief_with(talks()), START)
    return await field.send(WEEK_BEFORE)


async def amending(field: Ground) -> list[tuple[str, str, str, str]]:
    """Every correction and cancellation: its kind, number, date and state."""
    return [(each.kind, each.lead, each.announced, each.state) for each in await field.all() if each.amends]


async def test_a_moved_date_sends_one_correction_to_each_place_that_was_told_and_none_to_others(
    field: Ground,
) -> None:
    await told(field, HARBOUR, PIER, INBOX)
    await field.follow(following(where=replace_channel(HARBOUR, "C2"), since="2026-12-12 00:00"))
    moved = brief_with(talks("2027-01-17"))
    await field.replan(moved, "2026-12-12 08:00")
    await field.replan(moved, "2026-12-12 08:01")
    sent = await field.send("2026-12-12 08:01")
    assert {each.destination for each in sent} == {HARBOUR, PIER, INBOX}
    assert await amending(field) == [("correction", "1", "2027-01-17", "sent")] * 3
    await field.replan(moved, "2026-12-12 09:00")
    assert await field.send("2026-12-12 09:00") == []


async def test_no_stale_notice_goes_out_and_the_new_lead_times_hold(field: Ground) -> None:
    await told(field)
    await field.replan(brief_with(talks("2027-01-17")), "2026-12-12 08:00")
    await field.send("2026-12-12 08:00")
    assert await field.send("2026-12-18 09:00") == []
    assert [each.lead for each in await field.send("2027-01-10 09:00")] == ["7d"]
    assert [each.announced for each in await field.send("2027-01-17 09:00")] == ["2027-01-17"]


async def test_a_cancelled_date_sends_one_cancellation(field: Ground) -> None:
    await told(field)
    await field.replan(cancelled(), "2026-12-12 08:00")
    await field.send("2026-12-12 08:00")
    await field.replan(cancelled(), "2026-12-13 08:00")
    assert await amending(field) == [("cancellation", "1", "2026-12-18", "sent")]


async def test_a_date_that_left_the_brief_is_cancelled_too(field: Ground) -> None:
    await told(field)
    await field.replan(brief_with(single("other", "2027-03-01", "7d")), "2026-12-12 08:00")
    assert await amending(field) == [("cancellation", "1", "2026-12-18", "planned")]


async def test_a_move_that_is_taken_back_before_it_was_told_is_told_nobody(field: Ground) -> None:
    await told(field)
    await field.replan(brief_with(talks("2027-01-17")), "2026-12-12 08:00")
    await field.replan(brief_with(talks()), "2026-12-12 08:00")
    assert await field.send("2026-12-12 08:01") == []
    assert await amending(field) == [("correction", "1", "2027-01-17", "cancelled")]


async def test_each_further_move_is_told_once_even_back_and_forth(field: Ground) -> None:
    await told(field)
    for number, day in enumerate(("2027-01-17", "2026-12-18", "2027-01-17"), 1):
        await field.replan(brief_with(talks(day)), f"2026-12-12 0{number}:00")
        (sent,) = await field.send(f"2026-12-12 0{number}:00")
        assert (sent.kind, sent.lead, sent.announced) == ("correction", str(number), day)


async def test_a_date_that_stands_again_after_its_cancellation_is_corrected(field: Ground) -> None:
    await told(field)
    await field.replan(cancelled(), "2026-12-12 08:00")
    await field.send("2026-12-12 08:00")
    await field.replan(brief_with(talks()), "2026-12-12 09:00")
    assert [each.kind for each in await field.send("2026-12-12 09:00")] == ["correction"]


async def test_nothing_is_said_of_a_date_that_is_over_before_and_after(field: Ground) -> None:
    await told(field)
    await field.replan(brief_with(talks("2026-12-16")), "2026-12-20 08:00")
    assert await amending(field) == []


async def test_a_date_that_was_told_and_lies_behind_is_corrected_where_the_new_one_is_to_come(
    field: Ground,
) -> None:
    await told(field)
    await field.replan(brief_with(talks("2027-01-17")), "2026-12-20 08:00")
    assert await amending(field) == [("correction", "1", "2027-01-17", "planned")]


async def test_who_unfollowed_is_told_nothing_more(field: Ground) -> None:
    (sent,) = await told(field)
    async with field.database.transaction() as tx:
        await field.subscriptions.end(tx, sent.subscription, at("2026-12-12 07:00"))
    await field.replan(brief_with(talks("2027-01-17")), "2026-12-12 08:00")
    assert await amending(field) == []


async def test_two_subscriptions_of_one_place_are_corrected_as_one(field: Ground) -> None:
    await field.follow(following(where=HARBOUR, subject="date:talks"))
    await told(field)
    await field.replan(brief_with(talks("2027-01-17")), "2026-12-12 08:00")
    assert await amending(field) == [("correction", "1", "2027-01-17", "planned")]


async def test_what_one_subscription_told_is_corrected_by_another_after_its_end(field: Ground) -> None:
    (sent,) = await told(field)
    other = await field.follow(following(where=HARBOUR, subject="date:talks"))
    async with field.database.transaction() as tx:
        await field.subscriptions.end(tx, sent.subscription, at("2026-12-12 07:00"))
    await field.replan(brief_with(talks("2027-01-17")), "2026-12-12 08:00")
    (correction,) = await field.send("2026-12-12 08:00")
    assert correction.subscription == other.id


async def test_a_paused_place_is_corrected_when_it_is_resumed(field: Ground) -> None:
    (sent,) = await told(field)
    async with field.database.transaction() as tx:
        standing = await field.subscriptions.get(tx, sent.subscription)
        assert standing is not None
        await field.subscriptions.change(tx, replace(standing, paused=True))
    moved = brief_with(talks("2027-01-17"))
    await field.replan(moved, "2026-12-12 08:00")
    assert await amending(field) == []
    async with field.database.transaction() as tx:
        await field.subscriptions.change(tx, replace(standing, paused=False))
    await field.replan(moved, "2026-12-14 08:00")
    assert [each.kind for each in await field.send("2026-12-14 08:00")] == ["correction"]


async def test_who_muted_the_bot_is_corrected_once_it_may_speak(field: Ground) -> None:
    await told(field, INBOX)
    async with field.database.transaction() as tx:
        await field.people.mute(tx, Person("slack", "T1", "U1"), at("2026-12-13 10:00"))
    await field.replan(brief_with(talks("2027-01-17")), "2026-12-12 08:00")
    assert await field.send("2026-12-13 09:59") == []
    assert [each.kind for each in await field.send("2026-12-13 10:00")] == ["correction"]


async def test_what_was_at_the_platform_when_its_date_moved_is_corrected_once_it_is_known_to_have_arrived(
    field: Ground,
) -> None:
    await field.follow(following(where=HARBOUR))
    await field.replan(brief_with(talks()), START)
    (each,) = await field.claim(WEEK_BEFORE)
    await field.settle(each, Doubtful("no answer"), WEEK_BEFORE)
    moved = brief_with(talks("2027-01-17"))
    await field.replan(moved, "2026-12-11 09:00:10")
    assert await amending(field) == []
    async with field.database.transaction() as tx:
        await field.deliveries.claim_doubtful(tx, at("2026-12-11 09:00:40"))
        assert await field.deliveries.resolve(tx, each.id, Sent("m"), at("2026-12-11 09:00:41")) == "sent"
    await field.replan(moved, "2026-12-11 09:00:41")
    assert await amending(field) == [("correction", "1", "2027-01-17", "planned")]


async def test_a_yearly_date_is_corrected_for_the_occurrence_that_was_told(field: Ground) -> None:
    await field.follow(following(where=HARBOUR))
    await field.replan(brief_with(yearly("treaty", date(1965, 12, 18), "7d")), START)
    await field.send(WEEK_BEFORE)
    await field.replan(brief_with(yearly("treaty", date(1965, 12, 20), "7d")), "2026-12-12 08:00")
    assert await amending(field) == [("correction", "1", "2026-12-20", "planned")]


async def test_a_correction_is_tried_again_until_the_dates_are_over(field: Ground) -> None:
    await told(field)
    await field.replan(brief_with(talks("2027-01-17")), "2026-12-12 08:00")
    (each,) = await field.claim("2026-12-12 08:00")
    assert each.expires_at == at("2027-01-18 00:00")
    waiting = await field.settle(each, Retry("down"), "2026-12-12 08:00")
    await field.replan(brief_with(talks("2027-01-17")), "2026-12-12 08:00:05")
    (again,) = [each for each in await field.all() if each.amends]
    assert (again.state, again.next_at) == ("retrying", waiting.next_at)


async def test_the_messages_that_told_the_old_date_are_put_up_for_marking(field: Ground) -> None:
    (old,) = await told(field)
    await field.replan(brief_with(talks("2027-01-17")), "2026-12-12 08:00")
    (correction,) = await field.send("2026-12-12 08:00")
    async with field.database.transaction() as tx:
        (mark,) = await field.deliveries.claim_marks(tx, at("2026-12-12 08:00"))
        assert (mark.id, mark.amended_by) == (old.id, correction.id)
        assert await field.deliveries.claim_marks(tx, at("2026-12-12 08:04")) == []
        assert len(await field.deliveries.claim_marks(tx, at("2026-12-12 08:05"))) == 1
        await field.deliveries.marked(tx, mark)
        assert await field.deliveries.claim_marks(tx, at("2026-12-13 08:00")) == []


async def test_an_unfollow_ends_the_marking_too(field: Ground) -> None:
    (old,) = await told(field)
    await field.replan(brief_with(talks("2027-01-17")), "2026-12-12 08:00")
    await field.send("2026-12-12 08:00")
    async with field.database.transaction() as tx:
        await field.deliveries.cancel(tx, old.subscription, at("2026-12-12 08:00"), "unfollowed")
        assert await field.deliveries.claim_marks(tx, at("2026-12-12 08:00")) == []


@pytest.mark.parametrize("kind", ["moved", "cancelled"])
async def test_a_digest_is_not_amended(field: Ground, kind: str) -> None:
    await field.follow(following("digest", where=HARBOUR, schedule="daily 09:00"))
    await field.replan(brief_with(talks()), START)
    await field.send("2026-11-24 09:00")
    await field.replan(
        cancelled() if kind == "cancelled" else brief_with(talks("2027-01-17")), "2026-11-25 08:00"
    )
    assert await amending(field) == []


def replace_channel(place: Destination, channel: str) -> Destination:
    return place._replace(channel=channel)
