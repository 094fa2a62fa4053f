"""What `briefbot check` prints: each brief's faults, and what briefs that live side by side both want."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from briefs.collisions import collisions
from briefs.faults import BriefFaults
from briefs.importing.marks import unconfirmed
from briefs.reading import BRIEF_FILE, Document, read_folder


class Looked(NamedTuple):
    """A brief that was looked at: its folder, its file's name, and its document where that is sound."""

    folder: Path
    file: str
    document: Document | None


def check_briefs(paths: Iterable[Path], briefs_dir: Path) -> bool:
    """Print what is wrong with some briefs, and return whether that is nothing.

    Their commands are compared with each other and with those of the briefs in `briefs_dir`.
    """
    looked = [_look(path) for path in paths]
    sound = [each for each in looked if each.document is not None]
    twice = _say_twice(each.document.brief.brief for each in sound if each.document)
    clash = _say_collisions(sound, briefs_dir)
    return len(sound) == len(looked) and not twice and not clash


def neighbours(briefs_dir: Path, apart_from: Iterable[Path] = ()) -> list[Document]:
    """Read the sound briefs of a folder of briefs, apart from some of their folders."""
    left_out = {folder.resolve() for folder in apart_from}
    found = []
    for file in sorted(briefs_dir.glob(f"*/{BRIEF_FILE}")):
        if file.parent.resolve() not in left_out:
            try:
                found.append(read_folder(file.parent))
            except BriefFaults:
                continue  # it serves no command; its own check says why
    return found


def _look(path: Path) -> Looked:
    folder = (path if path.is_dir() else path.parent).absolute()
    file = BRIEF_FILE if path.is_dir() else path.name
    try:
        document = read_folder(folder, file)
    except BriefFaults as problem:
        for fault in problem.faults:
            print(f"{folder.name}/{fault}")
        return Looked(folder, file, None)
    print(f"{folder.name}: sound; {_counts(document)}.")
    return Looked(folder, file, document)


def _counts(document: Document) -> str:
    brief = document.brief
    counts = (
        f"{len(brief.topics)} topics, {len(brief.watch_dates)} watch dates,"
        f" {len(brief.judgements)} judgements, {len(brief.notes)} notes"
    )
    open_ = unconfirmed(document.yaml)
    return f"{counts}; {open_} proposals marked # confirm: are still to confirm" if open_ else counts


def _say_twice(ids: Iterable[str]) -> bool:
    twice = [id_ for id_, count in Counter(ids).items() if count > 1]
    for id_ in twice:
        print(f"The brief {id_} stands in several folders; give each another id in brief:, or move one away.")
    return bool(twice)


def _say_collisions(sound: list[Looked], briefs_dir: Path) -> bool:
    """Say which commands are taken. The first brief in the order of the folders keeps a command."""
    before = [document.brief for document in neighbours(briefs_dir, (each.folder for each in sound))]
    clash = False
    for folder, file, document in sound:
        if document is not None:
            for fault in collisions(document, before, file):
                print(f"{folder.name}/{fault}")
                clash = True
            before.append(document.brief)
    return clash
