"""The crew: this process as one of several that share a server, put together from its parts."""

import asyncio
import contextlib
import logging
import socket
from collections.abc import AsyncIterator, Sequence

from bot.duties import Duties, cancelled
from bot.facts import Facts
from bot.membership import Membership, living
from bot.news import News
from bot.outside import Outside
from bot.postgres import Postgres
from bot.web.lobby import Lobby
from briefs.library import Revision
from commands.desk import Desk, Part
from commands.wording import speaking

WATCHED = "briefs folder watched by"
# As many processes as a limit is divided among while nobody knows yet.
_SOME = 2

log = logging.getLogger(__name__)


class Crew:
    """Joins the others, takes up their news, takes over what the dead left, and leads when it is elected."""

    def __init__(
        self, database: Postgres, desk: Desk, outside: Outside, lobby: Lobby, duties: Duties
    ) -> None:
        self._database, self._desk, self._outside, self._duties = database, desk, outside, duties
        desk.deliveries.cut_off = self._cut_off
        self.news = News(desk, lobby, self._published)
        self._fresh = True
        self.membership = Membership(database, self._joined, self._beat, self.news.heard)

    @contextlib.asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        """Be one of them; on leaving hand the lead on."""
        async with contextlib.AsyncExitStack() as ladder:
            await ladder.enter_async_context(self.membership)
            self._outside.crew = self.parts
            await self._duties.runner.start(leads=False)
            for work, name in ((self.news.watch(), "news"), (self._campaign(), "campaign")):
                ladder.push_async_callback(cancelled, asyncio.create_task(work, name=name))
            yield

    async def parts(self, language: str) -> list[Part]:
        """Say which processes there are and which of them leads, in a language."""
        _, ours = speaking(language), self.membership.number
        words = {
            (True, True): _("leads (this one)"), (True, False): _("leads"),
            (False, True): _("stands by (this one)"), (False, False): _("stands by"),
        }  # fmt: skip
        return [
            Part(_("Process {name}").format(name=each.name), True, words[each.leads, each.number == ours])
            for each in await self.membership.members()
        ]

    def _share(self, processes: int, *, fresh: bool) -> None:
        for adapter in self._duties.adapters.values():
            adapter.share(processes, fresh=fresh)

    def _cut_off(self) -> list[str]:
        """The platforms to which this process cannot send now, or not yet."""
        return [each.platform for each in self._duties.adapters.values() if not each.sends()]

    def _joined(self, number: int) -> None:
        self._desk.deliveries.holder = number
        # Until it is known who else there is.
        self._share(_SOME, fresh=True)
        self._fresh = True

    async def _beat(self) -> None:
        self.news.beat()
        async with self._database.reading() as tx:
            self._share(len(await living(tx)), fresh=self._fresh)
        self._fresh = False
        if self.membership.leads:
            await self._take_over()

    async def _take_over(self) -> None:
        """Have what dead processes were at work on taken up."""
        async with self._database.reading() as tx:
            orphaned = await self._desk.deliveries.orphaned(tx, await living(tx))
        if orphaned:
            await self._duties.runner.take_over(living)

    async def _campaign(self) -> None:
        """Take the duties over whenever this process is elected."""
        while True:
            await self.membership.elected.wait()
            number = self.membership.number
            try:
                await self._lead(number)
                log.warning("this process leads no more")
            except Exception:
                log.exception("this process could not lead; another one may")
                await self.membership.resign()

    async def _lead(self, number: int) -> None:
        await self._note_the_folder()
        async with self._duties.taken_over(living):
            await self.membership.bury()
            if self.membership.leads and self.membership.number == number:
                await self.membership.deposed.wait()

    async def _note_the_folder(self) -> None:
        """Whether the folder that was watched last is another one, whose briefs may be newer than this one's."""
        here = f"{socket.gethostname()}:{self._duties.folder.root.resolve()}"
        async with self._database.transaction() as tx:
            there = await Facts().get(tx, WATCHED)
            await Facts().set(tx, WATCHED, here)
        self._duties.publishing.folder_may_be_old = there not in (None, here)

    async def _published(self, fresh: Sequence[Revision]) -> None:
        """Tell the platforms, and keep the folder in step with what was published elsewhere than in it."""
        await self._duties.publishing.changed()
        if self.membership.leads:
            for revision in fresh:
                if revision.origin != "file" and (
                    said := await self._duties.publishing.write_back(revision.brief_id)
                ):
                    log.warning("%s", said)
