"""What replies are made of: the report's words with their place, the editor's notes, the age."""

from collections.abc import Iterable
from datetime import date

from briefs.freshness import Freshness, Level, freshness
from briefs.overdue import is_overdue, settles_on
from briefs.schema import Brief, Judgement, Note, OutcomeResult, Quote, WatchDate
from briefs.source import Passage, find_quote
from briefs.visible import Visible
from commands.model import Block, EditorNote, Prose, Quotation, text
from commands.wording import counting, long_date, speaking


def span_of(passage: Passage, quote: str) -> tuple[int, int]:
    """Return the quote's span in its passage; a published quote always has one."""
    span = find_quote(passage, quote)
    if span is None:
        raise LookupError(f"published quote not in {passage.id}: {quote!r}")
    return span


def quotation(visible: Visible, quote: Quote, label: str | None = None) -> Quotation:
    """Print the passage's own span, never the copy that the YAML keeps of it."""
    passage = visible.source.passages[quote.passage]
    return Quotation(
        passage.text[slice(*span_of(passage, quote.quote))], passage.id, passage.heading, label=label
    )


def whole(passage: Passage, highlight: tuple[int, int] | None = None) -> Quotation:
    """Print a whole passage."""
    return Quotation(passage.text, passage.id, passage.heading, highlight)


def notes(found: Iterable[Note], language: str) -> list[Block]:
    """Show the editor's notes as what they are."""
    return [
        EditorNote(note.kind.value, long_date(note.date, language), note.text, note.source) for note in found
    ]


def bare(title: str) -> str:
    """Name a yearly date without the number of any one anniversary."""
    found = title.replace("{ordinal} ", "").replace("{number} ", "")
    return found[0].upper() + found[1:]


def outcome_words(result: OutcomeResult, language: str) -> str:
    """Say what became of a forecast."""
    _ = speaking(language)
    return {
        OutcomeResult.open: _("open: no outcome recorded yet"),
        OutcomeResult.came_true: _("came true"),
        OutcomeResult.did_not: _("did not come true"),
        OutcomeResult.partly: _("came true in part"),
        OutcomeResult.overtaken: _("overtaken by events"),
    }[result]


def owed(part: Judgement | WatchDate, brief: Brief, today: date, language: str) -> str:
    """Name a part with what is missing of it: `The deadline: date passed (March 2026), outcome not recorded.`"""
    name = f"“{part.quote}”" if isinstance(part, Judgement) else bare(part.title)
    said = speaking(language)("{what}: {state}.")
    return said.format(what=name, state=not_recorded(part, brief, today, language))


def not_recorded(part: Judgement | WatchDate, brief: Brief, today: date, language: str) -> str:
    """Say that the date of a forecast or of a watch date passed without an outcome; empty where it did not."""
    by = settles_on(part)
    if by is None or not is_overdue(part, brief, today):
        return ""
    said = speaking(language)("date passed ({date}), outcome not recorded")
    return said.format(date=long_date(by, language))


def outcome(judgement: Judgement, brief: Brief, today: date, language: str) -> list[Block]:
    """Show the recorded outcome of a forecast as the editor's note, or that its date passed without one."""
    settled = judgement.outcome
    if missing := not_recorded(judgement, brief, today, language):
        said = speaking(language)("The forecast “{quote}”: {result}.")
        return [Prose(text(said.format(quote=judgement.quote, result=missing)))]
    if settled.result is OutcomeResult.open or settled.on is None or settled.source is None:
        return []
    _ = speaking(language)
    said = _("The forecast “{quote}”: {result}.").format(
        quote=judgement.quote, result=outcome_words(settled.result, language)
    )
    words = f"{said} {settled.note}" if settled.note else said
    return [EditorNote("outcome", long_date(settled.on, language), words, settled.source)]


def level_words(level: Level, language: str) -> str:
    """Name the freshness."""
    _ = speaking(language)
    return {
        Level.current: _("current"),
        Level.aging: _("aging"),
        Level.stale: _("stale"),
        Level.expired: _("expired"),
    }[level]


def age(days: int, language: str) -> str:
    """Say an age in days, and from the second year on also in years."""
    n_ = counting(language)
    return n_("{count} day old", "{count} days old", days).format(count=days)


def freshness_words(fresh: Freshness, language: str) -> str:
    """Say how old a brief is: `717 days old, expired`."""
    _ = speaking(language)
    return _("{age}, {level}").format(age=age(fresh.days, language), level=level_words(fresh.level, language))


def warning(visible: Visible, today: date, language: str) -> list[Block]:
    """Return what an expired brief says before anything else."""
    fresh = freshness(visible.brief, today)
    if fresh.level is not Level.expired:
        return []
    _ = speaking(language)
    reviewed = (
        _("last reviewed on {date}") if fresh.reviewed else _("published on {date} and not reviewed since")
    )
    said = _("This report has expired: {reviewed}, {age}. Read it as what was known then.").format(
        reviewed=reviewed.format(date=long_date(fresh.as_of, language)), age=age(fresh.days, language)
    )
    return [Prose(text(said))]


def footer(visible: Visible, today: date, language: str, passages: Iterable[str] = ()) -> str:
    """Say which brief, as of when, how fresh, which revision, and which passages are quoted."""
    _ = speaking(language)
    fresh = freshness(visible.brief, today)
    parts = [
        visible.brief.title,
        _("as of {date}").format(date=long_date(fresh.as_of, language)),
        freshness_words(fresh, language),
        _("revision {number}").format(number=visible.revision),
    ]
    places = list(dict.fromkeys(passages))
    if places:
        parts.append(", ".join(places))
    return " · ".join(parts)
