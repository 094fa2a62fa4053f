"""The control interface: drives a peer that runs in a process of its own, with JSON over HTTP.

POST /control/command     {name, text?, user?, channel?, team?, mode?, signature?, age?, wait?}
POST /control/click       {action_id, value?, ts?, view_id?, user?, wait?}
POST /control/submit      {view_id, values?, user?, wait?}
POST /control/suggest     {action_id, value, ts?, view_id?, user?, wait?}
POST /control/event       {event: {…}, wait?}
POST /control/home        {user?, wait?}
POST /control/replay      {exchange}
POST /control/fail        {method, error?, status?, times?, after_storing?, delay?, drop?}
POST /control/world       {archive?, kick?, invite?, revoke?, reinstate?, http_target?, enforce_rates?, manifest?}
POST /control/socket      {drop?: true, disconnect?: reason, close_after?}
GET  /control/messages    ?channel=C1 or ?user=U1 (ephemeral)
GET  /control/calls       ?method=
GET  /control/state

`wait` says for what to wait before the answer: `answer` (default), `ack`, `end` or `nothing`; `timeout` for how
many seconds. The answer describes the exchange; failed waits answer 504 with what was seen.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from .errors import ApiError, Json, LoopbackError, UnansweredError
from .exchange import Exchange, Stored
from .server import SlackPeer

Handler = Callable[[Json], Awaitable[Json]]


class Control:
    """Translates control requests into calls of the peer."""

    def __init__(self, peer: SlackPeer) -> None:
        self.peer = peer
        self._exchanges: dict[int, Exchange] = {}

    def routes(self) -> list[web.RouteDef]:
        """The control routes."""
        posts: dict[str, Handler] = {
            "command": self._command, "click": self._click, "submit": self._submit, "suggest": self._suggest,
            "event": self._event, "home": self._home, "replay": self._replay, "fail": self._fail,
            "world": self._world, "socket": self._socket,
        }  # fmt: skip
        made = [web.post(f"/control/{name}", _wrapped(handler)) for name, handler in posts.items()]
        gets = {"messages": self._messages, "calls": self._calls, "state": self._state}
        return made + [web.get(f"/control/{name}", _queried(handler)) for name, handler in gets.items()]

    async def _run(self, exchange: Exchange, body: Json) -> Json:
        number = self.peer.state.serial()
        self._exchanges[number] = exchange
        while len(self._exchanges) > 1000:
            self._exchanges.pop(next(iter(self._exchanges)))
        timeout, wait = float(body.get("timeout", 5.0)), body.get("wait", "answer")
        try:
            if wait == "answer":
                await exchange.answer(timeout)
            elif wait == "ack":
                await exchange.acknowledgement(timeout)
            elif wait == "end":
                await exchange.finished(timeout)
        except UnansweredError:
            pass  # described by `failure`
        return {"exchange": number, **described(exchange)}

    async def _command(self, body: Json) -> Json:
        keys = ("user", "channel", "team", "mode", "signature", "age")
        exchange = await self.peer.command(body["name"], body.get("text", ""), **_some(body, keys))
        return await self._run(exchange, body)

    def _where(self, body: Json) -> Json:
        found: Json = _some(body, ("user", "mode"))
        if "view_id" in body:
            found["view"] = self.peer.state.views[body["view_id"]]
        elif "ts" in body:
            found["message"] = {"ts": body["ts"]}
        return found

    async def _click(self, body: Json) -> Json:
        exchange = await self.peer.click(body["action_id"], body.get("value"), **self._where(body))
        return await self._run(exchange, body)

    async def _submit(self, body: Json) -> Json:
        view = self.peer.state.views[body["view_id"]]
        return await self._run(
            await self.peer.submit(view, body.get("values"), **_some(body, ("user", "mode"))), body
        )

    async def _suggest(self, body: Json) -> Json:
        exchange = await self.peer.suggest(body["action_id"], body["value"], **self._where(body))
        return await self._run(exchange, {"wait": "ack", **body})

    async def _event(self, body: Json) -> Json:
        return await self._run(await self.peer.event(body["event"]), {"wait": "end", **body})

    async def _home(self, body: Json) -> Json:
        return await self._run(await self.peer.open_home(body.get("user", "U1")), body)

    async def _replay(self, body: Json) -> Json:
        ack = await self.peer.replay(self._exchanges[body["exchange"]])
        return {"status": ack.status, "body": ack.body}

    async def _fail(self, body: Json) -> Json:
        keys = ("error", "status", "times", "after_storing", "delay", "drop", "headers")
        self.peer.fail_next(body["method"], **_some(body, keys))
        return {"ok": True}

    async def _world(self, body: Json) -> Json:
        if "archive" in body:
            self.peer.archive(body["archive"])
        if "kick" in body:
            self.peer.kick(body["kick"])
        if "invite" in body:
            await self.peer.invite(body["invite"])
        if "revoke" in body:
            self.peer.revoke(body["revoke"])
        if "reinstate" in body:
            self.peer.reinstate()
        if "http_target" in body:
            self.peer.http_target = body["http_target"]
        if "enforce_rates" in body:
            self.peer.enforce_rates = body["enforce_rates"]
        if "manifest" in body:
            self.peer.install(body["manifest"])
        return {"ok": True}

    async def _socket(self, body: Json) -> Json:
        if body.get("drop"):
            self.peer.sockets.drop()
        if "disconnect" in body:
            await self.peer.disconnect(body["disconnect"], close_after=body.get("close_after"))
        return {"ok": True, "connections": len(self.peer.connections)}

    async def _messages(self, query: Json) -> Json:
        if "user" in query:
            found = self.peer.ephemerals(query["user"])
        else:
            found = self.peer.messages(query.get("channel", "C1"))
        return {"messages": [message(each) for each in found]}

    async def _calls(self, query: Json) -> Json:
        wanted = query.get("method")
        found = [each for each in self.peer.state.received if wanted in (None, each.method)]
        return {
            "calls": [{"method": each.method, "args": each.args, "answer": each.answer} for each in found]
        }

    async def _state(self, query: Json) -> Json:
        state = self.peer.state
        return {
            "port": self.peer.port, "connections": len(self.peer.connections), "homes": state.homes,
            "stacks": state.stacks, "mistakes": self.peer.sockets.mistakes, "received": len(state.received),
            "channels": {each.id: each.described(state.bot.id) for each in state.channels.values()},
        }  # fmt: skip


def described(exchange: Exchange) -> Json:
    """An exchange as JSON. Times are seconds after sending, None where it did not happen."""
    return {
        "kind": exchange.kind,
        "ack": None if exchange.ack is None else {"status": exchange.ack.status, "body": exchange.ack.body},
        "failure": exchange.failure,
        "seen": [message(each) if isinstance(each, Stored) else each for each in exchange.seen],
        "others": [message(each) for each in exchange.others],
        "posts": exchange.posts,
        "refusals": [error.body for error in exchange.refusals],
        "late_acks": [each.status for each in exchange.late_acks],
        "attempts": len(exchange.attempts),
        "acked_after": _after(exchange.sent_at, exchange.acked_at),
        "visible_after": _after(exchange.sent_at, exchange.visible_at),
    }


def message(stored: Stored) -> Json:
    """A message as JSON."""
    return {
        "channel": stored.channel, "notified": stored.notified, "only_for": stored.only_for,
        "deleted": stored.deleted, **stored.payload,
    }  # fmt: skip


def _after(start: float, end: float) -> float | None:
    return end - start if end else None


def _some(body: Json, keys: tuple[str, ...]) -> Json:
    return {key: body[key] for key in keys if key in body}


def _wrapped(handler: Handler) -> Any:
    async def handle(request: web.Request) -> web.Response:
        body = await request.json() if request.can_read_body else {}
        return await _answered(handler, body)

    return handle


def _queried(handler: Handler) -> Any:
    async def handle(request: web.Request) -> web.Response:
        return await _answered(handler, dict(request.query))

    return handle


async def _answered(handler: Handler, body: Json) -> web.Response:
    try:
        return web.json_response(await handler(body))
    except TimeoutError as error:
        return web.json_response({"error": str(error)}, status=504)
    except (LoopbackError, ApiError, LookupError) as error:
        return web.json_response({"error": str(error)}, status=400)
