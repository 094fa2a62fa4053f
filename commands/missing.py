"""What is missing: all about a watch date at one place."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from briefs.dates import Occurrence, next_occurrence, previous_occurrence
from briefs.library import Transaction
from briefs.schema import WatchDate
from briefs.visible import Visible
from commands import choosing, reach
from commands.cases import case_of, where_words
from commands.dates import named_date
from commands.desk import Desk
from commands.following import HERE, ME, subject_words
from commands.model import Call, Choice, Reply
from commands.views import missing as views
from commands.views.parts import bare
from scheduler.absences import absences, follows
from scheduler.address import LOBBY, Destination
from scheduler.delivery import Delivery
from scheduler.subscriptions import Subscription

# How long after its day an occurrence is still explained (days), and how many ended subscriptions are named.
BACK, ENDED = 31, 3


async def about_date(desk: Desk, call: Call) -> Reply:
    """Explain every message about a watch date at one place, those that are missing too."""
    where = reach.asked_place(desk, call)
    seen, watch_date = _named_date(desk, call)
    async with desk.store.reading() as tx:
        asked = await _question(desk, call, tx, where, seen, watch_date)
    return views.answer(asked)


async def _question(
    desk: Desk, call: Call, tx: Transaction, where: Destination, seen: Visible, watch_date: WatchDate
) -> views.Question:
    standing = [s for s in await desk.subscriptions.at(tx, where) if _follows(seen, s, watch_date)]
    ended = [
        s for s in await desk.subscriptions.ended(tx, where) if _follows(seen, s.subscription, watch_date)
    ]
    hidden = _hidden(desk, call, where, seen, watch_date)
    quiet = (await desk.people.quiet(tx, [where], call.at)).get(where)
    told = await _told(desk, call, tx, where, seen, watch_date, [] if hidden else standing, quiet)
    return views.Question(
        watch_date, where_words(where, call), _how_to_follow(watch_date, where),
        [(each, subject_words(seen, each, call)) for each in standing], ended[:ENDED], told,
        await desk.deliveries.stops.at(tx, where), quiet, hidden, choosing.language(call),
    )  # fmt: skip


async def _told(
    desk: Desk, call: Call, tx: Transaction, where: Destination, seen: Visible, watch_date: WatchDate,
    standing: Sequence[Subscription], quiet: datetime | None,
) -> list[views.Told]:  # fmt: skip
    """What was told there of each occurrence that is near, and what the subscriptions miss of it."""
    rows = await desk.deliveries.about(tx, seen.brief.brief, watch_date.id, where)
    known = {row.key for row in rows}
    return [
        views.Told(
            near,
            [await case_of(desk, call, tx, row) for row in rows if row.occurrence == near.index],
            absences(seen.brief, standing, near, known, call.at, quiet),
        )
        for near in _near(watch_date, choosing.today(call), rows)
    ]


def _named_date(desk: Desk, call: Call) -> tuple[Visible, WatchDate]:
    """The watch date that is named by id or title, of the brief that is named or the only one that has it."""
    name = str(call.options["date"])
    seen = choosing.readable(desk, call)
    having = [(one, found) for one in seen.values() if (found := _of_name(one, name))]
    if "brief" not in call.options and len(having) == 1:
        return having[0]
    one = choosing.chosen(desk, call)
    return one, _of_name(one, name) or named_date(one, name)


def _of_name(seen: Visible, name: str) -> WatchDate | None:
    by_id = choosing.part(seen.brief.watch_dates, name.removeprefix("date:"))
    titled = (each for each in seen.brief.watch_dates if bare(each.title).casefold() == name.casefold())
    return by_id or next(titled, None)


def _follows(seen: Visible, each: Subscription, watch_date: WatchDate) -> bool:
    names = {seen.brief.brief, *seen.brief.formerly}
    return each.brief in names and follows(seen.brief, each, watch_date.id)


def _hidden(desk: Desk, call: Call, where: Destination, seen: Visible, watch_date: WatchDate) -> bool:
    there = choosing.shown_at(desk, call, where).get(seen.brief.brief)
    return there is None or choosing.part(there.brief.watch_dates, watch_date.id) is None


def _near(watch_date: WatchDate, today: date, rows: Iterable[Delivery]) -> list[Occurrence]:
    """The occurrence that was, where it was lately or none is to come, and the next.

    Of a date that is cancelled only those that something was planned for.
    """
    standing = watch_date.model_copy(update={"cancelled": None})
    next_, last = next_occurrence(standing, today), previous_occurrence(standing, today)
    lately = last is not None and (next_ is None or last.last_day >= today - timedelta(days=BACK))
    found = [each for each in (last if lately else None, next_) if each is not None]
    known = {row.occurrence for row in rows}
    return [each for each in found if watch_date.cancelled is None or each.index in known]


def _how_to_follow(watch_date: WatchDate, where: Destination) -> str:
    whose = ME if where.person or where == LOBBY else HERE
    return f"/brief follow date:{watch_date.id} where={whose}"


async def complete_date(desk: Desk, call: Call, partial: str) -> Sequence[Choice]:
    """Suggest watch dates, those that are over or cancelled too."""
    names = {
        each.id: bare(each.title)
        for seen in choosing.readable(desk, call).values()
        for each in seen.brief.watch_dates
    }
    return choosing.suggested(names, partial)
