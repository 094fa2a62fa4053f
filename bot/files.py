"""Files that people edit too: replaced whole or not at all, and never over somebody else's change."""

import contextlib
import os
import shutil
import sys
import tempfile
import threading
import time
from pathlib import Path

# What a killed writer leaves behind begins with a dot and ends so: no brief and no report does.
LEFTOVER = ".writing"
# Nobody writes for so long (seconds): an older leftover belongs to a process that is gone.
ABANDONED = 60
NEW_FILE = 0o644

# The check and the renaming are two calls to the system; within this process nothing comes between them.
_one_at_a_time = threading.Lock()


class FileChanged(Exception):  # noqa: N818  # it reads as the sentence it is
    """The file is not what the edit was made upon, so it was left alone.

    `based_on` is what the caller saw, `found` what stands there now; None means no file.
    """

    def __init__(self, path: Path, based_on: bytes | None, found: bytes | None) -> None:
        self.path, self.based_on, self.found = path, based_on, found
        super().__init__(f"{path} {_happened(based_on, found)}")


def _happened(based_on: bytes | None, found: bytes | None) -> str:
    if found is None:
        return "was taken away while it was edited, so nothing was written. Put it back, then make the edit again."
    if based_on is None:
        return "exists already, so nothing was written. Edit the file that is there, or choose another name."
    return (
        "was changed by somebody else while it was edited, so it was not overwritten."
        " Look at what it says now, then make the edit again."
    )


def replace(path: Path, content: bytes, based_on: bytes | None) -> None:
    """Put new content in the place of a file that still holds `based_on` (None: that is not there yet).

    A crash leaves the old content or the new, whole. A symbolic link stays one: the file that it names is
    replaced. Permissions stay, and so does the owner where the system lets this process give a file away.
    Another program that writes between the check and the renaming, some microseconds, is overwritten: the
    system has no call that does both. Raises FileChanged, or OSError where the folder cannot be written.
    """
    target = path.resolve()
    _sweep(target)
    with _one_at_a_time, contextlib.ExitStack() as undo:
        temporary = _written(target, content, undo)
        found = _content(target)
        if found != based_on:
            raise FileChanged(path, based_on, found)
        temporary.replace(target)
        undo.pop_all()
    _sync_folder(target.parent)


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _written(target: Path, content: bytes, undo: contextlib.ExitStack) -> Path:
    """Write a hidden file beside the target, down to the disk; `undo` takes it away again."""
    handle, name = tempfile.mkstemp(LEFTOVER, f".{target.name}.", target.parent)
    temporary = Path(name)
    undo.callback(temporary.unlink, missing_ok=True)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    _take_after(temporary, target)
    return temporary


def _take_after(temporary: Path, target: Path) -> None:
    if not target.exists():
        temporary.chmod(NEW_FILE)
        return
    if sys.platform != "win32":
        theirs = target.stat()
        # Only root may give a file to another person; elsewhere it is its last writer's, as with editors.
        with contextlib.suppress(PermissionError):
            os.chown(temporary, theirs.st_uid, theirs.st_gid)
    shutil.copymode(target, temporary)


def _sync_folder(folder: Path) -> None:
    """Bring the new name to the disk. Windows has no call for it."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sweep(target: Path) -> None:
    """Take away what killed writers of the same file left behind."""
    for leftover in target.parent.glob(f".{target.name}.*{LEFTOVER}"):
        with contextlib.suppress(FileNotFoundError):  # another process may sweep as well
            if time.time() - leftover.stat().st_mtime > ABANDONED:
                leftover.unlink()
