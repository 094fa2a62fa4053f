"""The engines that answer questions, one for each revision and what is visible of it, each run in a thread."""

import asyncio
import threading
from collections import OrderedDict
from collections.abc import Sequence

from briefs.answering import Answering, Answers, Meaning
from briefs.visible import Visible


class Answerings:
    """The engines in use, a few at a time. `meaning` is the encoder's side, once there is one."""

    meaning: Meaning | None = None

    def __init__(self, size: int = 16) -> None:
        self._size = size
        self._kept: OrderedDict[tuple[object, ...], Answering] = OrderedDict()
        self._lock = threading.Lock()

    async def ask(self, seen: Sequence[Visible], question: str) -> list[Answers]:
        """Ask some briefs, in their order, without holding up the event loop."""
        return await asyncio.to_thread(lambda: [self.of(each).ask(question) for each in seen])

    def of(self, visible: Visible) -> Answering:
        """Return the engine of what is visible, built on first use. Any thread may call it."""
        key = (visible.brief.brief, visible.revision, tuple(visible.source.passages), visible.audience)
        with self._lock:
            if key not in self._kept:
                self._kept[key] = Answering(visible, self.meaning)
                if len(self._kept) > self._size:
                    self._kept.popitem(last=False)
            self._kept.move_to_end(key)
            return self._kept[key]
