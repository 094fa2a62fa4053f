"""The encoder beside the bot: a process of its own, started where `make semantic` was run; nothing waits for it."""

import array
import hashlib
import itertools
import logging
import multiprocessing
import threading
from collections.abc import Sequence
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

from bot.encoding_messages import Key, Question, Said, Texts

log = logging.getLogger(__name__)

# A question is answered without the encoder when it has not answered within this many seconds.
PATIENCE = 0.25
# A process that dies is started again so often; then answers come without it until the bot is started again.
STARTS = 3
# A process that was told to end, and has not within this many seconds, is ended.
ENDING = 5.0


class Encoding:
    """A Meaning whose vectors are made in another process. Use it as a context; any thread may ask it."""

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

    def __enter__(self) -> "Encoding":
        with self._lock:
            self._start()
        return self

    def __exit__(self, *_: object) -> None:
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
        if link is not None:
            link.close()
        if process is not None:
            process.join(ENDING)
            if process.is_alive():
                process.kill()

    def _key(self, texts: Sequence[str]) -> Key:
        key = self._keys.get(texts)
        if key is None:
            key = hashlib.sha256("\0".join(texts).encode()).digest()
            self._keys[texts], self._given[key] = key, texts
            if self._link is not None and self._ready:
                self._link.send(Texts(key, texts))
        return key

    def _asked(self, key: Key, question: str) -> Sequence[float] | None:
        if self._link is None or not self._ready:
            return None
        number = next(self._numbers)
        self._link.send(Question(number, key, question))
        while self._link.poll(PATIENCE):
            said = self._heard(self._link)
            if said.number == number:
                return None if said.cosines is None else array.array("f", said.cosines)
        return None

    def _heard(self, link: Connection) -> Said:
        said: Said = link.recv()
        for note in said.notes:
            log.warning("%s", note)
        return said


def _serve(link: Connection, folder: Path) -> None:
    """Run the encoder; its libraries are imported in its own process alone."""
    from bot.encoding_process import serve

    serve(link, folder)
