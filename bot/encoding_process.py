"""The encoder's own process: it encodes what it is given, keeps the vectors in a file, and compares questions.

It is a process and no thread because loading the weights and each step of the encoder hold Python's lock for tens of
milliseconds, and the event loop must not wait for that.
"""

import array
import hashlib
import logging
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from bot.encoding_messages import Key, Question, Said, Texts, key_of
from briefs.answering.minilm import MiniLM
from briefs.answering.model import Encoder

log = logging.getLogger(__name__)

SAVED_EVERY = 500


def text_key(text: str) -> Key:
    """Name a text by its hash."""
    return hashlib.sha256(text.encode()).digest()


class Vectors:
    """The vectors that are known, by the hash of their text, in one file per model."""

    def __init__(self, folder: Path, model: str) -> None:
        self._file = folder / f"vectors-{model[:16]}.npz"
        self._known: dict[Key, Any] = {}
        self._wanted: set[Key] = set()
        self._unsaved = 0
        self.notes: list[str] = []
        if self._file.exists():
            self._load()

    def _load(self) -> None:
        try:
            with np.load(self._file, allow_pickle=False) as read:
                keys, vectors = read["keys"], read["vectors"]
                self._known = {bytes(key): vector for key, vector in zip(keys, vectors, strict=True)}
        except (OSError, ValueError, KeyError, EOFError, BadZipFile) as problem:
            self.notes.append(f"{self._file.name} cannot be read ({problem}); its vectors are made anew")

    def get(self, text: str) -> Any | None:
        """Give a vector, if it is known."""
        key = text_key(text)
        self._wanted.add(key)
        return self._known.get(key)

    def put(self, text: str, vector: Any) -> None:
        """Keep a vector; every SAVED_EVERY of them go into the file."""
        self._known[text_key(text)] = vector
        self._unsaved += 1
        if self._unsaved >= SAVED_EVERY:
            self.save()

    def save(self) -> None:
        """Write what was asked for since the start into the file, if anything is new. A crash leaves the old file."""
        if not self._unsaved:
            return
        kept = {key: vector for key, vector in self._known.items() if key in self._wanted}
        draft = self._file.with_suffix(".tmp.npz")
        keys = np.array([np.frombuffer(key, np.uint8) for key in kept])
        try:
            np.savez(draft, keys=keys, vectors=np.stack(list(kept.values())))
            draft.replace(self._file)
        except OSError as problem:
            self.notes.append(
                f"{self._file.name} cannot be written ({problem}); its vectors are made anew next time"
            )
        self._unsaved = 0


@dataclass
class Work:
    """What the process is busy with: texts to encode, and the vectors of each key once all are there."""

    encoder: Encoder
    vectors: Vectors
    waiting: list[Texts] = field(default_factory=list)
    matrices: dict[Key, Any] = field(default_factory=dict)

    def take(self, texts: Texts) -> None:
        """Note what is to be compared."""
        if texts.key not in self.matrices and all(each.key != texts.key for each in self.waiting):
            self.waiting.append(texts)

    def step(self) -> None:
        """Encode one text, or put the vectors of one key together when none is left."""
        first = self.waiting[0]
        missing = next((text for text in first.texts if self.vectors.get(text) is None), None)
        if missing is not None:
            self.vectors.put(missing, self.encoder.encode([missing])[0])
            return
        rows: list[Any] = [self.vectors.get(text) for text in first.texts]
        self.matrices[first.key] = np.stack(rows)
        self.waiting.pop(0)
        self.vectors.save()

    def answer(self, question: Question) -> Said:
        """Compare a question, as far as its texts are encoded."""
        notes, self.vectors.notes = tuple(self.vectors.notes), []
        matrix = self.matrices.get(question.key)
        if matrix is None:
            return Said(question.number, None, notes)
        cosines = matrix @ self.encoder.encode([question.text])[0]
        return Said(question.number, cosines.astype(np.float32).tobytes(), notes)


class Here:
    """A Meaning in this very process, for a command line that asks once: what is missing is encoded on the spot.

    `begun` is called with the number of missing texts, where there are any.
    """

    def __init__(self, folder: Path, begun: Callable[[int], None]) -> None:
        self._begun = begun
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        encoder = MiniLM()
        self._work = Work(encoder, Vectors(folder, encoder.name))

    def cosines(self, texts: Sequence[str], question: str) -> Sequence[float] | None:
        """Say how near a question lies to each text, however long it takes the first time."""
        key = key_of(texts)
        self._work.take(Texts(key, texts))
        if missing := sum(self._work.vectors.get(text) is None for text in texts):
            self._begun(missing)
        while self._work.waiting:
            self._work.step()
        said = self._work.answer(Question(0, key, question))
        for note in said.notes:
            log.warning("%s", note)
        return None if said.cosines is None else array.array("f", said.cosines)


def serve(link: Connection, folder: Path) -> None:
    """Load the model, say so, and work until the other side is gone."""
    # Ctrl-C in a terminal reaches every process; this one ends when the bot closes the link.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    encoder = MiniLM()
    work = Work(encoder, Vectors(folder, encoder.name))
    try:
        link.send(Said(0, None, tuple(work.vectors.notes)))
        work.vectors.notes = []
        while True:
            while not work.waiting or link.poll():
                _receive(link, work)
            work.step()
    except (EOFError, BrokenPipeError, ConnectionResetError):
        work.vectors.save()


def _receive(link: Connection, work: Work) -> None:
    message = link.recv()
    if isinstance(message, Texts):
        work.take(message)
    else:
        link.send(work.answer(message))
