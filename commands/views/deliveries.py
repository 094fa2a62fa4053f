"""What the bot sends by itself before watch dates: reminders, and how late a message is."""

from collections.abc import Sequence
from datetime import date, datetime

from briefs.dates import Occurrence
from briefs.schema import EditorBasis, Note, NoteKind, Quote
from briefs.visible import Visible
from commands.model import Action, Block, Press, Prose, Quotation, Reply, Strong, text
from commands.views import dates
from commands.views.parts import footer, notes, quotation, warning
from commands.views.report import button
from commands.wording import counting, filled, long_date, speaking


def reminder(visible: Visible, occurrence: Occurrence, today: date, late: str, language: str) -> Reply:
    """Say that a watch date comes, what it rests on, and which topics it touches."""
    _ = speaking(language)
    far = dates.countdown((occurrence.date.day - today).days, language)
    when = filled(_("{date}, {far}."), date=Strong(long_date(occurrence.date, language)), far=far)
    blocks: list[Block] = [*warning(visible, today, language), *_late(late)]
    blocks += [Prose(when), dates.basis(visible, occurrence.watch_date, language)]
    touched = [topic for topic in visible.brief.topics if topic.id in occurrence.watch_date.touches]
    for topic in touched[:2]:
        blocks.append(quotation(visible, topic.lead, f"/{topic.command}"))
    ids = {occurrence.watch_date.id, *(topic.id for topic in touched[:2])}
    blocks += notes(_beyond(occurrence.watch_date.basis, visible.notes_on(ids))[:3], language)
    title = _("{title}: {far}").format(title=occurrence.title, far=far)
    return Reply(
        title,
        tuple(blocks),
        actions=_reminder_buttons(visible, occurrence, language),
        visibility="public",
        footer=footer(visible, today, language, _passages(blocks)),
        summary=_("{title} is on {date}, {far}.").format(
            title=occurrence.title, date=long_date(occurrence.date, language), far=far
        ),
    )


def _late(words: str) -> list[Block]:
    return [Prose(text(words))] if words else []


def _beyond(basis: Quote | EditorBasis, found: Sequence[Note]) -> list[Note]:
    """Leave out the comments that rest on the very source which the watch date names already."""
    source = basis.source if isinstance(basis, EditorBasis) else None
    return [note for note in found if (note.kind, note.source) != (NoteKind.comment, source)]


def _passages(blocks: list[Block]) -> list[str]:
    return [block.passage for block in blocks if isinstance(block, Quotation)]


def _reminder_buttons(visible: Visible, occurrence: Occurrence, language: str) -> tuple[Action, ...]:
    _ = speaking(language)
    about = button(visible, _("About this date"), "brief dates", name=occurrence.watch_date.id)
    touched = [topic for topic in visible.brief.topics if topic.id in occurrence.watch_date.touches]
    opened = tuple(button(visible, f"/{t.command}", "brief topic", name=t.command) for t in touched[:2])
    later = button(
        visible, _("Snooze"), "brief snooze", about=f"{occurrence.watch_date.id}#{occurrence.index}"
    )
    keep = button(visible, _("Add to calendar"), "brief calendar", name=occurrence.watch_date.id)
    return (about, *opened, later, keep, Action(_("Unfollow"), Press("open", "brief unfollow")))


def lateness(due: datetime, now: datetime, language: str) -> str:
    """Say how late a message is, from a minute on; empty before."""
    n_ = counting(language)
    minutes = int((now - due).total_seconds() // 60)
    if minutes < 2:
        return ""
    if minutes < 120:
        return n_(
            "This message is {count} minute late.", "This message is {count} minutes late.", minutes
        ).format(count=minutes)
    hours = minutes // 60
    return n_("This message is {count} hour late.", "This message is {count} hours late.", hours).format(
        count=hours
    )
