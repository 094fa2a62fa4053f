"""A part under a new id is the same part, also once it has its old id again."""

from tests.briefs.sample import SAMPLE_YAML
from tests.scheduler.ground import HARBOUR, Ground, at, following

WEEK_BEFORE = "2025-09-03 11:40"
RENAMED = SAMPLE_YAML.replace("  - id: spring-tide", "  - id: high-water\n    formerly: [spring-tide]")
MOVED_IN = SAMPLE_YAML.replace("date: 2025-09-12\n", "date: 2025-09-10T12:40\n")


async def told(field: Ground) -> None:
    """Have a place told, seven days before, of the spring tide on September 10."""
    await field.follow(following(where=HARBOUR, since="2025-08-01 00:00", subject="date:spring-tide"))
    await field.publish(SAMPLE_YAML, "2025-08-01 00:00")
    assert len(await field.send(WEEK_BEFORE)) == 1


async def rows(field: Ground) -> list[tuple[str, str, str]]:
    return [(each.item, each.lead, each.state) for each in await field.all()]


async def test_a_rename_taken_back_and_made_again_loses_and_doubles_nothing(field: Ground) -> None:
    await told(field)
    for yaml, name in ((RENAMED, "high-water"), (SAMPLE_YAML, "spring-tide"), (RENAMED, "high-water")):
        await field.publish(yaml, "2025-09-03 12:00")
        assert await rows(field) == [(name, "7d", "sent"), (name, "2h", "planned")]
        async with field.database.reading() as tx:
            (followed,) = await field.subscriptions.at(tx, HARBOUR)
        assert followed.subject == f"date:{name}"


async def test_a_date_that_left_the_brief_is_cancelled_though_another_stands_on_its_day(
    field: Ground,
) -> None:
    await told(field)
    begins = MOVED_IN.index("  - id: spring-tide")
    ends = MOVED_IN.index("  - id: gauge-anniversary")
    await field.publish(MOVED_IN[:begins] + MOVED_IN[ends:], "2025-09-03 12:00")
    async with field.database.reading() as tx:
        owed = await field.deliveries.where(tx, "kind = 'cancellation'")
    assert [(each.item, each.state, each.due_at) for each in owed] == [
        ("spring-tide", "planned", at("2025-09-03 12:00"))
    ]
