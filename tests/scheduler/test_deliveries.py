"""The ledger: each message once, whatever happens between two steps."""

from dataclasses import replace
from datetime import timedelta

import pytest
import pytest_asyncio

from scheduler.delivery import BACKOFF, Delivery
from scheduler.outcomes import Doubtful, Needless, Outcome, Refused, Retry, Sent
from scheduler.planner import digest_now
from tests.scheduler.ground import (
    HARBOUR,
    IN_FORCE,
    LOBBY,
    SIGNING,
    Ground,
    at,
    brief_with,
    following,
    single,
)

TREATY = brief_with(SIGNING, IN_FORCE)
START = "2026-11-24 00:00"
DUE = "2026-12-11 09:00"  # the 61st of the entry into force, seven days before


@pytest_asyncio.fixture
async def planned(field: Ground) -> Ground:
    """A ledger with one follower of the treaty's dates."""
    await field.follow(following())
    await field.replan(TREATY, START)
    return field


async def compose(field: Ground, each: Delivery, text: str = '{"title": "Soon"}') -> bool:
    async with field.database.transaction() as tx:
        return await field.deliveries.compose(tx, each.id, text, 3)


async def confirm(field: Ground, each: Delivery, outcome: Outcome, now: str, jitter: float = 0.0) -> Delivery:
    async with field.database.transaction() as tx:
        await field.deliveries.confirm(tx, each.id, outcome, at(now), jitter)
        found = await field.deliveries.get(tx, each.id)
    assert found is not None
    return found


async def claim_one(field: Ground, now: str) -> Delivery:
    (each,) = await field.claim(now)
    return each


async def test_planning_twice_changes_nothing(planned: Ground) -> None:
    before = await planned.all()
    assert await planned.replan(TREATY, "2026-11-24 12:00") == (0, 0, 0)
    assert await planned.all() == before
    assert await planned.states() == {
        "7d 2026-12-18": "planned",
        "1d 2026-12-18": "planned",
        "0d 2026-12-18": "planned",
        "90d 2027-06-22": "planned",
        "30d 2027-06-22": "planned",
        "7d 2027-06-22": "planned",
        "1d 2027-06-22": "planned",
        "0d 2027-06-22": "planned",
        "90d 2027-12-18": "planned",
        "30d 2027-12-18": "planned",
        "7d 2027-12-18": "planned",
        "1d 2027-12-18": "planned",
        "0d 2027-12-18": "planned",
    }


async def test_a_delivery_has_a_short_key_of_its_own_before_it_is_sent(planned: Ground) -> None:
    rows = await planned.all()
    keys = [each.short_key for each in rows]
    assert len(set(keys)) == len(keys)
    assert {len(key) for key in keys} == {16}
    async with planned.database.reading() as tx:
        assert await planned.deliveries.by_short_key(tx, keys[0]) == rows[0]
        assert await planned.deliveries.by_short_key(tx, "unknown") is None


async def test_nothing_is_claimed_before_it_is_due_and_nothing_twice(planned: Ground) -> None:
    assert await planned.claim("2026-12-11 08:59") == []
    each = await claim_one(planned, DUE)
    assert (each.state, each.attempts, each.late, each.on_wire) == ("sending", 1, False, False)
    assert await planned.claim(DUE) == []


async def test_what_is_sent_stays_sent_with_its_text_revision_and_message(planned: Ground) -> None:
    each = await claim_one(planned, DUE)
    assert await compose(planned, each)
    sent = await confirm(planned, each, Sent("C1/1700000000.000100"), "2026-12-11 09:00")
    assert (sent.state, sent.message_id, sent.text, sent.revision) == (
        "sent", "C1/1700000000.000100", '{"title": "Soon"}', 3,
    )  # fmt: skip
    assert (await confirm(planned, each, Retry("again"), "2026-12-11 09:01")).state == "sent"
    assert await planned.replan(TREATY, "2026-12-11 09:02") == (0, 0, 0)
    assert await planned.claim("2026-12-12 09:00") == []
    moved = IN_FORCE.model_copy(update={"zone": "UTC"})
    await planned.replan(brief_with(SIGNING, moved), "2026-12-11 09:03")
    async with planned.database.reading() as tx:
        assert await planned.deliveries.recent(tx, 5) == [sent]


async def test_a_moved_date_cancels_the_stale_plan_and_plans_the_new_one(field: Ground) -> None:
    await field.follow(following())
    await field.replan(brief_with(single("talks", "2026-12-18", "7d", "1d")), START)
    moved = brief_with(single("talks", "2027-01-18", "7d", "1d"))
    assert await field.replan(moved, "2026-12-01 00:00") == (2, 0, 2)
    assert await field.states() == {
        "7d 2026-12-18": "cancelled",
        "1d 2026-12-18": "cancelled",
        "7d 2027-01-18": "planned",
        "1d 2027-01-18": "planned",
    }
    assert await field.claim("2026-12-31 00:00") == []
    assert await field.replan(moved, "2026-12-31 00:00") == (0, 0, 0)


async def test_a_date_moved_back_is_announced_after_all(field: Ground) -> None:
    await field.follow(following())
    first, second = (brief_with(single("talks", day, "7d", "1d")) for day in ("2026-12-18", "2027-01-18"))
    await field.replan(first, START)
    await field.replan(second, "2026-12-01 00:00")
    assert await field.replan(first, "2026-12-12 00:00") == (1, 0, 2)
    assert (await field.states())["7d 2026-12-18"] == "cancelled"
    assert (await field.states())["1d 2026-12-18"] == "planned"


async def test_a_lead_time_added_too_late_is_not_made_up_for(field: Ground) -> None:
    await field.follow(following())
    await field.replan(brief_with(single("talks", "2026-12-18", "1d")), START)
    assert await field.replan(brief_with(single("talks", "2026-12-18", "30d", "1d")), "2026-12-01 00:00") == (
        0,
        0,
        0,
    )


async def test_another_hour_zone_or_destination_moves_what_is_planned(planned: Ground) -> None:
    async with planned.database.transaction() as tx:
        (stored,) = await planned.subscriptions.all(tx)
        later = replace(stored, schedule="10:00", zone="Asia/Tokyo", destination=HARBOUR)
        await planned.subscriptions.change(tx, later)
    assert await planned.replan(TREATY, "2026-11-25 00:00") == (0, 13, 0)
    first = (await planned.all())[0]
    assert (first.due_at, first.next_at, first.destination) == (
        at("2026-12-11 01:00"),
        at("2026-12-11 01:00"),
        HARBOUR,
    )


async def test_what_waits_for_its_turn_goes_to_the_new_destination_only(planned: Ground) -> None:
    waiting = await claim_one(planned, DUE)
    async with planned.database.transaction() as tx:
        (stored,) = await planned.subscriptions.all(tx)
        await planned.subscriptions.change(tx, replace(stored, destination=HARBOUR))
    await planned.replan(TREATY, DUE)
    assert not await compose(planned, waiting)
    await confirm(planned, waiting, Needless("it was put off"), DUE)
    again = await claim_one(planned, DUE)
    assert (again.id, again.destination) == (waiting.id, HARBOUR)


async def test_an_hour_moved_after_the_message_went_out_does_not_send_it_again(planned: Ground) -> None:
    each = await claim_one(planned, DUE)
    await compose(planned, each)
    await confirm(planned, each, Sent("1"), DUE)
    async with planned.database.transaction() as tx:
        (stored,) = await planned.subscriptions.all(tx)
        await planned.subscriptions.change(tx, replace(stored, schedule="18:00"))
    await planned.replan(TREATY, "2026-12-11 12:00")
    assert await planned.claim("2026-12-11 18:00") == []


async def test_a_pause_cancels_and_resuming_does_not_make_up_for_it(planned: Ground) -> None:
    async with planned.database.transaction() as tx:
        (stored,) = await planned.subscriptions.all(tx)
        await planned.subscriptions.change(tx, replace(stored, paused=True))
    assert await planned.replan(TREATY, "2026-12-01 00:00") == (0, 0, 13)
    assert await planned.claim("2026-12-12 00:00") == []
    async with planned.database.transaction() as tx:
        (paused,) = await planned.subscriptions.all(tx)
        await planned.subscriptions.change(tx, replace(paused, paused=False))
    # One lead time more has come into sight since then, of the occurrence 400 days ahead.
    assert (await planned.replan(TREATY, "2026-12-12 00:00")).added == 12
    assert (await planned.states())["7d 2026-12-18"] == "cancelled"
    assert (await claim_one(planned, "2026-12-17 09:00")).lead == "1d"


async def test_the_end_of_a_subscription_cancels_what_no_platform_was_called_for(planned: Ground) -> None:
    waiting = await claim_one(planned, DUE)
    async with planned.database.transaction() as tx:
        await planned.subscriptions.end(tx, waiting.subscription, at(DUE))
        assert await planned.deliveries.cancel(tx, waiting.subscription, at(DUE), "unfollowed") == []
    assert set((await planned.states()).values()) == {"cancelled"}
    assert not await compose(planned, waiting)
    assert (await confirm(planned, waiting, Needless("cancelled"), DUE)).last_error == "unfollowed"


async def test_what_is_at_the_platform_when_a_subscription_ends_is_named_and_not_tried_again(
    planned: Ground,
) -> None:
    each = await claim_one(planned, DUE)
    assert await compose(planned, each)
    async with planned.database.transaction() as tx:
        (named,) = await planned.deliveries.cancel(tx, each.subscription, at(DUE), "unfollowed")
    assert named.id == each.id
    after = await confirm(planned, each, Retry("the platform is overloaded"), DUE)
    assert (after.state, after.last_error) == (
        "cancelled",
        "no longer planned; before, the platform is overloaded",
    )


async def test_a_date_that_moves_while_its_message_is_at_the_platform_is_not_announced_stale(
    field: Ground,
) -> None:
    await field.follow(following())
    await field.replan(brief_with(single("talks", "2026-12-18", "7d")), START)
    each = await claim_one(field, DUE)
    await compose(field, each)
    moved = brief_with(single("talks", "2027-01-18", "7d"))
    await field.replan(moved, DUE)
    assert await field.replan(moved, DUE) == (0, 0, 0)
    assert (await confirm(field, each, Retry("busy"), DUE)).state == "cancelled"
    # It may also have arrived; then it stands as sent, for a correction to find.
    await field.replan(brief_with(single("draft", "2026-12-20", "7d")), "2026-12-12 00:00")
    other = await claim_one(field, "2026-12-13 09:00")
    await compose(field, other)
    await field.replan(moved, "2026-12-13 09:00")
    assert (await confirm(field, other, Sent("9"), "2026-12-13 09:01")).state == "sent"


@pytest.mark.parametrize(
    ("outcome", "state", "error"),
    [
        (Refused("the channel is gone"), "failed", "the channel is gone"),
        (Needless("the date is under embargo"), "skipped", "the date is under embargo"),
        (Retry("rate limited"), "retrying", "rate limited"),
        (Doubtful("the connection broke"), "sending", "the connection broke"),
    ],
)
async def test_each_outcome_leads_to_its_state(
    planned: Ground, outcome: Outcome, state: str, error: str
) -> None:
    each = await claim_one(planned, DUE)
    await compose(planned, each)
    after = await confirm(planned, each, outcome, DUE)
    assert (after.state, after.last_error) == (state, error)


async def test_retries_wait_longer_each_time_and_keep_their_text(field: Ground) -> None:
    await field.follow(following("digest", schedule="monthly 1 09:00", max_age=timedelta(days=30)))
    await field.replan(TREATY, START)
    now, waits = at("2026-12-01 09:00"), []
    for _ in range(7):
        each = await claim_one(field, f"{now:%Y-%m-%d %H:%M:%S}")
        await compose(field, each, each.text or '{"title": "Digest"}')
        after = await confirm(field, each, Retry("down"), f"{now:%Y-%m-%d %H:%M:%S}")
        assert after.next_at is not None
        waits.append(after.next_at - now)
        now = after.next_at
    assert waits == [*BACKOFF, timedelta(hours=1), timedelta(hours=1)]
    assert (after.attempts, after.text) == (7, '{"title": "Digest"}')


async def test_the_platforms_own_wait_is_kept_and_jitter_only_lengthens_it(planned: Ground) -> None:
    each = await claim_one(planned, DUE)
    exact = await confirm(planned, each, Retry("rate limited", timedelta(seconds=90)), DUE)
    assert exact.next_at == at("2026-12-11 09:01:30")
    again = await claim_one(planned, "2026-12-11 09:01:30")
    spread = await confirm(
        planned, again, Retry("rate limited", timedelta(seconds=90)), "2026-12-11 09:02", jitter=1.0
    )
    assert spread.next_at == at("2026-12-11 09:03:48")


async def test_retries_end_when_the_message_is_of_no_more_use(planned: Ground) -> None:
    async with planned.database.transaction() as tx:
        await tx.execute("UPDATE deliveries SET expires_at = due_at + 60000")
    each = await claim_one(planned, DUE)
    each = await confirm(planned, each, Retry("down"), "2026-12-11 09:00:30")
    assert each.state == "retrying"
    again = await claim_one(planned, "2026-12-11 09:00:45")
    failed = await confirm(planned, again, Retry("still down"), "2026-12-11 09:00:46")
    assert (failed.state, failed.last_error) == ("failed", "gave up after trying 2 times: still down")


async def test_a_crash_before_the_platform_was_called_needs_no_look_up(planned: Ground) -> None:
    await claim_one(planned, DUE)
    async with planned.database.transaction() as tx:
        assert await planned.deliveries.recover(tx, at("2026-12-11 09:00:30")) == 0
        assert await planned.deliveries.doubtful(tx) == []
    again = await claim_one(planned, "2026-12-11 09:00:30")
    assert (again.attempts, again.last_error) == (2, "the bot stopped before the platform was called")


async def test_a_crash_between_the_call_and_its_answer_is_found_in_doubt(planned: Ground) -> None:
    each = await claim_one(planned, DUE)
    await compose(planned, each)
    async with planned.database.transaction() as tx:
        assert await planned.deliveries.recover(tx, at("2026-12-11 09:01")) == 1
        (doubt,) = await planned.deliveries.doubtful(tx)
    assert (doubt.id, doubt.last_error) == (each.id, "the bot stopped before the platform answered")
    assert await planned.claim("2026-12-11 09:01") == []
    async with planned.database.transaction() as tx:
        assert [d.id for d in await planned.deliveries.claim_doubtful(tx, at("2026-12-11 09:01:30"))] == [
            each.id
        ]
        assert await planned.deliveries.claim_doubtful(tx, at("2026-12-11 09:01")) == []
    assert (await confirm(planned, each, Sent("5"), "2026-12-11 09:01")).state == "sent"


async def test_a_look_up_that_finds_nothing_leads_to_another_attempt(planned: Ground) -> None:
    each = await claim_one(planned, DUE)
    await compose(planned, each)
    await confirm(planned, each, Doubtful("timed out"), DUE)
    async with planned.database.transaction() as tx:
        assert await planned.deliveries.claim_doubtful(tx, at("2026-12-11 09:00:29")) == []
        assert len(await planned.deliveries.claim_doubtful(tx, at("2026-12-11 09:00:30"))) == 1
    async with planned.database.transaction() as tx:
        await planned.deliveries.resolve(tx, each.id, Retry("not there"), at("2026-12-11 09:00:31"))
    again = await claim_one(planned, "2026-12-11 09:00:31")
    assert (again.id, again.attempts, again.short_key) == (each.id, 2, each.short_key)


async def test_look_ups_grow_rarer_and_end_with_the_messages_use(planned: Ground) -> None:
    each = await claim_one(planned, DUE)
    await compose(planned, each)
    assert (await confirm(planned, each, Doubtful("no answer"), "2026-12-11 12:20")).next_at == at(
        "2026-12-11 12:40"
    )
    assert (await confirm(planned, each, Doubtful("no answer"), "2026-12-13 09:00")).next_at == at(
        "2026-12-13 10:00"
    )
    failed = await confirm(planned, each, Doubtful("no answer"), "2026-12-19 00:00")
    assert (failed.state, failed.last_error) == (
        "failed", "whether it arrived could not be found out in time: no answer",
    )  # fmt: skip


async def test_what_can_never_be_looked_up_fails_in_doubt_and_is_looked_up_before_it_is_tried_again(
    planned: Ground,
) -> None:
    each = await claim_one(planned, DUE)
    await compose(planned, each)
    await confirm(planned, each, Doubtful("no answer"), DUE)
    async with planned.database.transaction() as tx:
        await planned.deliveries.claim_doubtful(tx, at("2026-12-11 09:00:30"))
        await planned.deliveries.resolve(
            tx, each.id, Refused("the channel is gone"), at("2026-12-11 09:00:31")
        )
        (failed,) = await planned.deliveries.failed(tx, 5)
        assert failed.last_error == "whether it arrived could not be found out: the channel is gone"
        assert await planned.deliveries.try_again(tx, each.id, at("2026-12-11 10:00"))
        (looked_up,) = await planned.deliveries.claim_doubtful(tx, at("2026-12-11 10:00"))
    assert looked_up.id == each.id
    assert await planned.claim("2026-12-11 10:00") == []


async def test_doubt_about_a_call_that_was_never_made_is_a_plain_retry(planned: Ground) -> None:
    each = await claim_one(planned, DUE)
    assert (await confirm(planned, each, Doubtful("composing failed"), DUE)).state == "retrying"


async def test_a_late_message_is_called_late(planned: Ground) -> None:
    assert not (await claim_one(planned, "2026-12-11 09:05")).late
    await planned.claim("2026-12-17 09:00")
    assert (await claim_one(planned, "2026-12-18 09:06")).late


@pytest.mark.parametrize(
    ("catch_up", "sent", "skipped"),
    [
        ("all", ["2026-12-06", "2026-12-07", "2026-12-08"], "it was no longer of use when its turn came"),
        ("latest", ["2026-12-08"], "it was late, and a newer one was due as well"),
        ("skip", [], "it was late, and its subscription leaves out what is late"),
    ],
)
async def test_downtime_is_caught_up_as_the_subscription_says(
    field: Ground, catch_up: str, sent: list[str], skipped: str
) -> None:
    made = following("digest", schedule="daily 09:00", catch_up=catch_up, max_age=timedelta(days=3))
    await field.follow(replace(made, created_at=at("2026-12-04 00:00")))
    await field.replan(TREATY, "2026-12-04 00:00")
    taken = await field.claims("2026-12-09 08:00")
    assert [each.announced for each in taken] == sent
    assert all(each.late for each in taken)
    left_out = {each.announced: each.last_error for each in await field.all() if each.state == "skipped"}
    assert len(left_out) == 5 - len(sent)
    assert skipped in left_out.values()
    assert left_out["2026-12-05"] == "it was no longer of use when its turn came"
    assert [each.announced for each in await field.claim("2026-12-09 09:00")] == ["2026-12-09"]


async def test_a_reminder_of_a_day_that_is_over_is_not_sent(planned: Ground) -> None:
    assert await planned.claim("2026-12-19 00:00") == []
    assert [each.state for each in (await planned.all())[:3]] == ["skipped"] * 3


async def test_a_downtime_longer_than_the_plan_loses_nothing_that_is_still_of_use(field: Ground) -> None:
    await field.follow(following("digest", schedule="daily 09:00"))
    await field.replan(TREATY, START)
    # The plan ended on 3 January; the bot comes back on 1 February.
    await field.replan(TREATY, "2027-02-01 12:00")
    assert [each.announced for each in await field.claims("2027-02-01 12:00")] == ["2027-02-01"]


async def test_what_comes_next_is_listed_for_all_and_for_one_destination(planned: Ground) -> None:
    other = await planned.follow(following(where=HARBOUR, leads=["2d"]))
    await planned.replan(TREATY, START)
    async with planned.database.reading() as tx:
        first, second = await planned.deliveries.upcoming(tx, 2)
        (only, *_) = await planned.deliveries.upcoming(tx, 5, HARBOUR)
        assert (await planned.deliveries.next_of(tx, other.id)) == only
        assert await planned.deliveries.counts(tx) == {"planned": 16}
    assert (first.lead, first.destination, second.lead, only.lead) == ("7d", LOBBY, "2d", "2d")


async def test_a_new_id_is_no_cancellation_and_no_news(planned: Ground) -> None:
    sent = await claim_one(planned, DUE)
    await compose(planned, sent)
    await confirm(planned, sent, Sent("1"), DUE)
    renamed = IN_FORCE.model_copy(update={"id": "entry-into-force", "formerly": ("treaty-in-force",)})
    assert await planned.replan(brief_with(SIGNING, renamed), DUE) == (0, 0, 0)
    found = [each for each in await planned.all() if each.announced == "2026-12-18"]
    assert [(each.item, each.state) for each in found] == [
        ("entry-into-force", "sent"),
        ("entry-into-force", "planned"),
        ("entry-into-force", "planned"),
    ]
    assert found[1].key == f"{sent.subscription}|reminder|entry-into-force|61|1d|2026-12-18"


async def test_a_brief_under_a_new_id_keeps_its_followers_and_its_plan(planned: Ground) -> None:
    await planned.follow(following("digest", schedule="weekly sun 01:30"))
    await planned.replan(TREATY, START)
    renamed = TREATY.model_copy(update={"brief": "korea-2024", "formerly": ("harbour-2025",)})
    assert await planned.replan(renamed, START) == (0, 0, 0)
    assert {each.brief for each in await planned.all()} == {"korea-2024"}
    async with planned.database.reading() as tx:
        assert {each.brief for each in await planned.subscriptions.all(tx)} == {"korea-2024"}


async def test_a_digest_out_of_turn_is_sent_once_and_survives_a_new_plan(planned: Ground) -> None:
    stored = await planned.follow(following("digest", schedule="weekly sun 01:30"))
    extra = digest_now(TREATY, stored, at("2026-11-25 10:00"))
    async with planned.database.transaction() as tx:
        assert await planned.deliveries.add(tx, extra, at("2026-11-25 10:00"))
        assert not await planned.deliveries.add(tx, extra, at("2026-11-25 10:00"))
    await planned.replan(TREATY, "2026-11-25 10:00")
    assert [each.key for each in await planned.claim("2026-11-25 10:00")] == [extra.key]
