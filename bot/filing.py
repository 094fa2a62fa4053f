"""The brief's files and the database kept in agreement.

For each folder a fact remembers the bytes on which both agreed last. A file that differs from them was edited
by a person and is never overwritten; a published revision that differs came from elsewhere and is written into
the files.
"""

import asyncio
import hashlib
import logging
from dataclasses import dataclass
from pathlib import Path

from bot.facts import Facts
from bot.files import FileChanged, replace
from briefs.library import Library, Revision, Store, Transaction
from briefs.marking import N_
from briefs.reading import BRIEF_FILE, Document

log = logging.getLogger(__name__)

# The bytes of a folder's YAML and report, None for a file that is not there.
There = tuple[bytes | None, bytes | None]


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

    async def settle(self, folder: Path, *, may_be_old: bool = False) -> str:
        """Finish what a crash left undone: write the published revision where the files are as it left them.

        Each file may be the old one or the new one already. Returns what was done, or why it could not be;
        empty where there was nothing to do, or where somebody edited the files meanwhile. With `may_be_old` the
        files of an earlier revision are no edit that goes back to it: the folder lagged behind.
        """
        agreed = await self.agreed(folder)
        current = self._library.current.get(agreed.brief_id) if agreed else None
        if agreed is None or current is None:
            return ""
        newest = Agreed.of(current.document)
        if newest == agreed and not may_be_old:
            return ""
        there = await asyncio.to_thread(_there, folder, current.brief.source)
        left = newest != agreed and _known(agreed, current, *there)
        if not left and not (may_be_old and await self._was_published(current, there)):
            return ""
        problem = await self._write(folder, current, there)
        return problem or (
            f"the files in {folder.name} were behind; revision {current.number} of {current.brief_id}, published"
            f" from {current.origin}, was written into them"
        )

    async def _was_published(self, current: Revision, there: There) -> bool:
        """Whether these are the files of a revision before the current one."""
        hashes = tuple(_hash(each or b"") for each in there)
        async with self._store.reading() as tx:
            history = await self._library.history(tx, current.brief_id)
        known = {(each.yaml_sha256, each.report_sha256): each.number for each in reversed(history)}
        return hashes != (current.yaml_sha256, current.report_sha256) and hashes in known

    async def write(self, folder: Path, revision: Revision) -> str:
        """Write a published revision into its folder; return a sentence where that was not done."""
        agreed = await self.agreed(folder)
        there = await asyncio.to_thread(_there, folder, revision.brief.source)
        if not _known(agreed, revision, *there):
            return _left_alone(folder, revision)
        return await self._write(folder, revision, there)

    async def _write(self, folder: Path, revision: Revision, there: There) -> str:
        """Replace the files that were found, and remember it; return a sentence where that was not done.

        The report first: a new report under the old YAML is the state that a crash can leave.
        """
        try:
            await asyncio.to_thread(_replace_both, folder, revision.document, there)
        except FileChanged as changed:
            log.warning("%s", changed)
            return _left_alone(folder, revision)
        except OSError as problem:
            log.error("revision %d could not be written into %s: %s", revision.number, folder, problem)
            return N_(
                "Revision {number} serves, but the files in {folder} could not be written ({strerror}); make "
                "the folder writable and start again, which writes them.",
                number=revision.number,
                folder=folder.name,
                strerror=problem.strerror,
            )
        async with self._store.transaction() as tx:
            await self.agree(tx, folder, revision.document)
        return ""


def raw(folder: Path, report: str) -> tuple[bytes, bytes]:
    """The bytes of a folder's two files; empty for one that is not there."""
    yaml, words = _there(folder, report)
    return yaml or b"", words or b""


def _there(folder: Path, report: str) -> There:
    found = [path.read_bytes() if path.is_file() else None for path in (folder / BRIEF_FILE, folder / report)]
    return found[0], found[1]


def _replace_both(folder: Path, document: Document, there: There) -> None:
    yaml, report = there
    for name, content, found in (
        (document.brief.source, document.report, report), (BRIEF_FILE, document.yaml, yaml),
    ):  # fmt: skip
        if found != content:
            replace(folder / name, content, found)


def _known(agreed: Agreed | None, revision: Revision, yaml: bytes | None, report: bytes | None) -> bool:
    """Whether each file is as it was agreed on, or as the revision has it, so that no edit is overwritten.

    A report that is not there is nobody's edit; a YAML that was taken away is not put back.
    """
    both = (Agreed.of(revision.document), agreed) if agreed else (Agreed.of(revision.document),)
    return (
        yaml is not None
        and _hash(yaml) in {each.yaml for each in both}
        and (report is None or _hash(report) in {each.report for each in both})
    )


def _left_alone(folder: Path, revision: Revision) -> str:
    return N_(
        "Revision {number} serves, but the files in {folder} were changed on disk meanwhile and were "
        "left as they are; what stands there is proposed as a further change.",
        number=revision.number,
        folder=folder.name,
    )


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
