"""A process that takes orders: one JSON line each on standard input, answered by one on standard output."""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

Json = dict[str, Any]
Order = Callable[..., Awaitable[Json]]


async def take_orders(orders: Mapping[str, Order], about: Json) -> None:
    """Print `about`, then run `{"order": …, …}` lines until standard input ends."""
    loop = asyncio.get_running_loop()
    lines = asyncio.StreamReader(limit=1 << 20)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    _say(about)
    while line := await lines.readline():
        order = json.loads(line)
        try:
            _say(await orders[order.pop("order")](**order))
        except (TimeoutError, LookupError, RuntimeError) as error:
            _say({"error": f"{type(error).__name__}: {error}"})


def _say(answer: Json) -> None:
    print(json.dumps(answer), flush=True)
