"""What a timeline says about each entry: on the picture, in the list beside it, and in the alt text."""

from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_skeleton, format_time

from briefs.overdue import is_overdue
from briefs.schema import CalendarDate, Judgement, Note, Precision, Quote, WatchDate
from briefs.timeline import Entry, Kind
from briefs.visible import Visible
from commands.drawing.sheet import Row, Shape, Tense
from commands.model import Inline, Instant, Link, Strong, Text, text
from commands.views.dates import countdown
from commands.views.fields import kind_words
from commands.views.parts import outcome_words, quotation
from commands.wording import counting, filled, long_date, speaking
from scheduler.when import instant_of

_SHAPES: dict[Kind, Shape] = {
    Kind.published: "flag", Kind.reviewed: "flag", Kind.watch_date: "circle",
    Kind.note: "square", Kind.outcome: "diamond", Kind.forecast: "diamond",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One entry in its three forms."""

    row: Row
    said: Text
    alt: str
    day: str


@dataclass(frozen=True, slots=True)
class Teller:
    """Puts entries into words for one reader: at a moment (aware), in a zone and a language."""

    visible: Visible
    now: datetime
    today: date
    zone: str
    language: str

    def line(self, entry: Entry) -> Line:
        """Tell an entry."""
        _ = speaking(self.language)
        kind, words, below, source = self._kind(entry), self._words(entry), self._below(entry), _source(entry)
        tense, far = self._tense(entry), self._far(entry)
        row = Row(
            self.short(entry), far, tense, _SHAPES[entry.kind], words, below, kind, _name(source),
            entry.date.precision is Precision.month,
        )  # fmt: skip
        when = self.long(entry)
        said = filled(
            _("{when} ({far}) · {kind}: {words}"), when=self._when(entry), far=far, kind=kind, words=words
        )
        if below:
            said = text(*said, f" · {below}")
        if source:
            said = text(*said, *filled(_(" · Source: {source}"), source=_link(source)))
        alt = _("{when} ({far}), {kind}: {words}").format(when=when, far=far, kind=kind, words=words)
        return Line(row, said, f"{alt}; {below}" if below else alt, when)

    def short(self, entry: Entry) -> str:
        """The day as it stands on the picture: `Dec 18, 2026`, `Jun 2026`."""
        if self.language != "en":
            return self.long(entry)
        if entry.date.precision is Precision.month:
            return str(format_skeleton("yMMM", _noon(entry.date.day), locale="en"))
        day = str(format_date(self._local_day(entry), "medium", locale="en"))
        return _joined_time(day, self._clock(entry))

    def long(self, entry: Entry) -> str:
        """The day in full, a clock time in the reader's zone: `December 18, 2026, 15:00 (Asia/Tokyo)`."""
        if entry.date.precision is Precision.month:
            return long_date(entry.date, self.language)
        return _joined_time(long_date(self._local_day(entry), self.language), self._clock(entry))

    def _when(self, entry: Entry) -> Inline:
        instant = self._instant(entry)
        return Instant(instant) if instant else Strong(self.long(entry))

    def _instant(self, entry: Entry) -> datetime | None:
        at = entry.date.at
        return instant_of(entry.date.day, at, entry.zone) if at is not None else None

    def _local_day(self, entry: Entry) -> date:
        instant = self._instant(entry)
        return instant.astimezone(ZoneInfo(self.zone)).date() if instant else entry.date.day

    def _clock(self, entry: Entry) -> str:
        instant = self._instant(entry)
        if instant is None:
            return ""
        local = instant.astimezone(ZoneInfo(self.zone))
        return f"{format_time(local.time(), 'short', locale=self.language)} ({self.zone})"

    def _tense(self, entry: Entry) -> Tense:
        instant = self._instant(entry)
        if instant is not None:
            return "past" if instant < self.now else "coming"
        if entry.date.last_day < self.today:
            return "past"
        return "coming" if entry.date.day > self.today else "today"

    def _far(self, entry: Entry) -> str:
        if entry.date.precision is Precision.month:
            return months_away(entry.date, self.today, self.language)
        return countdown((self._local_day(entry) - self.today).days, self.language)

    def _kind(self, entry: Entry) -> str:
        _ = speaking(self.language)
        match entry.part:
            case WatchDate():
                return _("Watch date, cancelled") if entry.part.cancelled else _("Watch date")
            case Note():
                return _("Editor's note, {kind}").format(kind=kind_words(entry.part.kind, self.language))
            case Judgement() if entry.kind is Kind.outcome:
                result = outcome_words(entry.part.outcome.result, self.language)
                return _("Forecast, {outcome}").format(outcome=result)
            case Judgement():
                return _("Forecast, to be judged by this date")
        return _("Report")

    def _words(self, entry: Entry) -> str:
        """The title of a watch date, the words of a note, or the report's own words with their place."""
        _ = speaking(self.language)
        match entry.part:
            case WatchDate():
                return entry.title
            case Note():
                return entry.part.text
            case Judgement():
                found = quotation(self.visible, Quote(passage=entry.part.passage, quote=entry.part.quote))
                return f"“{found.words}” ({found.passage})"
        return (
            _("The report was reviewed.") if entry.kind is Kind.reviewed else _("The report was published.")
        )

    def _below(self, entry: Entry) -> str:
        """What came of it, in the editor's words, or that nobody has recorded it."""
        _ = speaking(self.language)
        part = entry.part
        if isinstance(part, WatchDate) and part.cancelled:
            return _("Cancelled, by the editor: {text}").format(text=part.cancelled.editor)
        if entry.outcome:
            return _("What happened, by the editor: {text}").format(text=entry.outcome.text)
        if isinstance(part, Judgement) and entry.kind is Kind.outcome and part.outcome.note:
            return _("What happened, by the editor: {text}").format(text=part.outcome.note)
        if isinstance(part, WatchDate | Judgement) and is_overdue(part, self.visible.brief, self.today):
            return _("Date passed, outcome not recorded.")
        return ""


def months_away(month: CalendarDate, today: date, language: str) -> str:
    """Say how far a month is, without a day that nobody gave: `in 3 months`, `this month`."""
    _, n_ = speaking(language), counting(language)
    count = (month.day.year - today.year) * 12 + month.day.month - today.month
    if count == 0:
        return _("this month")
    if count > 0:
        return n_("in {count} month", "in {count} months", count).format(count=count)
    return n_("{count} month ago", "{count} months ago", -count).format(count=-count)


def _source(entry: Entry) -> str:
    """Where the editor's words on an entry come from; empty where there are none."""
    match entry.part:
        case WatchDate(cancelled=basis) if basis is not None:
            return basis.source
        case WatchDate():
            return entry.outcome.source if entry.outcome else ""
        case Note():
            return entry.part.source
        case Judgement() if entry.kind is Kind.outcome:
            return entry.part.outcome.source or ""
    return ""


def _name(source: str) -> str:
    """Name where words come from: the site, or the report."""
    return urlsplit(source).netloc.removeprefix("www.") or source


def _link(source: str) -> Inline:
    return Link(_name(source), source) if urlsplit(source).netloc else source


def _joined_time(day: str, clock: str) -> str:
    return f"{day}, {clock}" if clock else day


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, 1, 12)  # noqa: DTZ001  # a month has no zone
