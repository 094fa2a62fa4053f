"""What each kill of a run is: chosen by the seed, before anything runs."""

import random
from dataclasses import dataclass
from typing import Literal, get_args

from tests.crash.trap import MOMENTS, Moment

# Amid what else it falls:
#   storm    the platform refuses everything for its rate      outage   the platform is gone
#   break    it cuts the connection of a request               error    it has an error of its own
#   stall    its answer comes after the client gave up         unplug   gateway or Socket Mode is cut off
#   refusal  a channel refuses the bot for good                edit     a date moves while messages go out
Surrounding = Literal["storm", "outage", "break", "error", "stall", "unplug", "refusal", "edit", "anytime"]
SURROUNDINGS: tuple[Surrounding, ...] = get_args(Surrounding)

# Of 100 kills. The first five are aimed between `sending` and `sent`.
_AIMED: dict[Moment, int] = {
    "unstored": 16, "arrived": 13, "late": 10, "stored": 17, "answered": 7,
    "asked": 6, "unmarked": 2, "marked": 2,
}  # fmt: skip
_AROUND: dict[Surrounding, int] = {
    "storm": 4, "outage": 4, "break": 4, "error": 3, "unplug": 3, "refusal": 3, "edit": 4, "anytime": 2,
}  # fmt: skip
# The answer that comes after the client gave up takes its time, so it is a few kills of a long run only.
STALL_EVERY = 67


@dataclass(frozen=True, slots=True)
class Kill:
    """One kill.

    how: at which moment of a request, or amid what. nth: so many deliveries arrive before. delay: seconds
    from there to the kill. after_storing: whether what the fault hits takes effect. downtime: seconds for
    which the bot stays down beforehand. sown: deliveries that are due at the start. new_date: whether the
    brief gets a date that is announced soon. change: whether a date is changed while the bot is down.
    still_out: whether an outage, or a channel's refusal, outlasts the next start.
    """

    how: Moment | Surrounding
    nth: int
    delay: float
    after_storing: bool
    downtime: float
    sown: int
    new_date: bool
    change: bool
    still_out: bool

    @property
    def aimed(self) -> Moment | None:
        """The moment of a request at which it falls, None where it falls amid something else."""
        return next((moment for moment in MOMENTS if moment == self.how), None)


def plan(seed: int, count: int) -> list[Kill]:
    """The kills of a run, the same for the same seed."""
    rng = random.Random(seed)
    return [_kill(rng, number) for number in range(1, count + 1)]


def _kill(rng: random.Random, number: int) -> Kill:
    ways: list[Moment | Surrounding] = [*_AIMED, *_AROUND]
    weights = [*_AIMED.values(), *_AROUND.values()]
    how = rng.choices(ways, weights)[0]
    if number % STALL_EVERY == 0:
        how = "stall"
    edited = how in ("unmarked", "marked")
    return Kill(
        how, 0 if edited else rng.choice((0, 0, 1, 2, 4)), _delay(rng, how), rng.random() < 0.5,
        _downtime(rng), rng.randint(3, 6), rng.random() < 0.25, rng.random() < 0.25 or edited,
        rng.random() < 0.5,
    )  # fmt: skip


def _delay(rng: random.Random, how: Moment | Surrounding) -> float:
    most = {"answered": 0.02, "late": 3.0, "anytime": 2.5, "edit": 2.0}.get(how, 1.0)
    return rng.uniform(0.0, most)


def _downtime(rng: random.Random) -> float:
    """Nothing, half a minute, or longer than Discord remembers a nonce and than a message is on time."""
    return rng.choice((0.0, 0.0, rng.uniform(20.0, 60.0), rng.uniform(200.0, 400.0)))
