"""Deliveries: send, look up, edit, and what each of Discord's answers means for them."""

import asyncio
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
from discord.http import Route

from bot.discord_adapter.outgoing import Outgoing, message, replacing
from bot.discord_adapter.refusals import FAILURES, NotConnectedError, outcome, words
from bot.discord_adapter.rest import Rest
from bot.pacing import Turn, held
from briefs.marking import N_
from commands.model import Reply
from scheduler.address import Destination
from scheduler.outcomes import Doubtful, Outcome, Retry, Sent

SECONDS = 60.0
# How far this machine's clock may run ahead of Discord's, whose clock dates the messages.
SKEW = timedelta(minutes=5)
PAGE, PAGES = 100, 50
EPOCH = datetime(2015, 1, 1, tzinfo=UTC)


class Sending:
    """Messages to channels and people, while Discord is connected."""

    def __init__(self, rest: Rest) -> None:
        self._rest = rest
        self._connected = False
        self._me = ""
        self._inboxes: dict[str, str] = {}

    def connected(self, me: str) -> None:
        """Begin to send as the user `me`."""
        self._connected, self._me = True, me

    def disconnected(self) -> None:
        """Stop sending."""
        self._connected = False

    def turn(self, destination: Destination, composes: bool = True) -> AbstractAsyncContextManager[Turn]:
        """Wait until one more message to a place fits; a person's inbox not opened yet has a limit of its own."""
        person = destination.person
        place = (
            self._inboxes.get(person.id, person.id) if person else destination.thread or destination.channel
        )
        return held(self._rest.turn(_route(place, ""), composes=composes))

    async def send(
        self, destination: Destination, reply: Reply, key: str, turn: Turn | None = None
    ) -> Outcome:
        """Send one message; within minutes, a second one with the same key gives back the first.

        resources/message (Create Message): `enforce_nonce`.
        """
        if turn is None:
            async with self.turn(destination, composes=False) as taken:
                return await self.send(destination, reply, key, taken)
        made = message(reply, key)
        body = Outgoing({**made.payload, "nonce": key, "enforce_nonce": True}, made.files)
        return await self._message(destination, body, turn=turn)

    async def edit(self, destination: Destination, message_id: str, reply: Reply) -> Outcome:
        """Replace the content of a message."""
        return await self._message(destination, replacing(reply), message_id)

    async def find(self, destination: Destination, key: str, since: datetime) -> Outcome:
        """Look through the channel's history for a button named `…|<key>` of this bot."""
        try:
            async with asyncio.timeout(SECONDS):
                return await self._found(await self._channel(destination), key, since - SKEW)
        except FAILURES as error:
            return Doubtful(
                N_("Discord could not be asked whether the message is there: {error}", error=words(error))
            )

    async def _message(
        self, destination: Destination, body: Outgoing, existing: str = "", turn: Turn | None = None
    ) -> Outcome:
        opened = False
        try:
            async with asyncio.timeout(SECONDS):
                channel = await self._channel(destination)
                opened = True
                said = await self._request(_route(channel, existing), body, turn=turn)
                return Sent(str(said["id"]))
        except FAILURES as error:
            nothing_went_out = not opened or isinstance(error, aiohttp.ClientConnectorError)
            return outcome(error, certain=nothing_went_out)

    async def _channel(self, destination: Destination) -> str:
        person = destination.person
        if person is None:
            return destination.thread or destination.channel
        if person.id not in self._inboxes:
            opening = Outgoing({"recipient_id": person.id})
            said = await self._request(Route("POST", "/users/@me/channels"), opening)
            self._inboxes[person.id] = str(said["id"])
        return self._inboxes[person.id]

    async def _found(self, channel: str, key: str, since: datetime) -> Outcome:
        after = start = _snowflake(since)
        for _ in range(PAGES):
            page = await self._history(channel, after)
            for each in page:
                if each["author"]["id"] == self._me and _bears(each, key):
                    return Sent(each["id"])
            if len(page) < PAGE:
                return await self._absent(channel, start, readable=bool(page) or after != start)
            after = max(int(each["id"]) for each in page)
        return Doubtful(
            N_(
                "over {count} messages came to the channel since, too many to look through",
                count=PAGE * PAGES,
            )
        )

    async def _history(self, channel: str, after: int) -> list[dict[str, Any]]:
        query = {"after": after, "limit": PAGE}
        page: list[dict[str, Any]] = await self._request(
            Route("GET", "/channels/{channel_id}/messages", channel_id=channel), params=query
        )
        return page

    async def _absent(self, channel: str, start: int, readable: bool) -> Outcome:
        """Without the permission to read history Discord shows an empty one (resources/message)."""
        if not readable:
            about = await self._request(Route("GET", "/channels/{channel_id}", channel_id=channel))
            if int(about.get("last_message_id") or 0) > start:
                return Doubtful(
                    N_(
                        "Discord shows no messages of this channel, though there are some; give the bot the "
                        "permission Read Message History there"
                    )
                )
        return Retry(N_("the message is not in the channel"))

    async def _request(self, route: Route, body: Outgoing | None = None, **more: Any) -> Any:
        if not self._connected:
            raise NotConnectedError
        return await self._rest.request(route, body, **more)


def _route(channel: str, message: str) -> Route:
    if not message:
        return Route("POST", "/channels/{channel_id}/messages", channel_id=channel)
    path = "/channels/{channel_id}/messages/{message_id}"
    return Route("PATCH", path, channel_id=channel, message_id=message)


def _bears(message: dict[str, Any], key: str) -> bool:
    return any(name.endswith(f"|{key}") for name in _names(message))


def _names(message: dict[str, Any]) -> Iterator[str]:
    """The custom ids of a message's buttons."""
    for row in message.get("components") or ():
        for button in row.get("components") or ():
            yield button.get("custom_id") or ""


def _snowflake(at: datetime) -> int:
    """The least id of what came at a moment (reference, Snowflakes)."""
    return max(int((at - EPOCH) / timedelta(milliseconds=1)), 0) << 22
