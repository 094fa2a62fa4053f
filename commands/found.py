"""What several briefs give to one question: the best of their answers, and the sections nearest to it."""

from collections.abc import Sequence
from typing import NamedTuple

from briefs.answering import Answer, Answers
from briefs.schema import Section
from briefs.visible import Visible

BEST = 3


class Found(NamedTuple):
    """One answer and the brief that gives it."""

    visible: Visible
    answer: Answer


def best(seen: Sequence[Visible], given: Sequence[Answers]) -> list[Found]:
    """The best answers over some briefs, at most BEST; `given` is what each of them says, in their order."""
    found = [
        Found(visible, each)
        for visible, answers in zip(seen, given, strict=True)
        if answers.answered
        for each in answers.passages
    ]
    return sorted(found, key=lambda one: -one.answer.score)[:BEST]


def nearest(seen: Sequence[Visible], given: Sequence[Answers]) -> list[tuple[Visible, Section]]:
    """The sections that are nearest to the question: of each brief in turn, at most BEST."""
    columns = [[(v, section) for section in answers.nearest] for v, answers in zip(seen, given, strict=True)]
    deepest = max(map(len, columns), default=0)
    return [column[row] for row in range(deepest) for column in columns if row < len(column)][:BEST]
