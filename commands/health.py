"""Health: how each part of the running bot is."""

from briefs.marking import N_
from commands import choosing
from commands.desk import Desk
from commands.model import Call, Command, Listing, Reply, Strong, text
from commands.wording import speaking


async def health(desk: Desk, call: Call) -> Reply:
    """Say how each part of the bot is, in words."""
    _ = speaking(choosing.language(call))
    parts = await desk.outside.health(choosing.language(call))
    items = tuple(text(Strong(part.name), ": ", _("well") if part.well else _("needs care"), f", {part.words}")
                  for part in parts)  # fmt: skip
    title = _("All is well") if all(part.well for part in parts) else _("Something needs care")
    return Reply(title, (Listing(items),))


COMMANDS = (
    Command("brief-admin health", N_("Say how each part of the bot is"), health, right="admin",
            example="/brief-admin health"),
)  # fmt: skip
