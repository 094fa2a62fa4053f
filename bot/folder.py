"""The briefs folder: every brief in it published, and an edit live within two seconds."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from watchfiles import awatch

from briefs.collisions import CommandsTaken
from briefs.library import Revision
from briefs.marking import N_
from briefs.reading import BriefFaults, Document, Fault, read_folder

log = logging.getLogger(__name__)

GONE = Fault(
    "brief.yaml",
    1,
    1,
    N_("no file"),
    N_("the brief's file is gone"),
    N_("put it back; the published revision keeps serving"),
)
LOOK_AGAIN = 1.0
KEEPS = "the last good revision keeps serving"
NOTHING_YET = "nothing of it serves until it is mended"
Signature = tuple[tuple[str, int, int], ...]
Publish = Callable[[Path, Document, datetime], Awaitable[Revision]]
Settle = Callable[[Path], Awaitable[str]]
Tell = Callable[[str, tuple[Fault, ...]], Awaitable[None]]


class BriefsFolder:
    """Reads `<folder>/<brief>/brief.yaml`, publishes what is new, and keeps the faults of what is not.

    A faulty edit changes nothing for readers. `published` names the briefs that came from files and serve.
    `settle` finishes what a crash left undone in a folder, before it is read, and says which brief it held last.
    """

    def __init__(
        self, root: Path, publish: Publish, tell: Tell, changed: Callable[[], Awaitable[None]],
        clock: Callable[[], datetime], published: Callable[[], Collection[str]] = tuple,
        settle: Settle | None = None,
    ) -> None:  # fmt: skip
        self.root = root
        self._publish, self._tell, self._changed = publish, tell, changed
        self._clock, self._published = clock, published
        self._settle = settle or _nothing
        self._faults: dict[str, tuple[Fault, ...]] = {}
        self._read: dict[str, Signature] = {}
        self._holds: dict[str, str] = {}
        self.busy = asyncio.Lock()
        self._waiting: set[str] = set()

    @property
    def faults(self) -> Mapping[str, tuple[Fault, ...]]:
        """The faults of each brief's folder as it stands on disk, by the folder's name."""
        return MappingProxyType(self._faults)

    def brief_in(self, name: str) -> str:
        """Return the id of the brief that a folder held last; the folder's name where it never held one."""
        return self._holds.get(name, name)

    def folder_of(self, brief_id: str) -> Path | None:
        """Return the folder that holds a brief, or None where it came from elsewhere."""
        name = next((name for name, held in self._holds.items() if held == brief_id), None)
        return None if name is None else self.root / name

    async def scan(self) -> None:
        """Read every brief whose files are new or changed, and publish those whose bytes are new.

        `busy` is held meanwhile, and by whoever writes the files.
        """
        async with self.busy:
            await self._scan()

    async def _scan(self) -> None:
        for folder in sorted(path.parent for path in self.root.glob("*/brief.yaml")):
            now = _signature(folder)
            if self._read.get(folder.name) != now:
                await self._take(folder)
                self._read[folder.name] = now
        await self._miss()

    async def begin_anew(self) -> None:
        """Forget what was known of the folder, and read all of it: another process watched it meanwhile."""
        async with self.busy:
            self._read.clear()
            self._faults.clear()
            self._holds.clear()
            await self._scan()

    async def watch(self, stop: asyncio.Event) -> None:
        """Scan whenever something changes, until `stop` is set.

        The system's notices make it quick; a look each second finds what they miss: a change before the
        watching began, a network folder without notices. A folder that is gone for a while is waited for.
        """
        while not stop.is_set():
            try:
                async for _ in awatch(
                    self.root,
                    stop_event=stop,
                    debounce=400,
                    step=100,
                    rust_timeout=1_000,
                    yield_on_timeout=True,
                ):
                    await self.scan()
            except Exception:
                log.exception("the briefs folder %s could not be read; it is looked at again", self.root)
                await asyncio.sleep(LOOK_AGAIN)

    async def _take(self, folder: Path) -> None:
        try:
            if held := await self._settle(folder):
                self._holds.setdefault(folder.name, held)
            document = await asyncio.to_thread(read_folder, folder)
            id_ = document.brief.brief
            other = next((n for n, held in self._holds.items() if held == id_ and n != folder.name), None)
            if other is not None and (self.root / other / "brief.yaml").exists():
                raise BriefFaults([_twice(id_, other)])
            revision = await self._publish(folder, document, self._clock())
        except BriefFaults as problem:
            if isinstance(problem, CommandsTaken):
                self._waiting.add(folder.name)
            await self._refuse(folder.name, problem.faults)
            return
        self._holds[folder.name] = id_
        self._look_again(folder.name)
        if self._faults.pop(folder.name, None):
            log.info("%s is sound again; revision %d serves", folder.name, revision.number)
        await self._changed()

    def _look_again(self, published: str) -> None:
        """Have those read anew that waited for a command: the brief just published may have let it go."""
        for name in self._waiting - {published}:
            self._read.pop(name, None)
        self._waiting.clear()

    async def _miss(self) -> None:
        """Say which folders are gone whose briefs still serve."""
        for name in [name for name in self._read if not (self.root / name / "brief.yaml").exists()]:
            del self._read[name]
            self._faults.pop(name, None)
        there = {self._holds[name] for name in self._read if name in self._holds}
        for id_ in self._published():
            if id_ not in there and id_ not in map(self.brief_in, self._read):
                await self._refuse(id_, (GONE,))

    async def _refuse(self, name: str, faults: tuple[Fault, ...]) -> None:
        if self._faults.get(name) == faults:
            return
        self._faults[name] = faults
        for fault in faults:
            log.error("%s/%s", name, fault)
        serves = self.brief_in(name) in self._published()
        log.error("%s is not published; %s", name, KEEPS if serves else NOTHING_YET)
        await self._tell(name, faults)
        await self._changed()


async def _nothing(_folder: Path) -> str:
    """There is no database that could have moved on."""
    return ""


def _twice(id_: str, other: str) -> Fault:
    return Fault(
        "brief.yaml", 1, 1, N_("the brief {id}", id=id_),
        N_("the folder {other} holds a brief of this id already", other=other),
        N_("give one of the two another id in brief:, or move its folder away"),
    )  # fmt: skip


def _signature(folder: Path) -> Signature:
    """When a folder's files were written, and how long they are."""
    found = []
    for path in sorted((*folder.glob("*.yaml"), *folder.glob("*.md"))):
        with contextlib.suppress(FileNotFoundError):  # an editor may be replacing it now
            stat = path.stat()
            found.append((path.name, stat.st_mtime_ns, stat.st_size))
    return tuple(found)
