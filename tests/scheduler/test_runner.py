"""The runner carries what is due, and picks up what a crash left."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
import pytest_asyncio

from scheduler.delivery import Delivery
from scheduler.outcomes import Needless, Outcome, Refused, Retry, Sent
from scheduler.runner import Runner
from tests.scheduler.ground import (
    HARBOUR,
    IN_FORCE,
    LOBBY,
    PIER,
    Ground,
    at,
    brief_with,
    document,
    following,
    ground,
)

START = at("2026-11-24 00:00")
DUE = at("2026-12-11 09:00")
TREATY = brief_with(IN_FORCE)


@dataclass
class World:
    """A ledger, a clock that is set by hand, and a platform that keeps what it is given."""

    ground: Ground
    now: datetime = START
    received: list[Delivery] = field(default_factory=list)
    answers: list[Outcome] = field(default_factory=list)
    wait: Callable[[Delivery], Awaitable[object]] | None = None
    looked_for: list[int] = field(default_factory=list)

    def runner(self, bound: int = 16) -> Runner:
        return Runner(
            self.ground.database, self.ground.library, self.ground.subscriptions, self.ground.deliveries,
            self.deliver, self.find, clock=lambda: self.now, jitter=lambda: 0.0, bound=bound,
        )  # fmt: skip

    async def deliver(self, each: Delivery) -> Outcome:
        async with self.ground.database.transaction() as tx:
            if not await self.ground.deliveries.compose(tx, each.id, each.text or "{}", 1):
                return Needless("it was cancelled meanwhile")
        if self.wait is not None:
            await self.wait(each)
        self.received.append(each)
        return self.answers.pop(0) if self.answers else Sent(f"m{each.id}")

    async def find(self, each: Delivery) -> Outcome:
        self.looked_for.append(each.id)
        known = {old.short_key for old in self.received}
        return Sent("found") if each.short_key in known else Retry("it is not in the channel's history")


@pytest_asyncio.fixture
async def world() -> AsyncIterator[World]:
    async with ground() as opened:
        yield World(opened)


async def planned(world: World, *where: object) -> None:
    for place in where or (LOBBY,):
        await world.ground.follow(following(where=place))  # type: ignore[arg-type]
    await world.ground.replan(TREATY, "2026-11-24 00:00")


async def test_a_tick_sends_what_is_due_and_the_next_one_does_not_again(world: World) -> None:
    await planned(world, LOBBY, HARBOUR)
    runner = world.runner()
    assert await runner.tick(START) == 0
    world.now = DUE
    assert await runner.tick(DUE) == 2
    assert await runner.tick(DUE) == 0
    assert {str(each.destination) for each in world.received} == {"web:local/lobby", "slack:T1/C1"}
    assert [each.state for each in await world.ground.all()][:2] == ["sent", "sent"]
    assert [each.message_id for each in (await world.ground.all())[:2]] == ["m1", "m2"]


async def test_a_failed_attempt_is_made_again_with_the_same_text_and_key(world: World) -> None:
    await planned(world)
    world.answers = [Retry("rate limited", timedelta(seconds=2))]
    runner = world.runner()
    world.now = DUE
    await runner.tick(DUE)
    world.now = DUE + timedelta(seconds=2)
    assert await runner.tick(DUE + timedelta(seconds=1)) == 0
    assert await runner.tick(world.now) == 1
    first, second = world.received
    assert (first.short_key, second.text, second.attempts) == (second.short_key, "{}", 2)


async def test_messages_to_one_destination_go_one_by_one_in_order_and_others_beside_them(
    world: World,
) -> None:
    for number, place in enumerate((LOBBY, HARBOUR, PIER)):
        for hour in ("08:00", "09:00"):
            subject = "" if hour == "08:00" else "date:treaty-in-force"
            await world.ground.follow(following(where=place, schedule=hour, subject=subject, id_=number))
    await world.ground.replan(TREATY, "2026-11-24 00:00")
    together, most = 0, 0
    busy: set[str] = set()

    async def watch(each: Delivery) -> None:
        nonlocal together, most
        assert str(each.destination) not in busy
        busy.add(str(each.destination))
        together += 1
        most = max(most, together)
        await asyncio.sleep(0.01)
        together -= 1
        busy.remove(str(each.destination))

    world.wait, world.now = watch, DUE
    assert await world.runner(bound=2).tick(DUE) == 6
    assert most == 2
    for place in (LOBBY, HARBOUR, PIER):
        assert [f"{each.due_at:%H:%M}" for each in world.received if each.destination == place] == [
            "08:00",
            "09:00",
        ]


async def test_an_unexpected_error_is_logged_and_looked_up_not_forgotten(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    await planned(world)

    async def break_down(each: Delivery) -> None:
        world.received.append(each)
        raise ZeroDivisionError("a bug")

    world.wait, world.now = break_down, DUE
    runner = world.runner()
    with caplog.at_level(logging.ERROR):
        await runner.tick(DUE)
    (row, *_) = await world.ground.all()
    assert (row.state, row.last_error) == (
        "sending",
        "the bot met an error of its own (ZeroDivisionError); its log says more",
    )
    assert f"Delivery {row.id} to web:local/lobby met an unexpected error" in caplog.text
    world.wait = None
    world.now = DUE + timedelta(seconds=30)
    await runner.tick(world.now)
    (row, *_) = await world.ground.all()
    assert (row.state, row.message_id, world.looked_for) == ("sent", "found", [row.id])


async def test_what_was_under_way_in_a_crash_is_looked_up_and_sent_again_only_if_it_is_not_there(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    await planned(world, LOBBY, HARBOUR, PIER)
    arrived, lost, unsent = await world.ground.claim("2026-12-11 09:00")
    async with world.ground.database.transaction() as tx:
        await world.ground.deliveries.compose(tx, arrived.id, "{}", 1)
        await world.ground.deliveries.compose(tx, lost.id, "{}", 1)
    world.received.append(arrived)

    world.now = DUE + timedelta(minutes=1)
    runner = world.runner()
    await runner.start()
    try:
        assert "2 deliveries were under way when the bot stopped; looking for them" in caplog.text
        await runner.tick(world.now)
        assert world.looked_for == [], "Slack shows metadata only after some seconds"
        world.now += timedelta(seconds=30)
        for _ in range(3):
            await runner.tick(world.now)
    finally:
        await runner.stop()
    assert sorted(world.looked_for) == sorted([arrived.id, lost.id])
    assert sorted(each.id for each in world.received) == sorted([arrived.id, lost.id, unsent.id])
    states = {each.id: each.state for each in await world.ground.all()}
    assert {states[arrived.id], states[lost.id], states[unsent.id]} == {"sent"}


async def test_stopping_lets_what_is_in_flight_finish_and_takes_nothing_new(world: World) -> None:
    await planned(world)
    started, go_on = asyncio.Event(), asyncio.Event()

    async def slow(each: Delivery) -> None:
        started.set()
        await go_on.wait()

    world.wait, world.now = slow, DUE
    runner = world.runner()
    tick = asyncio.create_task(runner.tick(DUE))
    await started.wait()
    assert runner.in_flight == 1
    stopping = asyncio.create_task(runner.stop())
    await asyncio.sleep(0.01)
    assert not stopping.done()
    go_on.set()
    assert await stopping == 0
    await tick
    assert (await world.ground.all())[0].state == "sent"
    assert await runner.tick(at("2026-12-18 09:00")) == 0


async def test_what_takes_too_long_is_cut_off_and_left_to_be_looked_up(world: World) -> None:
    await planned(world)

    async def never(each: Delivery) -> None:
        await asyncio.Event().wait()

    world.wait, world.now = never, DUE
    runner = world.runner()
    tick = asyncio.create_task(runner.tick(DUE))
    await asyncio.sleep(0.05)
    assert await runner.stop(limit=0.05) == 1
    await tick
    (row, *_) = await world.ground.all()
    assert (row.state, row.on_wire) == ("sending", True)


async def test_a_started_runner_plans_ahead_ticks_by_itself_and_stops(world: World) -> None:
    await world.ground.follow(following("digest", schedule="daily 09:00"))
    async with world.ground.database.transaction() as tx:
        await world.ground.library.store(tx, document(), "web:local/reader", START, "first", "file")
    runner = world.runner()
    await runner.start()
    assert len(await world.ground.all()) == 40
    world.now = at("2026-11-24 09:00")
    for _ in range(40):
        await asyncio.sleep(0.05)
        if world.received:
            break
    await runner.stop()
    assert [each.announced for each in world.received] == ["2026-11-24"]
    assert runner.last_tick == at("2026-11-24 09:00")


async def test_each_day_the_plan_reaches_a_day_further(world: World) -> None:
    await world.ground.follow(following("digest", schedule="daily 09:00"))
    async with world.ground.database.transaction() as tx:
        await world.ground.library.store(tx, document(), "web:local/reader", START, "first", "file")
    runner = world.runner()
    await runner.extend(START)
    await runner.extend(START + timedelta(days=1))
    rows = await world.ground.all()
    assert (rows[0].announced, rows[-1].announced, len(rows)) == ("2026-11-24", "2027-01-03", 41)


async def test_a_message_that_is_refused_for_good_is_not_tried_again(world: World) -> None:
    await planned(world)
    world.answers = [Refused("the channel is gone")]
    world.now = DUE
    runner = world.runner()
    await runner.tick(DUE)
    await runner.tick(DUE + timedelta(hours=2))
    assert len(world.received) == 1
    assert (await world.ground.all())[0].last_error == "the channel is gone"


async def test_publishing_and_planning_are_one_transaction(world: World) -> None:
    await world.ground.follow(following())
    runner = world.runner()

    async def publish(then_fail: bool) -> None:
        async with world.ground.database.transaction() as tx:
            await world.ground.library.store(tx, document(), "web:local/reader", START, "first", "file")
            await runner.replanner.replan(tx, "harbour-2025", START)
            assert not then_fail, "the disk is full"

    with pytest.raises(AssertionError, match="the disk is full"):
        await publish(then_fail=True)
    assert await world.ground.all() == []
    await publish(then_fail=False)
    assert {each.item for each in await world.ground.all()} == {"gauge-anniversary"}
