"""The digest: what is due, what changed since the last one, what grew old, and one passage to read again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from briefs.compare import Changes, changes
from briefs.dates import coming
from briefs.freshness import Level, freshness
from briefs.overdue import is_overdue, overdue
from briefs.schema import Brief, Note
from briefs.visible import Visible
from commands.model import Action, Block, Heading, Listing, Press, Prose, Reply, Text, text
from commands.views import dates
from commands.views.parts import (
    bare,
    footer,
    freshness_words,
    level_words,
    notes,
    outcome,
    owed,
    warning,
)
from commands.views.report import button
from commands.views.rereading import reread
from commands.wording import counting, filled, long_date, speaking

# A digest looks this far ahead, and this far back for notes (days).
AHEAD, BACK = 60, 31


@dataclass(frozen=True, slots=True)
class Previous:
    """The last digest that went to the same place: its day there, the brief as it showed it, its instant.

    `passage` is what it showed to be read again.
    """

    on: date
    brief: Brief
    at: datetime | None = None
    passage: str = ""


def digest(visible: Visible, previous: Previous | None, today: date, late: str, language: str) -> Reply:
    """Due dates first, then what changed, then what grew old, then one passage worth reading again.

    What did not change is one line. The first digest of a place has nothing to compare with: it shows the
    notes dated within the last month.
    """
    _ = speaking(language)
    found = changes(previous.brief, visible.brief) if previous else None
    new = [*found.notes] if found else [note for note in visible.brief.notes if _is_recent(note, today)]
    blocks: list[Block] = [*warning(visible, today, language)]
    blocks += [Prose(text(late))] if late else []
    blocks += _due(visible, today, language)
    blocks += _changed(found, visible, today, language) if found else []
    blocks += _noted(new, language)
    blocks += _grown_old(visible, previous, today, language)
    again, passage = reread(visible, previous.passage if previous else "", today, AHEAD, language)
    blocks += [*again, Prose(text(_unchanged(visible, new, previous, today, language)))]
    return Reply(
        _("Digest: {title}").format(title=visible.brief.title),
        tuple(blocks),
        actions=_buttons(visible, previous, passage, language),
        visibility="public",
        footer=footer(visible, today, language, [passage] if passage else []),
        summary=_summary(visible, found, new, today, language),
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
        items.append(
            Listing((filled(_("The next after that: {date}"), date=dates.line(later[0], today, language)),))
        )
    return items


def _is_recent(note: Note, today: date) -> bool:
    return 0 <= (today - note.date.day).days <= BACK


def _noted(new: list[Note], language: str) -> list[Block]:
    if not new:
        return []
    heading = Heading(speaking(language)("Editor's notes"))
    return [heading, *notes(sorted(new, key=lambda note: note.date.day, reverse=True), language)]


def _changed(found: Changes, visible: Visible, today: date, language: str) -> list[Block]:
    items = [*_changed_dates(found, language), *_changed_topics(found, language)]
    _ = speaking(language)
    blocks: list[Block] = [Heading(_("Changes"))] if items or found.outcomes else []
    if items:
        blocks.append(Listing(tuple(text(item) for item in items)))
    for judgement in found.outcomes:
        blocks += outcome(judgement, visible.brief, today, language)
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


def _grown_old(visible: Visible, previous: Previous | None, today: date, language: str) -> list[Block]:
    """What became stale since the last digest, the brief itself first; in a first digest whatever is."""
    _ = speaking(language)
    items = [*_level(visible, previous, today, language)]
    for part in overdue(visible.brief, today):
        if previous is None or not is_overdue(part, visible.brief, previous.on):
            items.append(text(owed(part, visible.brief, today, language)))
    return [Heading(_("Grown old")), Listing(tuple(items))] if items else []


def _level(visible: Visible, previous: Previous | None, today: date, language: str) -> list[Text]:
    now = freshness(visible.brief, today)
    then = freshness(visible.brief, previous.on).level if previous else None
    if now.level is Level.current or then is now.level or previous is None:
        return []
    said = speaking(language)("The brief is {level} now: nobody has reviewed it since {date}.")
    return [text(said.format(level=level_words(now.level, language), date=long_date(now.as_of, language)))]


def _unchanged(
    visible: Visible, new: list[Note], previous: Previous | None, today: date, language: str
) -> str:
    """Fold what there is nothing new of into one line."""
    parts = [] if new else [_no_note(previous, language)]
    return " ".join([*parts, *_forecasts(visible, language), _age(visible, today, language)])


def _no_note(previous: Previous | None, language: str) -> str:
    _ = speaking(language)
    if previous is None:
        return _("No note is dated within the last {days} days.").format(days=BACK)
    said = _("No note was added since the last digest on {date}.")
    return said.format(date=long_date(previous.on, language))


def _forecasts(visible: Visible, language: str) -> list[str]:
    total = len(visible.brief.judgements)
    open_ = sum(judgement.outcome.result == "open" for judgement in visible.brief.judgements)
    said = counting(language)(
        "Of its {total} forecasts {count} has no recorded outcome.",
        "Of its {total} forecasts {count} have no recorded outcome.",
        open_,
    )
    return [said.format(count=open_, total=total)] if total else []


def _age(visible: Visible, today: date, language: str) -> str:
    fresh = freshness(visible.brief, today)
    said = speaking(language)("The brief: {freshness}, as of {date}.")
    return said.format(
        freshness=freshness_words(fresh, language), date=long_date(fresh.as_of, language)
    )  # fmt: skip


def _buttons(visible: Visible, previous: Previous | None, passage: str, language: str) -> tuple[Action, ...]:
    _ = speaking(language)
    since = previous.at.isoformat(timespec="seconds") if previous and previous.at else ""
    changed = (button(visible, _("Everything that changed"), "brief changes", since=since),) if since else ()
    full = (button(visible, _("Full passage"), "brief source", passage=passage),) if passage else ()
    return (
        *changed, *full,
        button(visible, _("Topics"), "brief topics"),
        button(visible, _("All dates"), "brief dates"),
        button(visible, _("Remind me"), "brief follow"),
        button(visible, _("Snooze"), "brief snooze", about="digest"),
        Action(_("Unfollow"), Press("open", "brief unfollow")),
    )  # fmt: skip


def _summary(visible: Visible, found: Changes | None, new: list[Note], today: date, language: str) -> str:
    """Say in one line what is due next and how much is new."""
    _, n_ = speaking(language), counting(language)
    coming_ = coming(visible.brief, today, dates.HORIZON)[:1]
    next_ = (
        _("Next: {title}, {date}.").format(title=coming_[0].title, date=long_date(coming_[0].date, language))
        if coming_
        else _("No watch date is coming.")
    )
    noted = n_("{count} new note.", "{count} new notes.", len(new)).format(count=len(new))
    other = _others(found)
    more = n_("{count} other change.", "{count} other changes.", other).format(count=other) if other else ""
    return " ".join(part for part in (f"{visible.brief.title}:", noted, more, next_) if part)


def _others(found: Changes | None) -> int:
    if found is None:
        return 0
    kinds: Sequence[Sequence[object]] = (
        found.outcomes, found.moved, found.new_dates, found.gone_dates, found.new_topics, found.gone_topics,
    )  # fmt: skip
    return sum(map(len, kinds))
