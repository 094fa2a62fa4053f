"""What the sender does where there is nothing to send yet."""

from datetime import timedelta
from typing import cast

from bot.adapter import Adapter
from bot.sender import Sender
from scheduler.outcomes import Retry
from scheduler.planner import digest_now
from scheduler.subscriptions import subscription
from tests.office import CHANNEL, NOW, office, shipped

LATER = NOW + timedelta(seconds=30)


async def test_what_is_due_waits_where_this_process_cannot_read_the_brief(contract: str) -> None:
    """It was planned from a revision that another process, or a later version, could read; it is not left out."""
    brief = shipped().brief
    async with office() as bot:
        ledger, sender = (
            bot.desk.deliveries,
            Sender(bot.desk, bot.dispatcher, {"slack": cast(Adapter, object())}, lambda: NOW),
        )
        async with bot.desk.store.transaction() as tx:
            wanted = subscription(brief.brief, "digest", CHANNEL, "slack:T1/U1", NOW)
            made, _ = await bot.desk.subscriptions.add(tx, wanted)
            await ledger.add(tx, digest_now(brief, made, NOW), NOW)
            (each,) = await ledger.claim(tx, NOW)
        outcome = await sender.deliver(each)
        assert outcome == Retry("this process knows no revision of the brief yet", timedelta(seconds=30))
        async with bot.desk.store.transaction() as tx:
            assert await ledger.confirm(tx, each.id, outcome, NOW) == "retrying"
            assert [again.id for again in await ledger.claim(tx, LATER)] == [each.id]
