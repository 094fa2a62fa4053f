"""What can answer: each sentence of the visible report, with what stands around it and what it is asked."""

from collections.abc import Iterator
from dataclasses import dataclass

from briefs.sentences import sentences
from briefs.source import Passage, find_quote
from briefs.visible import Visible


@dataclass(frozen=True, slots=True)
class Unit:
    """One sentence. `span` is its place in the passage's text; `questions` are the editor's that it answers."""

    passage: Passage
    span: tuple[int, int]
    questions: tuple[str, ...]

    @property
    def text(self) -> str:
        """The sentence, verbatim."""
        return self.passage.text[self.span[0] : self.span[1]]


def units(visible: Visible) -> list[Unit]:
    """Give every sentence of what may be seen, in the order of the text."""
    return [unit for passage in visible.source.passages.values() for unit in _of(passage, visible)]


def _of(passage: Passage, visible: Visible) -> Iterator[Unit]:
    asked = [
        (find_quote(passage, entry.quote), entry.questions)
        for entry in visible.brief.answers.get(passage.id, ())
        if entry.quote is not None
    ]
    for span in sentences(passage.text):
        held = [questions for place, questions in asked if place is not None and _meet(place, span)]
        yield Unit(passage, span, tuple(question for questions in held for question in questions))


def _meet(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def at_large(visible: Visible, passage: str) -> tuple[str, ...]:
    """Give the questions that a passage answers somewhere: those without a quote."""
    entries = visible.brief.answers.get(passage, ())
    return tuple(question for entry in entries if entry.quote is None for question in entry.questions)
