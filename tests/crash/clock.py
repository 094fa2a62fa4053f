"""The one clock of a crash run: the machine's, moved ahead where the run plays a longer downtime."""

import time
from datetime import UTC, datetime

from tests.peers.slack_peer.clock import WallClock


class Ahead(WallClock):
    """The machine's time and so many seconds. The bot and its platform are `offset` seconds ahead alike."""

    def __init__(self, offset: float = 0.0) -> None:
        self.offset = offset

    def now(self) -> float:
        """Seconds since the epoch."""
        return time.time() + self.offset

    def utc(self) -> datetime:
        """The instant, aware UTC."""
        return datetime.fromtimestamp(self.now(), UTC)

    def jump(self, seconds: float) -> None:
        """Let a while pass in which nothing runs."""
        self.offset += seconds
