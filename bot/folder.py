"""The briefs folder: every brief in it published, and an edit live within two seconds."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from watchfiles import awatch

from briefs.library import Revision
from briefs.reading import BriefFaults, Document, Fault, read_folder

log = logging.getLogger(__name__)

GONE = Fault(
    "brief.yaml",
    1,
    1,
    "no file",
    "the brief's file is gone",
    "put it back; the published revision keeps serving",
)
Signature = tuple[tuple[str, int, int], ...]
Publish = Callable[[Document, datetime], Awaitable[Revision]]
Tell = Callable[[str, tuple[Fault, ...]], Awaitable[None]]


class BriefsFolder:
    """Reads `<folder>/<brief>/brief.yaml`, publishes what is new, and keeps the faults of what is not.

    A faulty edit changes nothing for readers: the last good revision keeps serving.
    """

    def __init__(
        self, root: Path, publish: Publish, tell: Tell, changed: Callable[[], Awaitable[None]],
        clock: Callable[[], datetime],
    ) -> None:  # fmt: skip
        self.root = root
        self._publish, self._tell, self._changed = publish, tell, changed
        self._clock = clock
        self._faults: dict[str, tuple[Fault, ...]] = {}
        self._read: dict[str, Signature] = {}

    @property
    def faults(self) -> Mapping[str, tuple[Fault, ...]]:
        """The faults of each brief's folder as it stands on disk, by the folder's name."""
        return MappingProxyType(self._faults)

    async def scan(self) -> None:
        """Read every brief whose files are new or changed, and publish those whose bytes are new."""
        for folder in sorted(path.parent for path in self.root.glob("*/brief.yaml")):
            now = _signature(folder)
            if self._read.get(folder.name) != now:
                self._read[folder.name] = now
                await self._take(folder)
        for name in [name for name in self._read if not (self.root / name / "brief.yaml").exists()]:
            del self._read[name]
            await self._refuse(name, (GONE,))

    async def watch(self, stop: asyncio.Event) -> None:
        """Scan whenever something changes, until `stop` is set.

        The system's notices make it quick; a look each second finds what they miss: a change before the
        watching began, a network folder without notices.
        """
        async for _ in awatch(
            self.root, stop_event=stop, debounce=400, step=100, rust_timeout=1_000, yield_on_timeout=True
        ):
            try:
                await self.scan()
            except Exception:
                log.exception("the briefs folder could not be read; it is looked at again")

    async def _take(self, folder: Path) -> None:
        try:
            document = await asyncio.to_thread(read_folder, folder)
            revision = await self._publish(document, self._clock())
        except BriefFaults as problem:
            await self._refuse(folder.name, problem.faults)
            return
        if self._faults.pop(folder.name, None):
            log.info("%s is sound again; revision %d serves", folder.name, revision.number)
        await self._changed()

    async def _refuse(self, name: str, faults: tuple[Fault, ...]) -> None:
        if self._faults.get(name) == faults:
            return
        self._faults[name] = faults
        for fault in faults:
            log.error("%s/%s", name, fault)
        log.error("%s is not published; the last good revision keeps serving", name)
        await self._tell(name, faults)
        await self._changed()


def _signature(folder: Path) -> Signature:
    """When a folder's files were written, and how long they are."""
    found = []
    for path in sorted((*folder.glob("*.yaml"), *folder.glob("*.md"))):
        with contextlib.suppress(FileNotFoundError):  # an editor may be replacing it now
            stat = path.stat()
            found.append((path.name, stat.st_mtime_ns, stat.st_size))
    return tuple(found)
