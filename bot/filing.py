"""The brief's files and the database kept in agreement.

For each folder a fact remembers the bytes on which both agreed last. A file that differs from them was edited
by a person and is never overwritten; a published revision that differs came from elsewhere and is written into
the files.
"""

import asyncio
import hashlib
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bot.facts import Facts
from bot.files import FileChanged, replace
from briefs.library import Library, Revision, Store, Transaction
from briefs.reading import BRIEF_FILE, Document

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Agreed:
    """The brief that a folder held when it and the database agreed last, and the hashes of its two files."""

    brief_id: str
    yaml: str
    report: str

    @classmethod
    def of(cls, document: Document) -> "Agreed":
        """What a document would be remembered as."""
        return cls(document.brief.brief, _hash(document.yaml), _hash(document.report))

    def holds(self, yaml: bytes, report: bytes) -> bool:
        """Whether these are the very bytes."""
        return (_hash(yaml), _hash(report)) == (self.yaml, self.report)


class Filing:
    """Writes revisions into folders, and remembers on what both agree."""

    def __init__(self, store: Store, library: Library) -> None:
        self._store, self._library = store, library
        self._facts = Facts()

    async def agreed(self, folder: Path) -> Agreed | None:
        """Return on what a folder and the database agreed last."""
        async with self._store.reading() as tx:
            found = await self._facts.get(tx, f"folder {folder.name}")
        return Agreed(*found.split(" ")) if found else None

    async def agree(self, tx: Transaction, folder: Path, document: Document) -> None:
        """Remember that a folder holds what the database holds."""
        known = Agreed.of(document)
        await self._facts.set(tx, f"folder {folder.name}", f"{known.brief_id} {known.yaml} {known.report}")

    async def settle(self, folder: Path) -> Revision | None:
        """Finish what a crash left undone: write the published revision where the files are as it left them.

        Each file may be the old one or the new one already. Returns the revision that was written, if any.
        """
        agreed = await self.agreed(folder)
        current = self._library.current.get(agreed.brief_id) if agreed else None
        if agreed is None or current is None:
            return None
        now = Agreed.of(current.document)
        yaml, report = await asyncio.to_thread(raw, folder, current.brief.source)
        untouched = _hash(yaml) in (agreed.yaml, now.yaml) and _hash(report) in (agreed.report, now.report)
        if now == agreed or not untouched:
            return None
        await self._write(folder, current)
        return current

    async def write(self, folder: Path, revision: Revision) -> str:
        """Write a published revision into its folder; return a sentence where somebody's edit was left alone."""
        agreed = await self.agreed(folder)
        yaml, report = await asyncio.to_thread(raw, folder, revision.brief.source)
        if agreed is not None and not _known(agreed, revision, yaml, report):
            return _left_alone(folder, revision)
        try:
            await self._write(folder, revision)
        except FileChanged as changed:
            log.warning("%s", changed)
            return _left_alone(folder, revision)
        except OSError as problem:
            log.exception("revision %d could not be written into %s", revision.number, folder)
            return (
                f"Revision {revision.number} serves, but the files in {folder.name} could not be written"
                f" ({problem.strerror}); make the folder writable and start again, which writes them."
            )
        return ""

    async def _write(self, folder: Path, revision: Revision) -> None:
        """The report first: a new report under the old YAML is the state that a crash can leave."""
        await asyncio.to_thread(_replace_both, folder, revision.document)
        async with self._store.transaction() as tx:
            await self.agree(tx, folder, revision.document)


def raw(folder: Path, report: str) -> tuple[bytes, bytes]:
    """The bytes of a folder's two files; empty for one that is not there."""
    found = [path.read_bytes() if path.is_file() else b"" for path in (folder / BRIEF_FILE, folder / report)]
    return found[0], found[1]


def _replace_both(folder: Path, document: Document) -> None:
    for name, content in _files(document):
        path = folder / name
        there = path.read_bytes() if path.is_file() else None
        if there != content:
            replace(path, content, there)


def _files(document: Document) -> Iterable[tuple[str, bytes]]:
    return ((document.brief.source, document.report), (BRIEF_FILE, document.yaml))


def _known(agreed: Agreed, revision: Revision, yaml: bytes, report: bytes) -> bool:
    """Whether each file is as it was agreed on, or as the revision has it."""
    now = Agreed.of(revision.document)
    return _hash(yaml) in (agreed.yaml, now.yaml) and _hash(report) in (agreed.report, now.report)


def _left_alone(folder: Path, revision: Revision) -> str:
    return (
        f"Revision {revision.number} serves, but the files in {folder.name} were changed on disk meanwhile and"
        " were left as they are; what stands there is proposed as a further change."
    )


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
