"""The encoder for benches and tests: vectors made when they are asked for, and kept in a file for the next run."""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

FOLDER = Path(tempfile.gettempdir()) / "briefbot-bench"


class Encoded:
    """A Meaning that always knows. It needs `make semantic`."""

    def __init__(self) -> None:
        from bot.encoding_process import Vectors
        from briefs.answering.minilm import MiniLM

        FOLDER.mkdir(mode=0o700, exist_ok=True)
        self._model = MiniLM()
        self._kept = Vectors(FOLDER, self._model.name)
        self._matrices: dict[Sequence[str], Any] = {}

    def cosines(self, texts: Sequence[str], question: str) -> Sequence[float]:
        import numpy as np

        if texts not in self._matrices:
            self._matrices[texts] = np.stack([self._of(text) for text in texts])
            self._kept.save()
        found: list[float] = (self._matrices[texts] @ self._of(question)).tolist()
        return found

    def _of(self, text: str) -> Any:
        found = self._kept.get(text)
        if found is None:
            found = self._model.encode([text])[0]
            self._kept.put(text, found)
        return found
