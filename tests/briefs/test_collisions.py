"""Briefs that live side by side: who has a command, and which other name is free."""

import pytest

from briefs.collisions import CommandsTaken, collisions, refuse_collisions
from briefs.command_names import ROOTS, SLACK_OWN, free_name
from briefs.reading import Document, read_brief
from briefs.schema import Brief
from tests.briefs.sample import SAMPLE_REPORT, SAMPLE_YAML


def document(*changes: tuple[str, str]) -> Document:
    yaml = SAMPLE_YAML
    for old, new in changes:
        assert old in yaml, old
        yaml = yaml.replace(old, new)
    return read_brief(yaml.encode(), SAMPLE_REPORT.encode())


def other(*changes: tuple[str, str]) -> Brief:
    return document(("brief: harbour-2025", "brief: quay-2024"), *changes).brief


def test_each_command_of_another_brief_is_named_with_its_place_and_a_free_name() -> None:
    found = collisions(document(), [other(("    command: ", "    command: quay-"), ("quay-town", "town"))])

    assert [str(fault) for fault in found] == [
        "brief.yaml:41:14: the command town-demands of the brief harbour-2025 is also that of the topic"
        ' town-demands in the brief quay-2024; found "town-demands"; choose another name, like'
        " harbour-town-demands, which is free"
    ]


def test_a_name_that_another_brief_has_too_is_not_proposed() -> None:
    taken = [other(), other(("command: town-demands", "command: harbour-town-demands"))]

    assert [fault.cure for fault in collisions(document(), taken) if "town-demands" in fault.found] == [
        "choose another name, like harbour-2025-town-demands, which is free"
    ]


def test_another_version_of_the_same_brief_is_no_collision() -> None:
    assert collisions(document(), [document().brief]) == []


def test_a_renamed_brief_takes_its_commands_along() -> None:
    renamed = document(("brief: harbour-2025", "brief: harbour-2026\nformerly: [harbour-2025]"))

    assert collisions(renamed, [document().brief]) == []


def test_publishing_is_refused_with_every_collision_at_once() -> None:
    with pytest.raises(CommandsTaken) as refused:
        refuse_collisions(document(), [other()])

    assert len(refused.value.faults) == len(document().brief.topics)


@pytest.mark.parametrize(
    ("wanted", "brief", "taken", "free"),
    [
        ("acsa", "korea-2024", set(), "acsa"),
        ("acsa", "korea-2024", {"acsa"}, "korea-acsa"),
        ("acsa", "korea-2024", {"acsa", "korea-acsa"}, "korea-2024-acsa"),
        ("acsa", "korea-2024", {"acsa", "korea-acsa", "korea-2024-acsa"}, "acsa-2"),
        ("remind", "harbour-2025", set(), "harbour-remind"),
        ("brief", "harbour-2025", set(), "harbour-brief"),
        # A command begins with a letter, and has 31 characters at most.
        ("fish", "2025-quota", {"fish"}, "fish-2"),
        ("a" * 31, "harbour-2025", {"a" * 31}, f"{'a' * 29}-2"),
    ],
)
def test_the_free_name_is_one_that_both_platforms_take(
    wanted: str, brief: str, taken: set[str], free: str
) -> None:
    assert free_name(wanted, brief, taken) == free
    assert free not in taken | ROOTS | SLACK_OWN
