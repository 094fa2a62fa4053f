"""What is long finished leaves the ledger, and nothing that was told is told again because of it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from briefs.library import Transaction
from scheduler.delivery_clearing import BATCH, PAUSE_SECONDS, clear
from scheduler.jobs import Jobs
from scheduler.outcomes import Refused
from scheduler.planner import digest_now
from scheduler.runner import KEEP, Runner, utc_now
from tests.scheduler.ground import HARBOUR, IN_FORCE, SIGNING, Ground, at, brief_with, following, single

TREATY = brief_with(SIGNING, IN_FORCE)
START, DUE = "2026-11-24 00:00", "2026-12-11 09:00"
AT_ONCE = 0.0


async def cleared(field: Ground, before: str) -> int:
    return await clear(field.database, at(before), AT_ONCE)


async def kinds(field: Ground) -> list[tuple[str, str]]:
    return [(each.kind, each.announced) for each in await field.all() if each.state == "sent"]


async def test_old_settled_rows_go_and_open_ones_stay(field: Ground) -> None:
    await field.follow(following())
    await field.replan(TREATY, START)
    (each,) = await field.claim(DUE)
    await field.settle(each, Refused("gone"), DUE)
    assert await cleared(field, "2026-12-11 09:00") == 0
    # Its date is not over yet, and more is to be told of it.
    assert await cleared(field, "2026-12-12 00:00") == 0
    assert await cleared(field, "2026-12-19 00:00") == 0
    assert len([*await field.send("2026-12-17 09:00"), *await field.send("2026-12-18 09:00")]) == 2
    assert await cleared(field, "2026-12-18 09:00") == 0
    assert await cleared(field, "2026-12-19 00:00") == 3
    left = await field.all()
    assert {row.state for row in left} == {"planned"}
    assert len(left) == 10
    async with field.database.reading() as tx:
        assert await field.deliveries.attempts.of(tx, each.id) == []


async def test_a_digest_goes_by_itself_once_it_is_old(field: Ground) -> None:
    stored = await field.follow(following("digest", schedule="weekly sun 01:30"))
    for moment in ("2026-11-25 10:00", "2026-12-25 10:00"):
        async with field.database.transaction() as tx:
            await field.deliveries.add(tx, digest_now(TREATY, stored, at(moment)), at(moment))
        await field.send(moment)
    assert await cleared(field, "2026-12-01 00:00") == 1
    assert [day for _, day in await kinds(field)] == ["2026-12-25T10:00:00+00:00"]


async def moved_near(field: Ground) -> Any:
    """A place is told a date two years ahead, which then moves to next month; return the brief as it is now."""
    await field.follow(following(leads=("700d",), where=HARBOUR))
    await field.replan(brief_with(single("talks", "2028-11-01")), START)
    assert len(await field.send("2026-12-02 09:00")) == 1
    near = brief_with(single("talks", "2027-01-17"))
    await field.replan(near, "2026-12-03 09:00")
    (correction,) = await field.send("2026-12-03 09:00")
    assert (correction.kind, correction.announced) == ("correction", "2027-01-17")
    return near


async def test_what_was_told_of_a_date_goes_as_a_whole_so_that_nothing_is_told_again(field: Ground) -> None:
    near = await moved_near(field)
    # The correction is old, and so is the date that it named; the date that was told first is still to come.
    assert await cleared(field, "2028-01-01 00:00") == 0
    await field.replan(near, "2028-02-05 09:00")
    assert await field.send("2028-02-05 09:00") == []
    assert await kinds(field) == [("reminder", "2028-11-01"), ("correction", "2027-01-17")]
    assert await cleared(field, "2028-11-02 00:00") == 2
    await field.replan(near, "2028-11-02 09:00")
    assert await field.send("2028-11-02 09:00") == []


async def test_who_was_told_long_ago_of_a_date_still_to_come_is_told_that_it_moves(field: Ground) -> None:
    await field.follow(following(leads=("700d",), where=HARBOUR))
    await field.replan(brief_with(single("talks", "2028-11-01")), START)
    await field.send("2026-12-02 09:00")
    assert await cleared(field, "2028-06-01 00:00") == 0
    await field.replan(brief_with(single("talks", "2028-12-01")), "2028-06-01 09:00")
    (correction,) = await field.send("2028-06-01 09:00")
    assert (correction.kind, correction.announced) == ("correction", "2028-12-01")


async def test_a_correction_still_gets_a_number_of_its_own_where_earlier_ones_are_old(field: Ground) -> None:
    """Numbers come from the rows that are there: where the first went alone, the next would be one that was sent."""
    await field.follow(following(leads=("30d",), where=HARBOUR))
    days = ("2027-01-01", "2027-02-01", "2027-01-01", "2027-02-01")
    await field.replan(brief_with(single("talks", days[0])), START)
    await field.send("2026-12-02 09:00")
    for number, day in enumerate(days[1:]):
        await field.replan(brief_with(single("talks", day)), f"2026-12-0{number + 3} 09:00")
        (sent,) = await field.send(f"2026-12-0{number + 3} 09:00")
        assert (sent.kind, sent.lead, sent.announced) == ("correction", str(number + 1), day)
    # What was told until then is old, and February 1 is not over.
    assert await cleared(field, "2027-01-20 00:00") == 0
    await field.replan(brief_with(single("talks", "2027-03-01")), "2027-01-20 09:00")
    (sent,) = await field.send("2027-01-20 09:00")
    assert (sent.lead, sent.announced) == ("4", "2027-03-01")


async def test_nothing_that_was_sent_is_planned_again_after_its_row_went(field: Ground) -> None:
    await field.follow(following())
    await field.follow(following("digest", schedule="daily 09:00"))
    await field.replan(TREATY, START)
    told = []
    for day in range(10, 21):
        told += await field.send(f"2026-12-{day} 09:00", ticks=3)
    assert len(told) == 14
    skipped = [
        each for each in await field.all() if each.state == "skipped"
    ]  # the digests before December 10
    assert await cleared(field, "2026-12-21 08:00") == 14 + len(skipped)
    await field.replan(TREATY, "2026-12-21 08:30")
    assert await field.send("2026-12-21 08:30", ticks=3) == []
    assert {each.state for each in await field.all()} == {"planned"}
    assert all(each.due_at > at("2026-12-21 08:30") for each in await field.all())


class Counted:
    """A store that notes how many rows each of its writing transactions deletes."""

    def __init__(self, field: Ground) -> None:
        self._field = field
        self.deleted: list[int] = []

    @contextlib.asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        before = len(await self._field.all())
        async with self._field.database.transaction() as tx:
            yield tx
        self.deleted.append(before - len(await self._field.all()))

    def claiming(self) -> Any:
        return self._field.database.claiming()

    def reading(self) -> Any:
        return self._field.database.reading()


async def test_it_goes_a_few_rows_at_a_time_and_others_have_their_turn(
    field: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = await field.follow(following("digest", schedule="daily 09:00"))
    rows = [digest_now(TREATY, stored, at(f"2026-11-2{n % 5} 0{n // 60}:{n % 60:02}")) for n in range(250)]
    async with field.database.transaction() as tx:
        for row in rows:
            await field.deliveries.add(tx, row, at(START))
        await field.deliveries.cancel(tx, stored.id, at(START), "the subscription ended")
    total, pauses = len(await field.all()), []

    async def pause(seconds: float) -> None:
        pauses.append(seconds)

    monkeypatch.setattr(asyncio, "sleep", pause)
    counted = Counted(field)
    assert await clear(counted, at("2026-12-01 00:00")) == total
    assert counted.deleted == [BATCH] * (total // BATCH) + [total % BATCH]
    assert pauses == [PAUSE_SECONDS] * (total // BATCH)


async def test_what_came_back_to_life_meanwhile_stays(field: Ground) -> None:
    stored = await field.follow(following("digest", schedule="daily 09:00"))
    row = digest_now(TREATY, stored, at("2026-11-25 10:00"))

    class Revived(Counted):
        @contextlib.asynccontextmanager
        async def transaction(self) -> AsyncIterator[Transaction]:
            async with field.database.transaction() as tx:
                await field.deliveries.add(tx, row, at("2026-12-24 00:00"))
            async with super().transaction() as tx:
                yield tx

    async with field.database.transaction() as tx:
        await field.deliveries.add(tx, row, at(START))
        await field.deliveries.cancel(tx, stored.id, at(START), "the subscription ended")
    assert await clear(Revived(field), at("2026-12-01 00:00"), AT_ONCE) == 0
    assert [each.state for each in await field.all()] == ["planned"]


async def test_the_runner_keeps_what_is_finished_for_its_span(field: Ground) -> None:
    await field.follow(following("digest", schedule="weekly fri 09:00"))
    await field.replan(TREATY, START)
    await field.send("2026-11-27 09:00")

    async def unused(each: object) -> Any:
        raise AssertionError(each)

    runner = Runner(field.database, field.library, field.subscriptions, field.deliveries, unused, unused)
    await runner.keep_house(at("2026-11-27 09:00") + KEEP)
    assert len(await kinds(field)) == 1
    await runner.keep_house(at("2026-11-28 00:01") + KEEP)
    assert await kinds(field) == []


async def test_a_process_that_is_started_again_each_day_keeps_house_as_well() -> None:
    runs = asyncio.Event()

    async def work() -> None:
        runs.set()

    jobs = Jobs(utc_now)
    jobs.add("housekeeping", work, KEEP, timedelta(seconds=2))
    jobs.start()
    try:
        async with asyncio.timeout(5):
            await runs.wait()
    finally:
        jobs.stop()
