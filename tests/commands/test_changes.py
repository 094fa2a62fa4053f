"""What changed between two versions of a brief: every field has its sentence, and equal briefs have none."""

from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest

from briefs.compare import compare
from briefs.faults import BriefFaults
from briefs.reading import read_brief
from briefs.schema import Brief, Outcome, OutcomeResult
from briefs.source import Passage, Source
from briefs.visible import Visible
from commands.model import EditorNote, File
from commands.views.changes import changes
from commands.views.differences import sentence
from commands.views.plain import plain, words
from tests.briefs.mutating import mutants
from tests.briefs.sample import SAMPLE_REPORT, SAMPLE_YAML
from tests.commands.altered import Edits, Version, altered, fields_of, sample
from tests.commands.one_of_each import ONE_OF_EACH
from tests.office import NOW, edited, shipped

OLD = sample()
DESCRIBED = Path(__file__).parent / "described.txt"


def said(brief: Brief, source: Source = OLD.source, old: Brief = OLD.brief) -> list[str]:
    before, after = Version(old, OLD.source), Version(brief, source)
    return [words(sentence(change, before, after, "en")) for change in compare(before, after).changes]


def with_(edits: Edits) -> Brief:
    brief = OLD.brief
    for path, value in edits.items():
        brief = altered(brief, path, value)
    return brief


def test_equal_briefs_say_nothing() -> None:
    assert said(sample().brief, sample().source) == []
    document = shipped()
    assert not compare(document, shipped())
    assert compare(document, shipped()).appearing == ()


def test_every_field_of_the_schema_is_described() -> None:
    """A field that is added to the schema fails here until one change of it is made and described."""
    assert set(ONE_OF_EACH) == fields_of(Brief)
    assert set(described()) == fields_of(Brief)


def described() -> dict[str, list[str]]:
    """The sentences of `described.txt`, by the field that they are about."""
    found: dict[str, list[str]] = {}
    field = ""
    for line in DESCRIBED.read_text("utf-8").splitlines():
        if line.startswith("  "):
            found[field].append(line[2:])
        else:
            field = line
            found[field] = []
    return found


@pytest.mark.parametrize("field", ONE_OF_EACH)
def test_a_changed_field_is_said_in_a_sentence(field: str) -> None:
    assert said(with_(ONE_OF_EACH[field])) == described()[field]


@pytest.mark.parametrize("field", ONE_OF_EACH)
def test_taking_the_change_back_is_said_in_another_sentence(field: str) -> None:
    back = said(OLD.brief, old=with_(ONE_OF_EACH[field]))
    assert back
    assert back != described()[field]


def test_a_part_that_is_new_is_said_with_what_it_holds() -> None:
    gone: Edits = {
        ("sections",): OLD.brief.sections[:3],
        ("recommendations",): OLD.brief.recommendations[:1],
        ("topics",): OLD.brief.topics[1:],
        ("topics", 0, "points"): (),
        ("watch_dates",): OLD.brief.watch_dates[:3],
        ("judgements",): OLD.brief.judgements[:3],
        ("not_judgements",): OLD.brief.not_judgements[:1],
        ("notes",): OLD.brief.notes[:2],
    }
    assert said(OLD.brief, old=with_(gone)) == [
        "New section Recommendations.",
        "New recommendation Start the public warning, which quotes recommend-warning: "
        "“Start the public warning with the September tides of 2025”",
        "New topic town-demands, which /town-demands opens: What the town would ask of the harbour office.",
        "Topic sea-level: point 1 is new and quotes gauge-2: “The harbour’s levelling benchmark has not been checked "
        "since 2009.”",
        "New watch date Anniversary of the tide gauge (years): each year since May 14, 1962.",
        "New watch date Stone pier closes for repairs: November 3, 2025.",
        "New forecast quay-height, which quotes water-2: “The harbour office will not move the market before the new "
        "quay is open”",
        "New remark that “may” is no forecast in gauge-2: “The survey may take two summers”, since: "
        "“It states how long the work takes.”",
        "Note where-readings was added: “The report prints no table of the readings.”",
    ]


def test_a_cancelled_date_that_is_reinstated_is_said() -> None:
    assert said(with_({("watch_dates", 4, "cancelled"): None})) == [
        "Watch date Stone pier closes for repairs is no longer cancelled."
    ]


def test_a_day_that_becomes_yearly_is_said() -> None:
    yearly: Edits = {("watch_dates", 0, "date"): None, ("watch_dates", 0, "yearly_from"): OLD.brief.published}
    name = "Watch date Talks between the town and the harbour office open"
    assert said(with_(yearly)) == [
        f"{name}: the day taken out: September 12, 2025.",
        f"{name}: the day that comes round each year added: March 1, 2025.",
    ]


def test_a_forecast_that_is_open_again_is_said() -> None:
    assert said(with_({("judgements", 3, "outcome"): OLD.brief.judgements[0].outcome})) == [
        "Forecast quay-height is open again."
    ]


def test_a_remark_on_an_open_forecast_is_said() -> None:
    remark = Outcome(result=OutcomeResult.open, note="Nobody has counted yet.")
    assert said(with_({("judgements", 0, "outcome"): remark})) == [
        "Forecast quay-under-water is still open. Nobody has counted yet."
    ]


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("sections", "The sections stand in another order now: recommended, talks, water, gauge."),
        ("recommendations", "The recommendations stand in another order now: warning, survey."),
        (
            "topics",
            "The topics stand in another order now: draft-rules, flood-outlook, sea-level, town-demands.",
        ),
        (
            "watch_dates",
            "The watch dates stand in another order now: pier-closing, gauge-anniversary, spring-tide, draft-due, "
            "talks-open.",
        ),
        (
            "judgements",
            "The forecasts stand in another order now: quay-height, market-closed, great-flood, quay-under-water.",
        ),
        (
            "notes",
            "The editor's notes stand in another order now: where-readings, stalls-moved, sensor-date.",
        ),
    ],
)
def test_another_order_is_said(kind: str, sentence: str) -> None:
    assert said(with_({(kind,): tuple(reversed(getattr(OLD.brief, kind)))})) == [sentence]


def test_whatever_differs_is_said_and_nothing_else() -> None:
    read = 0
    for yaml in mutants(SAMPLE_YAML.encode(), seed=8, count=500):
        try:
            brief = read_brief(yaml, SAMPLE_REPORT.encode()).brief
        except BriefFaults:
            continue
        read += 1
        assert bool(said(brief)) == (brief != OLD.brief)
        assert all(said(brief))
    assert read > 20


# --- the report's own text --------------------------------------------------------------------------


def report(*changed: Passage, without: str = "") -> Source:
    kept = {id: passage for id, passage in OLD.source.passages.items() if id != without}
    return Source(MappingProxyType(kept | {passage.id: passage for passage in changed}))


TALKS = OLD.source.passages["talks-2"]


def test_a_passage_that_reads_otherwise_is_said_in_words() -> None:
    text = (
        TALKS.text.replace("opens", "open")
        .replace("12 September", "13 September")
        .replace("own study", "study")
    )
    assert said(OLD.brief, report(replace(TALKS, text=text))) == [
        "Passage talks-2: “12” is now “13”; “town’s own” is now “town’s”"
    ]


def test_a_passage_that_was_written_anew_shows_its_first_places() -> None:
    text = " ".join(word.upper() if at % 3 == 0 else word for at, word in enumerate(TALKS.text.split()))
    [sentence] = said(OLD.brief, report(replace(TALKS, text=text)))
    assert sentence.startswith("Passage talks-2: “Talks” is now “TALKS”; “in” is now “IN”; ")
    assert sentence.endswith("; 6 more places.")


def test_a_passage_whose_white_space_alone_changed_is_said() -> None:
    assert said(OLD.brief, report(replace(TALKS, text=f"{TALKS.text} "))) == [
        "Passage talks-2: only its white space changed."
    ]


def test_passages_that_come_go_and_move_are_said() -> None:
    new = Passage("talks-3", TALKS.heading, "The talks ended.", "passage", 60)
    assert said(OLD.brief, report(new)) == ["New passage talks-3: “The talks ended.”"]
    assert said(OLD.brief, report(without="gauge-photo")) == [
        "Passage gauge-photo is gone: “The old float house on the stone pier, photographed before the radar sensor "
        "was fitted.”"
    ]
    assert said(OLD.brief, report(replace(TALKS, heading="The talks", kind="imprint"))) == [
        "Passage talks-2: the heading changed from “The talks with the town” to “The talks”.",
        "Passage talks-2: the kind of paragraph changed from passage to imprint.",
    ]
    turned = Source(MappingProxyType(dict(reversed(list(OLD.source.passages.items())))))
    [order] = said(OLD.brief, turned)
    assert order.startswith(
        "The report's passages stand in another order now: recommend-warning, recommend-survey, "
    )


# --- the reply --------------------------------------------------------------------------------------

NEWS = """notes:
  - id: one
    kind: development
    date: 2026-06-01
    text: Something happened.
    source: https://example.org/one
    touches: [dialogue-1]
  - id: two
    kind: comment
    date: 2026-06-02
    text: Somebody remarked on it.
    source: https://example.org/two
    touches: [dialogue-1]
"""


def seen(document: Version, number: int) -> Visible:
    return Visible(document.brief, document.source, number, "everyone")


def test_a_reply_holds_the_differences_under_the_kind_of_part_that_they_are_about() -> None:
    old = shipped()
    new = edited(
        {
            "notes:\n": NEWS,
            "yearly_from: 2023-08-18": "yearly_from: 2023-08-19",
            "command: dprk-china\n": "command: china-policy\n",
            'quote: "arms control rather than denuclearization"': 'quote: "rather than denuclearization"',
        }
    )
    reply = changes(
        seen(Version(old.brief, old.source), 3),
        seen(Version(new.brief, new.source), 4),
        NOW.date(),
        "en",
        "--- a",
    )
    assert reply.title == "Changes of The Korean Peninsula, December 2024, revision 3 to 4"
    assert plain(reply.with_(footer="", title="")).split("\n\n") == [
        "Topics",
        "- Topic dprk-demands: point 2 now quotes dialogue-1: “rather than denuclearization”; before it quoted "
        "dialogue-1: “arms control rather than denuclearization”\n"
        "- Command /dprk-china was renamed to /china-policy.\n"
        "- Commands that appear: /china-policy.\n"
        "- Commands that vanish: /dprk-china.",
        "Watch dates",
        "- Watch date Anniversary of the Camp David summit of Japan, the US and the ROK moved from August 18, 2023 "
        "to August 19, 2023.",
        "Editor's notes",
        "2 notes were added:",
        "Editor's note, development, June 1, 2026: Something happened. Source: https://example.org/one",
        "Editor's note, comment, June 2, 2026: Somebody remarked on it. Source: https://example.org/two",
    ]
    assert sum(isinstance(block, EditorNote) for block in reply.blocks) == 2
    assert reply.files == (File("brief.diff", b"--- a", "The YAML, line by line"),)
    assert reply.summary == "5 changes."


def test_a_reply_about_equal_revisions_says_so() -> None:
    brief = seen(Version(OLD.brief, OLD.source), 3)
    reply = changes(brief, replace(brief, revision=4), NOW.date(), "en")
    assert (
        plain(reply.with_(footer="", title=""))
        == "Nothing that you may see differs between the two revisions."
    )
    assert (reply.summary, reply.files) == ("Nothing changed.", ())
