"""Digests: what is due, what changed since the last one, how old the brief is."""

from datetime import date

from briefs.reading import Document
from briefs.visible import Visible, visible
from commands.views.deliveries import Previous, digest
from commands.views.plain import plain
from tests.office import NOW, edited, shipped

NOTE = """notes:
  - id: brand-new
    kind: development
    date: 2026-06-01
    text: Something was recorded late.
    source: https://example.org/late
    touches: [dialogue-1]
"""
CHANGED = {
    "notes:\n": NOTE,
    "yearly_from: 2023-08-18": "yearly_from: 2023-08-19",
    "  - id: dprk-china\n": "  - id: china-policy\n",
    "command: dprk-china\n": "command: china-policy\n",
}


def seen(document: Document, number: int = 1) -> Visible:
    found = visible(document.brief, document.source, number, "everyone", NOW)
    assert found is not None
    return found


def test_a_note_that_was_written_late_is_told_in_the_next_digest_and_only_there() -> None:
    old, new = seen(shipped()), seen(edited(CHANGED), 2)
    text = plain(digest(new, Previous(date(2026, 11, 17), old.brief), NOW.date(), "", "en"))
    assert "Editor's note, development, June 1, 2026: Something was recorded late." in text
    again = plain(digest(new, Previous(date(2026, 11, 24), new.brief), NOW.date(), "", "en"))
    assert "Something was recorded late." not in again
    assert "No note was added since the last digest on November 24, 2026." in again
    assert "Changes" not in again


def test_what_moved_came_and_went_is_said_in_words() -> None:
    old, new = seen(shipped()), seen(edited(CHANGED), 2)
    lines = plain(digest(new, Previous(date(2026, 11, 17), old.brief), NOW.date(), "", "en")).splitlines()
    topic = next(each for each in new.brief.topics if each.id == "china-policy")
    changes = lines[lines.index("Changes") + 2 :]
    assert changes[:3] == [
        "- Anniversary of the Camp David summit of Japan, the US and the ROK moved from August 18, 2023"
        " to August 19, 2023.",
        f"- New topic: /china-policy, {topic.description}.",
        "- The topic /dprk-china is gone.",
    ]


def test_a_digest_begins_with_the_age_and_what_is_due_next() -> None:
    lines = plain(digest(seen(shipped()), None, NOW.date(), "", "en")).splitlines()
    assert lines[2].startswith("This report has expired:")
    assert lines[4] == "Due next"
    assert lines[6].startswith("- December 4, 2026: 2nd anniversary")
    assert "No note is dated within the last 31 days." in lines


def test_a_digest_with_nothing_due_says_so_and_names_the_next_date() -> None:
    text = plain(digest(seen(shipped()), None, date(2027, 1, 2), "", "en"))
    assert "No watch date falls within the next 60 days." in text
    assert "The next after that: April 26, 2027: 4th anniversary of the US-ROK Washington Declaration" in text
