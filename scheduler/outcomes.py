"""What became of an attempt to deliver."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

Reach = Literal["message", "destination", "token"]


@dataclass(frozen=True, slots=True)
class Sent:
    """The platform has the message, under this id of its own."""

    message_id: str


@dataclass(frozen=True, slots=True)
class Retry:
    """It certainly did not arrive, and may later; `after` is how long the platform asks to wait.

    From a look-up: the message is certainly not there, and is to be sent again.
    """

    reason: str
    after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """It did not arrive, and no waiting changes that.

    `reach` says what else meets the same refusal: nothing, every message to the destination, or all that
    is sent with the present token.
    """

    reason: str
    reach: Reach = "message"


@dataclass(frozen=True, slots=True)
class Doubtful:
    """Nobody can say yet whether it arrived: look for it, `after` so long, before it is sent again."""

    reason: str
    after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Needless:
    """There is nothing to tell here any more, so nothing was sent."""

    reason: str


Outcome = Sent | Retry | Refused | Doubtful | Needless
