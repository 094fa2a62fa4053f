"""Housekeeping: old things go, what is in use stays."""

from datetime import timedelta

from bot.actions import Actions
from bot.database import Database
from bot.housekeeping import BUTTONS, MESSAGES, REQUESTS, UNASKED, Housekeeping
from bot.seen import Seen
from bot.web.lobby import Lobby
from briefs.misses import Misses
from commands.model import Press, Reply
from scheduler.address import destination
from tests.office import NOW

ROOM = destination("web:local/lobby")
PRESS = Press("open", "brief help")


async def test_old_requests_buttons_messages_and_questions_go_and_newer_ones_stay() -> None:
    async with Database(None) as database:
        lobby = Lobby(database)
        for name, age in (("old", timedelta(days=1)), ("new", timedelta(days=-1))):
            async with database.transaction() as tx:
                await Seen().first_time(tx, name, NOW - REQUESTS - age)
                await Actions().keep(tx, {name: PRESS}, NOW - BUTTONS - age)
                await Misses().count(tx, "harbour", name, (NOW - UNASKED - age).date())
            await lobby.post(ROOM, name, Reply(name), NOW - MESSAGES - age)
        await Housekeeping(database, lobby)(NOW)
        async with database.transaction() as tx:
            assert [await Seen().first_time(tx, name, NOW) for name in ("old", "new")] == [True, False]
            assert [await Actions().get(tx, name) for name in ("old", "new")] == [None, PRESS]
            assert [miss.question for miss in await Misses().of(tx, ["harbour"], NOW.date())] == ["new"]
        kept, _ = await lobby.latest(10)
        assert [message.reply.title for message in kept] == ["new"]
