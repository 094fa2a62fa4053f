"""Pictures and files of the cards that were shown, under the hash of their bytes.

The page's Content-Security-Policy allows no `data:` address, so a browser fetches them from here.
"""

import hashlib
from collections import OrderedDict
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Held:
    """Bytes with the name and media type under which a browser gets them."""

    name: str
    media_type: str
    content: bytes


class Kept:
    """A bounded memory of bytes. A stored message puts its own back whenever it is shown again."""

    def __init__(self, limit: int = 64 * 1024 * 1024) -> None:
        self._limit = limit
        self._size = 0
        self._held: OrderedDict[str, Held] = OrderedDict()

    def keep(self, held: Held) -> str:
        """Hold bytes and return the address to fetch them from."""
        digest = hashlib.sha256(held.name.encode() + b"\0" + held.content).hexdigest()[:32]
        if digest not in self._held:
            self._held[digest] = held
            self._size += len(held.content)
        self._held.move_to_end(digest)
        while self._size > self._limit and len(self._held) > 1:
            self._size -= len(self._held.popitem(last=False)[1].content)
        return f"/api/kept/{digest}"

    def get(self, digest: str) -> Held | None:
        """Return what is held under a hash, or None where it was given up for newer bytes."""
        return self._held.get(digest)
