"""The Web API's front door: token, scope, rate, the method itself, and failures on order."""

from __future__ import annotations

import hmac
import json

from aiohttp import web

from . import chat_api, conversations_api, directory_api, files_api, views_api
from .errors import ApiError, Json
from .methods import Args, Method, need_scope
from .state import Received, State

METHODS: dict[str, Method] = (
    chat_api.METHODS
    | conversations_api.METHODS
    | directory_api.METHODS
    | files_api.METHODS
    | views_api.METHODS
)


class WebApi:
    """Answers `/api/<method>`."""

    def __init__(self, state: State, bot_token: str, app_token: str) -> None:
        self.state = state
        self.bot_token = bot_token
        self.app_token = app_token

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """One call."""
        name = request.match_info["method"]
        args = await read(request)
        record = Received(name, args)
        self.state.received.append(record)
        failure = self.state.failures.take(name)
        if failure and not failure.after_storing:
            await self.state.clock.sleep(failure.delay)
            if failure.drop:
                return cut(request)
        refusal = failure.refusal() if failure else None
        if failure and refusal and not failure.after_storing:
            return self._answer(record, refusal)
        answer = self._call(name, args, token_of(request, args))
        if failure and failure.after_storing:
            await self.state.clock.sleep(failure.delay)
            if failure.drop:
                return cut(request)
            answer = refusal or answer
        return self._answer(record, answer)

    def _call(self, name: str, args: Json, token: str) -> Json | ApiError:
        try:
            return self._run(name, args, token)
        except ApiError as error:
            self._blame(args, error)
            return error

    def _run(self, name: str, args: Json, token: str) -> Json:
        method = METHODS.get(name)
        if method is None:
            raise ApiError("unknown_method", req_method=name)
        if name != "api.test":
            self._refuse_token(token, method)
        self.state.rates.count(name, method.tier)
        if method.scope is not None:
            need_scope(self.state, method.scope)
        return method.handler(self.state, Args(args))

    def _refuse_token(self, token: str, method: Method) -> None:
        if not token:
            raise ApiError("not_authed")
        wanted, other = self.bot_token, self.app_token
        if method.app_token:
            wanted, other = other, wanted
        if hmac.compare_digest(token, other):
            raise ApiError("not_allowed_token_type")
        if not hmac.compare_digest(token, wanted):
            raise ApiError("invalid_auth")
        if self.state.auth_failure is not None:
            raise ApiError(self.state.auth_failure)

    def _blame(self, args: Json, error: ApiError) -> None:
        """A refused call is told to whoever waits in vain for its effect."""
        trigger = self.state.triggers.get(str(args.get("trigger_id")))
        waiting = [trigger.exchange] if trigger else self.state.watchers(str(args.get("channel")))
        for exchange in waiting:
            exchange.refusals.append(error)

    def _answer(self, record: Received, answer: Json | ApiError) -> web.Response:
        error = answer if isinstance(answer, ApiError) else None
        body = error.body if error else answer
        assert isinstance(body, dict)
        record.status, record.answer = (error.status if error else 200), body
        headers = {"X-OAuth-Scopes": ",".join(sorted(self.state.scopes)), **(error.headers if error else {})}
        return web.json_response(body, status=record.status, headers=headers)


async def read(request: web.Request) -> Json:
    """A call's arguments: the query's, then the body's."""
    found: Json = dict(request.query)
    if request.content_type == "application/json":
        text = await request.text()
        body: Json = json.loads(text) if text else {}
        return found | body
    if request.method == "POST":
        found |= {key: value for key, value in (await request.post()).items() if isinstance(value, str)}
    return found


def token_of(request: web.Request, args: Json) -> str:
    """The token from the header, or from the arguments."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token if scheme == "Bearer" else str(args.get("token") or "")


def cut(request: web.Request) -> web.StreamResponse:
    """Cut the connection instead of answering."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)
