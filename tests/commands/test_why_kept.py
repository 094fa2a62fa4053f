"""What `/brief-admin why` can be asked, as long as deliveries are kept, and after that."""

from datetime import UTC, datetime, timedelta

from scheduler.delivery_clearing import clear
from scheduler.outcomes import Retry, Sent
from scheduler.runner import KEEP
from tests.commands.test_why import TREATY, UNKNOWN, follow, told
from tests.office import MANAGER, office, shipped

DUE = datetime(2026, 12, 11, 0, 0, tzinfo=UTC)
# The date itself, December 18, is over.
OVER = datetime(2026, 12, 19, 0, 0, tzinfo=UTC)


async def test_why_tells_every_attempt_for_as_long_as_it_is_kept(contract: str) -> None:
    async with office(shipped()) as bot:
        await follow(bot)
        await bot.attempt(Retry("Slack asks the bot to slow down"), DUE)
        await bot.attempt(Sent("1700000000.000100"), DUE + timedelta(minutes=7))
        async with bot.desk.store.transaction() as tx:
            await bot.desk.deliveries.cancel(tx, 1, DUE, "the subscription ended")
        bot.now = OVER - timedelta(minutes=1) + KEEP
        asked = ["/brief-admin why 1", f"/brief-admin why date={TREATY}"]
        before = [await bot.text(line, MANAGER) for line in asked]
        assert "Nothing more happens: it was sent as message 1700000000.000100." in told(before[0])
        await clear(bot.desk.store, bot.now - KEEP)
        assert [await bot.text(line, MANAGER) for line in asked] == before
        bot.now += timedelta(minutes=1)
        await clear(bot.desk.store, bot.now - KEEP)
        assert await bot.text("/brief-admin why 1", MANAGER) == UNKNOWN.format("1")
