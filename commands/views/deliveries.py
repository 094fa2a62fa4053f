"""What the bot sends by itself: reminders before watch dates, and digests."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from briefs.compare import Changes, changes
from briefs.dates import Occurrence, coming
from briefs.freshness import freshness
from briefs.schema import Brief, EditorBasis, Note, NoteKind, Quote
from briefs.visible import Visible
from commands.model import Action, Block, Heading, Listing, Press, Prose, Quotation, Reply, Strong, Text, text
from commands.views import dates
from commands.views.parts import bare, footer, freshness_words, notes, outcome, quotation, warning
from commands.views.report import button
from commands.wording import counting, long_date, speaking

# A digest looks this far ahead, and this far back for notes (days).
AHEAD, BACK = 60, 31


def reminder(visible: Visible, occurrence: Occurrence, today: date, late: str, language: str) -> Reply:
    """Say that a watch date comes, what it rests on, and which topics it touches."""
    _ = speaking(language)
    far = dates.countdown((occurrence.date.day - today).days, language)
    when = text(Strong(long_date(occurrence.date, language)), f", {far}.")
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
    return (about, *opened, later, Action(_("Unfollow"), Press("open", "brief unfollow")))


@dataclass(frozen=True, slots=True)
class Previous:
    """The last digest that went to the same place: its day there, and the brief as it showed it."""

    on: date
    brief: Brief


def digest(visible: Visible, previous: Previous | None, today: date, late: str, language: str) -> Reply:
    """What is due next, what changed since the last digest, and how old the brief is.

    The first digest of a place has nothing to compare with: it shows the notes dated within the last month.
    """
    _ = speaking(language)
    blocks: list[Block] = [*warning(visible, today, language), *_late(late)]
    blocks += _due(visible, today, language)
    found = changes(previous.brief, visible.brief) if previous else None
    new = [*found.notes] if found else [note for note in visible.brief.notes if _is_recent(note, today)]
    blocks += _news(new, previous, language)
    blocks += _changed(found, visible.brief, today, language) if found else []
    blocks += _standing(visible, today, language)
    return Reply(
        _("Digest: {title}").format(title=visible.brief.title),
        tuple(blocks),
        actions=_digest_buttons(visible, language),
        visibility="public",
        footer=footer(visible, today, language),
        summary=_summary(visible, new, today, language),
    )


def _due(visible: Visible, today: date, language: str) -> list[Block]:
    _ = speaking(language)
    found = coming(visible.brief, today, AHEAD)
    if found:
        return [Heading(_("Due next")), Listing(tuple(dates.line(o, today, language) for o in found))]
    later = coming(visible.brief, today, dates.HORIZON)[:1]
    said = _("No watch date falls within the next {days} days.").format(days=AHEAD)
    items: list[Block] = [Heading(_("Due next")), Prose(text(said))]
    if later:
        items.append(Listing((text(_("The next after that: "), *dates.line(later[0], today, language)),)))
    return items


def _is_recent(note: Note, today: date) -> bool:
    return 0 <= (today - note.date.day).days <= BACK


def _news(new: list[Note], previous: Previous | None, language: str) -> list[Block]:
    _ = speaking(language)
    heading = Heading(_("Editor's notes"))
    if new:
        return [heading, *notes(sorted(new, key=lambda note: note.date.day, reverse=True), language)]
    if previous is None:
        said = _("No note is dated within the last {days} days.").format(days=BACK)
    else:
        said = _("No note was added since the last digest on {date}.").format(
            date=long_date(previous.on, language)
        )
    return [heading, Prose(text(said))]


def _changed(found: Changes, brief: Brief, today: date, language: str) -> list[Block]:
    items = [*_changed_dates(found, language), *_changed_topics(found, language)]
    blocks: list[Block] = [Heading(speaking(language)("Changes"))] if items or found.outcomes else []
    if items:
        blocks.append(Listing(tuple(text(item) for item in items)))
    for judgement in found.outcomes:
        blocks += outcome(judgement, brief, today, language)
    return blocks


def _changed_dates(found: Changes, language: str) -> list[str]:
    _ = speaking(language)
    return [
        *(
            _("{title} moved from {old} to {new}.").format(
                title=bare(each.watch_date.title), old=long_date(each.before, language),
                new=long_date(each.watch_date.date or each.watch_date.yearly_from or each.before, language),
            )
            for each in found.moved
        ),
        *(_("New watch date: {title}.").format(title=bare(each.title)) for each in found.new_dates),
        *(_("No longer a watch date: {title}.").format(title=bare(each.title)) for each in found.gone_dates),
    ]  # fmt: skip


def _changed_topics(found: Changes, language: str) -> list[str]:
    _ = speaking(language)
    return [
        *(_("New topic: /{command}, {description}.").format(command=each.command, description=each.description)
          for each in found.new_topics),
        *(_("The topic /{command} is gone.").format(command=each.command) for each in found.gone_topics),
    ]  # fmt: skip


def _standing(visible: Visible, today: date, language: str) -> list[Block]:
    _, n_ = speaking(language), counting(language)
    open_ = sum(judgement.outcome.result == "open" for judgement in visible.brief.judgements)
    items: list[Text] = [
        text(_("The brief: {freshness}, as of {date}.").format(
            freshness=freshness_words(freshness(visible.brief, today), language),
            date=long_date(freshness(visible.brief, today).as_of, language),
        ))
    ]  # fmt: skip
    if visible.brief.judgements:
        total = len(visible.brief.judgements)
        items.append(
            text(
                n_(
                    "Of its {total} forecasts {count} has no recorded outcome.",
                    "Of its {total} forecasts {count} have no recorded outcome.",
                    open_,
                ).format(count=open_, total=total)
            )
        )
    return [Heading(_("The brief itself")), Listing(tuple(items))]


def _digest_buttons(visible: Visible, language: str) -> tuple[Action, ...]:
    _ = speaking(language)
    return (
        button(visible, _("Topics"), "brief topics"),
        button(visible, _("All dates"), "brief dates"),
        button(visible, _("Remind me"), "brief follow"),
        button(visible, _("Snooze"), "brief snooze", about="digest"),
    )


def _summary(visible: Visible, new: list[Note], today: date, language: str) -> str:
    _, n_ = speaking(language), counting(language)
    found = coming(visible.brief, today, dates.HORIZON)[:1]
    next_ = (
        _("Next: {title}, {date}.").format(title=found[0].title, date=long_date(found[0].date, language))
        if found
        else _("No watch date is coming.")
    )
    noted = n_("{count} new note.", "{count} new notes.", len(new)).format(count=len(new))
    return f"{visible.brief.title}: {next_} {noted}"


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
