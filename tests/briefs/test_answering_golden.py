"""How well the shipped brief is answered: the figures of docs/answers.md, on the questions that may be tuned on.

The held-out questions are measured by `python -m bench.answers` alone.
"""

import pytest

from bench.answers import Tally, measured
from bench.encoded import Encoded
from bench.golden import golden, shipped
from briefs.answering import Answering
from briefs.answering.semantic import installed


@pytest.fixture(scope="module")
def without() -> dict[str, Tally]:
    return measured(Answering(shipped()), golden("questions"))


def test_questions_are_answered_without_the_encoder(without: dict[str, Tally]) -> None:
    every = without["all"]

    assert every.answerable >= 80
    assert every.first / every.answerable >= 0.9
    assert every.within / every.answerable >= 0.94
    assert every.false / every.unanswerable <= 2 / 30


@pytest.mark.parametrize("language", ["ja", "ko"])
def test_japanese_and_korean_questions_find_the_english_passages(
    without: dict[str, Tally], language: str
) -> None:
    found = without[language]

    assert found.answerable >= 10
    assert found.first / found.answerable >= 0.9
    assert found.within == found.answerable


@pytest.mark.skipif(not installed(), reason="the encoder is not installed; make semantic installs it")
def test_questions_are_answered_with_the_encoder() -> None:
    every = measured(Answering(shipped(), Encoded()), golden("questions"))["all"]

    assert every.first / every.answerable >= 0.9
    assert every.within / every.answerable >= 0.97
    assert every.false / every.unanswerable <= 2 / 30
