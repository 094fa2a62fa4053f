"""Requests that a page repeats are handled once, and answered alike."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from typing import Any, Generic, TypeVar

Result = TypeVar("Result")


class Once(Generic[Result]):
    """The work of the latest requests by their ids. Work goes on when the page that asked is closed."""

    def __init__(self, size: int = 256) -> None:
        self._size = size
        self._tasks: OrderedDict[str, asyncio.Task[Result]] = OrderedDict()

    async def __call__(self, request: str, work: Callable[[], Coroutine[Any, Any, Result]]) -> Result:
        """Do the work of a request unless it was begun already, and return what came of it."""
        task = self._tasks.get(request)
        if task is None:
            task = self._tasks[request] = asyncio.create_task(work(), name=f"page request {request}")
            self._forget()
        return await asyncio.shield(task)

    def _forget(self) -> None:
        done = [request for request, task in self._tasks.items() if task.done()]
        for request in done[: max(len(self._tasks) - self._size, 0)]:
            del self._tasks[request]

    async def finish(self) -> None:
        """Wait for what is in work."""
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
