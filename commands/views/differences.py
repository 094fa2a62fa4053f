"""One difference between two versions of a brief as a sentence."""

from collections.abc import Callable, Iterable
from typing import Any

from briefs.compare import Change, Version
from briefs.diffs import in_words
from briefs.schema import EditorBasis, OutcomeResult, Quote, WatchDate
from commands.model import Code, Strong, Text
from commands.views.fields import audience_words, field_words
from commands.views.parts import bare, outcome_words
from commands.views.sides import Piece, Sides
from commands.wording import counting, filled, filled_by, speaking

# A text that changed in more places is shown by its first ones.
PLACES = 4

Say = Callable[[Sides, Change], Text]


def sentence(change: Change, old: Version, new: Version, language: str) -> Text:
    """Say one difference; raise KeyError for a field of the schema that nobody described."""
    sides = Sides(old, new, language)
    if change.field == "":
        return (_came if change.was is None else _went)(sides, change)
    return (_OF_KIND.get((change.kind, change.field)) or _ANYWHERE.get(change.field, _plain))(sides, change)


# --- a part that came or went -----------------------------------------------------------------------


def _arrivals(language: str) -> dict[str, str]:
    _ = speaking(language)
    return {
        "passages": _("New passage {id}: “{text}”"),
        "sections": _("New section {title}."),
        "recommendations": _("New recommendation {title}, which quotes {quote}"),
        "topics": _("New topic {id}, which {command} opens: {description}."),
        "points": _("{part} is new and quotes {quote}"),
        "watch_dates": _("New watch date {title}: {when}."),
        "outcomes": _("{part}, was recorded: “{text}” Source: {source}"),
        "judgements": _("New forecast {id}, which quotes {quote}"),
        "not_judgements": _("New remark that “{word}” is no forecast in {quote}, since: “{reason}”"),
        "notes": _("{part} was added: “{text}”"),
    }


def _departures(language: str) -> dict[str, str]:
    _ = speaking(language)
    return {
        "passages": _("{part} is gone: “{text}”"),
        "sections": _("{part} is gone."),
        "recommendations": _("{part} is gone; it quoted {quote}"),
        "topics": _("{part} is gone, and {command} with it."),
        "points": _("{part} is gone; it quoted {quote}"),
        "watch_dates": _("{part} is gone: {when}."),
        "outcomes": _("{part}, was taken out: “{text}”"),
        "judgements": _("{part} is gone; it quoted {quote}"),
        "not_judgements": _("The remark is gone that “{word}” is no forecast in {quote}"),
        "notes": _("{part} was taken out: “{text}”"),
    }


def _came(sides: Sides, change: Change) -> Text:
    said = _arrivals(sides.language)[change.kind]
    return filled_by(said, lambda name: _fact(name, sides, change, change.now, sides.new))


def _went(sides: Sides, change: Change) -> Text:
    said = _departures(sides.language)[change.kind]
    return filled_by(said, lambda name: _fact(name, sides, change, change.was, sides.old))


def _fact(name: str, sides: Sides, change: Change, part: Any, version: Version) -> Piece:
    """Give what a sentence says about a part of a version."""
    match name:
        case "part":
            return sides.name(change)
        case "quote":
            return sides.quoted(part, version)
        case "when":
            return _when(sides, part)
        case "title":
            return Strong(bare(part.title))
        case "id":
            return Code(part.id)
        case "command":
            return Code(f"/{part.command}")
    return str(getattr(part, name))


def _when(sides: Sides, watch_date: WatchDate) -> str:
    if watch_date.yearly_from is None:
        assert watch_date.date is not None, "the schema asks for one of the two"
        return sides.day(watch_date.date)
    _ = sides.speak
    return _("each year since {date}").format(date=sides.day(watch_date.yearly_from))


# --- a field that is another now --------------------------------------------------------------------


def _plain(sides: Sides, change: Change) -> Text:
    _ = sides.speak
    if change.was in (None, ()):
        said = _("{part}: {field} added: {new}.")
    elif change.now in (None, ()):
        said = _("{part}: {field} taken out: {old}.")
    else:
        said = _("{part}: {field} changed from {old} to {new}.")
    field = field_words(change.kind, change.field, sides.language)
    old, new = sides.before(change), sides.after(change)
    return filled(said, part=sides.name(change), field=field, old=old, new=new)


def _for_whom(sides: Sides, change: Change) -> Text:
    old, new = (audience_words(who or "everyone", sides.language) for who in (change.was, change.now))
    _ = sides.speak
    said = _("{part} is now for {new}; it was for {old}.")
    return filled(said, part=sides.name(change), new=new, old=old)


def _order(sides: Sides, change: Change) -> Text:
    _ = sides.speak
    said = _("{part} stand in another order now: {ids}.")
    return filled(said, part=sides.name(change), ids=", ".join(change.now))


def _quotes(sides: Sides, change: Change) -> Text:
    _ = sides.speak
    said = _("{part} now quotes {new}; before it quoted {old}")
    return filled(said, part=sides.name(change), new=sides.after(change), old=sides.before(change))


def _leads(sides: Sides, change: Change) -> Text:
    _ = sides.speak
    said = _("{part}: the lead now quotes {new}; before it quoted {old}")
    return filled(said, part=sides.name(change), new=sides.after(change), old=sides.before(change))


def _renamed(sides: Sides, change: Change) -> Text:
    old, new = Code(f"/{change.was}"), Code(f"/{change.now}")
    _ = sides.speak
    return filled(_("Command {old} was renamed to {new}."), old=old, new=new)


def _moved(sides: Sides, change: Change) -> Text:
    if change.was is None or change.now is None:
        return _plain(sides, change)
    _ = sides.speak
    said = _("{part} moved from {old} to {new}.")
    return filled(said, part=sides.name(change), old=sides.before(change), new=sides.after(change))


def _rests(sides: Sides, change: Change) -> Text:
    _, basis = sides.speak, change.now
    if isinstance(basis, Quote):
        quote = sides.quoted(basis, sides.new)
        return filled(_("{part} now rests on {quote}"), part=sides.name(change), quote=quote)
    said = _("{part} now rests on the editor's reason: “{reason}” Source: {source}")
    return filled(said, part=sides.name(change), reason=basis.editor, source=basis.source)


def _cancelled(sides: Sides, change: Change) -> Text:
    _ = sides.speak
    if change.now is None:
        return filled(_("{part} is no longer cancelled."), part=sides.name(change))
    reason: EditorBasis = change.now
    said = (
        _("{part} was cancelled: “{reason}” Source: {source}")
        if change.was is None
        else _("{part} is cancelled for another reason: “{reason}” Source: {source}")
    )
    return filled(said, part=sides.name(change), reason=reason.editor, source=reason.source)


def _outcome(sides: Sides, change: Change) -> Text:
    _, part, was, now = sides.speak, sides.name(change), change.was, change.now
    note = f" {now.note}" if now.note else ""
    if now.result is OutcomeResult.open:
        said = (
            _("{part} is still open.{note}") if was.result is now.result else _("{part} is open again.{note}")
        )
        return filled(said, part=part, note=note)
    result, day = outcome_words(now.result, sides.language), sides.day(now.on)
    said = _("{part} has this outcome now: {result}, {date}.{note} Source: {source}")
    return filled(said, part=part, result=result, date=day, note=note, source=now.source)


def _reworded(sides: Sides, change: Change) -> Text:
    """Say a text's changes in words, at most PLACES of them."""
    _, n_ = sides.speak, counting(sides.language)
    places = in_words(change.was, change.now)
    shown = [_("“{old}” is now “{new}”").format(old=old, new=new) for old, new in places[:PLACES]]
    left = len(places) - PLACES
    if left > 0:
        shown.append(n_("{count} more place", "{count} more places", left).format(count=left))
    if not places:
        shown = [_("only its white space changed")]
    said = "; ".join(shown)
    return (*sides.name(change), f": {said}" if said.endswith("”") else f": {said}.")


# --- words of search --------------------------------------------------------------------------------


def _entry(sides: Sides, change: Change) -> Text:
    """Say what changed in an entry of aliases, glossary or answers."""
    _ = sides.speak
    entry = {
        "aliases": _("Other names of {name}"),
        "glossary": _("English words for {name}"),
        "answers": _("Questions that {name} answers"),
    }[change.kind]
    was, now = change.was or (), change.now or ()
    came, went = [w for w in now if w not in was], [w for w in was if w not in now]
    said = [_("added {words}").format(words=_quoted(came))] if came else []
    said += [_("taken out {words}").format(words=_quoted(went))] if went else []
    said = said or [_("in another order: {words}").format(words=_quoted(now))]
    return (*filled(entry, name=Strong(change.part)), f": {'; '.join(said)}")


def _not_covered(sides: Sides, change: Change) -> Text:
    """Say what changed in the list of questions that the report does not answer."""
    _ = sides.speak
    came = [asked for asked in change.now if asked not in change.was]
    went = [asked for asked in change.was if asked not in change.now]
    said = [_("added {words}").format(words=_quoted(came))] if came else []
    said += [_("taken out {words}").format(words=_quoted(went))] if went else []
    said = said or [_("in another order")]
    return filled(_("Questions that the report does not answer: {changes}"), changes="; ".join(said))


def _quoted(words: Iterable[str]) -> str:
    return ", ".join(f"“{word}”" for word in words)


_ANYWHERE: dict[str, Say] = {
    "order": _order,
    "quote": _quotes,
    "text": _reworded,
    "words": _entry,
    "distribution": _for_whom,
}
_OF_KIND: dict[tuple[str, str], Say] = {
    ("brief", "not_covered"): _not_covered,
    ("topics", "command"): _renamed,
    ("topics", "lead"): _leads,
    ("watch_dates", "date"): _moved,
    ("watch_dates", "yearly_from"): _moved,
    ("watch_dates", "basis"): _rests,
    ("watch_dates", "cancelled"): _cancelled,
    ("judgements", "outcome"): _outcome,
    ("notes", "text"): _reworded,
}
