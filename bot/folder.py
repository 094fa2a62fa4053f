"""The briefs folder: every brief in it published, and an edit live within two seconds."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from watchfiles import awatch

from briefs.library import Revision
from briefs.reading import BriefFaults, Document, Fault, read_folder

log = logging.getLogger(__name__)

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

    @property
    def faults(self) -> Mapping[str, tuple[Fault, ...]]:
        """The faults of each brief's folder as it stands on disk, by the folder's name."""
        return MappingProxyType(self._faults)

    async def scan(self) -> None:
        """Read every brief in the folder, and publish those whose bytes are new."""
        for folder in sorted(path.parent for path in self.root.glob("*/brief.yaml")):
            await self._take(folder)

    async def watch(self, stop: asyncio.Event) -> None:
        """Read a brief's folder again whenever a file in it changes, until `stop` is set."""
        async for changes in awatch(self.root, stop_event=stop, debounce=400, step=100, recursive=True):
            names = {
                Path(path).relative_to(self.root).parts[0] for _, path in changes if _below(self.root, path)
            }
            for folder in sorted(self.root / name for name in names):
                if (folder / "brief.yaml").exists():
                    await self._take(folder)

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


def _below(root: Path, path: str) -> bool:
    return Path(path).is_relative_to(root) and len(Path(path).relative_to(root).parts) > 1
