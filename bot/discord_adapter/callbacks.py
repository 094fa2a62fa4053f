"""What an interaction's token allows for 15 minutes: respond, edit, follow up; and its files.

Endpoints: docs.discord.com/developers, interactions/receiving-and-responding.
"""

import asyncio
import logging
from collections.abc import Mapping
from typing import Any, NamedTuple

import aiohttp
import orjson
from yarl import URL

from bot.discord_adapter.incoming import Attached, Payload
from bot.discord_adapter.outgoing import Outgoing
from commands.model import Upload, UserError

LARGEST_FILE = 16 * 1024 * 1024
# topics/opcodes-and-status-codes
_ALREADY_ANSWERED = 40060
_PAUSES = (0.2, 0.8)
_JSON = {"Content-Type": "application/json"}

log = logging.getLogger(__name__)


class Body(NamedTuple):
    """A request's body: JSON in bytes, and files."""

    json: bytes
    files: tuple[tuple[str, bytes], ...] = ()

    @classmethod
    def of(cls, made: Outgoing, **more: Any) -> "Body":
        """Write a message."""
        return cls(orjson.dumps({**made.payload, **more}), made.files)


class Callbacks:
    """Requests on interactions.

    They go past discord.py's request queue: each interaction has rate limits of its own, and the answer
    to a topic is bytes that were made before.
    """

    def __init__(self, base: str, session: aiohttp.ClientSession) -> None:
        self._base = base
        self._session = session

    async def respond(self, payload: Payload, body: Body) -> bool:
        """Send the first response; False where it came too late or was refused, which is logged."""
        return await self._call("POST", f"interactions/{payload['id']}/{payload['token']}/callback", body)

    async def edit(self, payload: Payload, body: Body) -> bool:
        """Replace the message of a deferred response."""
        return await self._call("PATCH", f"{_webhook(payload)}/messages/@original", body)

    async def follow_up(self, payload: Payload, body: Body) -> bool:
        """Send one more message."""
        return await self._call("POST", _webhook(payload), body, again=False)

    async def fetch(self, file: Attached) -> Upload:
        """Fetch a file that came along, at most LARGEST_FILE bytes. Raises UserError."""
        if file.size > LARGEST_FILE:
            raise UserError(
                "{name} is larger than {limit} MiB; send a smaller file.",
                name=file.name,
                limit=LARGEST_FILE >> 20,
            )
        try:
            async with self._session.get(file.url) as response:
                response.raise_for_status()
                content = await _read(response)
        except (aiohttp.ClientError, TimeoutError) as error:
            log.warning("the file %r was not to be had: %r", file.name, error)
            content = None
        if content is None or len(content) != file.size:
            raise UserError(
                "Discord did not hand over {name}; send the command with the file again.", name=file.name
            )
        return Upload(file.name, content)

    async def _call(self, method: str, path: str, body: Body, again: bool = True) -> bool:
        """Send; repeat what certainly did no harm, soon, since the first response has three seconds."""
        url = URL(f"{self._base}/{path}", encoded=True)
        for pause in (*_PAUSES, None):
            try:
                async with self._session.request(
                    method, url, data=_data(body), headers=_headers(body)
                ) as got:
                    said = await got.read()
                    if got.status < 300:
                        return True
                    problem, wait = _problem(got.status, said, got.headers, pause)
                    if got.status >= 500 and not again:
                        wait = None
            except (aiohttp.ClientError, TimeoutError) as error:
                problem, wait = repr(error), pause if again or _unsent(error) else None
            if problem is None:
                return True
            if wait is None:
                log.error("Discord did not take %s %s: %s", method, path.split("/")[0], problem)
                return False
            await asyncio.sleep(wait)
        return False


def _webhook(payload: Payload) -> str:
    return f"webhooks/{payload['application_id']}/{payload['token']}"


def _headers(body: Body) -> Mapping[str, str] | None:
    return None if body.files else _JSON


def _data(body: Body) -> bytes | aiohttp.FormData:
    if not body.files:
        return body.json
    form = aiohttp.FormData(quote_fields=False)
    form.add_field("payload_json", body.json.decode(), content_type="application/json")
    for place, (name, content) in enumerate(body.files):
        form.add_field(f"files[{place}]", content, filename=name, content_type="application/octet-stream")
    return form


async def _read(response: aiohttp.ClientResponse) -> bytes:
    """Read no more than a file may hold, whatever was announced."""
    content = bytearray()
    async for chunk in response.content.iter_chunked(1 << 16):
        content += chunk
        if len(content) > LARGEST_FILE:
            break
    return bytes(content)


def _unsent(error: Exception) -> bool:
    return isinstance(error, aiohttp.ClientConnectorError)


def _problem(
    status: int, said: bytes, headers: Mapping[str, str], pause: float | None
) -> tuple[str | None, float | None]:
    """What went wrong (None: nothing), and after how many seconds to try again (None: never)."""
    words = f"{status} {said[:500].decode(errors='replace')}"
    if _code(said) == _ALREADY_ANSWERED:
        return None, None
    if pause is None:
        return words, None
    if status == 429:
        wait = float(headers.get("Retry-After", pause))
        return words, wait if wait <= 2 else None
    return words, pause if status >= 500 else None


def _code(said: bytes) -> int | None:
    try:
        told = orjson.loads(said)
    except orjson.JSONDecodeError:
        return None
    return told.get("code") if isinstance(told, dict) else None
