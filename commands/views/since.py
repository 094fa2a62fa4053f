"""What changed, for readers: since a moment, between two revisions, from one edition to the next."""

from dataclasses import dataclass
from datetime import date, datetime

from briefs.compare import Comparison, compare
from briefs.visible import Visible
from commands.model import Action, Block, Heading, Instant, Prose, Reply, Text, text
from commands.views.changes import changed, summary
from commands.views.parts import footer, notes, warning
from commands.views.report import button
from commands.wording import filled, speaking

# What serves searching and checking alone is for editors to compare.
UNREAD = frozenset({"aliases", "glossary", "answers", "not_judgements"})
NEWEST = 3


@dataclass(frozen=True, slots=True)
class Span:
    """What is compared: a brief as it was at an instant (aware UTC) and as it is.

    `came` is when the brief was published here, where that was later; `is_first` says that the reader never
    looked before.
    """

    old: Visible
    new: Visible
    then: datetime
    came: datetime | None
    is_first: bool


def since(span: Span, today: date, language: str) -> Reply:
    """Everything that differs since a moment; where nothing does, that, and how to look further back."""
    _ = speaking(language)
    found = _read(compare(span.old, span.new))
    blocks: list[Block] = [*warning(span.new, today, language), Prose(_head(span, found, language))]
    blocks += changed(found, span.old, span.new, language)
    blocks += [] if found else _nothing(span, language)
    return Reply(
        _("Changes of {title}").format(title=span.new.brief.title),
        tuple(blocks),
        actions=_buttons(span.new, language),
        footer=footer(span.new, today, language),
        summary=f"{span.new.brief.title}: {summary(found, language)}",
    )


def _read(found: Comparison) -> Comparison:
    shown = tuple(each for each in found.changes if each.kind not in UNREAD)
    return Comparison(shown, found.appearing, found.vanishing)


def _head(span: Span, found: Comparison, language: str) -> Text:
    _ = speaking(language)
    if span.came is not None:
        said = _("This brief is here since {when}.")
        return filled(said, when=Instant(span.came))
    if span.is_first:
        return filled(_("You look for the first time: what changed since {when}."), when=Instant(span.then))
    return filled(_("What changed since {when}."), when=Instant(span.then))


def _nothing(span: Span, language: str) -> list[Block]:
    """Say that nothing changed, show the newest notes, and tell how to look further back."""
    _ = speaking(language)
    said = _(
        "Nothing that you may see has changed since then. To look further back, give a day:"
        " /brief changes since=2026-06-01."
    )
    newest = sorted(span.new.brief.notes, key=lambda note: note.date.day, reverse=True)[:NEWEST]
    if not newest:
        return [Prose(text(said))]
    return [Prose(text(said)), Heading(_("The newest notes")), *notes(newest, language)]


def between(old: Visible, new: Visible, today: date, language: str) -> Reply:
    """Everything that differs between two revisions."""
    _ = speaking(language)
    title = _("Changes of {title}, revision {old} to {new}").format(
        title=new.brief.title, old=old.revision, new=new.revision
    )
    said = _("Nothing that you may see differs between the two revisions.")
    return _compared(title, said, old, new, today, language)


def editions(old: Visible, new: Visible, today: date, language: str) -> Reply:
    """Everything that differs from one brief to another."""
    _ = speaking(language)
    title = _("From “{old}” to “{new}”").format(old=old.brief.title, new=new.brief.title)
    return _compared(title, _("Nothing that you may see differs between the two."), old, new, today, language)


def _compared(title: str, nothing: str, old: Visible, new: Visible, today: date, language: str) -> Reply:
    found = _read(compare(old, new))
    blocks = changed(found, old, new, language) or [Prose(text(nothing))]
    return Reply(
        title,
        (*warning(new, today, language), *blocks),
        actions=_buttons(new, language),
        footer=footer(new, today, language),
        summary=summary(found, language),
    )


def _buttons(visible: Visible, language: str) -> tuple[Action, ...]:
    _ = speaking(language)
    return (
        button(visible, _("Topics"), "brief topics"),
        button(visible, _("All dates"), "brief dates"),
        button(visible, _("Remind me"), "brief follow"),
    )
