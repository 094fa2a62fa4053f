"""The overview as a reply; Slack's Home tab shows it too."""

from collections.abc import Sequence
from datetime import date

from briefs.dates import coming
from briefs.freshness import freshness
from briefs.visible import Visible
from commands.model import Action, Block, Code, Heading, Listing, Press, Prose, Reply, Text, text
from commands.views.dates import HORIZON, line
from commands.views.parts import freshness_words
from commands.views.report import button
from commands.wording import counting, filled, long_date, speaking

DATES = 4
# So many briefs get buttons of their own.
BUTTONS = 3


def overview(seen: Sequence[Visible], followed: Sequence[Text], today: date, language: str) -> Reply:
    """Show the next dates of some briefs, how old each is, and what is followed."""
    _ = speaking(language)
    blocks = [block for each in seen for block in _brief(each, today, language)]
    blocks.append(Heading(_("What you follow")))
    if followed:
        blocks.append(Listing(tuple(followed)))
    else:
        nothing = _("You follow nothing here; {command} starts it.")
        blocks.append(Prose(filled(nothing, command=Code("/brief follow"))))
    return Reply(_("What comes next"), tuple(blocks), actions=_buttons(seen, bool(followed), language))


def _brief(seen: Visible, today: date, language: str) -> list[Block]:
    _, n_ = speaking(language), counting(language)
    fresh = freshness(seen.brief, today)
    age = _("As of {date}: {freshness}. Revision {number}.").format(
        date=long_date(fresh.as_of, language),
        freshness=freshness_words(fresh, language),
        number=seen.revision,
    )
    found = coming(seen.brief, today, HORIZON)
    blocks: list[Block] = [Heading(seen.brief.title), Prose(text(age))]
    if found:
        blocks.append(Listing(tuple(line(each, today, language) for each in found[:DATES])))
    else:
        nothing = n_(
            "No watch date falls within {count} day.", "No watch date falls within {count} days.", HORIZON
        )
        blocks.append(Prose(text(nothing.format(count=HORIZON))))
    if len(found) > DATES:
        more = n_("{count} more date is to come.", "{count} more dates are to come.", len(found) - DATES)
        blocks.append(Prose(text(more.format(count=len(found) - DATES))))
    return blocks


def _buttons(seen: Sequence[Visible], follows: bool, language: str) -> tuple[Action, ...]:
    _ = speaking(language)
    found = []
    for each in seen[:BUTTONS]:
        label = _("All dates") if len(seen) == 1 else _("Dates of {brief}").format(brief=each.brief.brief)
        found.append(button(each, label, "brief dates"))
    if len(seen) == 1:
        found += [
            button(seen[0], _("Remind me"), "brief follow"),
            button(seen[0], _("Add to calendar"), "brief calendar"),
        ]
    if follows:
        found.append(Action(_("Change what you follow"), Press("open", "brief subscriptions")))
    return tuple(found)
