"""response_url: what the bot posts to it (S: interactivity/handling-user-interaction).

A success is the text `ok`. The statuses of its refusals are not documented: 404 for a spent or expired one.
"""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

from .chat_api import refuse_files
from .errors import ApiError, Json
from .exchange import Exchange, Stored
from .message_rules import refuse_content, truncated
from .state import Received, State
from .webapi import cut


class Hooks:
    """Answers `/hooks/…`."""

    def __init__(self, state: State) -> None:
        self.state = state

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """One post."""
        raw = await request.text()
        failure = self.state.failures.take("response_url")
        if failure:
            await self.state.clock.sleep(failure.delay)
            if failure.drop and not failure.after_storing:
                return cut(request)
            refusal = failure.refusal()
            if refusal and not failure.after_storing:
                return self._refused(refusal)
        response = self._post(request.match_info["secret"], raw)
        if failure and failure.after_storing:
            refusal = failure.refusal()
            return cut(request) if failure.drop else self._refused(refusal) if refusal else response
        return response

    def _post(self, secret: str, raw: str) -> web.Response:
        record = Received("response_url", {"raw": raw})
        self.state.received.append(record)
        try:
            body = json.loads(raw)
        except ValueError:
            return self._refused(ApiError("invalid_payload", status=400))
        record.args = body
        hook = self.state.hooks.get(secret)
        try:
            exchange = self.state.spend_hook(secret)
            answer(self.state, exchange, body)
        except ApiError as error:
            if hook is not None:
                hook.exchange.refusals.append(error)
            record.status, record.answer = error.status, error.body
            return self._refused(error)
        exchange.posts.append(body)
        record.status = 200
        return web.Response(text="ok")

    def _refused(self, error: ApiError) -> web.Response:
        status = error.status if error.status != 200 else 400
        return web.json_response(error.body, status=status, headers=error.headers)


def answer(state: State, exchange: Exchange, body: Json) -> None:
    """Show what was posted: a new message, or a change of the one that the user acted on."""
    if body.get("delete_original"):
        _delete(exchange)
        return
    content: Json = {"text": "", "blocks": None, **body}
    refuse_content(content)
    refuse_files(state, content)
    content["text"] = truncated(content["text"] or "")
    original = _original(exchange)
    if body.get("replace_original") and original is not None:
        state.replace(original, content)
        exchange.show(original)
        return
    show(state, exchange, content)


def _original(exchange: Exchange) -> Stored | None:
    """What `replace_original` means: the message with the button, or the bot's own first answer."""
    if exchange.source is not None:
        return exchange.source
    found = [item for item in exchange.seen if isinstance(item, Stored)]
    return found[-1] if found else None


def _delete(exchange: Exchange) -> None:
    original = _original(exchange)
    if original is not None:
        original.deleted = True
        exchange.show(original)


def show(state: State, exchange: Exchange, content: Json) -> Stored:
    """A message in the exchange's conversation, for its user alone unless it says `in_channel`."""
    private = content.get("response_type", "ephemeral") != "in_channel"
    assert exchange.channel is not None
    thread: Any = content.get("thread_ts")
    only_for = exchange.user if private else None
    stored = state.store(exchange.channel, content, only_for=only_for, thread_ts=thread)
    exchange.show(stored)
    return stored
