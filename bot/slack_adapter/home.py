"""The Home tab: what the bot holds, what to try, what comes next, and what one follows."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.adapter import Front
from bot.slack_adapter import layout
from bot.slack_adapter.people import People, introduced
from bot.slack_adapter.refusals import FAILURES, sentence
from commands.model import Call, Caller, Code, Command, Listing, Prose, Reply, text
from commands.wording import Translate, filled, speaking
from scheduler.address import Person

# reference/views: a Home tab holds 100 blocks.
BLOCKS = 100
SHOWN = ("brief topics", "brief dates", "brief subscriptions")
PROFILE_SECONDS = 2.0

log = logging.getLogger(__name__)


class Home:
    """Publishes the Home tab of whoever opens it."""

    def __init__(
        self, front: Front, web: AsyncWebClient, people: People, clock: Callable[[], datetime]
    ) -> None:
        self._front, self._web, self._people, self._clock = front, web, people, clock

    async def publish(self, person: Person) -> None:
        """Write the tab anew; what it says is asked of the same commands that anybody may send."""
        caller = introduced(Caller(person, person.id), await self._people.profile(person, PROFILE_SECONDS))
        call = Call("", caller, person.inbox, self._clock())
        language = self._front.language(person, caller.locale)
        replies = []
        for path in SHOWN:
            if self._front.find(path):
                answer = await self._front.answer(replace(call, command=path))
                replies += [answer] if isinstance(answer, Reply) else []
        try:
            await self._web.views_publish(
                user_id=person.id, view=view(self._front.commands(), replies, language)
            )
        except FAILURES as problem:
            log.warning("the Home tab of %s could not be published: %s", person, sentence(problem))


def view(commands: Iterable[Command], replies: Iterable[Reply], language: str) -> dict[str, Any]:
    """Lay the tab out. Pure."""
    _ = speaking(language)
    topics = [command for command in commands if " " not in command.path][:3]
    tries = tuple(text(Code(f"/{command.path}"), f" {command.summary}") for command in topics)
    follow = _("To be reminded before watch dates, write {command}.")
    welcome = Reply(
        "Briefbot",
        (
            Prose(text(_("I brief your team on analytic reports, in their own words and with their age."))),
            *((Prose(text(_("Three commands to try:"))), Listing(tries)) if tries else ()),
            Prose(filled(follow, command=Code("/brief follow"))),
        ),
    )
    blocks: list[dict[str, Any]] = []
    for reply in (welcome, *replies):
        made = layout.blocks_of(reply, {}) or layout.blocks_of(_too_long(reply, _), {}) or []
        divider = [{"type": "divider"}] if blocks else []
        if len(blocks) + len(divider) + len(made) <= BLOCKS:
            blocks += [*divider, *made]
    return {"type": "home", "blocks": blocks}


def _too_long(reply: Reply, _: Translate) -> Reply:
    said = _("This is too long for the Home tab; send the command.")
    return Reply(reply.title[:100], (Prose(text(said)),))
