"""What is in doubt is looked up before anything is said that depends on it."""

from scheduler.outcomes import Doubtful
from tests.scheduler.ground import HARBOUR, Ground, at, brief_with, following, single

START = "2026-11-24 00:00"
WEEK_BEFORE = "2026-12-11 09:00"


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
