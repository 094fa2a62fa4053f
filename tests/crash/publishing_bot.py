"""`briefbot run` that dies by SIGKILL at the n-th line that it runs of the code that publishes.

Everything else is the product's own: `bot.app.serve`, its settings from the environment, its log. It counts
once the file ARMED is there, which holds n, and writes where it died beside it.
"""

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

from bot import files, filing, publishing
from bot.app import serve
from bot.discord_adapter import transport as _discord  # noqa: F401  # imported before lines are counted
from bot.log import set_up
from bot.settings import read_settings
from bot.slack_adapter import transport as _slack  # noqa: F401  # as above
from briefs import library, proposals
from commands import editing, proposing, publish
from tests.crash.publishing_marks import ARMED, DIED

WATCHED = {
    module.__file__ for module in (publish, editing, proposing, library, proposals, publishing, filing, files)
}
# Everything reads the time as it is stored and what is published at the moment: no step of publishing.
EVERYWHERE = {"brief", "current", "to_millis", "from_millis"}


class Fuse:
    """Counts lines of the watched files, in every thread, and kills the process at the last."""

    def __init__(self) -> None:
        self._left: int | None = None

    def lay(self) -> None:
        """Begin to watch."""
        threading.settrace(self._called)
        sys.settrace(self._called)

    def _called(self, frame: FrameType, event: str, _arg: Any) -> Callable[..., Any] | None:
        if frame.f_code.co_filename not in WATCHED or frame.f_code.co_name in EVERYWHERE:
            return None
        if self._left is None and ARMED.exists():
            self._left = int(ARMED.read_text("ascii"))
        return self._line

    def _line(self, frame: FrameType, event: str, _arg: Any) -> Callable[..., Any]:
        if event == "line" and self._left is not None:
            self._left -= 1
            if self._left <= 0:
                DIED.write_text(f"{Path(frame.f_code.co_filename).name}:{frame.f_lineno}", "ascii")
                os.kill(os.getpid(), signal.SIGKILL)
        return self._line


def in_place(path: Path, content: bytes, _based_on: bytes | None) -> None:
    """Write a file as a careless program does: a run with it has to find half of one."""
    with path.open("wb", buffering=0) as file:
        for start in range(0, len(content), 1_000):
            file.write(content[start : start + 1_000])


def main() -> None:
    """Run until killed."""
    if "--in-place" in sys.argv:
        WATCHED.add(__file__)
        vars(filing)["replace"] = in_place
    settings = read_settings()
    set_up(settings.log_level, settings.secrets())
    Fuse().lay()
    asyncio.run(serve(settings, lambda link: print(link, flush=True)))


if __name__ == "__main__":
    main()
