"""The trap: it kills the bot at a chosen moment of a chosen request."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Literal, TypeVar, get_args

Answer = TypeVar("Answer")

# Where the bot dies, seen from the platform that it has called:
#   unstored  the request arrives and is lost
#   arrived   the request arrives; it takes effect a moment after the bot's death
#   late      the same, but it takes effect only when the next process runs already
#   stored    it took effect, and the answer is never written
#   answered  the answer is written; the bot dies within the next milliseconds
#   asked     a look-up arrives, and its answer is never written
#   unmarked  the edit that marks an old message arrives and is lost
#   marked    it took effect, and the answer is never written
Moment = Literal["unstored", "arrived", "late", "stored", "answered", "asked", "unmarked", "marked"]
MOMENTS: tuple[Moment, ...] = get_args(Moment)

Kill = Callable[[], Awaitable[None]]


class Trap:
    """Counts the deliveries that arrive, and springs at the one that it was armed for."""

    def __init__(self) -> None:
        self.posts = 0
        self.late: set[asyncio.Task[None]] = set()
        self._moment: Moment | None = None
        self._left = 0
        self._delay = 0.0
        self._kill: Kill | None = None

    def arm(self, moment: Moment, left: int, delay: float, kill: Kill) -> None:
        """Spring at the request after `left` others. `delay`: seconds for the moments late and answered."""
        self._moment, self._left, self._delay, self._kill = moment, left, delay, kill

    def disarm(self) -> None:
        """Let everything pass."""
        self._moment = None

    async def settled(self) -> None:
        """Wait until what takes effect late has taken effect."""
        await asyncio.gather(*self.late)

    async def post(self, key: str | None, store: Callable[[], Awaitable[Answer]]) -> Answer | None:
        """Let a request through that may bear a delivery's key; None: it took no effect."""
        if key is None:
            return await store()
        self.posts += 1
        kill = None if self._moment in ("asked", "unmarked", "marked") else self._sprung()
        match self._moment if kill else None:
            case "unstored":
                await _at_once(kill)
                return None
            case "arrived":
                await _at_once(kill)
                return await store()
            case "late":
                await _at_once(kill)
                return await self._later(store)
            case "stored":
                answer = await store()
                await _at_once(kill)
                return answer
            case "answered":
                answer = await store()
                self._after(self._delay, kill)
                return answer
            case _:
                return await store()

    async def look_up(self, answer: Callable[[], Awaitable[Answer]]) -> Answer:
        """Let a look-up through."""
        if self._moment == "asked" and (kill := self._sprung()):
            await _at_once(kill)
        return await answer()

    async def edit(self, change: Callable[[], Awaitable[Answer]]) -> Answer | None:
        """Let an edit of a message through; None: it took no effect."""
        if self._moment == "unmarked" and (kill := self._sprung()):
            await _at_once(kill)
            return None
        answer = await change()
        if self._moment == "marked" and (kill := self._sprung()):
            await _at_once(kill)
        return answer

    def _sprung(self) -> Kill | None:
        if self._moment is None or self._kill is None:
            return None
        self._left -= 1
        if self._left >= 0:
            return None
        kill, self._kill = self._kill, None
        return kill

    async def _later(self, store: Callable[[], Awaitable[Answer]]) -> Answer:
        waiting = asyncio.ensure_future(asyncio.sleep(self._delay))
        done = asyncio.get_running_loop().create_future()
        task = asyncio.ensure_future(_until(done))
        self.late.add(task)
        task.add_done_callback(self.late.discard)
        try:
            await waiting
            return await store()
        finally:
            done.set_result(None)

    def _after(self, delay: float, kill: Kill | None) -> None:
        async def then() -> None:
            await asyncio.sleep(delay)
            await _at_once(kill)

        task = asyncio.ensure_future(then())
        self.late.add(task)
        task.add_done_callback(self.late.discard)


async def _at_once(kill: Kill | None) -> None:
    assert kill is not None
    await kill()


async def _until(done: asyncio.Future[None]) -> None:
    await done
