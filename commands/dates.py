"""Watch dates: what comes, and one of them in full."""

from collections.abc import Sequence

from briefs.dates import coming
from briefs.marking import N_
from briefs.schema import WatchDate
from briefs.visible import Visible
from commands import choosing, topics
from commands.desk import Desk
from commands.model import Call, Choice, Command, Option, Reply, UserError
from commands.views import dates as views
from commands.wording import long_date

LONGEST = 36_525


async def dates(desk: Desk, call: Call) -> Reply:
    """Show the watch dates to come, of the brief or of one topic, or one date in full."""
    seen = choosing.chosen(desk, call)
    day, language = choosing.today(call), choosing.language(call)
    if name := call.options.get("name"):
        return views.one_date(seen, named_date(seen, str(name)), day, language)
    wanted = call.options.get("topic")
    topic = topics.named(seen, str(wanted)) if wanted else None
    return views.coming_dates(seen, day, language, _days(call), topic)


def named_date(seen: Visible, name: str) -> WatchDate:
    """Return the watch date with this id; raise UserError with the nearest."""
    found = choosing.part(seen.brief.watch_dates, name)
    if found is None:
        raise UserError(
            "There is no watch date “{name}”; the nearest is {near}. /brief dates lists those to come.",
            name=name,
            near=choosing.nearest(name, [each.id for each in seen.brief.watch_dates]),
        )
    return found


def _days(call: Call) -> int:
    days = int(call.options.get("days", views.HORIZON))
    if not 1 <= days <= LONGEST:
        raise UserError(
            "days is a number from 1 to {longest}, not {days}; write it like days=90.",
            longest=LONGEST,
            days=days,
        )
    return days


async def complete_date(desk: Desk, call: Call, partial: str) -> Sequence[Choice]:
    """Suggest watch dates by id, title and day."""
    names = {
        found.watch_date.id: f"{found.title} ({long_date(found.date, choosing.language(call))})"
        for seen in choosing.readable(desk, call).values()
        for found in reversed(coming(seen.brief, choosing.today(call), views.HORIZON))
    }
    return choosing.suggested(dict(reversed(names.items())), partial)


COMMANDS = (
    Command(
        "brief dates", N_("Show the watch dates to come, or one of them in full"), dates,
        (
            Option("name", N_("One watch date"), completes=complete_date),
            Option("topic", N_("Only the dates of one topic"), completes=topics.complete_topic),
            Option("days", N_("How many days ahead"), "integer"),
            choosing.BRIEF,
        ),
        quick=True, example="/brief dates days=90",
    ),
)  # fmt: skip
