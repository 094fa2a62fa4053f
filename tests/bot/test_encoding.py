"""The encoder works beside the bot: nothing waits for it, its vectors outlive it, and it may die."""

import asyncio
import logging
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from bot.app import running
from bot.encoding import STARTS, Encoding
from briefs.answering.semantic import installed
from briefs.visible import visible
from scheduler.runner import utc_now
from tests.briefs.sample import SAMPLE_REPORT, SAMPLE_YAML
from tests.wires import settings_for

pytestmark = pytest.mark.skipif(
    not installed(), reason="the encoder is not installed; make semantic installs it"
)

TEXTS = (
    "The tide gauge was replaced by a radar sensor.",
    "The president declared martial law.",
    "Ships sail.",
)
QUESTION = "Which instrument measures the water level now?"
REPLACED = "Which device took the place of the float?"
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


async def test_a_running_bot_warms_it_up_and_answers_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    brief = tmp_path / "briefs" / "harbour-2025"
    brief.mkdir(parents=True)
    (brief / "brief.yaml").write_text(SAMPLE_YAML, "utf-8")
    (brief / "report.md").write_text(SAMPLE_REPORT, "utf-8")
    monkeypatch.setattr("bot.encoding.AFTER", 0.0)
    until = time.monotonic() + LONG

    async with running(settings_for(tmp_path, encoder="auto")) as app:
        revision = app.desk.revisions()["harbour-2025"]
        document = revision.document
        seen = visible(document.brief, document.source, revision.number, "everyone", utc_now())
        assert seen is not None
        engine = app.desk.answerings.of(seen)
        first = await asyncio.to_thread(engine.compare, REPLACED)
        assert first is not None
        while (
            found := await asyncio.to_thread(engine.compare, REPLACED)
        ) is None or "encoder" not in found.kind:
            assert time.monotonic() < until, "the encoder did not get ready"
            await asyncio.sleep(0.05)
        best = engine.units[found.ranked[0].place]
        assert "Its float was replaced by a radar sensor" in best.text

    assert list((tmp_path / "data").glob("vectors-*.npz")) != []


async def test_where_it_is_switched_off_no_process_starts(tmp_path: Path) -> None:
    async with running(settings_for(tmp_path)) as app:
        assert app.desk.answerings.meaning is None
