"""`python -m bench.discord_wire`: the loopback Discord with a short way for what is timed.

Connecting, syncing and the first answer go through the whole peer of the tests. From then on an answer is
only read and confirmed, so that what the peer does with it weighs on neither side: a response is timed from
before the interaction is written to the moment when its last byte was read.
"""

import asyncio
import itertools
import secrets
import time
from dataclasses import dataclass

import orjson
import uvloop
from aiohttp import web

from bench.orders import Json, Order, take_orders
from tests.peers.discord_peer import DiscordPeer
from tests.peers.discord_peer.exchange import COMMAND
from tests.peers.discord_peer.sockets import Session

COMMAND_NAME = "dprk-demands"
ASK_AGAIN_SECONDS = 0.02


@dataclass(slots=True)
class Timed:
    """An interaction that waits for its answer. Times are `perf_counter` readings."""

    sent_at: float
    arrived: asyncio.Future[float]


class Wire(DiscordPeer):
    """The peer, and its short way."""

    def __init__(self) -> None:
        super().__init__(contract=False)
        self._waiting: dict[str, Timed] = {}
        self._result = b""
        self._numbers = itertools.count()
        self._token = secrets.token_urlsafe(120)

    async def _rest(self, request: web.Request) -> web.StreamResponse:
        parts = request.path.rsplit("/", 2)
        timed = self._waiting.pop(parts[1], None) if parts[2] == "callback" else None
        if timed is None:
            return await super()._rest(request)
        await request.read()
        timed.arrived.set_result(time.perf_counter())
        if "with_response" not in request.query:
            return web.Response(status=204)
        return web.Response(body=self._result, headers={"Content-Type": "application/json"})

    async def ready(self, synced: bool = True) -> Json:
        """Wait for a bot that is connected and, if it syncs, has the command; have one answer checked."""
        await self.until_connected(20)
        async with asyncio.timeout(20):
            while synced and all(each["name"] != COMMAND_NAME for each in self.commands()):  # noqa: ASYNC110
                await asyncio.sleep(ASK_AGAIN_SECONDS)
        exchange = await self.command(COMMAND_NAME, registered=synced)
        shown = await exchange.answer(10)
        self._result = orjson.dumps(
            {
                "interaction": {"id": exchange.id, "type": COMMAND, "response_message_id": shown["id"]},
                "resource": {"type": 4, "message": shown},
            }
        )
        return {"answer": shown}

    async def load(self, count: int, concurrency: int = 1) -> Json:
        """Ask `count` times, so many at once: seconds in all, and each answer's milliseconds."""
        session = self.gateway.connected[0]
        payload = self._ask_payload()
        asks = iter(range(count))
        taken: list[float] = []

        async def ask_on() -> None:
            for _ in asks:
                taken.append(await self._ask(session, payload))

        begun = time.perf_counter()
        await asyncio.gather(*(ask_on() for _ in range(concurrency)))
        return {"seconds": time.perf_counter() - begun, "ms": [each * 1000 for each in taken]}

    async def first_answer(self) -> Json:
        """Wait for the next session, and ask in it until there is an answer, as a person would."""
        known = set(self.gateway.sessions)
        async with asyncio.timeout(20):
            while not (fresh := [each for each in self.gateway.connected if each.id not in known]):
                await self.gateway._changed.wait()
        payload = self._ask_payload()
        asked: set[asyncio.Task[float]] = set()
        async with asyncio.timeout(20):
            while True:
                asked.add(asyncio.create_task(self._ask(fresh[0], payload)))
                done, _ = await asyncio.wait(
                    asked, timeout=ASK_AGAIN_SECONDS, return_when=asyncio.FIRST_COMPLETED
                )
                if done:
                    break
        answered = time.perf_counter()
        await asyncio.wait(asked, timeout=1)
        return {"answered_at": answered, "asked": len(asked)}

    def _ask_payload(self) -> Json:
        caller = self.caller(None, None, None, False, None, None, "en-US")
        registered = [each for each in self.commands() if each["name"] == COMMAND_NAME]
        data = self.asking.command_data(
            registered[0] if registered else None, [COMMAND_NAME], {}, caller.channel
        )
        return self._payload(COMMAND, data, caller)

    async def _ask(self, session: Session, payload: Json) -> float:
        token = f"{self._token}{next(self._numbers)}"
        asked = payload | {"id": self.state.snowflake(), "token": token}
        timed = self._waiting[token] = Timed(time.perf_counter(), asyncio.get_running_loop().create_future())
        await session.dispatch("INTERACTION_CREATE", asked)
        return await timed.arrived - timed.sent_at


async def main() -> None:
    """Serve until standard input ends."""
    async with Wire() as wire:
        about = {"api_base": wire.api_base, "gateway": wire.gateway.address, "token": wire.token}
        orders: dict[str, Order] = {
            "ready": wire.ready,
            "load": wire.load,
            "first_answer": wire.first_answer,
        }
        await take_orders(orders, about)


if __name__ == "__main__":
    uvloop.run(main())
