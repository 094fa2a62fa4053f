"""The encoder beside the bot: a process of its own, started where `make semantic` was run; nothing waits for it."""

import array
import asyncio
import contextlib
import itertools
import logging
import multiprocessing
import os
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

from bot.encoding_messages import Key, Question, Said, Texts, key_of
from briefs.answering.semantic import installed
from briefs.visible import AUDIENCES, visible
from commands.desk import Desk

log = logging.getLogger(__name__)

# A question is answered without the encoder when it has not answered within this many seconds.
PATIENCE = 0.25
# The encoder starts so many seconds after the bot: until then the bot's own start has the processor.
AFTER = 20.0
# A process that dies is started again so often; then answers come without it until the bot is started again.
STARTS = 3
# A process that was told to end, and has not within this many seconds, is ended.
ENDING = 5.0


class Encoding:
    """A Meaning whose vectors are made in another process, `folder` keeping them. Any thread may ask it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._keys: dict[Sequence[str], Key] = {}
        self._given: dict[Key, Sequence[str]] = {}
        self._process: BaseProcess | None = None
        self._link: Connection | None = None
        self._ready = False
        self._starts = 0
        self._last = self._answered = 0

    def start(self) -> None:
        """Start the process; it says by itself when it is ready, and is not asked before."""
        with self._lock:
            if self._process is None:
                self._start()

    def close(self) -> None:
        """End the process. It may take up to ENDING seconds, and none is started again."""
        with self._lock:
            self._starts = STARTS
            self._end()

    def cosines(self, texts: Sequence[str], question: str) -> Sequence[float] | None:
        """Say how near a question lies to each text; None as long as they are being encoded."""
        with self._lock:
            try:
                return self._asked(self._key(texts), question)
            except (EOFError, OSError) as problem:
                log.error(
                    "the encoder's process ended (%s); answers come without it", problem or "end of file"
                )
                self._end()
                self._start()
                return None

    def prepare(self, texts: Sequence[str]) -> None:
        """Have texts encoded before anybody asks, as soon as the process is ready."""
        with self._lock:
            try:
                self._key(texts)
            except OSError as problem:
                log.error("the encoder's process ended (%s); answers come without it", problem)

    def _start(self) -> None:
        if self._starts >= STARTS:
            return
        self._starts += 1
        context = multiprocessing.get_context("spawn")
        self._link, theirs = context.Pipe()
        self._process = context.Process(
            target=_serve, args=(theirs, self._folder), name="encoder", daemon=True
        )
        self._process.start()
        theirs.close()
        threading.Thread(target=self._welcome, args=(self._link,), name="encoder starts", daemon=True).start()

    def _welcome(self, link: Connection) -> None:
        """Wait until the process is ready, then give it the texts: a pipe that nobody reads is soon full."""
        try:
            link.poll(None)
            with self._lock:
                if link is self._link:
                    self._heard(link)
                    for key, texts in self._given.items():
                        link.send(Texts(key, texts))
                    self._ready = True
        except (EOFError, OSError) as problem:
            log.error("the encoder did not start (%s); answers come without it", problem or "end of file")

    def _end(self) -> None:
        link, process = self._link, self._process
        self._link, self._process, self._ready = None, None, False
        self._answered = self._last
        if link is not None:
            link.close()
        if process is not None:
            process.join(ENDING)
            if process.is_alive():
                process.kill()

    def _key(self, texts: Sequence[str]) -> Key:
        key = self._keys.get(texts)
        if key is None:
            key = key_of(texts)
            self._keys[texts], self._given[key] = key, texts
            if self._link is not None and self._ready:
                self._link.send(Texts(key, texts))
        return key

    def _asked(self, key: Key, question: str) -> Sequence[float] | None:
        if self._link is None or not self._ready:
            return None
        if not self._caught_up(self._link):
            return None
        self._last = next(self._numbers)
        self._link.send(Question(self._last, key, question))
        if not self._link.poll(PATIENCE):
            return None
        said = self._heard(self._link)
        return None if said.cosines is None else array.array("f", said.cosines)

    def _caught_up(self, link: Connection) -> bool:
        """Tell whether what was asked before is answered: a process that is late is not given more to do."""
        while self._answered < self._last:
            if not link.poll(PATIENCE):
                return False
            self._heard(link)
        return True

    def _heard(self, link: Connection) -> Said:
        said: Said = link.recv()
        self._answered = max(self._answered, said.number)
        for note in said.notes:
            log.warning("%s", note)
        return said


def _serve(link: Connection, folder: Path) -> None:
    """Run the encoder; its libraries are imported in its own process alone, and keep to one processor."""
    os.environ.update(
        dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "TOKENIZERS_PARALLELISM"), "1")
    )
    from bot.encoding_process import serve

    serve(link, folder)


@contextlib.asynccontextmanager
async def encoding(desk: Desk, folder: Path, clock: Callable[[], datetime]) -> AsyncIterator[None]:
    """Let questions be compared by meaning while the context is open, where the encoder is installed."""
    if not installed():
        log.info(
            "the encoder is not installed; questions are answered without it (make semantic installs it)"
        )
        yield
        return
    beside = Encoding(folder)
    desk.answerings.meaning = beside
    warming = asyncio.create_task(_warmed(beside, desk, clock), name="encoder warm-up")
    try:
        yield
    finally:
        warming.cancel()
        await asyncio.gather(warming, return_exceptions=True)
        await asyncio.to_thread(beside.close)


async def _warmed(beside: Encoding, desk: Desk, clock: Callable[[], datetime]) -> None:
    """Start the encoder, and give it what anybody may be shown now: what is asked later finds it done."""
    await asyncio.sleep(AFTER)
    await asyncio.to_thread(beside.start)
    for revision in list(desk.revisions().values()):
        document = revision.document
        for audience in AUDIENCES:
            seen = visible(document.brief, document.source, revision.number, audience, clock())
            if seen is not None:
                engine = await asyncio.to_thread(desk.answerings.of, seen)
                await asyncio.to_thread(beside.prepare, engine.texts)
