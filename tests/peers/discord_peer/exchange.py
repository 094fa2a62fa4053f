"""One interaction from the user's side: what was asked, and everything that came back."""

from __future__ import annotations

import asyncio
import copy
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from .errors import ApiError, Json
from .state import State, Stored

COMMAND, COMPONENT, COMPLETION, MODAL_SUBMIT = 2, 3, 4, 5
MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9


@dataclass
class Exchange:
    """An interaction and its answer.

    `callback` is the bot's first response (`type`, `data`), `refusals` what the platform refused meanwhile.
    `sent_at`, `called_back_at` and `visible_at` are `time.perf_counter` readings, for benches.
    """

    state: State
    payload: Json
    user_id: str
    created_at: float
    callback: Json | None = None
    original: Stored | None = None
    followups: list[Stored] = field(default_factory=list)
    loading: bool = False
    deleted: bool = False
    refusals: list[ApiError] = field(default_factory=list)
    sent_at: float = 0.0
    called_back_at: float = 0.0
    visible_at: float = 0.0
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def id(self) -> str:
        """The interaction's snowflake."""
        return str(self.payload["id"])

    @property
    def token(self) -> str:
        """The token of its webhook."""
        return str(self.payload["token"])

    @property
    def kind(self) -> int:
        """2 command, 3 component, 4 completion, 5 modal submit."""
        return int(self.payload["type"])

    @property
    def ephemeral(self) -> bool:
        """Whether only the caller sees the answer."""
        return self.original is not None and self.original.only_for is not None

    def touch(self) -> None:
        """Wakes whoever waits for this exchange."""
        if self.is_answered() and not self.visible_at:
            self.visible_at = time.perf_counter()
        self._changed.set()
        self._changed = asyncio.Event()

    def is_answered(self) -> bool:
        """Whether the user sees an answer, not only that the bot is thinking."""
        return self.callback is not None and not self.loading

    async def first_response(self, timeout: float = 5.0) -> Json:
        """The callback as the bot sent it: `{"type": …, "data": …}`."""
        await self._until(lambda: self.callback is not None, timeout)
        assert self.callback is not None
        return self.callback

    async def answer(self, timeout: float = 5.0) -> Json:
        """What the user finally sees: the message's payload, or the data of a modal or of choices."""
        await self._until(self.is_answered, timeout)
        assert self.callback is not None
        if self.callback["type"] in (CHOICES, MODAL):
            return dict(self.callback["data"])
        if self.original is None:
            raise LookupError("the bot deleted its answer")
        return copy.deepcopy(self.original.payload)

    async def next_followup(self, number: int = 1, timeout: float = 5.0) -> Json:
        """The payload of the nth follow-up message."""
        await self._until(lambda: len(self.followups) >= number, timeout)
        return copy.deepcopy(self.followups[number - 1].payload)

    async def _until(self, ready: Callable[[], bool], timeout: float) -> None:
        try:
            async with asyncio.timeout(timeout):
                while not ready():
                    await self._changed.wait()
        except TimeoutError:
            refused = "; ".join(str(error.body) for error in self.refusals)
            asked = self.payload["data"].get("name") or self.payload["data"].get("custom_id")
            raise TimeoutError(
                f"the bot did not answer {asked!r} within {timeout} s"
                + (f"; the platform refused: {refused}" if refused else "")
            ) from None
