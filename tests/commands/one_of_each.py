"""For every field of the schema one change of the sample's brief; what is said of it stands in described.txt."""

from datetime import date, timedelta

from briefs.schema import CalendarDate, EditorBasis, Lead, NoteKind, Outcome, OutcomeResult, Precision, Quote
from tests.commands.altered import Edits, sample

OLD = sample().brief
CAME_TRUE = Outcome(
    result=OutcomeResult.came_true, on=CalendarDate(date(2026, 11, 30)), note="On sixteen days.",
    source="https://example.org/days",
)  # fmt: skip


def a_day(year: int, month: int, day: int) -> CalendarDate:
    return CalendarDate(date(year, month, day))


ONE_OF_EACH: dict[str, Edits] = {
    "Brief.format": {("format",): 2},
    "Brief.brief": {("brief",): "harbour-2026"},
    "Brief.formerly": {("formerly",): ("harbour-2024",)},
    "Brief.title": {("title",): "Merrow Harbour"},
    "Brief.publisher": {("publisher",): "unknown"},
    "Brief.published": {("published",): date(2025, 3, 2)},
    "Brief.reviewed": {("reviewed",): date(2025, 7, 1)},
    "Brief.language": {("language",): "pt-BR"},
    "Brief.review_every": {("review_every",): timedelta(days=1)},
    "Brief.owner": {("owner",): None},
    "Brief.distribution": {("distribution",): "team"},
    "Brief.embargo_until": {("embargo_until",): a_day(2025, 6, 1)},
    "Brief.source": {("source",): "harbour.md"},
    "Brief.sections": {("sections",): OLD.sections[:3]},
    "Brief.recommendations": {("recommendations",): OLD.recommendations[:1]},
    "Brief.topics": {("topics",): OLD.topics[1:]},
    "Brief.watch_dates": {("watch_dates",): OLD.watch_dates[:4]},
    "Brief.judgements": {("judgements",): OLD.judgements[1:]},
    "Brief.not_judgements": {("not_judgements",): OLD.not_judgements[1:]},
    "Brief.notes": {("notes",): OLD.notes[1:]},
    "Brief.aliases": {("aliases",): {**OLD.aliases, "quay": ("wharf", "pier")}},
    "Brief.glossary": {("glossary",): {}},
    "Brief.answers": {("answers",): {**OLD.answers, "talks-2": ("When do the talks open?",)}},
    "Brief.not_covered": {("not_covered",): (*OLD.not_covered, "How deep is the harbour?")},
    "Section.id": {("sections", 0, "id"): "new-id", ("sections", 0, "formerly"): ("gauge",)},
    "Section.formerly": {("sections", 0, "formerly"): ("older",)},
    "Section.distribution": {("sections", 0, "distribution"): "admins"},
    "Section.embargo_until": {("sections", 0, "embargo_until"): a_day(2025, 6, 1)},
    "Recommendation.id": {
        ("recommendations", 0, "id"): "new-id",
        ("recommendations", 0, "formerly"): ("survey",),
    },
    "Recommendation.formerly": {("recommendations", 0, "formerly"): ("older",)},
    "Recommendation.distribution": {("recommendations", 0, "distribution"): "admins"},
    "Recommendation.embargo_until": {("recommendations", 0, "embargo_until"): a_day(2025, 6, 1)},
    "Topic.id": {("topics", 0, "id"): "new-id", ("topics", 0, "formerly"): ("town-demands",)},
    "Topic.formerly": {("topics", 0, "formerly"): ("older",)},
    "Topic.distribution": {("topics", 0, "distribution"): "admins"},
    "Topic.embargo_until": {("topics", 0, "embargo_until"): a_day(2025, 6, 1)},
    "WatchDate.id": {("watch_dates", 0, "id"): "new-id", ("watch_dates", 0, "formerly"): ("talks-open",)},
    "WatchDate.formerly": {("watch_dates", 0, "formerly"): ("older",)},
    "WatchDate.distribution": {("watch_dates", 0, "distribution"): "admins"},
    "WatchDate.embargo_until": {("watch_dates", 0, "embargo_until"): a_day(2025, 6, 1)},
    "Judgement.id": {("judgements", 0, "id"): "new-id", ("judgements", 0, "formerly"): ("quay-under-water",)},
    "Judgement.formerly": {("judgements", 0, "formerly"): ("older",)},
    "Judgement.distribution": {("judgements", 0, "distribution"): "admins"},
    "Judgement.embargo_until": {("judgements", 0, "embargo_until"): a_day(2025, 6, 1)},
    "Note.id": {("notes", 0, "id"): "new-id", ("notes", 0, "formerly"): ("sensor-date",)},
    "Note.formerly": {("notes", 0, "formerly"): ("older",)},
    "Note.distribution": {("notes", 0, "distribution"): "admins"},
    "Note.embargo_until": {("notes", 0, "embargo_until"): a_day(2025, 6, 1)},
    "Section.title": {("sections", 0, "title"): "The gauge"},
    "Section.passages": {("sections", 0, "passages"): ("gauge-1", "gauge-2")},
    "Recommendation.title": {("recommendations", 0, "title"): "Survey it"},
    "Recommendation.passage": {
        ("recommendations", 0, "passage"): "recommend-warning",
        ("recommendations", 0, "quote"): "Start the public warning",
    },
    "Recommendation.quote": {("recommendations", 0, "quote"): "publish the result beside the readings"},
    "Topic.command": {("topics", 0, "command"): "demands"},
    "Topic.description": {("topics", 0, "description"): "What the town wants"},
    "Topic.lead": {("topics", 0, "lead"): Quote(passage="talks-2", quote="Talks open on 12 September 2025")},
    "Topic.points": {("topics", 0, "points"): (OLD.topics[0].points[2], *OLD.topics[0].points[:1])},
    "Quote.passage": {
        ("watch_dates", 0, "basis"): Quote(passage="gauge-2", quote="has not been checked since 2009")
    },
    "Quote.quote": {("topics", 0, "lead", "quote"): "three things"},
    "Point.id": {
        ("topics", 0, "points", 1, "id"): "hours",
        ("topics", 0, "points", 1, "formerly"): ("two-hours",),
    },
    "Point.formerly": {("topics", 0, "points", 1, "formerly"): ("two",)},
    "Point.label": {("topics", 0, "points", 1, "label"): "Warning"},
    "Point.passage": {
        ("topics", 0, "points", 1, "passage"): "recommend-warning",
        ("topics", 0, "points", 1, "quote"): "A warning that comes early",
    },
    "Point.quote": {("topics", 0, "points", 1, "quote"): "two hours before high water"},
    "WatchDate.title": {("watch_dates", 0, "title"): "Talks open"},
    "WatchDate.date": {("watch_dates", 0, "date"): a_day(2025, 9, 13)},
    "WatchDate.yearly_from": {("watch_dates", 3, "yearly_from"): date(1962, 5, 15)},
    "WatchDate.zone": {("watch_dates", 0, "zone"): "Asia/Seoul"},
    "WatchDate.remind": {("watch_dates", 0, "remind"): (Lead("7d"), Lead("2h"))},
    "WatchDate.basis": {
        ("watch_dates", 0, "basis"): EditorBasis(
            editor="Announced by the town.", source="https://example.org/talks"
        )
    },
    "WatchDate.touches": {("watch_dates", 0, "touches"): ("talks-1",)},
    "WatchDate.outcomes": {("watch_dates", 3, "outcomes"): ()},
    "WatchDate.cancelled": {
        ("watch_dates", 0, "cancelled"): EditorBasis(
            editor="The town fell ill.", source="https://example.org/ill"
        )
    },
    "EditorBasis.editor": {("watch_dates", 2, "basis", "editor"): "The tables name the hour."},
    "EditorBasis.source": {("watch_dates", 4, "cancelled", "source"): "https://example.org/open"},
    "OccurrenceOutcome.occurrence": {("watch_dates", 3, "outcomes", 0, "occurrence"): a_day(2023, 5, 14)},
    "OccurrenceOutcome.text": {
        (
            "watch_dates",
            3,
            "outcomes",
            0,
            "text",
        ): "The observatory opened the float house to visitors for a week."
    },
    "OccurrenceOutcome.on": {("watch_dates", 3, "outcomes", 0, "on"): a_day(2024, 5, 15)},
    "OccurrenceOutcome.source": {("watch_dates", 3, "outcomes", 0, "source"): "https://example.org/float"},
    "Judgement.passage": {
        ("judgements", 0, "passage"): "water-2",
        ("judgements", 0, "quote"): "the fish market could be closed for a week",
    },
    "Judgement.quote": {("judgements", 0, "quote"): "It is likely that the quay will be under water"},
    "Judgement.likelihood": {("judgements", 0, "likelihood"): "It is likely that"},
    "Judgement.by": {("judgements", 0, "by"): None},
    "Judgement.outcome": {("judgements", 0, "outcome"): CAME_TRUE},
    "Outcome.result": {("judgements", 3, "outcome", "result"): OutcomeResult.did_not},
    "Outcome.on": {("judgements", 3, "outcome", "on"): CalendarDate(date(2025, 4, 1), Precision.month)},
    "Outcome.note": {("judgements", 3, "outcome", "note"): None},
    "Outcome.source": {("judgements", 3, "outcome", "source"): "report"},
    "NotJudgement.passage": {
        ("not_judgements", 0, "passage"): "talks-1",
        ("not_judgements", 0, "quote"): "The harbour office has agreed to none of them so far",
    },
    "NotJudgement.quote": {("not_judgements", 0, "quote"): "may have been read"},
    "NotJudgement.word": {("not_judgements", 0, "word"): "may have"},
    "NotJudgement.reason": {("not_judgements", 0, "reason"): "It is history."},
    "Note.kind": {("notes", 0, "kind"): NoteKind.comment},
    "Note.date": {("notes", 0, "date"): a_day(2025, 3, 21)},
    "Note.text": {
        ("notes", 0, "text"): "The radar sensor was fitted on 6 September 2018, and not on 3 September."
    },
    "Note.source": {("notes", 0, "source"): "report"},
    "Note.touches": {("notes", 0, "touches"): ("gauge-1", "gauge")},
}
