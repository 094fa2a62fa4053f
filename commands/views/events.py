"""Watch dates in the words of a calendar's entry: the title, what the date rests on, and how old that is.

An entry is read for years, wherever it was copied to. So it says how old the report is by the day of the
entry, which stays true, and not how old it was when the file was written.
"""

from briefs.agenda import Event
from briefs.freshness import freshness
from briefs.schema import EditorBasis, Precision, WatchDate
from commands.views.parts import level_words, quotation
from commands.wording import counting, long_date, speaking


def title(event: Event, language: str) -> str:
    """Name an entry. A cancelled one says so, and one whose day is not known: many programs show nothing else."""
    _ = speaking(language)
    date = event.occurrence.date
    named = event.occurrence.title
    if date.precision is Precision.month:
        named = _("{title} (a day in {month})").format(title=named, month=long_date(date, language))
    return _("Cancelled: {title}").format(title=named) if event.cancelled else named


def description(event: Event, language: str) -> str:
    """Say all that the brief says of an entry, one thing a paragraph."""
    _ = speaking(language)
    watch_date = event.occurrence.watch_date
    parts = [_ending(event, language), _reckoned(event, language), _basis(event, language)]
    parts += [
        _("Editor's note, what happened ({date}): {words} Source: {source}").format(
            date=long_date(found.on or found.occurrence, language), words=found.text, source=found.source
        )
        for found in watch_date.outcomes
        if found.occurrence == event.occurrence.date
    ]
    parts += [_age(event, language)]
    if not event.gone:
        asks = f"/brief dates name={watch_date.id}"
        parts.append(_("Where the bot is, {command} tells how this date stands now.").format(command=asks))
    return "\n\n".join(part for part in parts if part)


def link(event: Event) -> str:
    """The address of the editor's source; empty where the entry rests on the report."""
    basis = event.occurrence.watch_date.basis
    if isinstance(basis, EditorBasis) and basis.source.startswith("http"):
        return basis.source
    return ""


def _ending(event: Event, language: str) -> str:
    _ = speaking(language)
    cancelled = event.occurrence.watch_date.cancelled
    if event.gone:
        return _("The brief does not name this date any more, since revision {number}.").format(
            number=event.revision
        )
    if event.cancelled and cancelled:
        return _("Editor's note, cancelled: {words} Source: {source}").format(
            words=cancelled.editor, source=cancelled.source
        )
    return ""


def _reckoned(event: Event, language: str) -> str:
    """Say what of the day is not known, or in whose zone it is counted."""
    _ = speaking(language)
    zone = event.occurrence.watch_date.zone
    match event.occurrence.date.precision:
        case Precision.month:
            return _("Only the month is known, not the day.")
        case Precision.day if zone != "UTC":
            return _("The day is counted in {zone}.").format(zone=zone)
    return ""


def _basis(event: Event, language: str) -> str:
    """What the date rests on: the report's own words with their place, or the editor's, marked as such."""
    _ = speaking(language)
    watch_date = event.occurrence.watch_date
    if isinstance(watch_date.basis, EditorBasis):
        return _("Editor's note, not the report's words ({date}): {words} Source: {source}").format(
            date=_origin(watch_date, language), words=watch_date.basis.editor, source=watch_date.basis.source
        )
    found = quotation(event.seen, watch_date.basis)
    place = ", ".join(part for part in (found.passage, found.heading) if part)
    return _("The report ({place}): “{words}”").format(place=place, words=found.words)


def _origin(watch_date: WatchDate, language: str) -> str:
    day = watch_date.yearly_from or watch_date.date
    return long_date(day, language) if day else ""


def _age(event: Event, language: str) -> str:
    n_ = counting(language)
    fresh = freshness(event.seen.brief, event.occurrence.date.day)
    return n_(
        "From “{title}”, as of {date}, revision {number}. By the day of this entry that is {count} day old: {level}.",
        "From “{title}”, as of {date}, revision {number}. By the day of this entry that is {count} days old: {level}.",
        fresh.days,
    ).format(
        title=event.seen.brief.title, date=long_date(fresh.as_of, language), number=event.revision,
        count=fresh.days, level=level_words(fresh.level, language),
    )  # fmt: skip
