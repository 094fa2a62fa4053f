"""A lock that lets one process at a time use a file, and names the one that does."""

import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

# The byte that is locked lies behind the text, since Windows keeps others from reading locked bytes.
_LOCKED_BYTE = 4096


class InUse(Exception):  # noqa: N818  # it reads as the sentence it is
    """Another process uses the file. The text names it and says what to do."""


class FileLock:
    """The lock file beside a file. The system frees the lock when its process ends, however it ends."""

    def __init__(self, path: Path, guarded: Path) -> None:
        self.path = path
        self._guarded = guarded
        self._file: int | None = None

    def acquire(self) -> None:
        """Take the lock, or raise `InUse`."""
        file = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock(file)
        except OSError:
            holder = _holder(file)
            os.close(file)
            raise InUse(
                f"Another Briefbot ({holder}) uses the database {self._guarded}. Stop it first, or name"
                " another folder for this one in DATA_DIR."
            ) from None
        self._file = file
        os.ftruncate(file, 0)
        os.pwrite(file, _signature(), 0) if hasattr(os, "pwrite") else os.write(file, _signature())

    def release(self) -> None:
        """Give the lock back; the lock file stays, since removing it could let two processes in."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


def _signature() -> bytes:
    started = datetime.now(UTC).isoformat(timespec="seconds")
    return json.dumps({"pid": os.getpid(), "started": started}).encode()


def _holder(file: int) -> str:
    os.lseek(file, 0, os.SEEK_SET)
    try:
        known = json.loads(os.read(file, _LOCKED_BYTE))
        return f"process {known['pid']}, running since {known['started']}"
    except (ValueError, KeyError, TypeError):
        return "whose process could not be read"


def _lock(file: int) -> None:
    """Lock without waiting; raise OSError where another process holds it."""
    if sys.platform == "win32":
        import msvcrt

        os.lseek(file, _LOCKED_BYTE, os.SEEK_SET)
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        os.lseek(file, 0, os.SEEK_SET)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
