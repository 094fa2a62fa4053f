"""What the bot and the encoder's process say to each other."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

Key = bytes


@dataclass(frozen=True, slots=True)
class Texts:
    """What is compared with questions from now on, under a key."""

    key: Key
    texts: Sequence[str]


@dataclass(frozen=True, slots=True)
class Question:
    """A question to compare with the texts of a key."""

    number: int
    key: Key
    text: str


@dataclass(frozen=True, slots=True)
class Said:
    """What the process says: that it is ready (number 0), or the cosines (float32) for a question.

    `notes` are for the log.
    """

    number: int
    cosines: bytes | None = None
    notes: tuple[str, ...] = ()


def key_of(texts: Sequence[str]) -> Key:
    """Name some texts by their hash."""
    return hashlib.sha256("\0".join(texts).encode()).digest()
