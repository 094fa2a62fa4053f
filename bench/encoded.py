"""The encoder for benches and tests: vectors made when they are asked for, and kept while the process runs."""

from collections.abc import Sequence
from typing import Any


class Encoded:
    """A Meaning that always knows. It needs `make semantic`."""

    def __init__(self) -> None:
        from briefs.answering.minilm import MiniLM

        self._model, self._kept = MiniLM(), dict[str, Any]()
        self._matrices: dict[Sequence[str], Any] = {}

    def cosines(self, texts: Sequence[str], question: str) -> Sequence[float]:
        import numpy as np

        if texts not in self._matrices:
            self._matrices[texts] = np.stack([self._of(text) for text in texts])
        found: list[float] = (self._matrices[texts] @ self._of(question)).tolist()
        return found

    def _of(self, text: str) -> Any:
        if text not in self._kept:
            self._kept[text] = self._model.encode([text])[0]
        return self._kept[text]
