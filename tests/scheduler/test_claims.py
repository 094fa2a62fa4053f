"""Two processes claim from one ledger: each row once, each destination one process's, order kept."""

import asyncio
from collections.abc import AsyncIterator

import pytest_asyncio

from bot.postgres import Postgres
from scheduler.address import Destination
from scheduler.deliveries import Deliveries, Delivery, Retry, Sent
from scheduler.planner import digest_now
from scheduler.subscriptions import Subscriptions
from tests.scheduler.ground import at, document, following

NOW = at("2026-11-24 09:00")
Pair = tuple[tuple[Postgres, Deliveries], tuple[Postgres, Deliveries]]


def ledger(holder: int) -> Deliveries:
    made = Deliveries()
    made.holder = holder
    return made


@pytest_asyncio.fixture
async def both(url: str) -> AsyncIterator[Pair]:
    async with Postgres(url) as one, Postgres(url) as other:
        yield (one, ledger(1)), (other, ledger(2))


async def due(database: Postgres, *places: Destination, each: int = 1) -> None:
    """Have some digests due at each place, a second apart."""
    brief = document().brief
    async with database.transaction() as tx:
        for place in places:
            made, _ = await Subscriptions().add(tx, following("digest", place, catch_up="all"))
            for second in range(each):
                moment = at(f"2026-11-24 08:59:{second:02d}")
                assert await Deliveries().add(tx, digest_now(brief, made, moment), NOW)


async def claim(side: tuple[Postgres, Deliveries], limit: int = 50) -> list[Delivery]:
    database, deliveries = side
    async with database.claiming() as tx:
        return await deliveries.claim(tx, NOW, limit)


def rooms(count: int) -> list[Destination]:
    return [Destination("slack", "T1", f"C{number}") for number in range(count)]


async def test_each_row_is_claimed_once_by_one_of_them(both: Pair) -> None:
    await due(both[0][0], *rooms(40))
    taken: list[Delivery] = []
    while some := await asyncio.gather(claim(both[0], 7), claim(both[1], 7)):
        taken += [each for part in some for each in part]
        if not any(some):
            break
    assert len(taken) == 40
    assert len({each.id for each in taken}) == 40


async def test_a_destination_at_which_one_is_at_work_is_left_to_it(both: Pair) -> None:
    one, other = both
    await due(one[0], *rooms(2), each=3)
    first = await claim(one, 1)
    rest = await claim(other)
    assert {each.destination for each in rest} == set(rooms(2)) - {first[0].destination}
    assert [each.due_at for each in rest] == sorted(each.due_at for each in rest)
    mine = await claim(one)
    assert {each.destination for each in mine} == {first[0].destination}


async def test_what_the_dead_held_is_taken_over_and_what_the_living_hold_is_not(both: Pair) -> None:
    one, other = both
    await due(one[0], *rooms(3))
    (sent, unsent) = await claim(one, 2)
    (living,) = await claim(other)
    async with one[0].transaction() as tx:
        assert await one[1].compose(tx, sent.id, "{}", 1, sent.attempts)
        assert await other[1].compose(tx, living.id, "{}", 1, living.attempts)
    async with other[0].transaction() as tx:
        assert await other[1].orphaned(tx, [2])
        assert await other[1].recover(tx, NOW, [2]) == 1
        assert not await other[1].orphaned(tx, [2])
        assert [each.id for each in await other[1].doubtful(tx)] == [sent.id]
    assert [each.id for each in await claim(other)] == [unsent.id]


async def test_one_that_was_cut_off_can_neither_send_nor_undo_what_another_took(both: Pair) -> None:
    one, other = both
    await due(one[0], *rooms(1))
    (old,) = await claim(one)
    async with other[0].transaction() as tx:
        await other[1].recover(tx, NOW, [2])
    (new,) = await claim(other)
    async with one[0].transaction() as tx:
        assert not await one[1].compose(tx, old.id, "{}", 1, old.attempts)
    async with other[0].transaction() as tx:
        assert await other[1].compose(tx, new.id, "{}", 1, new.attempts)
    async with one[0].transaction() as tx:
        assert await one[1].confirm(tx, old.id, Retry("cut off"), NOW, attempt=old.attempts) == "sending"
        assert await one[1].confirm(tx, old.id, Sent("m1"), NOW, attempt=old.attempts) == "sent"


async def test_nothing_is_taken_for_a_platform_that_cannot_be_sent_to(both: Pair) -> None:
    one, other = both
    pier = Destination("discord", "1", "2")
    await due(one[0], pier, *rooms(1))
    one[1].cut_off = lambda: ["discord"]
    assert [each.destination for each in await claim(one)] == rooms(1)
    assert [each.destination for each in await claim(other)] == [pier]


async def test_a_backlog_at_which_one_is_at_work_does_not_hide_what_the_other_may_take(both: Pair) -> None:
    one, other = both
    busy, free = rooms(2)
    await due(one[0], busy, each=30)
    await due(one[0], free)
    assert [each.destination for each in await claim(one, 1)] == [busy]
    # Its first page holds nothing but what is the other one's.
    assert [each.destination for each in await claim(other, 5)] == [free]
