"""Answers behind an acknowledgement: through the response URL, as a modal, or as a message."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack_adapter import outgoing
from bot.slack_adapter.incoming import Origin, metadata
from bot.slack_adapter.modals import modal
from bot.slack_adapter.refusals import FAILURES, code, sentence
from bot.slack_adapter.uploads import Uploads
from briefs.marking import spoken
from commands.model import Answer, File, Form, Prose, Reply, text
from commands.wording import Translate
from scheduler.address import Person

# A response URL that could not be reached is tried again after so many seconds.
AGAIN = (0.5, 2.0)

log = logging.getLogger(__name__)


class Answering:
    """Gives answers to whoever asked. None of its methods raises for what Slack does."""

    def __init__(
        self, web: AsyncWebClient, once: AsyncWebClient, session: aiohttp.ClientSession, uploads: Uploads,
        speaking: Callable[[Person], Translate],
    ) -> None:  # fmt: skip
        self._web, self._once, self._session, self._uploads = web, once, session, uploads
        self._speaking = speaking

    async def give(self, asked: Origin, answer: Answer) -> None:
        """Show a reply, or open a form."""
        if isinstance(answer, Form):
            await self._open(asked, answer)
        else:
            await self._reply(asked, answer)

    async def _open(self, asked: Origin, form: Form) -> None:
        """Open a modal: the trigger lives for three seconds and opens one view (surfaces/modals)."""
        try:
            await self._once.views_open(trigger_id=asked.trigger, view=modal(form, metadata(form, asked)))
        except FAILURES as problem:
            log.warning("the form %s could not be opened: %s", form.title, code(problem) or problem)
            _ = self._speaking(asked.person)
            said = _("Slack did not open the form of /{command} in time. Send the command once more.").format(
                command=form.command
            )
            await self._reply(asked, Reply(_("Not done"), (Prose(text(said)),), summary=said))

    async def _reply(self, asked: Origin, reply: Reply) -> None:
        pictures, where = await self._pictures(asked, reply)
        reply = _with_footer(reply, where)
        made = outgoing.message(reply, pictures=pictures)
        shared = await self._share(asked, reply, made.files)
        if shared:
            reply = _with_footer(reply, shared)
            made = outgoing.message(reply.with_(files=()), pictures=pictures)
        bare = outgoing.message(reply).payload if pictures else {}
        if not await self._respond(asked, reply, made.payload, bare):
            await self._post(asked, reply, made.payload)

    async def _pictures(self, asked: Origin, reply: Reply) -> tuple[Mapping[int, str], str]:
        """Upload a reply's pictures; say where else they are, or that they could not be shown.

        Slack knows no file in a message for one person alone (node-slack-sdk, issue 1790): the asker may open
        it because it is shared in their direct messages with the bot, where it stays when this message is gone.
        """
        if not outgoing.pictures_of(reply):
            return {}, ""
        private, _ = reply.visibility == "private", self._speaking(asked.person)
        try:
            channel = await self._direct(asked.person) if private else ""
            found = await self._uploads.pictures(reply, channel)
        except FAILURES as problem:
            log.warning("a picture could not be uploaded (%s); its words are shown", sentence(problem))
            return {}, _("Slack did not take the picture; the words say all it shows")
        return found, _("the picture is in your direct messages with the bot, too") if private else ""

    async def _share(self, asked: Origin, reply: Reply, files: tuple[File, ...]) -> str:
        """Share files: with everybody where the reply is public, else with the asker alone; say where."""
        if not files:
            return ""
        names, _ = ", ".join(file.name for file in files), self._speaking(asked.person)
        try:
            public = reply.visibility == "public" and asked.channel
            channel = asked.channel if public else await self._direct(asked.person)
            thread = asked.thread if public else ""
            await self._uploads.share(await self._uploads.bring(files), channel, thread)
        except FAILURES as problem:
            log.warning("files could not be shared: %s", sentence(problem))
            said = _("Slack did not take {names}: {problem}.")
            return said.format(names=names, problem=spoken(sentence(problem), _))
        return "" if public else _("{names}: in your direct messages with the bot").format(names=names)

    async def _direct(self, person: Person) -> str:
        answer = await self._web.conversations_open(users=[person.id])
        return str(answer["channel"]["id"])

    async def _respond(
        self, asked: Origin, reply: Reply, payload: Mapping[str, Any], bare: Mapping[str, Any]
    ) -> bool:
        """Answer through the response URL; False where that is not to be had any more.

        `bare` is the reply without its pictures, which Slack refuses to show until it has processed them.
        """
        if not asked.response_url:
            return False
        body = {
            "response_type": "in_channel" if reply.visibility == "public" else "ephemeral",
            "replace_original": reply.replaces and asked.replaceable,
            **({"thread_ts": asked.thread} if asked.thread else {}),
        }
        for wait, content in ((0.0, payload), (0.5, payload), (2.0, bare)) if bare else ((0.0, payload),):
            await asyncio.sleep(wait)
            if await self._hook(asked.response_url, {**body, **content}):
                return True
        return False

    async def _hook(self, url: str, body: Mapping[str, Any]) -> bool:
        for wait in (*AGAIN, None):
            try:
                async with self._session.post(url, json=body, proxy=self._web.proxy) as answer:
                    if answer.status < 400:
                        return True
                    log.warning("a response URL answered %d: %s", answer.status, (await answer.text())[:200])
                    return False
            except aiohttp.ClientConnectorError as problem:
                if wait is None:
                    log.warning("a response URL could not be reached: %s", problem)
                    return False
                await asyncio.sleep(wait)
            except FAILURES as problem:
                # It may have arrived: a second answer would be worse than a lost acknowledgement.
                log.warning("whether an answer arrived is unknown: %r", problem)
                return True
        return False

    async def _post(self, asked: Origin, reply: Reply, payload: Mapping[str, Any]) -> None:
        """Answer without a response URL: in the channel, to one person there, or by direct message."""
        in_channel = asked.channel and not asked.channel.startswith("D")
        if in_channel:
            where: dict[str, Any] = {"channel": asked.channel}
            where |= {"thread_ts": asked.thread} if asked.thread else {}
            try:
                if reply.visibility == "public":
                    await self._once.chat_postMessage(**where, **payload)
                else:
                    await self._once.chat_postEphemeral(user=asked.user, **where, **_ephemeral(payload))
            except FAILURES as problem:
                log.warning("an answer went to %s directly: %s", asked.person, sentence(problem))
            else:
                return
        try:
            await self._once.chat_postMessage(channel=await self._direct(asked.person), **payload)
        except FAILURES as problem:
            log.error("an answer to %s was lost: %s", asked.person, sentence(problem))


def _with_footer(reply: Reply, said: str) -> Reply:
    return (
        reply.with_(footer=" · ".join((reply.footer, said) if reply.footer else (said,))) if said else reply
    )


def _ephemeral(payload: Mapping[str, Any]) -> dict[str, Any]:
    """chat.postEphemeral knows no unfurling."""
    return {name: value for name, value in payload.items() if not name.startswith("unfurl_")}
