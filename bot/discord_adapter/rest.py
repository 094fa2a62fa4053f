"""Requests to Discord's API at its pace: everything but interactions, which are no part of its limits."""

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

import aiohttp
import discord
import orjson
from discord.http import Route

from bot.discord_adapter.limits import Limits
from bot.discord_adapter.outgoing import Outgoing
from bot.pacing import Pacer, Turn

# A request is repeated so often in all: discord.py's own measure, and within the life of a message's nonce.
TRIES = 5
PAUSES = (1.0, 3.0, 5.0, 7.0)
# What Discord's proxies answer while it is restarted.
PASSING = frozenset({500, 502, 504, 524})
# A longer wait is told to whoever asked, so that the ledger keeps it and not a task.
LONGEST_WAIT = 30.0
_JSON = "application/json"

log = logging.getLogger(__name__)


class Rest:
    """One bot's requests. Raises what discord.py raises: `discord.HTTPException` and its kin, `RateLimited`.

    It goes past discord.py's own request queue, which knows nothing of the limit for the whole bot, gives a
    message up after five refusals, and holds a channel's fifth message up to five seconds after it arrived.
    """

    def __init__(self, session: aiohttp.ClientSession, token: str) -> None:
        self.pacer = Pacer()
        self.limits = Limits()
        self._session = session
        self._headers = {"Authorization": f"Bot {token}"}

    async def request(
        self, route: Route, body: Outgoing | Any = None, turn: Turn | None = None, *, urgent: bool = False,
        params: Mapping[str, Any] | None = None,
    ) -> Any:  # fmt: skip
        """Ask; wait out limits, repeat what the server failed on. `turn` is one taken before for this route.

        Raises aiohttp.ClientConnectorError only where no try carried anything.
        """
        failed: discord.HTTPException | None = None
        for pause in (*PAUSES, None):
            try:
                response, said = await self._once(route, body, turn, urgent, params)
            except aiohttp.ClientConnectorError as error:
                raise (failed or error) from error
            if response.status < 300:
                return said
            wait = self._wait(route, response, said, pause)
            if wait is None:
                raise _error(response, said)
            turn, failed = None, failed or (_error(response, said) if response.status in PASSING else None)
            await asyncio.sleep(wait)
        raise AssertionError("the last try has no pause")

    async def turn(self, route: Route, urgent: bool = False, composes: bool = False) -> Turn:
        """Wait until a request fits; whoever has the turn ends it, and composes what is sent in it."""
        return await self.pacer.take(self.limits.of(route, _now()), urgent, composes)

    async def _once(
        self, route: Route, body: Any, turn: Turn | None, urgent: bool, params: Mapping[str, Any] | None
    ) -> tuple[aiohttp.ClientResponse, Any]:
        taken = turn or await self.turn(route, urgent)
        try:
            await taken.open()
            began = _now()
            async with self._session.request(
                route.method, route.url, data=_data(body), params=params, headers=self._headers | _kind(body)
            ) as response:
                content = await response.read()
        finally:
            taken.end()
        self.pacer.trip.took(_now() - began)
        if turn is not None:
            turn.answered(_now())
        self.limits.learn(route, response.status, response.headers, _now())
        return response, _read(response, content)

    def _wait(
        self, route: Route, response: aiohttp.ClientResponse, said: Any, pause: float | None
    ) -> float | None:
        """After how many seconds to repeat a request that was not answered well; None: not at all."""
        if response.status in PASSING:
            return pause
        if response.status != 429 or not isinstance(said, dict) or "retry_after" not in said:
            return None
        wait, everywhere = float(said["retry_after"]), bool(said.get("global"))
        shared = response.headers.get("X-RateLimit-Scope") == "shared"
        self.limits.refused(route, everywhere, shared, wait, _now())
        log.warning(
            "Discord asks %s to wait %.2f s (%s)", route.key, wait, "everywhere" if everywhere else "there"
        )
        if wait > LONGEST_WAIT:
            raise discord.RateLimited(wait)
        # The budget is closed meanwhile, so the next try waits for its turn.
        return None if pause is None else 0.0


def _error(response: aiohttp.ClientResponse, said: Any) -> discord.HTTPException:
    match response.status:
        case 403:
            return discord.Forbidden(response, said)
        case 404:
            return discord.NotFound(response, said)
        case status if status >= 500:
            return discord.DiscordServerError(response, said)
    return discord.HTTPException(response, said)


def _kind(body: Any) -> dict[str, str]:
    multipart = body is None or (isinstance(body, Outgoing) and body.files)
    return {} if multipart else {"Content-Type": _JSON}


def _data(body: Any) -> bytes | aiohttp.FormData | None:
    """The body's bytes; with files the parts of a multipart request (reference, Uploading Files)."""
    if body is None:
        return None
    if not isinstance(body, Outgoing):
        return orjson.dumps(body)
    words = orjson.dumps(body.payload)
    if not body.files:
        return words
    form = aiohttp.FormData(quote_fields=False)
    form.add_field("payload_json", words.decode(), content_type=_JSON)
    for place, (name, content) in enumerate(body.files):
        form.add_field(f"files[{place}]", content, filename=name, content_type="application/octet-stream")
    return form


def _read(response: aiohttp.ClientResponse, content: bytes) -> Any:
    if response.content_type != _JSON:
        return content.decode(errors="replace")
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError:
        return content.decode(errors="replace")


def _now() -> float:
    return asyncio.get_running_loop().time()
