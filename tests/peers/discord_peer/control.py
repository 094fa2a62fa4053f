"""The peer's control interface: what another process may order, over HTTP with JSON.

It listens on a port of its own, so that it goes on while the peer is down for an outage.

    POST /control/ask         {"verb": "command", "args": {"name": "brief show", "options": {…}}, "wait": 5}
                              verb: command, autocomplete, click, select, submit, say; `wait` 0 only sends.
                              A form is submitted by the token that the ask which opened it gave.
    POST /control/load        {"name": "…", "options": {…}, "count": 1000, "concurrency": 8}
    POST /control/call        {"method": "deny", "args": {"channel": "…"}}; the methods stand in CALLS
    GET  /control/messages?channel=ID, /control/requests, /control/violations, /control/commands,
         /control/status
"""

from __future__ import annotations

import asyncio
import inspect
import time
from typing import Any

from aiohttp import web

from .asking import NotOfferedError
from .errors import Json
from .exchange import Exchange
from .server import DiscordPeer
from .state import Stored

VERBS = frozenset({"command", "autocomplete", "click", "select", "submit", "say"})
CALLS = frozenset({
    *("start", "stop", "fail_next", "until_connected", "close_dms", "deny", "delete_channel"),
    *("delete_message", "remove_bot", "invite", "add_user", "drop_sockets", "ask_to_reconnect", "invalidate"),
    "enforce_rates",
})  # fmt: skip


class Control:
    """Turns orders into the peer's own methods."""

    def __init__(self, peer: DiscordPeer) -> None:
        self.peer = peer

    def app(self) -> web.Application:
        """The control server."""
        app = web.Application(middlewares=[_faults_as_json])
        app.router.add_post("/control/ask", self.ask)
        app.router.add_post("/control/load", self.load)
        app.router.add_post("/control/call", self.call)
        for name in ("messages", "requests", "violations", "commands", "status"):
            app.router.add_get(f"/control/{name}", getattr(self, name))
        return app

    async def ask(self, request: web.Request) -> web.Response:
        """One interaction and, if asked to wait, its answer."""
        order = await request.json()
        if order["verb"] not in VERBS:
            raise LookupError(f"unknown verb {order['verb']!r}; there are: {', '.join(sorted(VERBS))}")
        args = dict(order.get("args", {}))
        if order["verb"] == "submit":
            args["modal"] = self.peer.state.exchanges.get(args["modal"], args["modal"])
        asked: Exchange | Stored = await getattr(self.peer, order["verb"])(**args)
        if isinstance(asked, Stored):
            return web.json_response(_message(asked))
        wait = float(order.get("wait", 5.0))
        answer = await asked.answer(wait) if wait else None
        return web.json_response(_exchange(asked) | {"answer": answer})

    async def load(self, request: web.Request) -> web.Response:
        """Sends `count` commands, `concurrency` at a time, from inside the peer: latencies in ms."""
        order = await request.json()
        asks = iter(range(int(order["count"])))
        first, last = [], []

        async def ask_on() -> None:
            for _ in asks:
                options = order.get("options") or {}
                registered = order.get("registered", True)
                exchange = await self.peer.command(order["name"], options, registered=registered)
                await exchange.answer(float(order.get("wait", 10.0)))
                first.append((exchange.called_back_at - exchange.sent_at) * 1000)
                last.append((exchange.visible_at - exchange.sent_at) * 1000)
                self._forget(exchange)

        began = time.perf_counter()
        await asyncio.gather(*(ask_on() for _ in range(int(order.get("concurrency", 1)))))
        seconds = time.perf_counter() - began
        return web.json_response({"seconds": seconds, "callback_ms": first, "answer_ms": last})

    def _forget(self, exchange: Exchange) -> None:
        self.peer.state.exchanges.pop(exchange.token)
        if exchange.original is not None:
            self.peer.state.forget(exchange.original)

    async def call(self, request: web.Request) -> web.Response:
        """One of the methods in CALLS."""
        order = await request.json()
        name, args = order["method"], order.get("args", {})
        if name not in CALLS:
            raise LookupError(f"unknown method {name!r}; there are: {', '.join(sorted(CALLS))}")
        if name == "enforce_rates":
            self.peer.enforce_rates = bool(args["on"])
            return web.json_response({"done": name})
        holder = self.peer if hasattr(self.peer, name) else self.peer.gateway
        result = getattr(holder, name)(**args)
        if inspect.isawaitable(result):
            await result
        return web.json_response({"done": name})

    async def messages(self, request: web.Request) -> web.Response:
        """The messages of a channel (or of a person's DM, by user id), oldest first."""
        return web.json_response(
            [_message(stored) for stored in self.peer.messages(request.query["channel"])]
        )

    async def requests(self, request: web.Request) -> web.Response:
        """Every request that arrived."""
        return web.json_response([vars(received) for received in self.peer.requests])

    async def violations(self, request: web.Request) -> web.Response:
        """What contradicted the API description."""
        return web.json_response(self.peer.violations)

    async def commands(self, request: web.Request) -> web.Response:
        """The registered commands, global or of ?guild=ID."""
        return web.json_response(self.peer.commands(request.query.get("guild")))

    async def status(self, request: web.Request) -> web.Response:
        """Who is connected."""
        gateway = self.peer.gateway
        resumes = sum(session.resumes for session in gateway.sessions.values())
        counts = {"connected": len(gateway.connected), "identifies": gateway.identifies, "resumes": resumes}
        return web.json_response(counts | {"contract": self.peer.contract.reason})


@web.middleware
async def _faults_as_json(request: web.Request, handler: Any) -> web.StreamResponse:
    try:
        answer: web.StreamResponse = await handler(request)
    except (NotOfferedError, LookupError, TimeoutError, TypeError, ValueError) as error:
        return web.json_response({"error": type(error).__name__, "message": str(error)}, status=409)
    return answer


def _message(stored: Stored) -> Json:
    return {"payload": stored.payload, "nonce": stored.nonce, "notified": stored.notified}


def _exchange(exchange: Exchange) -> Json:
    called_back = exchange.callback is not None
    return {
        "id": exchange.id,
        "token": exchange.token,
        "callback": exchange.callback,
        "ephemeral": exchange.ephemeral,
        "followups": [stored.payload for stored in exchange.followups],
        "refusals": [error.body for error in exchange.refusals],
        "callback_ms": (exchange.called_back_at - exchange.sent_at) * 1000 if called_back else None,
        "answer_ms": (exchange.visible_at - exchange.sent_at) * 1000 if exchange.visible_at else None,
    }
