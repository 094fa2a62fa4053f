"""Clocks that do not wait: the machine's, moved ahead where time is to pass, and a loop that skips its waits."""

import asyncio
import selectors
import time
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from typing import Any, TypeVar

from tests.peers.slack_peer.clock import WallClock

T = TypeVar("T")


class Ahead(WallClock):
    """The machine's time and so many seconds, read by the bot and by its platform in one process."""

    def __init__(self) -> None:
        self._ahead = 0.0

    def now(self) -> float:
        """Seconds since the epoch."""
        return time.time() + self._ahead

    def utc(self) -> datetime:
        """The instant, aware UTC."""
        return datetime.fromtimestamp(self.now(), UTC)

    def jump(self, seconds: float) -> None:
        """Let a while pass."""
        self._ahead += seconds


class Skipping(asyncio.SelectorEventLoop):
    """An event loop whose time goes on at once to whatever is due next; for what needs no real input."""

    def __init__(self) -> None:
        super().__init__(_Sleepless())

    def time(self) -> float:
        """Seconds since the loop was made, on its own clock."""
        selector = self._selector  # type: ignore[attr-defined]
        assert isinstance(selector, _Sleepless)
        return selector.now


class _Sleepless(selectors.DefaultSelector):
    """Waits for nothing: the time that it was to wait is over."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        # The resolution of the loop's clock: a timer is due up to so much before its moment.
        if timeout:
            self.now += timeout + 1e-9
        return super().select(0)


def skipping(work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run something to its end on a skipping loop."""
    with asyncio.Runner(loop_factory=Skipping) as runner:
        return runner.run(work())
