"""Slack's Web API at its pace."""

import asyncio
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.pacing import Pacer, Turn
from bot.slack_adapter.limits import A_SECOND, Limits
from bot.slack_adapter.refusals import after, code

LIMITED = frozenset({"ratelimited", "rate_limited"})


class PacedClient(AsyncWebClient):
    """A client whose every call waits for its turn; it repeats what was refused for its rate, and nothing else.

    `urgent` calls are people's and go before bulk. `again` is how often a refused call is repeated.
    """

    def __init__(self, pacer: Pacer, limits: Limits, *, urgent: bool, again: int, **more: Any) -> None:
        super().__init__(retry_handlers=[], **more)
        self._pacer, self._limits = pacer, limits
        self._urgent, self._again = urgent, again

    async def turn(self, method: str, channel: str, composes: bool = False) -> Turn:
        """Wait until a call fits; whoever has the turn ends it, and composes what is sent in it."""
        return await self._pacer.take(self._limits.of(method, channel, _now()), self._urgent, composes)

    async def api_call(self, api_method: str, *, turn: Turn | None = None, **more: Any) -> AsyncSlackResponse:
        """Call a method. `turn` is one taken before for it."""
        channel = _channel(more)
        for left in range(self._again, -1, -1):
            before, taken = turn, turn or await self.turn(api_method, channel)
            turn = None
            try:
                await taken.open()
                answer = await self._call(api_method, more)
                if before is not None:
                    before.answered(_now())
                return answer
            except SlackApiError as refusal:
                if code(refusal) not in LIMITED:
                    raise
                wait = after(refusal)
                seconds = wait.total_seconds() if wait else A_SECOND
                self._limits.refused(api_method, channel, seconds, _now())
                if not left:
                    raise
            finally:
                taken.end()
        raise AssertionError("the last call either answers or raises")

    async def _call(self, method: str, more: dict[str, Any]) -> AsyncSlackResponse:
        began = _now()
        answer = await super().api_call(method, **more)
        self._pacer.trip.took(_now() - began)
        return answer


def _channel(more: dict[str, Any]) -> str:
    arguments = more.get("json") or more.get("params") or more.get("data") or {}
    return str(arguments.get("channel") or "") if isinstance(arguments, dict) else ""


def _now() -> float:
    return asyncio.get_running_loop().time()
