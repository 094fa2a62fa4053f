"""A publish plans anew what it changes: that leaves the ledger as a plan of everything would, and no more."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from briefs.reading import read_brief
from briefs.schema import Brief
from scheduler.address import Destination
from scheduler.difference import changed_items, changed_subjects
from tests.briefs.sample import SAMPLE_REPORT, SAMPLE_YAML
from tests.scheduler.ground import HARBOUR, LOBBY, PIER, Ground, at, following

BEGUN = "2025-08-01 00:00"
TOLD = "2025-09-05 09:00"
SUBJECTS = ("", "topic:town-demands", "topic:sea-level", "topic:level", "date:talks-open", "date:spring-tide",
            "date:pier-closing", "date:gauge-anniversary")  # fmt: skip
TALKS = "date: 2025-09-12\n"
CANCELLED = (
    "    cancelled:\n      editor: The harbour office withdrew the closing\n"
    "      source: https://example.org/pier-open\n"
)


def changed(old: str, new: str, count: int = 1) -> Callable[[str], str]:
    def edit(yaml: str) -> str:
        assert yaml.count(old) == count
        return yaml.replace(old, new)

    return edit


def without_spring_tide(yaml: str) -> str:
    return yaml[: yaml.index("  - id: spring-tide")] + yaml[yaml.index("  - id: gauge-anniversary") :]


EDITS = {
    "words alone": changed("title: Talks between the town", "title: The talks between the town"),
    "a day": changed(TALKS, "date: 2025-09-19\n"),
    "a clock time": changed("2025-09-10T12:40", "2025-09-10T14:00"),
    "a lead": changed("remind: [7d, 2h]", "remind: [3d, 2h]"),
    "a zone": changed(f"{TALKS}    zone: Europe/London", f"{TALKS}    zone: Asia/Tokyo"),
    "a date called off": changed("touches: [flood-outlook, water-2]\n  - id: gauge",
        "touches: [flood-outlook, water-2]\n    cancelled: {editor: Called off, source: https://example.org/c}\n"
        "  - id: gauge"),
    "a date that stands again": changed(CANCELLED, ""),
    "a date gone": without_spring_tide,
    "a date's new name": changed("  - id: spring-tide", "  - id: high-water\n    formerly: [spring-tide]"),
    "a date under another topic": changed("touches: [town-demands, talks-1]", "touches: [flood-outlook]"),
    "a topic's new name": lambda yaml: changed("touches: [town-demands,", "touches: [demands,")(
        changed("  - id: town-demands\n", "  - id: demands\n    formerly: [town-demands]\n")(yaml)
    ),
    "a first day that counts": changed("yearly_from: 1962-05-14", "yearly_from: 1961-05-14"),
}  # fmt: skip


def read(yaml: str) -> Brief:
    return read_brief(yaml.encode(), SAMPLE_REPORT.encode()).brief


async def followed(field: Ground) -> None:
    """Several follow each subject, some of them at one place, and some were told what they follow."""
    for number, subject in enumerate(SUBJECTS):
        for place in (HARBOUR, Destination("discord", "1", f"1{number}")):
            await field.follow(following(where=place, since=BEGUN, subject=subject))
    await field.follow(following(where=PIER, since=BEGUN, leads=("5d",)))
    await field.follow(following("digest", LOBBY, since=BEGUN))
    await field.follow(following("snooze", PIER, since=BEGUN, subject="date:talks-open",
                                 schedule="once 2025-09-11T08:00"))  # fmt: skip
    await field.publish(SAMPLE_YAML, BEGUN)
    assert len(await field.send(TOLD, ticks=12)) == 11


async def rows(field: Ground) -> list[tuple[object, ...]]:
    return sorted(
        (each.key, each.state, each.due_at, each.expires_at, str(each.destination), each.withdrawn)
        for each in await field.all()
    )


@pytest.mark.parametrize("name", EDITS)
async def test_it_leaves_nothing_to_plan_and_so_does_taking_it_back(field: Ground, name: str) -> None:
    await followed(field)
    # So far ahead nothing new comes in sight between the plans that are compared.
    await field.replan(read(SAMPLE_YAML), "2025-09-05 10:00")
    edited = EDITS[name](SAMPLE_YAML)
    for yaml in (edited, SAMPLE_YAML, edited):
        await field.publish(yaml, "2025-09-05 10:00")
        found = await rows(field)
        assert await field.replan(read(yaml), "2025-09-05 10:00") == (0, 0, 0)
        assert await rows(field) == found
        await field.send("2025-09-05 10:00", ticks=5)


async def test_a_place_that_was_told_under_a_topic_is_corrected_though_its_topic_lost_the_date(
    field: Ground,
) -> None:
    await field.follow(following(where=HARBOUR, since=BEGUN, subject="topic:town-demands"))
    await field.publish(SAMPLE_YAML, BEGUN)
    assert [each.item for each in await field.send("2025-09-05 09:00")] == ["talks-open"]
    elsewhere = EDITS["a date under another topic"](SAMPLE_YAML)
    await field.publish(elsewhere, "2025-09-06 09:00")
    await field.publish(EDITS["a day"](elsewhere), "2025-09-07 09:00")
    assert [(each.kind, each.announced) for each in await field.send("2025-09-07 09:01")] == [
        ("correction", "2025-09-19")
    ]


async def test_only_those_are_planned_anew_whose_dates_changed(field: Ground) -> None:
    for subject in SUBJECTS:
        await field.follow(following(where=HARBOUR, since=BEGUN, subject=subject))
    await field.follow(following("digest", HARBOUR, since=BEGUN))
    await field.publish(SAMPLE_YAML, BEGUN)
    await field.publish(EDITS["a day"](SAMPLE_YAML), "2025-08-02 00:00")
    async with field.database.reading() as tx:
        standing = await field.subscriptions.at(tx, HARBOUR)
    anew = at("2025-08-02 00:00") + timedelta(days=400)
    assert [each.subject for each in standing if each.planned_until == anew] == [
        "", "topic:town-demands", "date:talks-open",
    ]  # fmt: skip


async def test_a_brief_under_a_new_id_is_planned_as_a_whole(field: Ground) -> None:
    await followed(field)
    renamed = SAMPLE_YAML.replace("brief: harbour-2025", "brief: merrow\nformerly: [harbour-2025]")
    await field.publish(renamed, "2025-09-05 10:00")
    assert await field.replan(read(renamed), "2025-09-05 10:00") == (0, 0, 0)
    assert {each.brief for each in await field.all()} == {"merrow"}
    # Whoever follows it under its former id is taken up by its next revision.
    await field.follow(following(where=PIER, since=BEGUN, subject="date:pier-closing"))
    again = EDITS["a date that stands again"](renamed)
    await field.publish(again, "2025-09-05 11:00")
    assert await field.replan(read(again), "2025-09-05 11:00") == (0, 0, 0)


def test_what_two_revisions_plan_alike_is_told_from_what_they_do_not() -> None:
    before = read(SAMPLE_YAML)
    same = read(EDITS["words alone"](SAMPLE_YAML))
    assert (changed_items(before, same), changed_subjects(before, same, SUBJECTS)) == (set(), [])
    renamed = read(EDITS["a date's new name"](SAMPLE_YAML))
    assert changed_items(before, renamed) == {"spring-tide", "high-water"}
    assert changed_subjects(before, renamed, [*SUBJECTS, "date:high-water"]) == [
        "", "date:spring-tide", "date:high-water",
    ]  # fmt: skip
    assert changed_subjects(before, read(EDITS["a date that stands again"](SAMPLE_YAML)), SUBJECTS) == [
        "", "date:pier-closing",
    ]  # fmt: skip


async def test_more_of_those_are_planned_at_once_who_have_few_messages_and_none_is_left_out(
    field: Ground,
) -> None:
    for number in range(103):
        await field.follow(
            following(where=Destination("discord", "1", f"1{number}"), since=BEGUN, subject="date:talks-open")
        )
    await field.publish(SAMPLE_YAML, BEGUN)
    done = await field.publish(EDITS["a day"](SAMPLE_YAML), "2025-08-02 00:00")
    assert done == (103 * 4, 0, 103 * 4)
