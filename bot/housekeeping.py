"""Housekeeping: once a day, what nobody needs any more is deleted."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.actions import Actions
from bot.database import Database
from bot.seen import Seen
from bot.web.lobby import Lobby
from briefs.misses import Misses

if TYPE_CHECKING:
    from bot.postgres import Postgres

# A platform repeats a request within minutes; Slack's last retry of an event comes after five.
REQUESTS = timedelta(days=2)
# A button may be pressed as long as its message is likely to be read.
BUTTONS = timedelta(days=800)
MESSAGES = timedelta(days=400)
# A question that nobody asked for so long is no gap in the report any more.
UNASKED = timedelta(days=365)


class Housekeeping:
    """Deletes old requests, buttons, messages of the page, and questions that nobody asks any more."""

    def __init__(self, database: "Database | Postgres", lobby: Lobby) -> None:
        self._database, self._lobby = database, lobby

    async def __call__(self, now: datetime) -> None:
        """Tidy up as of a moment."""
        async with self._database.transaction() as tx:
            await Seen().purge(tx, now - REQUESTS)
            await Actions().purge(tx, now - BUTTONS)
            await self._lobby.purge(tx, now - MESSAGES)
            await Misses().purge(tx, (now - UNASKED).date(), now.date())
        await self._database.tidy()
