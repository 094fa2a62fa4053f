"""The sentence encoder all-MiniLM-L6-v2, its forward pass in numpy alone.

The model is Sentence-Transformers' all-MiniLM-L6-v2 (Apache-2.0; https://www.sbert.net/docs/sentence_transformer/
pretrained_models.html): six BERT layers, the mean over the tokens, length 1. It reads English; texts are cut at
MAX_TOKENS, as it was trained. `make semantic` installs what this file imports, and the weights.
"""

import hashlib
import importlib.util
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import load
from tokenizers import Tokenizer

from briefs.answering.semantic import PACKAGE

MAX_TOKENS = 256
_LAYERS, _HEADS, _WIDTH = 6, 12, 384
_EPSILON = 1e-12
# GELU by its tanh approximation (Hendrycks and Gimpel 2016, https://arxiv.org/abs/1606.08415): numpy has no erf.
_GELU = float(np.sqrt(2.0 / np.pi))

Array = Any


class MiniLM:
    """Turns English texts into vectors of 384 numbers. Loading takes about 0.3 s and 180 MB."""

    def __init__(self) -> None:
        spec = importlib.util.find_spec(PACKAGE)
        if spec is None or spec.origin is None:
            raise ModuleNotFoundError(f"{PACKAGE} is not installed; run make semantic")
        folder = Path(spec.origin).parent / "model"
        data = (folder / "model.safetensors").read_bytes()
        self.name = hashlib.sha256(data).hexdigest()
        self._weights: dict[str, Array] = load(data)
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._tokenizer.no_padding()

    def encode(self, texts: Sequence[str]) -> Array:
        """Return an array of shape (len(texts), 384), float32, each row of length 1; texts go through one by one.

        One text at a time needs no padding, and lets other threads in between.
        """
        return np.stack([self._one(text) for text in texts]) if texts else np.zeros((0, _WIDTH), np.float32)

    def _one(self, text: str) -> Array:
        ids = np.asarray(self._tokenizer.encode(text).ids)
        state = self._embedded(ids)
        for number in range(_LAYERS):
            state = self._layer(f"encoder.layer.{number}.", state)
        mean = state.mean(axis=0)
        return (mean / max(float(np.linalg.norm(mean)), _EPSILON)).astype(np.float32)

    def _embedded(self, ids: Array) -> Array:
        weights = self._weights
        words = weights["embeddings.word_embeddings.weight"][ids]
        places = weights["embeddings.position_embeddings.weight"][: len(ids)]
        kinds = weights["embeddings.token_type_embeddings.weight"][0]
        return self._normal("embeddings.LayerNorm", words + places + kinds)

    def _layer(self, at: str, state: Array) -> Array:
        seen = self._dense(f"{at}attention.output.dense", self._attention(f"{at}attention.self.", state))
        state = self._normal(f"{at}attention.output.LayerNorm", seen + state)
        inner = _gelu(self._dense(f"{at}intermediate.dense", state))
        return self._normal(f"{at}output.LayerNorm", self._dense(f"{at}output.dense", inner) + state)

    def _attention(self, at: str, state: Array) -> Array:
        query, key, value = (self._heads(f"{at}{part}", state) for part in ("query", "key", "value"))
        scores = query @ key.transpose(0, 2, 1) / np.sqrt(np.float32(_WIDTH // _HEADS))
        weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
        weights /= weights.sum(axis=-1, keepdims=True)
        return (weights @ value).transpose(1, 0, 2).reshape(len(state), _WIDTH)

    def _heads(self, at: str, state: Array) -> Array:
        return self._dense(at, state).reshape(len(state), _HEADS, -1).transpose(1, 0, 2)

    def _dense(self, at: str, state: Array) -> Array:
        return state @ self._weights[f"{at}.weight"].T + self._weights[f"{at}.bias"]

    def _normal(self, at: str, state: Array) -> Array:
        centred = state - state.mean(axis=-1, keepdims=True)
        spread = np.sqrt((centred**2).mean(axis=-1, keepdims=True) + _EPSILON)
        return centred / spread * self._weights[f"{at}.weight"] + self._weights[f"{at}.bias"]


def _gelu(state: Array) -> Array:
    return state * 0.5 * (1.0 + np.tanh(_GELU * (state + 0.044715 * state**3)))
