"""Whose turn it is: on time before late, one late message a tick to each place, nothing to one that refuses."""

from collections import Counter
from datetime import timedelta

from scheduler.address import Destination
from scheduler.delivery import Delivery
from scheduler.delivery_turns import CROWD, LATE_A_TICK
from scheduler.outcomes import Doubtful, Refused, Sent
from scheduler.planner import digest_now
from tests.scheduler.ground import HARBOUR, PIER, Ground, at, brief_with, document, following, single

START = "2026-11-24 00:00"
DATES = brief_with(*(single(f"day-{n}", f"2026-12-{n}", "0d") for n in (10, 11, 12)))
BACK = "2026-12-12 12:00"
INBOX = Destination("slack", "T1", "@U1")


async def followed(field: Ground, *places: Destination) -> None:
    for place in places:
        await field.follow(following(where=place, max_age=timedelta(days=7), subject=""))
    # A month's dates are of use for its whole length, so that a long downtime leaves them useful.
    months = brief_with(*(single(f"m-{n}", "2026-12", f"{n}d") for n in (1, 2, 3)))
    await field.replan(months, START)


async def test_after_a_downtime_each_place_gets_one_message_a_tick(field: Ground) -> None:
    await followed(field, HARBOUR, PIER)
    first = await field.claim("2026-12-02 12:00")
    assert [(each.destination, each.item) for each in first] == [(HARBOUR, "m-3"), (PIER, "m-3")]
    assert all(each.late for each in first)
    second = await field.claim("2026-12-02 12:00")
    assert [each.item for each in second] == ["m-2", "m-2"]


async def test_a_stampede_is_spread_over_ticks(field: Ground) -> None:
    places = [Destination("slack", "T1", f"C{n}") for n in range(LATE_A_TICK + 5)]
    await followed(field, *places)
    assert len(await field.claim("2026-12-02 12:00")) == LATE_A_TICK
    # Of the next tick only what has not had its first turn comes before the second messages.
    rest = await field.claim("2026-12-02 12:00")
    assert [each.item for each in rest[:5]] == ["m-3"] * 5


async def test_what_is_on_time_does_not_wait_for_what_is_late(field: Ground) -> None:
    await followed(field, HARBOUR)
    await field.follow(following(where=PIER, since=START))
    await field.replan(DATES, START)
    taken = await field.claim("2026-12-10 09:00", limit=1)
    assert [(each.item, each.late) for each in taken] == [("day-10", False)]


async def test_nothing_late_is_taken_for_a_place_that_is_busy(field: Ground) -> None:
    await followed(field, HARBOUR, PIER)
    async with field.database.transaction() as tx:
        taken = await field.deliveries.claim(tx, at("2026-12-02 12:00"), busy={HARBOUR})
    assert [each.destination for each in taken] == [PIER]


async def backlog(field: Ground, place: Destination, count: int, begins: str = "2026-12-10 09:00:00") -> None:
    """Have some messages due at a place, a second apart."""
    made = await field.follow(following("digest", place, catch_up="all"))
    async with field.database.transaction() as tx:
        for second in range(count):
            each = digest_now(document().brief, made, at(begins) + timedelta(seconds=second))
            assert await field.deliveries.add(tx, each, at(START))


async def claimed(field: Ground, now: str, limit: int, busy: Counter[Destination]) -> list[Delivery]:
    async with field.database.transaction() as tx:
        return await field.deliveries.claim(tx, at(now), limit, busy)


async def test_a_backlog_at_one_place_leaves_room_for_the_others(field: Ground) -> None:
    await backlog(field, HARBOUR, 75)
    await backlog(field, PIER, 2, "2026-12-10 09:02:00")
    taken = await claimed(field, "2026-12-10 09:03", 30, Counter())
    assert Counter(each.destination for each in taken) == {HARBOUR: CROWD, PIER: 2}
    due = [each.due_at for each in taken if each.destination == HARBOUR]
    assert due == [at("2026-12-10 09:00") + timedelta(seconds=second) for second in range(CROWD)]


async def test_a_crowded_place_takes_no_more_than_it_lets_out_and_in_order(field: Ground) -> None:
    await backlog(field, HARBOUR, 30)
    first = await claimed(field, "2026-12-10 09:01", 30, Counter())
    assert await claimed(field, "2026-12-10 09:01", 30, Counter({HARBOUR: CROWD})) == []
    more = await claimed(field, "2026-12-10 09:01", 30, Counter({HARBOUR: CROWD - 3}))
    assert [len(first), len(more)] == [CROWD, 3]
    due = [each.due_at for each in (*first, *more)]
    assert due == sorted(due)


async def test_what_is_late_goes_before_what_is_on_time_at_its_place(field: Ground) -> None:
    await backlog(field, HARBOUR, 1, "2026-12-10 09:00:00")
    await backlog(field, HARBOUR, 2, "2026-12-10 10:00:00")
    taken = await claimed(field, "2026-12-10 10:01", 20, Counter())
    assert [(each.due_at, each.late) for each in taken] == [
        (at("2026-12-10 09:00"), True),
        (at("2026-12-10 10:00:00"), False),
        (at("2026-12-10 10:00:01"), False),
    ]


async def test_what_is_taken_is_what_is_stored(field: Ground) -> None:
    await backlog(field, HARBOUR, 2)
    taken = await claimed(field, "2026-12-10 09:01", 20, Counter())
    assert [(each.state, each.attempts, each.next_at) for each in taken] == [("sending", 1, None)] * 2
    assert taken == await field.all()


async def test_what_went_out_of_use_is_settled_and_the_next_takes_its_place(field: Ground) -> None:
    await backlog(field, HARBOUR, 2)
    async with field.database.transaction() as tx:
        await tx.execute("UPDATE deliveries SET expires_at = next_at + 1 WHERE id = 1")
    assert [each.id for each in await claimed(field, "2026-12-10 09:01", 1, Counter())] == [2]
    assert [(each.state, each.last_error) for each in await field.all()] == [
        ("skipped", "it was no longer of use when its turn came"),
        ("sending", None),
    ]


async def test_an_idle_tick_is_told_from_one_at_which_something_is_due(field: Ground) -> None:
    async def due(now: str) -> bool:
        async with field.database.reading() as tx:
            return await field.deliveries.anything_due(tx, at(now))

    await backlog(field, HARBOUR, 1)
    assert [await due("2026-12-10 08:59:59"), await due("2026-12-10 09:00")] == [False, True]
    (each,) = await claimed(field, "2026-12-10 09:00", 1, Counter())
    assert not await due("2026-12-10 10:00")
    await field.settle(each, Doubtful("no answer", timedelta(minutes=1)), "2026-12-10 10:00")
    assert [await due("2026-12-10 10:00:59"), await due("2026-12-10 10:01")] == [False, True]
    async with field.database.transaction() as tx:
        assert await field.deliveries.claim_doubtful(tx, at("2026-12-10 10:01"))
        await tx.execute("UPDATE deliveries SET mark_at = ?", int(at("2026-12-11 00:00").timestamp() * 1000))
    assert [await due("2026-12-10 23:59"), await due("2026-12-11 00:00")] == [False, True]


async def test_a_refusal_that_reaches_further_holds_what_is_due_and_loses_none_of_it(field: Ground) -> None:
    await followed(field, HARBOUR, PIER)
    refused, _other = await field.claim("2026-11-28 09:00")
    waiting = await field.settle(refused, Refused("it is archived", "destination"), "2026-11-28 09:00")
    assert (waiting.state, waiting.last_error) == ("retrying", "it is archived")
    assert [each.destination for each in await field.claim("2026-11-29 09:00")] == [PIER]
    async with field.database.transaction() as tx:
        (stop,) = await field.deliveries.stops.all(tx)
        assert (stop.place, stop.reason, stop.since) == (
            str(HARBOUR),
            "it is archived",
            at("2026-11-28 09:00"),
        )
        assert await field.deliveries.stops.lift(tx, stop.place)
        assert not await field.deliveries.stops.lift(tx, stop.place)
    sent = await field.send("2026-11-29 10:00", ticks=3)
    assert [(each.destination, each.item, each.state) for each in sent] == [
        (HARBOUR, "m-3", "sent"),
        (HARBOUR, "m-2", "sent"),
    ]


async def test_a_refused_token_holds_its_whole_platform_until_the_next_start(field: Ground) -> None:
    await followed(field, HARBOUR, INBOX, PIER)
    (refused, *others) = await field.claim("2026-11-28 09:00")
    assert [each.destination for each in (refused, *others)] == [HARBOUR, INBOX, PIER]
    await field.settle(refused, Refused("the token was revoked", "token"), "2026-11-28 09:00")
    for each in others:
        await field.settle(each, Sent("m"), "2026-11-28 09:00")
    assert [each.destination for each in await field.claim("2026-11-29 09:00")] == [PIER]
    async with field.database.transaction() as tx:
        assert [stop.place for stop in await field.deliveries.stops.all(tx)] == ["slack"]
        await field.deliveries.stops.lift_platforms(tx)
    assert {each.destination for each in await field.claim("2026-11-29 09:01")} == {HARBOUR, INBOX}


async def test_what_goes_out_of_use_at_a_stopped_place_fails_with_the_platforms_words(field: Ground) -> None:
    await field.follow(following(where=HARBOUR))
    await field.replan(DATES, START)
    (each,) = await field.claim("2026-12-10 09:00")
    await field.settle(each, Refused("it is archived", "destination"), "2026-12-10 09:00")
    assert await field.claim("2026-12-12 00:00") == []
    assert [(row.item, row.state, row.last_error) for row in await field.all()] == [
        ("day-10", "failed", "it is archived"),
        ("day-11", "failed", "its destination refuses messages"),
        ("day-12", "planned", None),
    ]


async def test_a_first_refusal_stands_and_names_the_first_reason(field: Ground) -> None:
    async with field.database.transaction() as tx:
        await field.deliveries.stops.add(tx, HARBOUR, "destination", "archived", at(START))
        await field.deliveries.stops.add(tx, HARBOUR, "destination", "gone", at(BACK))
        stop = await field.deliveries.stops.at(tx, HARBOUR)
        assert await field.deliveries.stops.at(tx, PIER) is None
    assert stop is not None
    assert (stop.reason, str(stop)) == ("archived", "slack:T1/C1 since 2026-11-24T00:00:00+00:00")


async def test_an_admin_gives_a_failed_message_another_day_or_dismisses_it(field: Ground) -> None:
    await field.follow(following(where=HARBOUR))
    await field.replan(DATES, START)
    (each,) = await field.claim("2026-12-10 09:00")
    await field.settle(each, Refused("too large"), "2026-12-10 09:00")
    async with field.database.transaction() as tx:
        assert [row.id for row in await field.deliveries.failed(tx, 5, HARBOUR)] == [each.id]
        assert await field.deliveries.failed(tx, 5, PIER) == []
        assert await field.deliveries.try_again(tx, each.id, at("2026-12-12 12:00"))
        assert not await field.deliveries.try_again(tx, each.id, at("2026-12-12 12:00"))
    again = next(row for row in await field.claims("2026-12-12 12:00", 3) if row.id == each.id)
    await field.settle(again, Refused("too large"), "2026-12-12 12:00")
    async with field.database.transaction() as tx:
        assert await field.deliveries.dismiss(tx, each.id, at("2026-12-12 12:01"), "slack:T1/U9")
        dismissed = await field.deliveries.get(tx, each.id)
    assert dismissed is not None
    assert dismissed.state == "skipped"
    assert dismissed.last_error == "dismissed by slack:T1/U9; before, too large"


async def test_every_attempt_is_kept_with_its_words(field: Ground) -> None:
    await field.follow(following(where=HARBOUR))
    await field.replan(DATES, START)
    (each,) = await field.claim("2026-12-10 09:00")
    async with field.database.transaction() as tx:
        await field.deliveries.compose(tx, each.id, "{}", 1)
        await field.deliveries.recover(tx, at("2026-12-10 09:01"))
        await field.deliveries.claim_doubtful(tx, at("2026-12-10 09:01:30"))
        await field.deliveries.resolve(tx, each.id, Sent("m"), at("2026-12-10 09:01:31"))
        found = await field.deliveries.attempts.of(tx, each.id)
    assert [(one.number, one.outcome, one.words) for one in found] == [
        (1, "interrupted", "the bot stopped before the platform answered"),
        (1, "sent", ""),
    ]


async def test_what_another_subscription_told_a_place_is_its_twin(field: Ground) -> None:
    await field.follow(following(where=HARBOUR))
    await field.follow(following(where=HARBOUR, subject="date:day-10"))
    await field.follow(following(where=PIER))
    await field.replan(DATES, START)
    first, second, elsewhere = await field.claim("2026-12-10 09:00")
    assert elsewhere.destination == PIER
    async with field.database.transaction() as tx:
        assert await field.deliveries.twin(tx, second) is None
    await field.settle(first, Sent("m"), "2026-12-10 09:00")
    async with field.database.transaction() as tx:
        twin = await field.deliveries.twin(tx, second)
        assert twin is not None
        assert (twin.id, twin.state) == (first.id, "sent")
        assert await field.deliveries.twin(tx, elsewhere) is None
