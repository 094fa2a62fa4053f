"""Deliveries on Slack: sent once, found again by their key, edited."""

import asyncio
import logging
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Any

from bot.pacing import Turn, held
from bot.slack_adapter import outgoing
from bot.slack_adapter.limits import POST
from bot.slack_adapter.paced import PacedClient
from bot.slack_adapter.refusals import FAILURES, code, outcome, sentence, unsent
from bot.slack_adapter.uploads import Uploads
from briefs.marking import N_
from commands.model import Reply
from scheduler.address import Destination
from scheduler.outcomes import Doubtful, Outcome, Refused, Retry, Sent

PAGE = 200
PAGES = 25
# Slack processes an upload after it has answered; until then a message cannot show the picture.
PROCESSING = (0.5, 1.0, 2.0, 4.0)

log = logging.getLogger(__name__)


class Sending:
    """Sends with a client that never repeats a call by itself: a repeated message would be there twice."""

    def __init__(self, once: PacedClient, web: PacedClient, uploads: Uploads) -> None:
        self._once, self._web, self._uploads = once, web, uploads
        self._direct: dict[str, str] = {}

    def turn(self, destination: Destination, composes: bool = True) -> AbstractAsyncContextManager[Turn]:
        """Wait until one more message to a place fits; a conversation not opened yet has a limit of its own."""
        person = destination.person
        place = self._direct.get(person.id, person.id) if person else destination.channel
        return held(self._once.turn(POST, place, composes))

    async def send(
        self, destination: Destination, reply: Reply, key: str, turn: Turn | None = None
    ) -> Outcome:
        """Send one message. Whatever has to be uploaded is uploaded before."""
        if turn is None:
            async with self.turn(destination, composes=False) as taken:
                return await self.send(destination, reply, key, taken)
        try:
            channel = await self.channel(destination)
            pictures = await self._uploads.pictures(reply)
            made = outgoing.message(reply, key, pictures)
            files = await self._uploads.bring(made.files)
        except FAILURES as problem:
            return unsent(outcome(problem))
        thread = {"thread_ts": destination.thread} if destination.thread else {}
        bare = outgoing.message(reply, key).payload if pictures else {}
        sent = await self._post({"channel": channel, **thread}, made.payload, bare, turn)
        if files and isinstance(sent, Sent):
            await self._share(files, channel, destination.thread or sent.message_id)
        return sent

    async def find(self, destination: Destination, key: str, since: datetime) -> Outcome:
        """Look for a message in the history of its channel or thread."""
        try:
            channel = await self.channel(destination)
            return await self._find(channel, destination.thread, key, since)
        except FAILURES as problem:
            if code(problem) == "not_in_channel":
                return await self._find_after_joining(destination, key, since)
            return _unknown(problem)

    async def edit(self, destination: Destination, message: str, reply: Reply) -> Outcome:
        """Replace what a message says; doing it twice is harmless."""
        try:
            channel = await self.channel(destination)
            made = outgoing.updating(reply, await self._uploads.pictures(reply))
            files = await self._uploads.bring(made.files)
            await self._web.chat_update(channel=channel, ts=message, **made.payload)
        except FAILURES as problem:
            return unsent(outcome(problem))
        if files:
            await self._share(files, channel, destination.thread or message)
        return Sent(message)

    async def channel(self, destination: Destination) -> str:
        """Return Slack's id of the conversation; a person's is opened first."""
        if destination.person is None:
            return destination.channel
        id = destination.person.id
        if id not in self._direct:
            answer = await self._web.conversations_open(users=[id])
            self._direct[id] = str(answer["channel"]["id"])
        return self._direct[id]

    async def _post(
        self, where: Mapping[str, Any], payload: Mapping[str, Any], bare: Mapping[str, Any], turn: Turn | None
    ) -> Outcome:
        """Post; `bare` is the message without its pictures, for when Slack cannot show them in time."""
        waits = list(PROCESSING) if bare else []
        while True:
            try:
                answer = await self._once.api_call(POST, turn=turn, json={**where, **payload})
                return Sent(str(answer["ts"]))
            except FAILURES as problem:
                turn = None
                if not (bare and code(problem) == "invalid_blocks"):
                    return outcome(problem)
                if not waits:
                    log.warning("Slack did not show an uploaded picture in time; its words are sent instead")
                    return await self._post(where, bare, {}, None)
            await asyncio.sleep(waits.pop(0))

    async def _share(self, files: list[dict[str, Any]], channel: str, thread: str) -> None:
        try:
            await self._uploads.share(files, channel, thread)
        except FAILURES as problem:
            log.error("files could not be added to message %s in %s: %s", thread, channel, sentence(problem))

    async def _find_after_joining(self, destination: Destination, key: str, since: datetime) -> Outcome:
        """Join a public channel, which the bot may post to without being in it, to read what it posted."""
        try:
            await self._web.conversations_join(channel=destination.channel)
            return await self._find(destination.channel, destination.thread, key, since)
        except FAILURES as problem:
            return _unknown(problem)

    async def _find(self, channel: str, thread: str, key: str, since: datetime) -> Outcome:
        where: dict[str, Any] = {"channel": channel, "oldest": f"{since.timestamp():.6f}", "limit": PAGE}
        cursor = ""
        for _ in range(PAGES):
            page = {**where, "include_all_metadata": True, **({"cursor": cursor} if cursor else {})}
            if thread:
                answer = await self._web.conversations_replies(ts=thread, **page)
            else:
                answer = await self._web.conversations_history(**page)
            for message in answer["messages"]:
                if _key(message) == key:
                    return Sent(str(message["ts"]))
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return Retry(N_("it is not in the channel"))
        return Doubtful(N_("the channel has too many messages since then to look through now"))


def _key(message: Mapping[str, Any]) -> str:
    metadata = message.get("metadata") or {}
    if metadata.get("event_type") != outgoing.EVENT_TYPE:
        return ""
    return str((metadata.get("event_payload") or {}).get("key", ""))


def _unknown(problem: Exception) -> Outcome:
    """A look-up that failed says nothing about the message."""
    match outcome(problem):
        case Refused(reason):
            return Refused(N_("whether it arrived cannot be looked up, since {reason}", reason=reason))
        case Retry(reason, wait) | Doubtful(reason, wait):
            return Doubtful(reason, wait)
        case found:
            return found
