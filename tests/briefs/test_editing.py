"""Small edits of a brief's YAML: what was asked for is written, and every other line stays byte for byte."""

from collections.abc import Iterable
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from briefs.editing import (
    CannotEdit,
    Edited,
    add_note,
    add_question,
    add_watch_date,
    set_outcome,
    set_reviewed,
)
from briefs.faults import BriefFaults
from briefs.reading import read_brief
from briefs.schema import EditorBasis
from tests.briefs.edits import EDITS, REPORT, TOUCHES, lost, note, reviewed, settled, watch_date
from tests.briefs.layouts import LAYOUTS
from tests.briefs.mutating import mutants
from tests.briefs.sample import SAMPLE_YAML
from tests.office import SHIPPED

SHIPPED_YAML, SHIPPED_REPORT = (SHIPPED / "brief.yaml").read_bytes(), (SHIPPED / "report.md").read_bytes()


def first_difference(old: bytes, new: bytes) -> int:
    """The first line, from 1, in which the two differ."""
    lines = zip(old.splitlines(), new.splitlines(), strict=False)
    return next((at for at, (was, now) in enumerate(lines, 1) if was != now), len(old.splitlines()) + 1)


# Here a line that stands gets something new: inside its brackets, or before what only YAML takes for a line.
IN_A_LINE = {
    *(
        ("note", layout)
        for layout in ("notes in brackets", "lines that only YAML sees", "an empty list of notes")
    ),
    *((edit, "JSON") for edit in EDITS),
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("edit", EDITS)
def test_every_other_line_stays_byte_for_byte(edit: str, layout: str) -> None:
    old = LAYOUTS[layout]
    before = read_brief(old, REPORT).brief
    edited = EDITS[edit](old)
    new = edited.document.yaml
    assert edited.document.brief != before
    assert len(lost(old, new)) <= max(TOUCHES.get(edit, 0), (edit, layout) in IN_A_LINE)
    assert edited.line in (first_difference(old, new), first_difference(old, new) + 1)
    if b"\r\n" in old:
        assert new.count(b"\n") == new.count(b"\r\n")
    assert new.endswith(b"\n") == old.endswith(b"\n")


def added(edited: Edited, old: bytes) -> str:
    """The lines of the new text that the old one does not have."""
    before = set(old.splitlines())
    return "\n".join(line.decode() for line in edited.document.yaml.splitlines() if line not in before)


def test_a_note_is_written_behind_the_others_in_the_files_own_hand() -> None:
    yaml = SAMPLE_YAML.encode()
    assert added(note(yaml), yaml) == (
        "  - id: comment-2025-06-03\n"
        "    date: 2025-06-03\n"
        '    text: "The draft came out."\n'
        "    source: https://example.org/draft\n"
        "    touches: [talks-2, draft-rules]"
    )


def test_a_long_text_is_folded_below_its_key() -> None:
    words = "The draft of the warning rules came out on the third of June, and the town answered it with a letter."
    yaml = SAMPLE_YAML.encode()
    assert f"    text: >-\n      {words}\n" in note(yaml, words).document.yaml.decode()


def test_notes_of_the_shipped_brief_keep_a_blank_line_between_them() -> None:
    edited = add_note(
        SHIPPED_YAML, SHIPPED_REPORT, kind="development", date="2026-11-01", text="Something happened.",
        source="https://example.org/news", touches=["dialogue-1"],
    )  # fmt: skip
    new = edited.document.yaml.decode()
    assert lost(SHIPPED_YAML, edited.document.yaml) == []
    assert (
        "    touches: [recommendation-3, acsa, japan-rok-outlook, security-cooperation]\n"
        "\n"
        "  - id: development-2026-11-01\n"
        "    kind: development\n"
        "    date: 2026-11-01\n"
        '    text: "Something happened."\n'
        "    source: https://example.org/news\n"
        "    touches: [dialogue-1]\n"
        "\n\n"
        "# --- Finding things"
    ) in new
    assert new.splitlines()[edited.line - 1] == "  - id: development-2026-11-01"


def test_the_first_note_of_a_brief_gets_its_key_where_the_schema_has_it() -> None:
    edited = note(LAYOUTS["no notes"])
    text = edited.document.yaml.decode()
    assert (
        text.index("not_judgements:")
        < text.index("\nnotes:\n  - id: comment-2025-06-03\n")
        < text.index("aliases:")
    )


def test_an_id_that_is_taken_is_numbered() -> None:
    once = note(SAMPLE_YAML.encode()).document.yaml
    twice = note(once).document.yaml
    ids = [each.id for each in note(twice).document.brief.notes][-3:]
    assert ids == ["comment-2025-06-03", "comment-2025-06-03-2", "comment-2025-06-03-3"]


def test_a_watch_date_is_named_for_its_title() -> None:
    edited = watch_date(SAMPLE_YAML.encode(), "{ordinal} Mayor's day of the quay, the gauge and the town's wall",
                        date="", yearly_from="2001-03-01")  # fmt: skip
    found = edited.document.brief.watch_dates[-1]
    assert (found.id, str(found.yearly_from)) == ("mayors-day-of-the-quay-the-gauge-and-the", "2001-03-01")
    assert isinstance(found.basis, EditorBasis)


def test_a_date_of_the_report_rests_on_its_words() -> None:
    edited = add_watch_date(
        SAMPLE_YAML.encode(), REPORT, title="Decision on the quay", date="2025-12",
        basis={"passage": "water-2", "quote": "plans to decide on the quay's height by the end of 2025"},
    )  # fmt: skip
    assert added(edited, SAMPLE_YAML.encode()).splitlines()[:3] == [
        "  - id: decision-on-the-quay", '    title: "Decision on the quay"', "    date: 2025-12",
    ]  # fmt: skip


def test_the_day_of_review_is_a_diff_of_one_line_and_keeps_its_quotation_marks_and_comment() -> None:
    old = LAYOUTS["a review in quotation marks"]
    new = reviewed(old).document.yaml
    assert lost(old, new) == [b"reviewed: '2025-04-15'   # of the whole\n"]
    assert lost(new, old) == [b"reviewed: '2025-07-01'   # of the whole\n"]


def test_the_first_day_of_review_stands_below_the_day_of_publication() -> None:
    edited = set_reviewed(SHIPPED_YAML, SHIPPED_REPORT, date(2026, 11, 24))
    assert b"published: 2024-12-06\nreviewed: 2026-11-24\n" in edited.document.yaml
    assert lost(SHIPPED_YAML, edited.document.yaml) == []


def test_an_outcome_changes_what_differs_and_takes_out_what_is_gone() -> None:
    old = SAMPLE_YAML.encode()
    new = settled(old, "quay-height", on="2025-04-10").document.yaml
    assert lost(old, new) == [
        b"      result: partly\n",
        b"      note: Half of the stalls were moved to the customs house.\n",
        b"      source: https://example.org/market\n",
    ]
    assert (
        new.count(
            b"\n      result: came true\n      on: 2025-04-10\n      source: https://example.org/days\n"
        )
        == 1
    )


def test_an_outcome_in_brackets_stays_in_brackets() -> None:
    new = settled(SAMPLE_YAML.encode(), "great-flood", note="Once, in May: 5.3 m.").document.yaml
    assert lost(new, SAMPLE_YAML.encode()) == [
        b"    outcome: {result: came true, on: 2026-11-30, "
        b"note: \"Once, in May: 5.3 m.\", source: 'https://example.org/days'}\n"
    ]
    again = set_outcome(new, REPORT, "great-flood", result="open").document.yaml
    assert again == SAMPLE_YAML.encode()


def read_back(mutants_of_the_sample: Iterable[bytes]) -> int:
    """Make every edit upon each mutant that the reader still takes; count those that were made."""
    made = 0
    for yaml in mutants_of_the_sample:
        try:
            read_brief(yaml, REPORT)
        except BriefFaults:
            continue
        for name, edit in EDITS.items():
            try:
                new = edit(yaml).document.yaml
            except CannotEdit:
                continue
            made += 1
            # A mutant may have laid an outcome out over more lines.
            assert len(lost(yaml, new)) <= 2 * TOUCHES.get(name, 0), name
    return made


def test_briefs_that_are_oddly_written_lose_no_line() -> None:
    assert read_back(mutants(SAMPLE_YAML.encode(), seed=3, count=150)) > 40


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_thousand_briefs_that_are_oddly_written_lose_no_line() -> None:
    assert read_back(mutants(SAMPLE_YAML.encode(), seed=4, count=10_000)) > 5_000


texts = st.text(
    st.characters(
        codec="utf-8", exclude_categories=["Cs", "Cc"], include_characters="\n\t",
        exclude_characters="\ufffe\uffff",
    ),
    min_size=1,
    max_size=300,
).filter(str.strip)  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=texts, layout=st.sampled_from(sorted(LAYOUTS)))
def test_any_text_of_a_note_is_read_back_as_it_was_given(text: str, layout: str) -> None:
    old = LAYOUTS[layout]
    edited = note(old, text)
    assert edited.document.brief.notes[-1].text == text.strip()
    assert len(lost(old, edited.document.yaml)) <= 1


def shipped_note(yaml: bytes, words: str) -> Edited:
    return add_note(
        yaml, SHIPPED_REPORT, kind="comment", date="2026-01", text=words, source="report", touches=["acsa"]
    )


def shipped_date(yaml: bytes, words: str) -> Edited:
    basis = {"editor": words, "source": "report"}
    title = words.replace("{", "").replace("}", "")
    return add_watch_date(yaml, SHIPPED_REPORT, title=title, date="2027-01", basis=basis)


def shipped_outcome(yaml: bytes, words: str) -> Edited:
    found = {"result": "partly", "on": "2026-01", "note": words, "source": "report"}
    return set_outcome(yaml, SHIPPED_REPORT, "demands", **found)


SHIPPED_EDITS = [shipped_note, shipped_date, shipped_outcome]
odd_words = st.text("ab :#-'\"é北,{}[]&*!|>%@`", min_size=1, max_size=120)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_edits_upon_edits_leave_every_line_of_the_shipped_brief_alone(data: st.DataObject) -> None:
    yaml = SHIPPED_YAML
    for edit in data.draw(st.permutations(SHIPPED_EDITS)):
        yaml = edit(yaml, f"x{data.draw(odd_words)}").document.yaml
    assert lost(SHIPPED_YAML, yaml) == []


def test_a_question_joins_those_that_the_same_words_answer() -> None:
    quote = "Kim would likely demand all of the following"
    first = add_question(SHIPPED_YAML, SHIPPED_REPORT, "dialogue-1", "What is it about: money?", quote)
    second = add_question(first.document.yaml, SHIPPED_REPORT, "dialogue-1", "Or is it about land?", quote)
    entry = second.document.brief.answers["dialogue-1"][-1]
    assert (entry.quote, entry.questions) == (quote, ("What is it about: money?", "Or is it about land?"))
    assert lost(SHIPPED_YAML, second.document.yaml) == []


def test_the_first_question_of_a_brief_and_of_a_passage_makes_their_entries() -> None:
    bare = SAMPLE_YAML[: SAMPLE_YAML.index("answers:")].encode()
    for yaml in (bare, bare + b"answers: {}\n"):
        new = add_question(yaml, REPORT, "talks-2", "When do they talk?").document
        later = add_question(new.yaml, REPORT, "gauge-1", "How old is it?", "").document
        assert list(later.brief.answers) == ["talks-2", "gauge-1"] or list(later.brief.answers) == [
            "gauge-1",
            "talks-2",
        ]
        assert later.brief.answers["talks-2"][0].questions == ("When do they talk?",)


def test_a_question_that_is_there_or_whose_words_are_not_in_the_passage_is_refused() -> None:
    with pytest.raises(CannotEdit) as twice:
        add_question(SAMPLE_YAML.encode(), REPORT, "talks-1", "what does THE town want")
    assert str(twice.value) == "talks-1 has this question among its answers already, so nothing was changed."
    with pytest.raises(CannotEdit) as nowhere:
        add_question(SAMPLE_YAML.encode(), REPORT, "talks-9", "What does the town want?")
    assert str(nowhere.value) == "The report has no passage talks-9; nothing was changed."
    with pytest.raises(CannotEdit) as invented:
        add_question(SAMPLE_YAML.encode(), REPORT, "talks-1", "Who pays?", "The mayor pays.")
    assert str(invented.value).startswith("The question was not written: ")
