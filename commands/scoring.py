"""The scorecard: what became of the report's forecasts."""

from briefs.marking import N_
from commands import choosing
from commands.desk import Desk
from commands.model import Call, Command, Reply
from commands.views.scorecard import scorecard


async def score(desk: Desk, call: Call) -> Reply:
    """Show each forecast, its words of likelihood, and what became of it."""
    seen = choosing.chosen(desk, call)
    # Replies are kept by audience, so that the button stands where the audience alone allows it.
    edits = seen.audience == "admins"
    return scorecard(seen, choosing.today(call), choosing.language(call), edits=edits)


COMMANDS = (
    Command("brief scorecard", N_("Show what became of each forecast of the report"), score, (choosing.BRIEF,),
            quick=True, example="/brief scorecard"),
)  # fmt: skip
