"""What an answer is: the report's own words, or the statement that they do not answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from briefs.schema import Section


@dataclass(frozen=True, slots=True)
class Answer:
    """One quote of the report that answers a question.

    `passage` is the passage's id, `text` all of it; `quote` is `text[span[0]:span[1]]`, the sentence or two
    that answer. `score` is the calibrated likelihood, from 0 to 1, that they do.
    """

    passage: str
    heading: str
    text: str
    quote: str
    span: tuple[int, int]
    score: float


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers to one question, best first and at most three.

    Where the report does not answer, `answered` is False and `passages` empty. `nearest` holds the sections
    whose text or title is nearest to the question.
    """

    answered: bool
    passages: tuple[Answer, ...]
    nearest: tuple[Section, ...]


class Encoder(Protocol):
    """What turns texts into vectors that lie near each other where the texts mean alike."""

    @property
    def name(self) -> str:
        """The hash of the model: vectors of another model are of no use beside its own."""

    def encode(self, texts: Sequence[str]) -> Any:
        """Return an array of shape (len(texts), dimensions), float32, each row of length 1."""
