"""The encoder works beside the bot: nothing waits for it, its vectors outlive it, and it may die."""

import logging
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from bot.encoding import STARTS, Encoding
from briefs.answering.semantic import installed

pytestmark = pytest.mark.skipif(
    not installed(), reason="the encoder is not installed; make semantic installs it"
)

TEXTS = (
    "The tide gauge was replaced by a radar sensor.",
    "The president declared martial law.",
    "Ships sail.",
)
QUESTION = "Which instrument measures the water level now?"
LONG = 90.0


def known(encoder: Encoding, texts: Sequence[str] = TEXTS, question: str = QUESTION) -> Sequence[float]:
    """Ask until the texts are encoded; the process needs a second or two to load the model."""
    until = time.monotonic() + LONG
    while (found := encoder.cosines(texts, question)) is None:
        assert time.monotonic() < until, "the encoder did not get ready"
        threading.Event().wait(0.05)
    return found


@pytest.fixture
def encoder(tmp_path: Path) -> Iterator[Encoding]:
    beside = Encoding(tmp_path)
    yield beside
    beside.close()


def test_what_means_alike_lies_nearest_and_nobody_waits_for_it(encoder: Encoding) -> None:
    begun = time.monotonic()
    assert encoder.cosines(TEXTS, QUESTION) is None
    encoder.start()
    assert encoder.cosines(TEXTS, QUESTION) is None
    assert time.monotonic() - begun < 1

    found = known(encoder)
    assert max(found) == found[0] > 0.3
    assert all(-1 <= each <= 1 for each in found)


def test_vectors_outlive_the_process_and_a_spoilt_file_is_made_anew(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    first = Encoding(tmp_path)
    first.start()
    expected = list(known(first))
    first.close()
    (file,) = tmp_path.glob("vectors-*.npz")
    written = file.stat().st_mtime_ns

    second = Encoding(tmp_path)
    second.start()
    assert list(known(second)) == expected
    second.close()
    assert file.stat().st_mtime_ns == written, "what was known was encoded again"

    file.write_bytes(b"spoilt")
    third = Encoding(tmp_path)
    third.start()
    with caplog.at_level(logging.WARNING):
        assert list(known(third)) == expected
    third.close()
    assert f"{file.name} cannot be read" in caplog.text
    assert "its vectors are made anew" in caplog.text
    assert file.read_bytes() != b"spoilt"


def test_a_process_that_dies_is_started_again(encoder: Encoding, caplog: pytest.LogCaptureFixture) -> None:
    encoder.start()
    expected = list(known(encoder))
    process = encoder._process
    assert process is not None
    process.kill()
    process.join()

    with caplog.at_level(logging.ERROR):
        assert encoder.cosines(TEXTS, QUESTION) is None
    assert "the encoder's process ended" in caplog.text
    assert list(known(encoder)) == expected


def test_a_process_that_keeps_dying_is_let_be(encoder: Encoding) -> None:
    encoder.start()
    for _ in range(STARTS):
        process = encoder._process
        assert process is not None
        process.kill()
        process.join()
        encoder._ready = True  # as if it had greeted
        assert encoder.cosines(TEXTS, QUESTION) is None

    assert encoder._process is None
    assert encoder.cosines(TEXTS, QUESTION) is None
