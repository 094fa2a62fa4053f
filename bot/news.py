"""News: what other processes changed is taken up here, where it is kept in memory."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TypeVar

from bot.postgres import ANNOUNCED
from bot.web.lobby import Lobby
from briefs.library import Revision
from commands.desk import Desk

# Announcements that come close together are taken up at once.
GATHER_SECONDS = 0.1
AGAIN_SECONDS = 1.0
# Each beat asks for revisions, so that a publish is live within two seconds even where its announcement was
# lost; each so-manieth asks for all.
ALL_EVERY = 15

Key = TypeVar("Key")
Value = TypeVar("Value")

log = logging.getLogger(__name__)


class News:
    """Reads anew what was announced: the library, zones and languages, grants; wakes the page for its history.

    Nothing else is kept in memory that another process can change: buttons are read where they are not known,
    and replies and search indexes are kept by revision. `changed` is called with revisions that are new here.
    """

    def __init__(
        self, desk: Desk, lobby: Lobby, changed: Callable[[Sequence[Revision]], Awaitable[None]]
    ) -> None:
        self._desk, self._lobby, self._changed = desk, lobby, changed
        self._known = self._numbers()
        self._waiting: set[str] = set()
        self._wake = asyncio.Event()
        self._beats = 0

    def heard(self, tables: Sequence[str] | None) -> None:
        """Note that some tables changed; None means any."""
        self._waiting |= ANNOUNCED if tables is None else set(tables) & ANNOUNCED
        self._wake.set()

    def beat(self) -> None:
        """Ask by ourselves, in case an announcement was lost."""
        self._beats += 1
        self.heard(None if self._beats % ALL_EVERY == 0 else ["revisions"])

    async def watch(self) -> None:
        """Take up what was heard, until cancelled."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            tables, self._waiting = self._waiting, set()
            try:
                await self.take_up(tables)
            except Exception:
                log.exception("what other processes changed could not be read; it is tried again")
                self._waiting |= tables
                await asyncio.sleep(AGAIN_SECONDS)
                self._wake.set()
            await asyncio.sleep(GATHER_SECONDS)

    async def take_up(self, tables: set[str]) -> None:
        """Read anew what is kept of some tables."""
        desk = self._desk
        async with desk.store.reading() as tx:
            if "revisions" in tables:
                await desk.library.refresh(tx)
            if "grants" in tables:
                _replace(desk.rights.grants, await desk.grants.all(tx))
            if "people" in tables:
                _replace(desk.zones, await desk.people.zones(tx))
                _replace(desk.languages, await desk.people.languages(tx))
        if "lobby" in tables:
            self._lobby.announce()
        # A claim or a publication may have read a revision already, which told nobody of it.
        fresh = [each for id_, each in desk.revisions().items() if self._known.get(id_) != each.number]
        self._known = self._numbers()
        if fresh:
            log.info("taken up: %s", ", ".join(f"{each.brief_id} revision {each.number}" for each in fresh))
            await self._changed(fresh)

    def _numbers(self) -> dict[str, int]:
        return {id_: each.number for id_, each in self._desk.revisions().items()}


def _replace(kept: dict[Key, Value], found: Mapping[Key, Value]) -> None:
    """Bring a dictionary up to date in one step, without a moment in which it is empty."""
    for gone in kept.keys() - found.keys():
        del kept[gone]
    kept.update(found)
