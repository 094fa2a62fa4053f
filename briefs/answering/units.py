"""What can answer: each sentence of the visible report, and the questions that it answers."""

from dataclasses import dataclass

from briefs.schema import Questions
from briefs.sentences import sentences
from briefs.source import Passage, find_quote
from briefs.visible import Visible

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Unit:
    """One sentence. `span` is its place in the passage's text; `questions` are the editor's that it answers."""

    passage: Passage
    span: Span
    questions: tuple[str, ...]

    @property
    def text(self) -> str:
        """The sentence, verbatim."""
        return self.passage.text[self.span[0] : self.span[1]]


def units(visible: Visible) -> list[Unit]:
    """Give every sentence of what may be seen, in the order of the text.

    Questions below a quote belong to the sentences that the quote touches, those without one to the passage.
    """
    answers = visible.brief.answers
    return [
        Unit(passage, span, _asked(passage, span, answers.get(passage.id, ())))
        for passage in visible.source.passages.values()
        for span in sentences(passage.text)
    ]


def _asked(passage: Passage, span: Span, entries: tuple[Questions, ...]) -> tuple[str, ...]:
    return tuple(
        question for entry in entries if _answers(passage, span, entry) for question in entry.questions
    )


def _answers(passage: Passage, span: Span, entry: Questions) -> bool:
    place = find_quote(passage, entry.quote) if entry.quote is not None else (0, len(passage.text))
    return place is not None and place[0] < span[1] and span[0] < place[1]
