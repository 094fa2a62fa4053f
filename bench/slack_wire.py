"""`python -m bench.slack_wire`: the loopback Slack with a short way for what is timed.

Connecting and the first answer go through the whole peer of the tests. What is timed is one request, on a
socket or signed over HTTP, from before it is written until its acknowledgement was read; what the user
would see of it is not worked out.
"""

import time
import uuid

import uvloop

from bench.orders import Json, take_orders
from tests.peers.slack_peer import SlackPeer, payloads
from tests.peers.slack_peer.exchange import Attempt, Exchange
from tests.peers.slack_peer.http_mode import prepared
from tests.peers.slack_peer.world import TEAM

COMMAND_NAME = "/dprk-demands"
KIND = "slash_commands"


class Wire:
    """Orders on one loopback Slack."""

    def __init__(self, peer: SlackPeer) -> None:
        self._peer = peer

    async def ready(self, target: str | None = None) -> Json:
        """Wait for a bot on a socket, or at the target, and have one answer checked."""
        self._peer.http_target = target
        if target is None:
            await self._peer.wait_connected(1, 20)
        exchange = await self._peer.command(COMMAND_NAME)
        return {"answer": await exchange.answer(10)}

    async def socket(self, count: int) -> Json:
        """Ask over the socket, one after the other: milliseconds to each acknowledgement."""
        return {"ms": [await self._over_socket() for _ in range(count)]}

    async def http(self, count: int) -> Json:
        """Ask over HTTP, one after the other: milliseconds to each acknowledgement."""
        return {"ms": [await self._over_http() for _ in range(count)]}

    async def _over_socket(self) -> float:
        payload = self._payload()
        attempt = Attempt(0, envelope_id=str(uuid.uuid4()))
        begun = time.perf_counter()
        ack = await self._peer.sockets.carry(KIND, payload, attempt)
        taken = time.perf_counter() - begun
        _refuse_silence(ack.body)
        return taken * 1000

    async def _over_http(self) -> float:
        attempt = prepared(
            KIND,
            self._payload(),
            self._peer.signing_secret,
            time.time(),
            signature="right",
            age=0.0,
            retry=None,
        )
        assert self._peer.http_target is not None
        begun = time.perf_counter()
        ack = await self._peer.courier.http.post(self._peer.http_target, attempt)
        taken = time.perf_counter() - begun
        _refuse_silence(ack.body)
        return taken * 1000

    def _payload(self) -> Json:
        state = self._peer.state
        exchange = Exchange("command", {}, "U1", "C1", state.clock.now())
        return payloads.command(state, exchange, COMMAND_NAME, "", TEAM)


def _refuse_silence(body: object) -> None:
    if not body:
        raise RuntimeError("the acknowledgement carried no answer")


async def main() -> None:
    """Serve until standard input ends."""
    async with SlackPeer() as peer:
        wire = Wire(peer)
        about = {
            "api_base": peer.api_base, "bot_token": peer.bot_token, "app_token": peer.app_token,
            "signing_secret": peer.signing_secret,
        }  # fmt: skip
        await take_orders({"ready": wire.ready, "socket": wire.socket, "http": wire.http}, about)


if __name__ == "__main__":
    uvloop.run(main())
