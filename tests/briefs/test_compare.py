"""What changed between two versions of a brief."""

from briefs.compare import changes, compare
from tests.office import edited, shipped

SHIPPED = shipped()
OLD = SHIPPED.brief


def test_equal_briefs_have_no_changes() -> None:
    assert not changes(OLD, OLD)


def test_a_moved_date_is_named_with_the_date_that_it_had() -> None:
    new = edited({"yearly_from: 2023-08-18": "yearly_from: 2023-08-19"}).brief
    found = changes(OLD, new)
    assert [(each.watch_date.id, str(each.before)) for each in found.moved] == [
        ("camp-david-summit", "2023-08-18")
    ]
    assert found.new_dates == found.gone_dates == ()


def test_a_renamed_topic_is_neither_new_nor_gone() -> None:
    new = edited({"  - id: dprk-china\n": "  - id: china-policy\n    formerly: [dprk-china]\n"}).brief
    assert not changes(OLD, new)


def test_a_new_id_without_its_former_one_is_a_new_topic_and_a_gone_one() -> None:
    new = edited({"  - id: dprk-china\n": "  - id: china-policy\n"}).brief
    found = changes(OLD, new)
    assert [each.id for each in found.new_topics] == ["china-policy"]
    assert [each.id for each in found.gone_topics] == ["dprk-china"]


def test_a_note_whose_words_changed_counts_as_new() -> None:
    old_words = OLD.notes[-1].text.split()[0]
    note = OLD.notes[-1].model_copy(update={"text": f"Corrected: {old_words}"})
    new = OLD.model_copy(update={"notes": (*OLD.notes[:-1], note)})
    assert changes(OLD, new).notes == (note,)


def test_what_a_digest_leaves_out_is_compared_too() -> None:
    new = edited(
        {"label: Arms control\n": "label: Control\n", "publisher: unknown": "publisher: An Institute"}
    )
    assert not changes(OLD, new.brief)
    assert [(each.kind, each.field, each.was, each.now) for each in compare(SHIPPED, new).changes] == [
        ("brief", "publisher", "unknown", "An Institute"),
        ("points", "label", "Arms control", "Control"),
    ]


def test_commands_that_come_and_go_are_named() -> None:
    new = edited({"command: dprk-china\n": "command: china-policy\n"})
    found = compare(SHIPPED, new)
    assert (found.appearing, found.vanishing) == (("china-policy",), ("dprk-china",))


def test_an_id_that_changes_is_one_change_and_its_former_id_none() -> None:
    new = edited({"  - id: dprk-china\n": "  - id: china-policy\n    formerly: [dprk-china]\n"})
    assert [(each.kind, each.field, each.was, each.now) for each in compare(SHIPPED, new).changes] == [
        ("topics", "id", "dprk-china", "china-policy")
    ]
