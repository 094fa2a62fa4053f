"""What whoever keeps a brief is told when it grows old."""

from datetime import date

from briefs.freshness import Level, freshness
from briefs.overdue import overdue
from briefs.visible import Visible
from commands.model import Block, Listing, Prose, Reply, text
from commands.views.parts import age, footer, owed
from commands.views.report import button
from commands.wording import long_date, speaking


def grown_old(visible: Visible, today: date, language: str) -> Reply:
    """Say that a brief is stale or expired, what readers see of that, and what to do."""
    _ = speaking(language)
    fresh = freshness(visible.brief, today)
    title, expired = visible.brief.title, fresh.level is Level.expired
    what = _("“{title}” has expired") if expired else _("“{title}” is stale")
    since = _("It was last reviewed on {date}, so it is {age}.") if fresh.reviewed else _(
        "It was published on {date} and not reviewed since, so it is {age}."
    )  # fmt: skip
    seen = _("Every reply begins with that now.") if expired else _("Every reply says so in its last line.")
    do = _(
        "Read it through, add notes on what has happened since, and record the review with /brief-admin reviewed."
    )
    said = since.format(date=long_date(fresh.as_of, language), age=age(fresh.days, language))
    return Reply(
        what.format(title=title),
        (Prose(text(f"{said} {seen}")), Prose(text(do)), *_owed(visible, today, language)),
        actions=(
            button(visible, _("Add a note"), "brief-admin note"),
            button(visible, _("Reviewed today"), "brief-admin reviewed"),
            button(visible, _("Scorecard"), "brief scorecard"),
        ),
        footer=footer(visible, today, language),
        summary=f"{what.format(title=title)}. {said}",
    )


def _owed(visible: Visible, today: date, language: str) -> list[Block]:
    """What has no outcome although its date has passed."""
    _ = speaking(language)
    found = overdue(visible.brief, today)
    if not found:
        return []
    lines = (text(owed(part, visible.brief, today, language)) for part in found)
    return [Prose(text(_("Without an outcome:"))), Listing(tuple(lines))]
