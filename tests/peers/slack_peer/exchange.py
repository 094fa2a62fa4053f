"""One thing that a user or Slack does, and everything that came back from the bot."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from .errors import ApiError, Json, UnansweredError

Kind = Literal[
    "command", "block_actions", "view_submission", "view_closed", "block_suggestion", "shortcut", "event"
]
OPERATION_TIMEOUT = "operation_timeout"
DISPATCH_FAILED = "dispatch_failed"


class Pulse:
    """Wakes whoever waits for a condition whenever something changed."""

    def __init__(self) -> None:
        self._changed = asyncio.Event()

    def touch(self) -> None:
        """Something changed."""
        self._changed.set()
        self._changed = asyncio.Event()

    async def until(self, ready: Callable[[], bool], timeout: float, what: str) -> None:
        """Wait; raises TimeoutError naming `what` after `timeout` seconds of the wall's clock."""
        try:
            async with asyncio.timeout(timeout):
                while not ready():
                    await self._changed.wait()
        except TimeoutError:
            raise TimeoutError(f"{what} did not happen within {timeout} s") from None


@dataclass
class Stored:
    """A message as the platform keeps it; `payload` is what it shows, its metadata included.

    `notified` names who would be pinged; it is computed for ephemeral messages too, as if they were public.
    """

    channel: str
    payload: Json
    notified: list[str] = field(default_factory=list)
    only_for: str | None = None
    deleted: bool = False
    earlier: list[Json] = field(default_factory=list)

    @property
    def ts(self) -> str:
        """Its timestamp, the message's id in its channel."""
        return str(self.payload["ts"])

    @property
    def ephemeral(self) -> bool:
        """Whether one user alone sees it."""
        return self.only_for is not None


@dataclass(frozen=True)
class Ack:
    """The bot's acknowledgement as it travelled. `status` is 200 for every socket acknowledgement."""

    status: int
    body: Any = None
    no_retry: bool = False


@dataclass(frozen=True)
class Attempt:
    """One delivery to the bot. `raw` and `headers` are set in HTTP mode, `envelope_id` in Socket Mode."""

    number: int
    reason: str | None = None
    envelope_id: str | None = None
    raw: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Exchange:
    """What was sent, and what came back.

    ack: the acknowledgement, None until it came in time. posts: bodies that the response_url took.
    seen: messages and views in the order in which the user saw them. others: messages that appeared meanwhile
    in the same conversation without being an answer by themselves. failure: Slack's own notice to the user.
    `sent_at`, `acked_at` and `visible_at` are `time.perf_counter` readings, for benches.
    """

    kind: Kind
    payload: Json
    user: str
    channel: str | None
    created_at: float
    mode: Literal["socket", "http"] = "socket"
    ack: Ack | None = None
    attempts: list[Attempt] = field(default_factory=list)
    posts: list[Json] = field(default_factory=list)
    seen: list[Stored | Json] = field(default_factory=list)
    views: list[Json] = field(default_factory=list)
    others: list[Stored] = field(default_factory=list)
    refusals: list[ApiError] = field(default_factory=list)
    late_acks: list[Ack] = field(default_factory=list)
    failure: str | None = None
    done: bool = False
    source: Stored | None = None
    sent_at: float = 0.0
    acked_at: float = 0.0
    visible_at: float = 0.0
    pulse: Pulse = field(default_factory=Pulse)

    @property
    def trigger_id(self) -> str:
        """The trigger that opens one view within 3 s."""
        return str(self.payload.get("trigger_id", ""))

    @property
    def response_url(self) -> str:
        """Where 5 answers may be posted within 30 minutes."""
        return str(self.payload.get("response_url", ""))

    @property
    def message(self) -> Stored | None:
        """The message that the user saw last."""
        found = [item for item in self.seen if isinstance(item, Stored)] or self.others
        return found[-1] if found else None

    @property
    def ephemeral(self) -> bool:
        """Whether only this user sees the answer."""
        return self.message is not None and self.message.ephemeral

    def show(self, item: Stored | Json) -> None:
        """The user sees this now."""
        if not self.visible_at:
            self.visible_at = time.perf_counter()
        self.seen.append(item)
        self.pulse.touch()

    def fail(self, notice: str) -> None:
        """The user sees Slack's own failure notice."""
        self.failure = notice
        self.pulse.touch()

    async def acknowledgement(self, timeout: float = 5.0) -> Any:
        """The body of the acknowledgement: JSON, text or None.

        Raises UnansweredError where the user saw a failure notice instead.
        """
        await self._until(
            lambda: self.ack is not None or self.failure is not None, timeout, "no acknowledgement"
        )
        if self.ack is None:
            raise UnansweredError(self._explained(f"the user saw {self.failure}"))
        return self.ack.body

    async def answer(self, timeout: float = 5.0) -> Json:
        """What the user saw last: a message's payload, or a view. Waits for the first thing to be seen."""
        await self._until(self._answered, timeout, "no answer")
        if self.seen:
            last = self.seen[-1]
        elif self.others:
            last = self.others[-1]
        else:
            raise UnansweredError(self._explained(f"the user saw {self.failure}"))
        if isinstance(last, Stored):
            if last.deleted:
                raise UnansweredError("the bot deleted its answer")
            return last.payload
        return last

    def _answered(self) -> bool:
        return bool(self.seen or self.others) or self.failure is not None

    async def shown(self, number: int, timeout: float = 5.0) -> Stored | Json:
        """The nth thing that the user saw, counted from 1."""
        await self._until(lambda: len(self.seen) >= number, timeout, f"no answer number {number}")
        return self.seen[number - 1]

    async def view(self, timeout: float = 5.0) -> Json:
        """The view that the bot opened, pushed, updated or published last."""
        await self._until(lambda: bool(self.views) or self.failure is not None, timeout, "no view")
        if not self.views:
            raise UnansweredError(self._explained(f"the user saw {self.failure}"))
        return self.views[-1]

    async def suggestions(self, timeout: float = 5.0) -> list[Json]:
        """The options with which a block_suggestion was answered, those of its groups included."""
        body = await self.acknowledgement(timeout)
        await self._until(lambda: self.done, timeout, "no suggestions")
        if self.failure is not None:
            raise UnansweredError(self._explained(f"the select showed {self.failure}"))
        groups = body.get("option_groups") or []
        return [*body.get("options", []), *(option for group in groups for option in group["options"])]

    async def finished(self, timeout: float = 5.0) -> None:
        """Wait until nothing more is delivered to the bot for this exchange: acknowledged, or given up."""
        await self._until(lambda: self.done, timeout, "no end")

    async def _until(self, ready: Callable[[], bool], timeout: float, what: str) -> None:
        try:
            await self.pulse.until(ready, timeout, what)
        except TimeoutError:
            raise TimeoutError(self._explained(f"{what} within {timeout} s")) from None

    def _explained(self, fact: str) -> str:
        refused = "; ".join(map(str, self.refusals))
        asked = f"{self.payload.get('command', '')} {self.payload.get('text', '')}".strip() or self.kind
        return f"{asked!r}: {fact}" + (f"; the platform refused: {refused}" if refused else "")
