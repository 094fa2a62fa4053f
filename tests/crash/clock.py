"""The one clock of a crash run: the machine's, moved ahead where the run plays a longer wait."""

import mmap
import struct
import time
from datetime import UTC, datetime
from pathlib import Path

from tests.peers.slack_peer.clock import WallClock

_SECONDS = struct.Struct("d")


class Ahead(WallClock):
    """The machine's time and so many seconds; processes that are to agree read them from one file."""

    def __init__(self, path: Path | None = None) -> None:
        self._ahead = mmap.mmap(-1, _SECONDS.size) if path is None else _shared(path)

    def now(self) -> float:
        """Seconds since the epoch."""
        return time.time() + float(_SECONDS.unpack(self._ahead[:])[0])

    def utc(self) -> datetime:
        """The instant, aware UTC."""
        return datetime.fromtimestamp(self.now(), UTC)

    def jump(self, seconds: float) -> None:
        """Let a while pass, for a bot that runs as well."""
        (before,) = _SECONDS.unpack(self._ahead[:])
        self._ahead[:] = _SECONDS.pack(before + seconds)


def _shared(path: Path) -> mmap.mmap:
    with path.open("a+b") as file:
        if file.tell() == 0:
            file.write(_SECONDS.pack(0.0))
            file.flush()
        return mmap.mmap(file.fileno(), _SECONDS.size)
