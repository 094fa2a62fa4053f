"""Requests seen lately, in memory: the table `seen` remembers those that change anything."""

from collections import OrderedDict

SIZE = 10_000


class Recent:
    """The ids of the latest requests,; the oldest are forgotten."""

    def __init__(self, size: int = SIZE) -> None:
        self._size = size
        self._ids: OrderedDict[str, None] = OrderedDict()

    def first_time(self, request: str) -> bool:
        """Say whether a request is new, and remember it; one without an id always is."""
        if request in self._ids:
            return False
        if request:
            self._ids[request] = None
            if len(self._ids) > self._size:
                self._ids.popitem(last=False)
        return True
