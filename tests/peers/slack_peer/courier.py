"""Brings payloads to the bot: the 3 s deadline, retries of events, what the user sees when nothing comes.

Sources: S: interactivity/implementing-slash-commands (3000 ms, operation_timeout), apis/events-api (retries at
once, after 1 minute, after 5 minutes; x-slack-no-retry), apis/events-api/using-socket-mode.
"""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Coroutine
from dataclasses import replace
from typing import Any

from .acks import acknowledged
from .errors import LoopbackError
from .exchange import DISPATCH_FAILED, OPERATION_TIMEOUT, Ack, Attempt, Exchange
from .http_mode import HttpMode, Signature, prepared
from .socket_mode import SocketMode, UndeliveredError
from .state import State

ACK_S = 3.0
RETRIES_S = (0.0, 60.0, 300.0)
ENVELOPE = {"command": "slash_commands", "event": "events_api"}


class Courier:
    """Delivers exchanges, over sockets or HTTP."""

    def __init__(self, state: State, sockets: SocketMode, http: HttpMode, signing_secret: str) -> None:
        self.state = state
        self.sockets = sockets
        self.http = http
        self.signing_secret = signing_secret
        self.target: str | None = None
        self._running: set[asyncio.Task[None]] = set()

    def start(self, exchange: Exchange, *, signature: Signature = "right", age: float = 0.0) -> Exchange:
        """Deliver in the background."""
        if exchange.mode == "http" and self.target is None:
            raise LoopbackError("HTTP mode needs http_target")
        self._spawn(self._deliver(exchange, signature, age))
        return exchange

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _deliver(self, exchange: Exchange, signature: Signature, age: float) -> None:
        exchange.sent_at = time.perf_counter()
        try:
            if exchange.kind == "event":
                await self._with_retries(exchange, signature, age)
            else:
                await self._once(exchange, Attempt(0), signature, age)
        finally:
            exchange.done = True
            exchange.pulse.touch()

    async def _with_retries(self, exchange: Exchange, signature: Signature, age: float) -> None:
        reason = await self._try(exchange, Attempt(0), signature, age)
        for number, wait in enumerate(RETRIES_S, start=1):
            if reason is None:
                return
            await self.state.clock.sleep(wait)
            reason = await self._try(exchange, Attempt(number, reason), signature, age)
        if reason is not None:
            exchange.fail(reason)

    async def _try(
        self, exchange: Exchange, attempt: Attempt, signature: Signature, age: float
    ) -> str | None:
        """One delivery of an event; None once it is acknowledged or shall not be retried, else why not."""
        try:
            ack = await self._carried(exchange, attempt, signature, age)
        except UndeliveredError as error:
            return error.reason
        if ack is None:
            return "http_timeout" if exchange.mode == "http" else "timeout"
        if not 200 <= ack.status < 300:
            exchange.late_acks.append(ack)
            if ack.no_retry:
                exchange.fail("http_error")
            return None if ack.no_retry else "http_error"
        acknowledged(self.state, exchange, replace(ack, status=200))
        return None

    async def _once(self, exchange: Exchange, attempt: Attempt, signature: Signature, age: float) -> None:
        try:
            ack = await self._carried(exchange, attempt, signature, age)
        except UndeliveredError:
            exchange.fail(DISPATCH_FAILED)
            return
        if ack is None:
            exchange.fail(OPERATION_TIMEOUT)
            return
        if ack.status != 200:
            exchange.late_acks.append(ack)
        acknowledged(self.state, exchange, ack)

    async def _carried(
        self, exchange: Exchange, attempt: Attempt, signature: Signature, age: float
    ) -> Ack | None:
        """The acknowledgement, None where the deadline passed first."""
        envelope = ENVELOPE.get(exchange.kind, "interactive")
        if exchange.mode == "socket":
            attempt = replace(attempt, envelope_id=str(uuid.uuid4()))
            way = self.sockets.carry(envelope, exchange.payload, attempt)
        else:
            attempt = prepared(
                envelope,
                exchange.payload,
                self.signing_secret,
                self.state.clock.now(),
                signature=signature,
                age=age,
                retry=attempt,
            )
            way = self.http.post(self._address(), attempt)
        exchange.attempts.append(attempt)
        return await self._in_time(way)

    def _address(self) -> str:
        if self.target is None:
            raise LoopbackError("HTTP mode needs http_target")
        return self.target

    async def _in_time(self, way: Coroutine[Any, Any, Ack]) -> Ack | None:
        carrying = asyncio.create_task(way)
        deadline = asyncio.create_task(self.state.clock.sleep(ACK_S))
        try:
            await asyncio.wait({carrying, deadline}, return_when=asyncio.FIRST_COMPLETED)
            return carrying.result() if carrying.done() else None
        finally:
            deadline.cancel()
            carrying.cancel()

    async def replay(self, exchange: Exchange) -> Ack:
        """Send the last delivery again, unchanged in HTTP mode; what comes back changes nothing.

        In Socket Mode the same payload travels in a new envelope.
        """
        last = exchange.attempts[-1]
        if exchange.mode == "http":
            way = self.http.post(self._address(), last)
        else:
            again = replace(last, envelope_id=str(uuid.uuid4()))
            way = self.sockets.carry(ENVELOPE.get(exchange.kind, "interactive"), exchange.payload, again)
        ack = await self._in_time(way)
        if ack is None:
            raise TimeoutError("the replayed request was not acknowledged within 3 s")
        return ack

    async def verify_url(self) -> bool:
        """Send url_verification, as Slack does when an address is entered; whether the challenge came back."""
        payload = {"token": "loopback", "challenge": uuid.uuid4().hex, "type": "url_verification"}
        now = self.state.clock.now()
        attempt = prepared(
            "events_api", payload, self.signing_secret, now, signature="right", age=0.0, retry=None
        )
        ack = await self.http.post(self._address(), attempt)
        found = ack.body.get("challenge") if isinstance(ack.body, dict) else ack.body
        return ack.status == 200 and found == payload["challenge"]

    async def close(self) -> None:
        """End what is still being delivered."""
        for task in list(self._running):
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        await self.http.close()
