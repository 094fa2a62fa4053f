"""Digests: what is due, what changed since the last one, how old the brief is."""

from datetime import date
from itertools import pairwise

from briefs.reading import Document
from briefs.visible import Visible, visible
from commands.composing import delivered
from commands.views.digests import Previous, digest
from commands.views.plain import plain
from commands.views.rereading import shown_in
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
    assert lines[-3] == (
        "No note is dated within the last 31 days. Of its 14 forecasts 13 have no recorded outcome."
        " The brief: 718 days old, expired, as of December 6, 2024."
    )


def test_a_digest_with_nothing_due_says_so_and_names_the_next_date() -> None:
    text = plain(digest(seen(shipped()), None, date(2027, 1, 2), "", "en"))
    assert "No watch date falls within the next 60 days." in text
    assert "The next after that: April 26, 2027: 4th anniversary of the US-ROK Washington Declaration" in text


def test_the_order_is_due_changed_grown_old_and_one_passage_again() -> None:
    old, new = seen(shipped()), seen(edited(CHANGED), 2)
    lines = plain(
        digest(new, Previous(date(2025, 12, 30), old.brief, NOW), date(2026, 1, 2), "", "en")
    ).splitlines()
    headings = ("Due next", "Changes", "Editor's notes", "Grown old", "Worth reading again")
    places = [lines.index(heading) for heading in headings]
    assert places == sorted(places)
    assert (
        "- “The year 2025 will mark a milestone in the sustainability of Japan-ROK relations.”:"
        " date passed (December 31, 2025), outcome not recorded." in lines
    )
    assert lines[-3] == (
        "Of its 14 forecasts 13 have no recorded outcome. The brief: 392 days old, expired, as of December 6, 2024."
    )


def test_a_level_that_was_passed_since_the_last_digest_is_said_once() -> None:
    brief = seen(shipped())
    said = "- The brief is stale now: nobody has reviewed it since December 6, 2024."
    text = plain(digest(brief, Previous(date(2025, 4, 15), brief.brief), date(2025, 4, 22), "", "en"))
    assert said in text
    again = plain(digest(brief, Previous(date(2025, 4, 22), brief.brief), date(2025, 4, 29), "", "en"))
    assert said not in again


def test_no_two_digests_in_a_row_show_the_same_passage() -> None:
    brief = seen(shipped())
    for step in (1, 7, 30):
        shown = [""]
        for number in range(12):
            day = date.fromordinal(NOW.date().toordinal() + step * number)
            previous = Previous(day, brief.brief, NOW, shown[-1])
            shown.append(shown_in(digest(brief, previous, day, "", "en")))
        assert all(one != other for one, other in pairwise(shown)), (step, shown)
        assert len(set(shown)) > 2, "they do not take turns between two"


def test_the_one_message_of_a_digest_cuts_no_sentence_and_leads_to_the_rest() -> None:
    many = "notes:\n" + "".join(
        f"  - {{id: new-{n}, kind: comment, date: 2026-11-{n + 10}, text: 'Remark {n}. {'Word ' * 60}end.',"
        " source: report, touches: [dialogue-1]}\n"
        for n in range(9)
    )
    old, new = seen(shipped()), seen(edited({"notes:\n": many}), 2)
    whole = digest(new, Previous(date(2026, 11, 17), old.brief, NOW), NOW.date(), "", "en")
    sent = delivered(whole, "digest")
    assert sent.pages == 1
    words = plain(sent.with_(footer="")).rstrip()
    assert words.endswith(("end. Source: report", "."))
    assert "Everything that changed" in [action.label for action in sent.actions]
    assert sent.summary.startswith("The Korean Peninsula, December 2024: 9 new notes. Next: ")
