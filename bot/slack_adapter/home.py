"""The Home tab: what the bot holds, what to try, what comes next, how old it is, and what one follows.

It is written when somebody opens it, and again for those who opened it lately when a brief changes, an embargo
ends, or they have sent a command. Who has it open is not kept beyond the process: opening writes it anew.
"""

import asyncio
import hashlib
import logging
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import orjson
from slack_sdk.web.async_client import AsyncWebClient

from bot.adapter import Front
from bot.slack_adapter import layout
from bot.slack_adapter.people import People, introduced
from bot.slack_adapter.refusals import FAILURES, sentence
from commands.model import Call, Caller, Code, Command, Listing, Press, Prose, Reply, text
from commands.wording import filled, speaking
from scheduler.address import Person

# reference/views: a Home tab holds 100 blocks.
BLOCKS = 100
SHOWN = "brief overview"
PROFILE_SECONDS = 2.0
# Whoever opened it longer ago opens it anew before they read it.
LATELY = timedelta(days=7)
OPEN = 500
# reference/methods/views.publish: tier 4, a hundred calls a minute and more.
SPACING = 0.6

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Tab:
    """When somebody opened the tab last (aware UTC), and a hash of what it shows."""

    opened: datetime
    shows: str = ""


class Home:
    """Publishes the Home tab of whoever opens it, and keeps it true afterwards."""

    def __init__(
        self, front: Front, web: AsyncWebClient, people: People, clock: Callable[[], datetime]
    ) -> None:
        self._front, self._web, self._people, self._clock = front, web, people, clock
        self._tabs: OrderedDict[Person, _Tab] = OrderedDict()
        self._round = 0
        # What was composed first must not arrive last.
        self._turn = asyncio.Lock()

    async def open(self, person: Person) -> None:
        """Write the tab for somebody who opens it."""
        self._tabs[person] = _Tab(self._clock())
        self._tabs.move_to_end(person)
        while len(self._tabs) > OPEN:
            self._tabs.popitem(last=False)
        await self.publish(person)

    async def renew(self) -> None:
        """Write the tabs that were opened lately, the latest first; a later round takes over an earlier one."""
        self._round += 1
        mine = self._round
        for place, person in enumerate(self._lately()):
            if place:
                await asyncio.sleep(SPACING)
            if mine != self._round:
                return
            await self.publish(person)

    async def touch(self, person: Person) -> None:
        """Write somebody's tab again where they opened it lately: they may follow something else now."""
        if person in self._lately():
            await self.publish(person)

    def _lately(self) -> list[Person]:
        since = self._clock() - LATELY
        return [person for person, tab in reversed(self._tabs.items()) if tab.opened >= since]

    async def publish(self, person: Person) -> None:
        """Write a tab unless it shows the same already; its words are those of a command that anybody may send."""
        async with self._turn:
            await self._publish(person)

    async def _publish(self, person: Person) -> None:
        caller = introduced(Caller(person, person.id), await self._people.profile(person, PROFILE_SECONDS))
        call = Call(SHOWN, caller, person.inbox, self._clock())
        language = self._front.language(person, caller.locale)
        made = view(self._front.commands(), await self._pages(call), language)
        shows = hashlib.sha256(orjson.dumps(made)).hexdigest()
        tab = self._tabs.get(person)
        if tab is not None and tab.shows == shows:
            return
        try:
            await self._web.views_publish(user_id=person.id, view=made)
        except FAILURES as problem:
            log.warning("the Home tab of %s could not be published: %s", person, sentence(problem))
            return
        if tab is not None:
            self._tabs[person] = replace(self._tabs.get(person, tab), shows=shows)

    async def _pages(self, call: Call) -> list[Reply]:
        """Every page of the command's answer, since the tab has room for them, without the buttons that turn."""
        found: list[Reply] = []
        pages = 1
        while len(found) < pages:
            turned = replace(call, press=Press("page", call.command, page=len(found) + 1))
            answer = await self._front.answer(turned)
            if not isinstance(answer, Reply):
                break
            pages = answer.pages
            last = len(found) + 1 == pages
            actions = tuple(each for each in answer.actions if each.press.verb != "page") if last else ()
            title = "" if found else answer.title
            found.append(replace(answer, title=title, actions=actions, page=1, pages=1))
        return found


def view(commands: Iterable[Command], replies: Iterable[Reply], language: str) -> dict[str, Any]:
    """Lay the tab out. Pure."""
    blocks: list[dict[str, Any]] = []
    for reply in (_welcome(commands, language), *replies):
        made = layout.blocks_of(reply, {}) or layout.blocks_of(_too_long(reply, language), {}) or []
        divider = [{"type": "divider"}] if blocks and reply.title else []
        if len(blocks) + len(divider) + len(made) <= BLOCKS:
            blocks += [*divider, *made]
    return {"type": "home", "blocks": blocks}


def _welcome(commands: Iterable[Command], language: str) -> Reply:
    _ = speaking(language)
    topics = [command for command in commands if " " not in command.path][:3]
    tries = tuple(text(Code(f"/{command.path}"), f" {command.summary}") for command in topics)
    asking = _("To ask in your own words, write {command} and your question.")
    remind = _("To be reminded before watch dates, write {command}.")
    return Reply(
        "Briefbot",
        (
            Prose(text(_("I brief your team on analytic reports, in their own words and with their age."))),
            *((Prose(text(_("Three commands to try:"))), Listing(tries)) if tries else ()),
            Prose(filled(asking, command=Code("/brief ask"))),
            Prose(filled(remind, command=Code("/brief follow"))),
        ),
    )


def _too_long(reply: Reply, language: str) -> Reply:
    _ = speaking(language)
    return Reply(reply.title[:100], (Prose(text(_("This is too long for the Home tab; send the command."))),))
