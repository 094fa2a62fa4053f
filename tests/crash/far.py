"""The far side as a crash run sees it: a loopback platform with a trap in front, and the faults it can have."""

from typing import NamedTuple, Protocol

from scheduler.address import Destination
from tests.crash.trap import Trap

ROOMS = 6
# What the bot's requests wait for at most, in seconds (bot/discord_adapter/sending.py, slack_adapter/transport.py).
PATIENCE = {"discord": 60.0, "slack": 30.0}


class Arrived(NamedTuple):
    """A message as it stands: its delivery's short key, and all that it says now."""

    short_key: str
    words: str


class Hits(Protocol):
    """An order of failures; `hits` counts the requests that met it."""

    hits: int


class Far(Protocol):
    """One platform."""

    name: str
    trap: Trap
    places: tuple[Destination, ...]

    def settings(self) -> dict[str, str]:
        """Return the environment that leads the bot here."""

    async def start(self) -> None:
        """Come (back) into reach."""

    async def stop(self) -> None:
        """Go out of reach, keeping everything."""

    def arrived(self) -> list[Arrived]:
        """The deliveries that stand here, at each place in the order in which they came."""

    def storm(self, times: int) -> Hits:
        """Refuse the next deliveries for their rate, a second's wait each."""

    def break_off(self, times: int, after_storing: bool) -> Hits:
        """Cut the connection of the next deliveries instead of answering."""

    def fail(self, times: int, after_storing: bool) -> Hits:
        """Answer the next deliveries with an error of the server's own."""

    def stall(self, seconds: float) -> Hits:
        """Store the next delivery, and answer it so late."""

    def unplug(self) -> None:
        """Cut the connection over which the bot hears of people."""

    def refuse(self, where: Destination) -> None:
        """Let the bot not write to a channel any more."""

    def mend(self) -> None:
        """Let the bot write everywhere again."""

    def heal(self) -> None:
        """Forget what was ordered, but for refusals."""

    def unlawful(self) -> list[str]:
        """What the bot sent that the platform's own description forbids."""
