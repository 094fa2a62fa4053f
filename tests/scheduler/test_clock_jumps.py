"""The machine's clock is set back, set ahead or sleeps: nothing is lost, nothing comes twice, all goes on.

`time_machine` moves the clock that APScheduler and the runner read; the event loop's own goes on as it is.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio
import time_machine
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from scheduler.delivery import Delivery
from scheduler.outcomes import Outcome, Retry, Sent
from scheduler.planner import digest_now
from scheduler.runner import Runner, utc_now
from tests.scheduler.ground import HARBOUR, Ground, brief_with, following, single

NOON = datetime(2026, 12, 11, 12, tzinfo=UTC)
BRIEF = brief_with(single("talks", "2027-03-01", "7d"))


class House:
    """A runner that ticks by itself, and what arrived."""

    def __init__(self, field: Ground) -> None:
        self.field = field
        self.arrived: list[str] = []
        self.runner = Runner(
            field.database, field.library, field.subscriptions, field.deliveries, self._deliver, self._find
        )

    async def _deliver(self, each: Delivery) -> Outcome:
        async with self.field.database.transaction() as tx:
            await self.field.deliveries.compose(tx, each.id, "{}", 1)
        self.arrived.append(each.key)
        return Sent(f"m{len(self.arrived)}")

    async def _find(self, each: Delivery) -> Outcome:
        return Retry("not there")

    async def plan(self, when: datetime) -> str:
        """Plan a digest for an instant; return its key."""
        async with self.field.database.transaction() as tx:
            made, _ = await self.field.subscriptions.add(tx, following("digest", where=HARBOUR))
            planned = digest_now(BRIEF, made, when)
            await self.field.deliveries.add(tx, planned, when)
        return planned.key


@pytest_asyncio.fixture
async def house(field: Ground) -> AsyncIterator[House]:
    with time_machine.travel(NOON, tick=True):
        opened = House(field)
        await opened.runner.start()
        await until(lambda: opened.runner.last_tick is not None)
        yield opened
        await opened.runner.stop()


async def until(ready: Callable[[], object]) -> None:
    async with asyncio.timeout(20):
        while not ready():
            await asyncio.sleep(0.02)


@pytest.mark.parametrize(
    "jump", [timedelta(hours=-1), timedelta(hours=1), timedelta(days=-30), timedelta(seconds=-5)]
)
async def test_the_bot_goes_on_after_the_clock_jumped(house: House, jump: timedelta) -> None:
    with time_machine.travel(utc_now() + jump, tick=True):
        ticked = house.runner.last_tick
        await until(lambda: house.runner.last_tick != ticked and _near(house.runner.last_tick))
        key = await house.plan(utc_now())
        await until(lambda: house.arrived == [key])


def _near(tick: datetime | None) -> bool:
    return tick is not None and abs(utc_now() - tick) < timedelta(seconds=3)


async def test_what_was_sent_is_not_sent_again_when_its_hour_comes_round_again(house: House) -> None:
    key = await house.plan(utc_now())
    await until(lambda: house.arrived == [key])
    with time_machine.travel(NOON - timedelta(minutes=1), tick=True):
        other = await house.plan(utc_now())
        await until(lambda: other in house.arrived)
        with time_machine.travel(NOON + timedelta(minutes=1), tick=True):
            last = await house.plan(utc_now())
            await until(lambda: last in house.arrived)
    assert house.arrived == [key, other, last]


async def test_what_came_due_while_the_machine_slept_goes_out_and_is_called_late(house: House) -> None:
    key = await house.plan(NOON + timedelta(hours=2))
    with time_machine.travel(NOON + timedelta(hours=8), tick=True):
        await until(lambda: house.arrived == [key])
    (row,) = [each for each in await house.field.all() if each.key == key]
    assert row.late


async def test_a_bare_apscheduler_rests_until_the_old_time_comes_round() -> None:
    """What the watch over the clock is for: without it, an hour back is an hour of silence."""
    fired: list[datetime] = []

    async def work() -> None:
        fired.append(utc_now())

    with time_machine.travel(NOON, tick=True):
        bare = AsyncIOScheduler(timezone=UTC)
        bare.add_job(work, "interval", seconds=1, misfire_grace_time=None)
        bare.start()
        await until(lambda: fired)
        with time_machine.travel(NOON - timedelta(hours=1), tick=True):
            count = len(fired)
            await asyncio.sleep(2.5)
            assert len(fired) <= count + 1  # the run that was under way, and no other
        bare.shutdown(wait=False)


async def test_a_small_correction_of_the_clock_is_no_jump(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    with time_machine.travel(utc_now() + timedelta(milliseconds=500), tick=True):
        key = await house.plan(utc_now())
        await until(lambda: house.arrived == [key])
        await asyncio.sleep(1.2)
    assert "jumped" not in caplog.text
