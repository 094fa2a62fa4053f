"""The two versions of a brief that are compared, and how their parts and values are named."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from briefs.compare import Change, Version
from briefs.schema import CalendarDate, Lead, NoteKind, Quote
from commands.model import Code, Inline, Strong, Text
from commands.views.dates import lead_words
from commands.views.fields import kind_words, list_words
from commands.views.parts import bare, span_of
from commands.wording import Translate, counting, filled, long_date, speaking

Piece = Inline | Text
# Fields that hold somebody's words: they stand in quotation marks.
WORDED = frozenset({"title", "publisher", "description", "label", "likelihood", "reason", "heading"})


@dataclass(frozen=True)
class Sides:
    """The old version and the new one, for a reader of a language. Each quote is printed as its report has it."""

    old: Version
    new: Version
    language: str

    @property
    def speak(self) -> Translate:
        """The `_` of the language."""
        return speaking(self.language)

    def before(self, change: Change) -> str:
        """Write what a field was."""
        return self._written(change.field, change.was, self.old)

    def after(self, change: Change) -> str:
        """Write what a field is now."""
        return self._written(change.field, change.now, self.new)

    def _written(self, field: str, value: Any, version: Version) -> str:
        found = self._value(value, version)
        return f"“{found}”" if field in WORDED else found

    def quoted(self, quote: Any, version: Version) -> str:
        """Print a part's quote: the span of its passage, with the passage's id."""
        passage = version.source.passages[quote.passage]
        return f"{passage.id}: “{passage.text[slice(*span_of(passage, quote.quote))]}”"

    def day(self, day: CalendarDate | date) -> str:
        """Write a day."""
        return long_date(day, self.language)

    def _value(self, value: Any, version: Version) -> str:
        """Write a field's value. Lead and CalendarDate are tuples too, so that they come first."""
        if isinstance(value, CalendarDate | date):
            return self.day(value)
        if isinstance(value, Lead):
            return lead_words(value.text, self.language)
        if isinstance(value, tuple):
            return ", ".join(self._value(each, version) for each in value)
        if isinstance(value, Quote):
            return self.quoted(value, version)
        if isinstance(value, timedelta):
            n_ = counting(self.language)
            return n_("{count} day", "{count} days", value.days).format(count=value.days)
        return kind_words(value, self.language) if isinstance(value, NoteKind) else str(value)

    def name(self, change: Change) -> Text:
        """Name the part that a change is about."""
        if change.kind != "points" and change.part is None:
            return (list_words(change.kind, self.language),)
        return _NAMES[change.kind](self, change)


def _with_id(sentence: Callable[[Translate], str]) -> "Name":
    return lambda sides, change: filled(sentence(sides.speak), id=Code(change.part.id))


def _with_title(sentence: Callable[[Translate], str]) -> "Name":
    return lambda sides, change: filled(sentence(sides.speak), title=Strong(bare(change.part.title)))


def _whole(sides: Sides, _change: Change) -> Text:
    _ = sides.speak
    return (_("The brief"),)


def _point(sides: Sides, change: Change) -> Text:
    _, topic = sides.speak, change.within
    if change.part is None:
        return filled(_("Topic {id}: the points"), id=Code(topic.id))
    number = next((at for at, each in enumerate(topic.points, 1) if each.id == change.part.id), None)
    place: Inline = Code(change.part.id) if number is None else str(number)
    return filled(_("Topic {id}: point {place}"), id=Code(topic.id), place=place)


def _occurrence(sides: Sides, change: Change) -> Text:
    title, when = Strong(bare(change.within.title)), sides.day(change.part.occurrence)
    _ = sides.speak
    return filled(_("Watch date {title}, outcome of {date}"), title=title, date=when)


def _no_forecast(sides: Sides, change: Change) -> Text:
    _ = sides.speak
    sentence = _("Remark on “{word}” in {passage}")
    return filled(sentence, word=change.part.word, passage=Code(change.part.passage))


Name = Callable[[Sides, Change], Text]
_NAMES: dict[str, Name] = {
    "brief": _whole,
    "passages": _with_id(lambda _: _("Passage {id}")),
    "sections": _with_title(lambda _: _("Section {title}")),
    "recommendations": _with_title(lambda _: _("Recommendation {title}")),
    "topics": _with_id(lambda _: _("Topic {id}")),
    "points": _point,
    "watch_dates": _with_title(lambda _: _("Watch date {title}")),
    "outcomes": _occurrence,
    "judgements": _with_id(lambda _: _("Forecast {id}")),
    "not_judgements": _no_forecast,
    "notes": _with_id(lambda _: _("Note {id}")),
}
