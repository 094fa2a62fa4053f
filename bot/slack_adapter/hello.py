"""The hello: said once in each workspace, in the first channel that the bot is invited to."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime

from bot.adapter import Front
from commands.model import Reply
from scheduler.address import Destination
from scheduler.outcomes import Outcome, Retry, Sent

KEY = "hello"
AGAIN = (2.0, 10.0, 60.0)

log = logging.getLogger(__name__)

Send = Callable[[Destination, Reply, str], Awaitable[Outcome]]


class Hello:
    """Says hello. One that did not arrive for certain is said at the next invitation."""

    def __init__(self, front: Front, send: Send, clock: Callable[[], datetime]) -> None:
        self._front, self._send, self._clock = front, send, clock
        self._one_at_a_time = asyncio.Lock()

    async def joined(self, where: Destination) -> None:
        """Greet the workspace of a channel that the bot has just joined, unless it was greeted."""
        async with self._one_at_a_time:
            reply = await self._front.greeting(where.workspace, self._clock())
            if reply is None:
                return
            for wait in (*AGAIN, None):
                found = await self._send(where, reply, KEY)
                if isinstance(found, Sent):
                    await self._front.greeted(where.workspace, self._clock())
                    return
                if wait is None or not isinstance(found, Retry):
                    log.warning("hello did not arrive in %s for certain: %s", where, found)
                    return
                await asyncio.sleep(wait)
