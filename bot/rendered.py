"""Renderings kept by the identity of their reply, so that a topic is turned into a payload once."""

from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

from commands.model import Reply

Payload = TypeVar("Payload")


class Rendered(Generic[Payload]):
    """A bounded memory of payloads. The reply is held as well, so that its id is not used again."""

    def __init__(self, render: Callable[[Reply], Payload], size: int = 512) -> None:
        self._render = render
        self._size = size
        self._kept: OrderedDict[int, tuple[Reply, Payload]] = OrderedDict()

    def __call__(self, reply: Reply) -> Payload:
        """Return the payload of a reply, made at most once."""
        found = self._kept.get(id(reply))
        if found is not None:
            return found[1]
        payload = self._render(reply)
        self._kept[id(reply)] = (reply, payload)
        if len(self._kept) > self._size:
            self._kept.popitem(last=False)
        return payload
