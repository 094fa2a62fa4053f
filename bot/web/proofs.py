"""Drafts, read away from the event loop: one at a time, and the latest of them not read again."""

import asyncio
from collections import OrderedDict
from hashlib import sha256

from briefs.reading import Document, read_brief


class Proofs:
    """Reads the two files of a draft. `size` is how many drafts stay in memory."""

    def __init__(self, size: int = 2) -> None:
        self._size = size
        self._turn = asyncio.Lock()
        self._read: OrderedDict[bytes, Document] = OrderedDict()

    async def read(self, yaml: bytes, report: bytes) -> Document:
        """Read a draft; raise BriefFaults with everything that is wrong with it."""
        key = sha256(yaml).digest() + sha256(report).digest()
        async with self._turn:
            found = self._read.get(key)
            if found is None:
                found = self._read[key] = await asyncio.to_thread(read_brief, yaml, report)
                self._forget()
            self._read.move_to_end(key)
            return found

    def _forget(self) -> None:
        while len(self._read) > self._size:
            self._read.popitem(last=False)
