"""The encoder for benches and tests: vectors made when they are asked for, and kept while the process runs."""

from collections.abc import Sequence
from typing import Any


class Encoded:
    """A Meaning that is always ready. It needs `make semantic`."""

    def __init__(self) -> None:
        from briefs.answering.minilm import MiniLM

        self._model, self._kept = MiniLM(), dict[str, Any]()

    def ready(self) -> bool:
        return True

    def known(self, texts: Sequence[str]) -> Any:
        import numpy as np

        return np.stack([self.of(text) for text in texts])

    def of(self, question: str) -> Any:
        if question not in self._kept:
            self._kept[question] = self._model.encode([question])[0]
        return self._kept[question]
