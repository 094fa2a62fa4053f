"""What a destination was told of a watch date, what is missing, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from briefs.dates import Occurrence
from briefs.schema import EditorBasis, WatchDate
from commands import moments
from commands.model import (
    Block,
    Code,
    EditorNote,
    Heading,
    Inline,
    Instant,
    Listing,
    Prose,
    Reply,
    Text,
    text,
)
from commands.views import ledger
from commands.views.dates import lead_words
from commands.views.fate import RESUME, Case, fate
from commands.views.parts import bare
from commands.wording import filled, long_date, speaking
from scheduler.absences import Absence, Cause
from scheduler.stops import Stop
from scheduler.subscriptions import Known, Subscription


@dataclass(frozen=True, slots=True)
class Told:
    """One occurrence as a destination was told it: the ledger's rows, and what it has none for."""

    occurrence: Occurrence
    cases: Sequence[Case]
    absent: Sequence[Absence]


@dataclass(frozen=True, slots=True)
class Question:
    """A watch date and a destination, with all that bears on what is told there of it.

    `where` names the destination to the reader, who `follow`s with that line. `following` holds each
    standing subscription with what it follows in words. `quiet` is until when its person muted the bot;
    `withheld` says that those who read there may not see the date.
    """

    watch_date: WatchDate
    where: Inline
    follow: str
    following: Sequence[tuple[Subscription, str]]
    ended: Sequence[Known]
    told: Sequence[Told]
    stop: Stop | None
    quiet: datetime | None
    withheld: bool
    language: str


def answer(asked: Question) -> Reply:
    """Say who follows the date, and for each message about it what became of it or why there is none."""
    _ = speaking(asked.language)
    head = filled(_("This is about the messages to {where}."), where=asked.where)
    paragraphs = [head, *_whole(asked), *_followers(asked), *_held(asked)]
    blocks: list[Block] = [*map(Prose, paragraphs), *_cancelled(asked)]
    for each in asked.told:
        blocks += _occurrence(each, asked)
    numbers = [case.row.id for each in asked.told for case in each.cases]
    if numbers:
        how = filled(_("The whole story of one: {why}."), why=Code(f"/brief-admin why {numbers[0]}"))
        blocks.append(Prose(how))
    return Reply(_("Why: {title}").format(title=bare(asked.watch_date.title)), tuple(blocks))


def _whole(asked: Question) -> list[Text]:
    """What holds for every message about the date."""
    _ = speaking(asked.language)
    found: list[Text] = []
    if asked.withheld:
        found.append(
            text(_("Those who read there may not see this date, so nothing about it is told there."))
        )
    if asked.watch_date.cancelled is not None:
        found.append(text(_("The date is cancelled, so it is announced no more.")))
    return found


def _cancelled(asked: Question) -> list[Block]:
    why = asked.watch_date.cancelled
    return [EditorNote("comment", "", why.editor, why.source)] if isinstance(why, EditorBasis) else []


def _followers(asked: Question) -> list[Text]:
    _ = speaking(asked.language)
    said = _("Subscription {number} follows {what}, since {made}.")
    found = [
        filled(said, number=each.id, what=what, made=Instant(each.created_at))
        for each, what in asked.following
    ]
    ended = _("Subscription {number}, which followed it, ended {at}.")
    found += [
        filled(ended, number=each.subscription.id, at=Instant(each.ended_at))
        for each in asked.ended
        if each.ended_at is not None
    ]
    if not asked.following and asked.watch_date.cancelled is None:
        found.append(
            filled(_("No subscription there follows it. Write {follow}."), follow=Code(asked.follow))
        )
    return found


def _held(asked: Question) -> list[Text]:
    """What holds up or keeps back all messages to the destination."""
    _ = speaking(asked.language)
    found: list[Text] = []
    if asked.stop is not None:
        said = _(
            "Messages to it wait, since they are refused: {reason}. When that is mended, write {resume} there."
        )
        found.append(filled(said, reason=ledger.quoted(asked.stop.reason, asked.language), resume=RESUME))
    if asked.quiet is not None:
        said = _("This person muted the bot until {until}; what is due before is not sent.")
        found.append(filled(said, until=moments.until(asked.quiet, asked.language)))
    return found


def _occurrence(told: Told, asked: Question) -> list[Block]:
    _ = speaking(asked.language)
    language = asked.language
    day = long_date(told.occurrence.date, language)
    heading = Heading(_("{title}, {date}").format(title=told.occurrence.title, date=day))
    lines = [(case.row.due_at, _line(case, language)) for case in told.cases]
    lines += [(each.planned.due, _absent(each, asked)) for each in told.absent]
    if lines:
        ordered = sorted(lines, key=lambda line: line[0])
        return [heading, Listing(tuple(words for _due, words in ordered))]
    if not asked.following or asked.withheld:
        return []
    said = _("Neither the brief nor a subscription gives it a lead time, so it is announced by no message.")
    return [heading, Prose(text(said))]


def _line(case: Case, language: str) -> Text:
    _ = speaking(language)
    row = case.row
    named = ledger.lead(row, language) or {
        "correction": _("correction"), "cancellation": _("cancellation")
    }.get(row.kind, row.kind)  # fmt: skip
    said = _("Delivery {number}, {what}, {due}: {fate}")
    return filled(said, number=row.id, what=named, due=Instant(row.due_at), fate=fate(case))


def _absent(absence: Absence, asked: Question) -> Text:
    each, planned = absence.subscription, absence.planned
    return filled(
        _sentences(asked.language)[absence.cause],
        lead=lead_words(planned.lead, asked.language), due=Instant(planned.due), number=each.id,
        made=Instant(each.created_at), resume=RESUME,
        until=moments.until(asked.quiet, asked.language) if asked.quiet else "",
    )  # fmt: skip


def _sentences(language: str) -> dict[Cause, str]:
    _ = speaking(language)
    return {
        "past when followed": _(
            "{lead}, {due}: that was past already when subscription {number} was made, {made}."
        ),
        "paused": _("{lead}, {due}: not planned, since subscription {number} is paused; {resume} goes on."),
        "muted": _("{lead}, {due}: not planned, since this person muted the bot until {until}."),
        "to come": _("{lead}, {due}: it is not due yet, and is planned when its time is near."),
        "asked for too late": _("{lead}, {due}: that was past already when this lead time was asked for."),
    }
