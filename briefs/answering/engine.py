"""Questions to answers: the engine over what one audience may see of one revision."""

from briefs.answering.model import Answer, Answers
from briefs.search import Hit, Index
from briefs.visible import Visible

MOST = 3


class Answering:
    """Answers questions out of the visible part of one revision. `ask` may be called from any thread."""

    def __init__(self, visible: Visible) -> None:
        self._visible = visible
        self._index = Index(visible)

    def ask(self, question: str) -> Answers:
        """Answer a question in the report's own words, or say that it does not answer."""
        hits = self._index.search(question, MOST)
        return Answers(
            bool(hits),
            tuple(self._answer(hit) for hit in hits),
            tuple(self._index.nearest_sections(question)),
        )

    def _answer(self, hit: Hit) -> Answer:
        passage = self._visible.source.passages[hit.passage]
        start, end = hit.span
        return Answer(passage.id, passage.heading, passage.text, passage.text[start:end], hit.span, 0.5)
