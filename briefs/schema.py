"""The YAML of a brief, format 1, as types.

This file alone knows the YAML's keys. Every model is frozen and refuses unknown keys; what a value
may look like is said here, where it is (line and column) is found in `briefs.reading`, and whether a
quote stands in the source is checked there against `briefs.source`.
"""

import calendar
import re
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any, Literal, NamedTuple
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic.json_schema import WithJsonSchema

from briefs.marking import N_

ID_PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*$"
# Slack: 2-32 characters with the slash; Discord: 1-32 without it, lowercase (platform-limits, 1 and 5).
COMMAND_PATTERN = r"^[a-z][a-z0-9]*([-_][a-z0-9]+)*$"
REPORT_PATTERN = r"^[^/\\\x00]+\.md$"
SOURCE_PATTERN = r"^(report|https?://\S+)$"
ZONES = frozenset(available_timezones())


class Precision(StrEnum):
    """How exactly the calendar date is known."""

    month = "month"
    day = "day"
    minute = "minute"


class CalendarDate(NamedTuple):
    """A day, a month or a day with its clock time, as the brief's author wrote it.

    `day` is the first day of the month where only the month is known; `at` is set for minutes only.
    """

    day: date
    precision: Precision = Precision.day
    at: time | None = None

    @property
    def last_day(self) -> date:
        """The day itself, and the month's last where only the month is known."""
        if self.precision is not Precision.month:
            return self.day
        return self.day.replace(day=calendar.monthrange(self.day.year, self.day.month)[1])

    def __str__(self) -> str:
        """Write the date as it stands in the YAML."""
        if self.precision is Precision.month:
            return self.day.strftime("%Y-%m")
        return self.day.isoformat() if self.at is None else f"{self.day.isoformat()}T{self.at:%H:%M}"


_MONTH = re.compile(r"^(\d{4})-(\d{2})$")
_DAY = re.compile(r"^\d{4}-\d{2}-\d{2}$")
_MINUTE = re.compile(r"^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})$")


def calendar_date(value: object) -> CalendarDate:
    """Read `2026-12-18`, `2026-12` or `2026-12-18T15:00`; raise ValueError for anything else."""
    if isinstance(value, CalendarDate):
        return value
    text = str(value)
    try:
        if _MONTH.match(text):
            return CalendarDate(date.fromisoformat(f"{text}-01"), Precision.month)
        if _DAY.match(text):
            return CalendarDate(date.fromisoformat(text))
        if found := _MINUTE.match(text):
            return CalendarDate(date.fromisoformat(found[1]), Precision.minute, time.fromisoformat(found[2]))
    except ValueError as problem:
        raise ValueError(
            N_("not a date of the calendar ({problem}); write it like 2026-12-18", problem=problem)
        ) from None
    raise ValueError(N_("not a date; write it like 2026-12-18, 2026-12 or 2026-12-18T15:00"))


def _day(value: object) -> object:
    found = calendar_date(value) if isinstance(value, str) else value
    if isinstance(found, CalendarDate):
        if found.precision is not Precision.day:
            raise ValueError(N_("a whole day is needed here; write it like 2026-12-18"))
        return found.day
    return found


_INTERVAL = re.compile(r"^(\d{1,4}) ?(days?|weeks?)$")


def _interval(value: object) -> object:
    if not isinstance(value, str):
        return value
    found = _INTERVAL.match(value)
    if not found or int(found[1]) == 0:
        raise ValueError(N_("not an interval; write it like 90 days or 12 weeks"))
    return timedelta(**{found[2].rstrip("s") + "s": int(found[1])})


_LEAD = re.compile(r"^(\d{1,4})([dh])$")


class Lead(NamedTuple):
    """How long before a watch date its reminder goes out, as written (`7d`, `2h`)."""

    text: str

    @property
    def days(self) -> int | None:
        """Whole days before, or None for a lead in hours."""
        return int(self.text[:-1]) if self.text.endswith("d") else None

    @property
    def ahead(self) -> timedelta:
        """The lead as a length of time."""
        amount = int(self.text[:-1])
        return timedelta(days=amount) if self.text.endswith("d") else timedelta(hours=amount)


def lead_time(value: object) -> Lead:
    """Read `7d` or `2h`; raise ValueError for anything else."""
    if isinstance(value, Lead):
        return value
    text = str(value)
    if not _LEAD.match(text):
        raise ValueError(N_("not a lead time; write it like 7d (days) or 2h (hours)"))
    return Lead(f"{int(text[:-1])}{text[-1]}")


def _zone(name: str) -> str:
    if name not in ZONES:
        raise ValueError(N_("not a time zone of the IANA list; write it like Asia/Seoul"))
    return name


def _format(value: object) -> object:
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() else value


def _string_schema(pattern: str, example: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": pattern, "examples": [example]})


Id = Annotated[str, Field(pattern=ID_PATTERN, max_length=64)]
CommandName = Annotated[str, Field(pattern=COMMAND_PATTERN, min_length=1, max_length=31)]
Text = Annotated[str, Field(min_length=1, max_length=4000)]
Title = Annotated[str, Field(min_length=1, max_length=200)]
Day = Annotated[date, BeforeValidator(_day), _string_schema(r"^\d{4}-\d{2}-\d{2}$", "2026-12-18")]
Date = Annotated[
    CalendarDate,
    BeforeValidator(calendar_date),
    _string_schema(r"^\d{4}-\d{2}(-\d{2}([T ]\d{2}:\d{2})?)?$", "2026-12-18"),
]
Interval = Annotated[timedelta, BeforeValidator(_interval), _string_schema(_INTERVAL.pattern, "90 days")]
LeadTime = Annotated[Lead, BeforeValidator(lead_time), _string_schema(_LEAD.pattern, "7d")]
Zone = Annotated[str, AfterValidator(_zone)]
SourceLink = Annotated[
    str, Field(pattern=SOURCE_PATTERN, max_length=2000, examples=["https://example.org/news"])
]
Distribution = Literal["everyone", "team", "admins"]


class Part(BaseModel):
    """What every part of the YAML shares."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Named(Part):
    """A part with an id of its own; `formerly` keeps its history when the id changes."""

    id: Id
    formerly: tuple[Id, ...] = ()


class Handled(Part):
    """A part that may be kept from some readers, or from all until a time.

    `embargo_until` is a day (from its first instant) or a minute, in UTC.
    """

    distribution: Distribution | None = None
    embargo_until: Date | None = None


class Quote(Part):
    """A verbatim span of one passage."""

    passage: Id
    quote: Text


class Point(Named, Quote):
    """A quote among a topic's points; the label names it and makes no claim."""

    label: Title | None = None


class Topic(Named, Handled):
    """A slash command of the brief. Its lead and points hold quotes only."""

    command: CommandName
    description: Annotated[str, Field(min_length=1, max_length=100)]
    lead: Quote
    points: tuple[Point, ...] = ()


class Section(Named, Handled):
    """A part of the report made of whole passages."""

    title: Title
    passages: Annotated[tuple[Id, ...], Field(min_length=1)]


class Recommendation(Named, Handled):
    """What the report recommends: one passage, with the quote that says it shortest."""

    title: Title
    passage: Id
    quote: Text


class OutcomeResult(StrEnum):
    """What became of a forecast."""

    open = "open"
    came_true = "came true"
    did_not = "did not"
    partly = "partly"
    overtaken = "overtaken"


class Outcome(Part):
    """What became of a forecast, with its day and source; `open` needs neither."""

    result: OutcomeResult
    on: Date | None = None
    note: Text | None = None
    source: SourceLink | None = None

    @model_validator(mode="after")
    def _settled_needs_proof(self) -> "Outcome":
        if self.result is not OutcomeResult.open and (self.on is None or self.source is None):
            raise ValueError(
                N_(
                    "an outcome other than open needs on: (its day) and source: (a link); write on: 2026-12-31 "
                    "and source: https://example.org/news"
                )
            )
        return self


class Judgement(Named, Handled):
    """A forecast that the report makes. `likelihood` is a verbatim part of the quote.

    `by` is the day by which it can be judged, where the report names one.
    """

    passage: Id
    quote: Text
    likelihood: Title
    by: Date | None = None
    outcome: Outcome = Outcome(result=OutcomeResult.open)


class NotJudgement(Quote):
    """A likelihood word of the source that is no forecast, with the reason."""

    word: Title
    reason: Text


class OccurrenceOutcome(Part):
    """What happened on one occurrence of a watch date."""

    occurrence: Date
    text: Text
    on: Date | None = None
    source: SourceLink


class EditorBasis(Part):
    """A date that the report does not give: why it is here, and where it comes from."""

    editor: Text
    source: SourceLink


class WatchDate(Named, Handled):
    """A day that matters: single (`date`) or yearly (`yearly_from`).

    `title` may hold {ordinal} (62nd) and {number} (62) for yearly dates. `zone` is the zone in which the
    day is counted. `basis` is a quote of the report, or the editor's with its source.
    """

    title: Title
    date: Date | None = None
    yearly_from: Day | None = None
    zone: Zone = "UTC"
    remind: tuple[LeadTime, ...] = ()
    basis: Quote | EditorBasis
    touches: tuple[Id, ...] = ()
    outcomes: tuple[OccurrenceOutcome, ...] = ()
    cancelled: EditorBasis | None = None

    @model_validator(mode="after")
    def _one_kind_of_date(self) -> "WatchDate":
        if (self.date is None) == (self.yearly_from is None):
            raise ValueError(
                N_(
                    "a watch date has either date: or yearly_from:, and not both; write date: 2026-12-18, or "
                    "yearly_from: 1965-12-18"
                )
            )
        if self.date is not None and "{" in self.title:
            raise ValueError(
                N_(
                    "{ordinal} and {number} are for yearly dates only; take them out of the title, or write "
                    "yearly_from: instead of date:"
                )
            )
        return self


class NoteKind(StrEnum):
    """What the editor adds: a mistake of the report, what happened since, or a remark."""

    erratum = "erratum"
    development = "development"
    comment = "comment"


class Note(Named, Handled):
    """The editor's own words, always shown apart from the report's."""

    kind: NoteKind
    date: Date
    text: Text
    source: SourceLink
    touches: tuple[Id, ...] = ()


class Questions(Part):
    """Questions that a passage answers; `quote` is the sentence or two of it that do, verbatim."""

    questions: tuple[str, ...]
    quote: Text | None = None

    def lines(self) -> tuple[str, ...]:
        """Write each question on a line of its own, with the quote that answers it."""
        return tuple(f"{asked} → {self.quote}" if self.quote else asked for asked in self.questions)


def _questions(value: object) -> object:
    return {"questions": [value]} if isinstance(value, str) else value


_QUESTIONS_SCHEMA = {
    "anyOf": [
        {"type": "string"},
        {
            "type": "object",
            "properties": {
                "questions": {"type": "array", "items": {"type": "string"}},
                "quote": {"type": "string", "minLength": 1, "maxLength": 4000},
            },
            "required": ["questions"],
            "additionalProperties": False,
        },
    ]
}
Asked = Annotated[Questions, BeforeValidator(_questions), WithJsonSchema(_QUESTIONS_SCHEMA)]


class Brief(Handled):
    """One report as YAML, format 1."""

    format: Annotated[Literal[1], BeforeValidator(_format)]
    brief: Id
    formerly: tuple[Id, ...] = ()
    title: Title
    publisher: Title = "unknown"
    published: Day
    reviewed: Day | None = None
    language: Annotated[str, Field(pattern=r"^[a-z]{2}(-[A-Z]{2})?$")] = "en"
    review_every: Annotated[Interval, Field(json_schema_extra={"default": "90 days"})] = timedelta(days=90)
    owner: (
        Annotated[str, Field(pattern=r"^(slack:[A-Z0-9]+/[A-Z0-9]+|discord:\d+|web:local/\S+)$")] | None
    ) = None
    source: Annotated[str, Field(pattern=REPORT_PATTERN, examples=["report.md"])]
    sections: Annotated[tuple[Section, ...], Field(min_length=1)]
    recommendations: tuple[Recommendation, ...] = ()
    topics: tuple[Topic, ...] = ()
    watch_dates: tuple[WatchDate, ...] = ()
    judgements: tuple[Judgement, ...] = ()
    not_judgements: tuple[NotJudgement, ...] = ()
    notes: tuple[Note, ...] = ()
    aliases: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    glossary: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    answers: dict[Id, tuple[Asked, ...]] = Field(default_factory=dict)
    not_covered: tuple[str, ...] = ()

    @cached_property
    def embargoes(self) -> tuple[datetime, ...]:
        """Every instant at which an embargo in the brief ends, in order."""
        handled: tuple[Handled, ...] = (
            self, *self.sections, *self.recommendations, *self.topics,
            *self.watch_dates, *self.judgements, *self.notes,
        )  # fmt: skip
        return tuple(sorted(embargo_instant(part.embargo_until) for part in handled if part.embargo_until))

    def parts(self) -> tuple[Named, ...]:
        """Every part that has an id, in the order of the YAML's kinds."""
        return (
            *self.sections, *self.recommendations, *self.topics,
            *self.watch_dates, *self.judgements, *self.notes,
        )  # fmt: skip


def json_schema() -> dict[str, Any]:
    """The schema as JSON Schema 2020-12, for editors that complete YAML."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **Brief.model_json_schema()}


def embargo_instant(until: CalendarDate) -> datetime:
    """The first instant (UTC) at which an embargoed part may be shown."""
    return datetime.combine(until.day, until.at or time(0), tzinfo=ZoneInfo("UTC"))
