"""A process lives as long as its session, and whoever joins late is never taken for dead."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from bot.membership import Membership, living
from bot.postgres import Postgres
from tests.several import eventually


@contextlib.asynccontextmanager
async def member(url: str) -> AsyncIterator[tuple[Membership, Postgres]]:
    """One process's membership, without the bot around it."""

    async def beat() -> None:
        """Nothing to do."""

    async with Postgres(url) as database:
        made = Membership(database, lambda _number: None, beat, lambda _tables: None)
        async with made:
            yield made, database


async def alive(database: Postgres) -> list[int]:
    async with database.transaction() as tx:
        return sorted(await living(tx))


async def test_one_leads_and_the_next_one_does_as_soon_as_it_is_gone(url: str) -> None:
    async with contextlib.AsyncExitStack() as first, member(url) as (other, database):
        await asyncio.wait_for(other.elected.wait(), 10)
        late, _ = await first.enter_async_context(member(url))
        assert await alive(database) == [other.number, late.number]
        assert [each.leads for each in await other.members()] == [True, False]
        await other.resign()
        await asyncio.wait_for(late.elected.wait(), 10)
        assert not other.leads


async def test_who_joined_during_a_takeover_is_not_buried_as_dead(url: str) -> None:
    async with member(url) as (leader, database):
        await asyncio.wait_for(leader.elected.wait(), 10)
        async with member(url) as (late, _):
            await leader.bury()
            assert await alive(database) == [leader.number, late.number]
            assert [each.number for each in await leader.members()] == [leader.number, late.number]

        async def gone() -> bool:
            return await alive(database) == [leader.number]

        await eventually(gone, 5)
        await leader.bury()
        assert [each.number for each in await leader.members()] == [leader.number]


async def test_a_session_that_the_server_ends_loses_the_lead_at_once_and_joins_anew(url: str) -> None:
    async with member(url) as (one, database):
        await asyncio.wait_for(one.elected.wait(), 10)
        before = one.number
        async with database.transaction() as tx:
            await tx.fetch(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'briefbot presence'"
                " AND datname = current_database()"
            )
        await asyncio.wait_for(one.deposed.wait(), 5)
        await asyncio.wait_for(one.elected.wait(), 10)
        assert one.number > before
        assert await alive(database) == [one.number]
