"""The chronicles of the published briefs, told from the stored revisions and kept in memory."""

import asyncio
import logging
from dataclasses import dataclass

from briefs.chronicle import Chronicle, chronicle
from briefs.faults import BriefFaults
from briefs.library import Entry, Library, Revision, Store, with_document
from briefs.reading import read_brief

log = logging.getLogger(__name__)

Key = tuple[str, int]


@dataclass(frozen=True)
class _Told:
    """A chronicle and the revisions that it tells, so that only later ones are read."""

    keys: tuple[Key, ...]
    chronicle: Chronicle


class Chronicles:
    """Tells the chronicle of a brief. What it keeps only saves reading: it can be lost at any time."""

    def __init__(self) -> None:
        self._told: dict[str, _Told] = {}
        self._turn = asyncio.Lock()

    async def of(self, store: Store, library: Library, current: Revision) -> Chronicle:
        """Return the chronicle of a published brief, with its revisions under former ids of the brief."""
        async with self._turn:
            told = self._told.get(current.brief_id)
            # What was published does not change, so what ends with the current revision is whole.
            if told is not None and told.keys[-1:] == ((current.brief_id, current.number),):
                return told.chronicle
            entries = await _entries(store, library, current)
            keys = tuple((each.brief_id, each.number) for each in entries)
            if told is None or keys[: len(told.keys)] != told.keys:
                told = _Told((), Chronicle())
            later = entries[len(told.keys) :]
            found = [await _read(store, library, current, each) for each in later]
            whole = chronicle(found, told.chronicle)
            self._told[current.brief_id] = _Told(keys, whole)
            return whole


async def _entries(store: Store, library: Library, current: Revision) -> list[Entry]:
    """The history up to the current revision, oldest first; one id after the other, as the brief bore them."""
    async with store.reading() as tx:
        by_id = [await library.history(tx, id_) for id_ in (*current.brief.formerly, current.brief_id)]
    runs = sorted((entries[::-1] for entries in by_id if entries), key=lambda run: run[0].at)
    every = [entry for run in runs for entry in run]
    return [e for e in every if e.brief_id != current.brief_id or e.number <= current.number]


async def _read(store: Store, library: Library, current: Revision, entry: Entry) -> Revision | None:
    """Read a revision; None where this version of the program cannot, which the start has told already."""
    if (entry.brief_id, entry.number) == (current.brief_id, current.number):
        return current
    async with store.reading() as tx:
        raw = await library.raw(tx, entry.brief_id, entry.number)
    if raw is None:
        return None
    try:
        # Reading takes some milliseconds of the processor, and there may be hundreds of them.
        return with_document(entry, await asyncio.to_thread(read_brief, *raw))
    except BriefFaults:
        log.warning(
            "revision %d of %s cannot be read any more; calendars go without it", entry.number, entry.brief_id
        )
        return None
