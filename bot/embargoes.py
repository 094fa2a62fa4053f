"""The ends of embargoes: the platforms are told anew which commands there are when one ends by itself."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime

from briefs.library import Library
from commands.registry import embargoes_passed

log = logging.getLogger(__name__)

# A topic answers from the very instant on; its name stands in the platforms' lists this much later at most.
LOOK = 1.0


class Embargoes:
    """Notices that an embargo of a published brief has ended, and calls `changed`."""

    def __init__(
        self, library: Library, clock: Callable[[], datetime], changed: Callable[[], Awaitable[None]]
    ) -> None:
        self._library, self._clock, self._changed = library, clock, changed
        self._passed = self._count()

    async def watch(self) -> None:
        """Look once a second until cancelled."""
        while True:
            await asyncio.sleep(LOOK)
            try:
                await self.look()
            except Exception:
                log.exception(
                    "The commands could not be told anew after an embargo; the next look tries again"
                )

    async def look(self) -> None:
        """Compare with the look before; a publish tells the platforms itself."""
        now = self._count()
        ended = [id_ for id_, seen in now.items() if self._ended(id_, seen)]
        if ended:
            log.info("an embargo ended in %s; the commands are told anew", ", ".join(ended))
            await self._changed()
        self._passed = now

    def _ended(self, id_: str, seen: tuple[int, int]) -> bool:
        before = self._passed.get(id_)
        return before is not None and before[0] == seen[0] and before[1] != seen[1]

    def _count(self) -> dict[str, tuple[int, int]]:
        """The number of each revision, and how many of its embargoes have ended."""
        at = self._clock()
        return {id_: (each.number, embargoes_passed(each, at)) for id_, each in self._library.current.items()}
