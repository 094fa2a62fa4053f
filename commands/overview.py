"""The overview: what comes next in every brief, how old each is, and what one follows."""

from briefs.marking import N_
from commands import choosing
from commands.desk import Desk
from commands.following import listed_lines, mine
from commands.model import Call, Command, Reply, UserError
from commands.views import overview as views


async def overview(desk: Desk, call: Call) -> Reply:
    """Show the next dates of every brief, how old it is, and what is followed."""
    seen = choosing.readable(desk, call)
    if not seen:
        raise UserError("No brief is published here yet; an admin adds one to the briefs folder.")
    async with desk.store.reading() as tx:
        standing = await mine(desk, call, tx)
    followed = listed_lines(desk, call, standing)
    return views.overview(list(seen.values()), followed, choosing.today(call), choosing.language(call))


COMMANDS = (
    Command(
        "brief overview", N_("What comes next, how old each brief is, and what you follow"), overview,
        example="/brief overview",
    ),
)  # fmt: skip
