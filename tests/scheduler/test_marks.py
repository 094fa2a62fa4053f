"""Old messages that told a date are marked with what became of it, and only as long as that is so."""

from briefs.schema import Brief, EditorBasis
from scheduler.delivery import Delivery
from tests.scheduler.ground import BASIS, HARBOUR, Ground, at, brief_with, following, single

WEEK_BEFORE = "2026-12-11 09:00"
MOVED = "2026-12-12 08:00"


def talks(day: str, cancelled: EditorBasis | None = None) -> Brief:
    return brief_with(single("talks", day, "7d", cancelled=cancelled))


async def told(field: Ground) -> Delivery:
    """Have a place told, seven days before, that the talks are on December 18."""
    await field.follow(following(where=HARBOUR))
    await field.replan(talks("2026-12-18"), "2026-11-24 00:00")
    return (await field.send(WEEK_BEFORE))[0]


async def amended(field: Ground, brief: Brief, now: str) -> Delivery:
    """Publish a brief and have the place told what changed."""
    await field.replan(brief, now)
    return (await field.send(now))[0]


async def marks(field: Ground, now: str) -> list[tuple[int, int | None]]:
    """Mark what is to be marked: each message's id and that of what amends it."""
    async with field.database.transaction() as tx:
        taken = await field.deliveries.claim_marks(tx, at(now))
        for each in taken:
            await field.deliveries.marked(tx, each)
    return [(each.id, each.amended_by) for each in taken]


async def test_each_message_that_told_otherwise_is_marked_once(field: Ground) -> None:
    old = await told(field)
    first = await amended(field, talks("2027-01-17"), MOVED)
    assert await marks(field, MOVED) == [(old.id, first.id)]
    second = await amended(field, talks("2027-01-20"), "2026-12-12 09:00")
    assert await marks(field, "2026-12-12 09:00") == [(old.id, second.id), (first.id, second.id)]
    assert await marks(field, "2026-12-13 09:00") == []


async def test_a_date_that_moves_back_unmarks_what_told_it(field: Ground) -> None:
    old = await told(field)
    moved = await amended(field, talks("2027-01-17"), MOVED)
    assert await marks(field, MOVED) == [(old.id, moved.id)]
    back = await amended(field, talks("2026-12-18"), "2026-12-12 09:00")
    assert await marks(field, "2026-12-12 09:00") == [(old.id, back.id), (moved.id, back.id)]
    assert (old.tells, moved.tells, back.tells) == ("2026-12-18", "2027-01-17", "2026-12-18")


async def test_a_cancellation_is_marked_once_its_date_stands_again(field: Ground) -> None:
    old = await told(field)
    gone = await amended(field, talks("2026-12-18", cancelled=BASIS), MOVED)
    assert await marks(field, MOVED) == [(old.id, gone.id)]
    back = await amended(field, talks("2026-12-18"), "2026-12-12 09:00")
    assert await marks(field, "2026-12-12 09:00") == [(old.id, back.id), (gone.id, back.id)]
    assert (gone.tells, back.tells) == ("", "2026-12-18")


async def test_a_mark_that_another_amendment_overtook_is_made_again(field: Ground) -> None:
    old = await told(field)
    await amended(field, talks("2027-01-17"), MOVED)
    async with field.database.transaction() as tx:
        (begun,) = await field.deliveries.claim_marks(tx, at(MOVED))
    second = await amended(field, talks("2027-01-20"), "2026-12-12 08:01")
    async with field.database.transaction() as tx:
        await field.deliveries.marked(tx, begun)
    assert (old.id, second.id) in await marks(field, "2026-12-12 08:01")


async def test_marking_is_given_up_a_week_after_the_amendment_however_old_the_message(field: Ground) -> None:
    await told(field)
    await amended(field, talks("2027-01-17"), "2026-12-17 09:00")
    async with field.database.transaction() as tx:
        assert len(await field.deliveries.claim_marks(tx, at("2026-12-20 09:00"))) == 1
        assert len(await field.deliveries.claim_marks(tx, at("2026-12-24 09:00"))) == 1
        assert await field.deliveries.claim_marks(tx, at("2026-12-24 09:06")) == []
