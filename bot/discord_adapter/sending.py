"""Deliveries: send, look up, edit, and what each of Discord's answers means for them."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import orjson
from discord.http import HTTPClient, Route

from bot.discord_adapter.outgoing import Outgoing, message, replacing
from bot.discord_adapter.refusals import FAILURES, NotConnectedError, outcome, words
from briefs.marking import N_
from commands.model import Reply
from scheduler.address import Destination
from scheduler.outcomes import Doubtful, Outcome, Retry, Sent

SECONDS = 60.0
# topics/rate-limits: 50 requests a second for a bot. discord.py does not pace itself below that, and
# gives a message up after five refusals; people's answers do not count towards it.
SPACING = 1 / 45
# discord.py waits a second before it repeats a request that the server failed on, so a connection that
# fails sooner than this carried nothing.
FIRST_TRY = 0.9
# How far this machine's clock may run ahead of Discord's, whose clock dates the messages.
SKEW = timedelta(minutes=5)
PAGE, PAGES = 100, 50
EPOCH = datetime(2015, 1, 1, tzinfo=UTC)


class Sending:
    """Messages to channels and people. `connected` lends it discord.py's REST client."""

    def __init__(self) -> None:
        self._http: HTTPClient | None = None
        self._me = ""
        self._inboxes: dict[str, str] = {}
        self._next = 0.0

    def connected(self, http: HTTPClient, me: str) -> None:
        """Begin to send as the user `me`."""
        self._http, self._me = http, me

    def disconnected(self) -> None:
        """Stop sending."""
        self._http = None

    async def send(self, destination: Destination, reply: Reply, key: str) -> Outcome:
        """Send one message; within minutes, a second one with the same key gives back the first.

        resources/message (Create Message): `enforce_nonce`.
        """
        made = message(reply, key)
        body = Outgoing({**made.payload, "nonce": key, "enforce_nonce": True}, made.files)
        return await self._message(destination, body)

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

    async def _message(self, destination: Destination, body: Outgoing, existing: str = "") -> Outcome:
        clock = asyncio.get_running_loop().time
        began, opened = clock(), False
        try:
            async with asyncio.timeout(SECONDS):
                await self._turn()
                channel = await self._channel(destination)
                began, opened = clock(), True
                said = await self._request(_route(channel, existing), body)
                return Sent(str(said["id"]))
        except FAILURES as error:
            refused_at_once = isinstance(error, aiohttp.ClientConnectorError) and clock() - began < FIRST_TRY
            return outcome(error, certain=not opened or refused_at_once)

    async def _turn(self) -> None:
        """Wait until another request fits under Discord's limit for the whole bot."""
        now = asyncio.get_running_loop().time()
        self._next = max(now, self._next + SPACING)
        if self._next > now:
            await asyncio.sleep(self._next - now)

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
        """Ask by discord.py, which waits for rate limits and repeats what the server failed on."""
        if self._http is None:
            raise NotConnectedError
        if body is not None and body.files:
            return await self._http.request(route, form=_form(body))
        if body is not None:
            more["json"] = body.payload
        return await self._http.request(route, **more)


def _form(body: Outgoing) -> list[dict[str, Any]]:
    """The parts of a multipart request (reference, Uploading Files)."""
    words = orjson.dumps(body.payload).decode()
    parts: list[dict[str, Any]] = [
        {"name": "payload_json", "value": words, "content_type": "application/json"}
    ]
    for place, (name, content) in enumerate(body.files):
        kind = "application/octet-stream"
        parts.append({"name": f"files[{place}]", "value": content, "filename": name, "content_type": kind})
    return parts


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
