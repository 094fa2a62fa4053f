"""What is in doubt is looked up before anything is said that depends on it."""

from scheduler.delivery import Delivery
from scheduler.outcomes import Doubtful, Outcome, Refused, Retry, Sent
from scheduler.runner import Runner
from tests.briefs.sample import SAMPLE_YAML
from tests.scheduler.ground import HARBOUR, Ground, at, brief_with, following, single

START = "2026-11-24 00:00"
WEEK_BEFORE = "2026-12-11 09:00"
SIX_DAYS_BEFORE = "2026-12-12 09:00"


async def resolved(field: Ground, each: Delivery, found: Outcome, now: str) -> None:
    """Look a delivery up, and plan anew as the runner does where it arrived though it was withdrawn."""
    async with field.database.transaction() as tx:
        assert [d.id for d in await field.deliveries.claim_doubtful(tx, at(now))] == [each.id]
        await field.deliveries.resolve(tx, each.id, found, at(now))


async def dates_told(field: Ground) -> list[tuple[str, str]]:
    """What was sent so far: each message's kind and date, in order."""
    sent = [each for each in await field.all() if each.state == "sent"]
    return [(each.kind, each.announced) for each in sorted(sent, key=lambda each: each.updated_at)]


async def talks_told_first(field: Ground, led_to: Outcome) -> Delivery:
    """Have a place told of the talks, for the first time, by a message that led to this."""
    await field.follow(following(where=HARBOUR))
    await field.replan(brief_with(single("talks", "2026-12-18", "7d")), START)
    (each,) = await field.claim(WEEK_BEFORE)
    return await field.settle(each, led_to, WEEK_BEFORE)


async def talks_told_twice(field: Ground, last: Outcome) -> Delivery:
    """Have a place told of the talks, and once more with a last message that led to this."""
    await field.follow(following(where=HARBOUR))
    await field.replan(brief_with(single("talks", "2026-12-18", "7d", "6d")), START)
    await field.send(WEEK_BEFORE)
    (each,) = await field.claim(SIX_DAYS_BEFORE)
    return await field.settle(each, last, SIX_DAYS_BEFORE)


async def test_a_look_up_is_not_put_off_by_one_start_after_another(field: Ground) -> None:
    await field.follow(following(where=HARBOUR))
    await field.replan(brief_with(single("talks", "2026-12-18", "7d")), START)
    (each,) = await field.claim(WEEK_BEFORE)
    await field.settle(each, Doubtful("no answer"), WEEK_BEFORE)
    async with field.database.transaction() as tx:
        assert await field.deliveries.recover(tx, at("2026-12-11 09:00:10")) == 0
        assert await field.deliveries.recover(tx, at("2026-12-11 09:00:20")) == 0
        assert len(await field.deliveries.claim_doubtful(tx, at("2026-12-11 09:00:30"))) == 1
        assert await field.deliveries.recover(tx, at("2026-12-11 09:00:31")) == 1
        assert await field.deliveries.claim_doubtful(tx, at("2026-12-11 09:01:00")) == []
        attempts = await field.deliveries.attempts.of(tx, each.id)
    assert [attempt.outcome for attempt in attempts] == ["doubtful", "interrupted"]


async def test_a_correction_waits_for_what_is_in_doubt_and_is_sent_once(field: Ground) -> None:
    doubt = await talks_told_twice(field, Doubtful("no answer"))
    moved = brief_with(single("talks", "2027-01-17", "7d"))
    await field.replan(moved, "2026-12-12 09:00:10")
    assert await field.send("2026-12-12 09:00:10") == []
    assert await field.send("2026-12-12 09:20") == []
    await resolved(field, doubt, Sent("m"), "2026-12-12 09:21")
    await field.replan(moved, "2026-12-12 09:21")
    assert [each.kind for each in await field.send("2026-12-12 09:21")] == ["correction"]
    await field.replan(moved, "2026-12-12 09:22")
    assert await field.send("2026-12-12 09:22") == []


async def test_a_second_move_waits_until_it_is_known_whether_the_first_was_told(field: Ground) -> None:
    await talks_told_twice(field, Sent("m"))
    await field.replan(brief_with(single("talks", "2027-01-17", "7d")), "2026-12-12 10:00")
    (first,) = await field.claim("2026-12-12 10:00")
    await field.settle(first, Doubtful("no answer"), "2026-12-12 10:00")
    again = brief_with(single("talks", "2027-01-20", "7d"))
    await field.replan(again, "2026-12-12 10:00:05")
    assert await field.send("2026-12-12 10:00:05") == []
    await resolved(field, first, Sent("m"), "2026-12-12 10:01")
    await field.replan(again, "2026-12-12 10:01")
    await field.send("2026-12-12 10:01")
    assert (await dates_told(field))[2:] == [("correction", "2027-01-17"), ("correction", "2027-01-20")]


async def test_what_certainly_did_not_arrive_holds_nothing_up(field: Ground) -> None:
    doubt = await talks_told_twice(field, Doubtful("no answer"))
    await field.replan(brief_with(single("talks", "2027-01-17", "7d")), "2026-12-12 09:00:10")
    await resolved(field, doubt, Retry("not there"), "2026-12-12 09:01")
    assert [each.kind for each in await field.send("2026-12-12 09:01")] == ["correction"]


async def test_a_place_that_may_have_been_told_is_corrected(field: Ground) -> None:
    doubt = await talks_told_first(field, Doubtful("no answer"))
    await resolved(field, doubt, Refused("the history is closed"), "2026-12-11 09:01")
    await field.replan(brief_with(single("talks", "2027-01-17", "7d")), SIX_DAYS_BEFORE)
    assert await dates_told(field) == []
    assert [each.kind for each in await field.send(SIX_DAYS_BEFORE)] == ["correction"]


async def test_a_place_that_was_certainly_not_told_is_not_corrected(field: Ground) -> None:
    await talks_told_first(field, Refused("too large"))
    await field.replan(brief_with(single("talks", "2027-01-17", "7d")), SIX_DAYS_BEFORE)
    assert await field.send(SIX_DAYS_BEFORE) == []


async def test_the_runner_plans_a_correction_once_what_was_withdrawn_cannot_be_found_out(
    field: Ground,
) -> None:
    now = at("2025-09-03 11:40")

    async def deliver(each: Delivery) -> Outcome:
        async with field.database.transaction() as tx:
            assert await field.deliveries.compose(tx, each.id, "{}", 1)
        return Doubtful("no answer")

    async def find(_: Delivery) -> Outcome:
        return Refused("the history is closed")

    runner = Runner(
        field.database, field.library, field.subscriptions, field.deliveries, deliver, find, clock=lambda: now
    )
    await field.follow(following(where=HARBOUR, since="2025-08-01 00:00", subject="date:spring-tide"))
    await field.publish(SAMPLE_YAML, "2025-08-01 00:00")
    await runner.tick(now)
    await field.publish(SAMPLE_YAML.replace("2025-09-10T12:40", "2025-09-20T12:40"), "2025-09-03 11:40")
    now = at("2025-09-03 11:41")
    await runner.tick(now)
    assert [(each.kind, each.announced, each.state) for each in await field.all()][:2] == [
        ("reminder", "2025-09-10T12:40", "failed"), ("correction", "2025-09-20T12:40", "planned"),
    ]  # fmt: skip
