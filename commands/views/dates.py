"""Watch dates as replies: what comes, what it rests on, what happened."""

from collections.abc import Sequence
from datetime import date

from briefs.dates import Occurrence, coming, next_occurrence, previous_occurrence
from briefs.schema import EditorBasis, OccurrenceOutcome, Topic, WatchDate
from briefs.visible import Visible
from commands.model import Action, Block, EditorNote, Listing, Prose, Reply, Strong, Text, text
from commands.views.parts import footer, not_recorded, notes, quotation, warning
from commands.views.report import button
from commands.wording import counting, filled, long_date, speaking
from scheduler.planner import Kind

HORIZON = 400


def countdown(days: int, language: str) -> str:
    """Say how far a day is: `today`, `in 25 days`, `25 days ago`."""
    _, n_ = speaking(language), counting(language)
    if days == 0:
        return _("today")
    if days > 0:
        return n_("in {count} day", "in {count} days", days).format(count=days)
    return n_("{count} day ago", "{count} days ago", -days).format(count=-days)


def kind_words(kind: Kind, lead: str, language: str) -> str:
    """Say which message of a date it is: its lead time, or that it amends an earlier one."""
    _ = speaking(language)
    if kind == "correction":
        return _("correction")
    return _("cancellation") if kind == "cancellation" else lead_words(lead, language)


def lead_words(lead: str, language: str) -> str:
    """Say a lead time: `7 days before`, `on the day`, `2 hours before`; `snoozed` for none."""
    _, n_ = speaking(language), counting(language)
    if lead.startswith("once "):
        return _("snoozed")
    count = int(lead[:-1])
    if lead.endswith("h"):
        return n_("{count} hour before", "{count} hours before", count).format(count=count)
    if count == 0:
        return _("on the day")
    return n_("{count} day before", "{count} days before", count).format(count=count)


def line(occurrence: Occurrence, today: date, language: str) -> Text:
    """One occurrence on one line: the day, the title, how far away."""
    days = (occurrence.date.day - today).days
    far = countdown(days, language)
    return text(Strong(long_date(occurrence.date, language)), f": {occurrence.title} ({far})")


def basis(visible: Visible, watch_date: WatchDate, language: str) -> Block:
    """What a watch date rests on: the report's own words, or the editor with a source."""
    if not isinstance(watch_date.basis, EditorBasis):
        return quotation(visible, watch_date.basis)
    found = watch_date.basis
    day = watch_date.yearly_from or watch_date.date
    return EditorNote("comment", long_date(day, language) if day else "", found.editor, found.source)


def outcome(found: OccurrenceOutcome, language: str) -> EditorNote:
    """What happened on one occurrence."""
    return EditorNote("outcome", long_date(found.on or found.occurrence, language), found.text, found.source)


def coming_dates(
    visible: Visible, today: date, language: str, days: int = HORIZON, topic: Topic | None = None
) -> Reply:
    """The watch dates to come, soonest first; those of one topic where it is given."""
    _ = speaking(language)
    ids = {topic.id, topic.lead.passage} if topic else None
    found = [o for o in coming(visible.brief, today, days) if ids is None or ids & set(o.watch_date.touches)]
    name = topic.description if topic else visible.brief.title
    blocks: list[Block] = [*warning(visible, today, language)]
    if found:
        blocks.append(Listing(tuple(line(o, today, language) for o in found)))
    else:
        blocks.append(Prose(text(_nothing(days, language))))
    return Reply(
        _("Watch dates of {title}").format(title=name),
        tuple(blocks),
        actions=_buttons(visible, found, language),
        footer=footer(visible, today, language),
    )


def _nothing(days: int, language: str) -> str:
    n_ = counting(language)
    return n_(
        "No watch date falls within {count} day. Ask for a longer span with days=800.",
        "No watch date falls within {count} days. Ask for a longer span with days=800.",
        days,
    ).format(count=days)


def _buttons(visible: Visible, found: Sequence[Occurrence], language: str) -> tuple[Action, ...]:
    _ = speaking(language)
    distinct = dict.fromkeys(o.watch_date.id for o in found)
    buttons = [
        button(visible, _("About {date}").format(date=long_date(o.date, language)), "brief dates", name=id)
        for id in list(distinct)[:4]
        for o in [next(o for o in found if o.watch_date.id == id)]
    ]
    return (
        *buttons,
        button(visible, _("Remind me"), "brief follow"),
        *((button(visible, _("Add to calendar"), "brief calendar"),) if found else ()),
    )


def one_date(visible: Visible, watch_date: WatchDate, today: date, language: str) -> Reply:
    """One watch date: when next, when last, what it rests on, what happened."""
    _ = speaking(language)
    next_, last = next_occurrence(watch_date, today), previous_occurrence(watch_date, today)
    items = []
    if next_:
        items.append(filled(_("Next: {date}"), date=line(next_, today, language)))
    if last:
        items.append(filled(_("Last: {date}"), date=line(last, today, language)))
    blocks: list[Block] = [*warning(visible, today, language), Listing(tuple(items))]
    blocks += [
        Prose(text(_("Days are counted in {zone}.").format(zone=watch_date.zone))),
        basis(visible, watch_date, language),
    ]
    if missing := not_recorded(watch_date, visible.brief, today, language):
        blocks.append(Prose(text(_("This watch date: {state}.").format(state=missing))))
    blocks += [outcome(found, language) for found in watch_date.outcomes]
    blocks += notes(visible.notes_on([watch_date.id]), language)
    shown = next_ or last
    return Reply(
        shown.title if shown else watch_date.id,
        tuple(blocks),
        actions=(
            button(visible, _("Remind me"), "brief follow", subject=f"date:{watch_date.id}"),
            button(visible, _("Add to calendar"), "brief calendar", name=watch_date.id),
        ),
        footer=footer(visible, today, language),
    )
