"""The clock of a walk: the machine's, moved ahead where time is to pass."""

import time
from datetime import UTC, datetime

from tests.peers.slack_peer.clock import WallClock


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
