"""One row of the delivery ledger, and the rules for when it is late, tried again or left out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from briefs.marking import N_
from scheduler.address import Destination
from scheduler.planner import OUT_OF_TURN, Kind
from scheduler.subscriptions import CatchUp

State = Literal["planned", "sending", "sent", "retrying", "failed", "cancelled", "skipped"]
Series = tuple[int, Kind, str, int]

# A message later than this is called late, and is subject to its subscription's catch-up policy.
LATE_AFTER = timedelta(minutes=5)
BACKOFF = (
    timedelta(seconds=15), timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15),
    timedelta(hours=1),
)  # fmt: skip
# Slack shows a message's metadata in the history some seconds after it was posted (design, part 6).
LOOK_UP_AFTER = timedelta(seconds=30)
# The share of a wait by which full jitter lengthens it.
JITTER = 0.2
# What amends a message that told a date which does not stand any more.
AMENDING = frozenset({"correction", "cancellation"})


@dataclass(frozen=True, slots=True)
class Delivery:
    """One row of the ledger. Instants are aware UTC; what comes from the plan means what it means there.

    `short_key` (16 characters, safe in URLs) is what the platform is asked for: Discord's nonce, part of a
    button's id, Slack's metadata. `text` is what was composed for it, as JSON, at `revision`; a retry
    sends it again. `attempts` counts the present one. `updated_at` is when the present attempt began, or
    when the row was last changed otherwise. `late` says that it starts later than planned.
    `on_wire` says that the platform was called in the present attempt. `next_at` is when the ledger acts
    on it next, if it does. `withdrawn` says that it was cancelled while it was at the platform.
    `amended_by` is the delivery that told its destination that its date does not stand any more.
    `fold` is the key of the message in which it travelled with others; empty, it travelled alone.
    """

    id: int
    key: str
    subscription: int
    kind: Kind
    item: str
    occurrence: int
    lead: str
    announced: str
    due_at: datetime
    destination: Destination
    brief: str
    expires_at: datetime
    catch_up: CatchUp
    state: State
    attempts: int
    short_key: str
    text: str | None
    revision: int | None
    message_id: str | None
    updated_at: datetime
    last_error: str | None
    next_at: datetime | None
    late: bool
    on_wire: bool
    withdrawn: bool
    amended_by: int | None
    fold: str = ""

    @property
    def message_key(self) -> str:
        """What the platform is asked for to find the message in which it stands."""
        return self.fold or self.short_key

    @property
    def amends(self) -> bool:
        """Whether it says that an earlier message does not stand any more."""
        return self.kind in AMENDING

    @property
    def tells(self) -> str:
        """The date that it says stands; empty where it says that none does."""
        return "" if self.kind == "cancellation" else self.announced

    @property
    def series(self) -> Series:
        """What catch-up counts as one row of messages: a digest's runs, or one occurrence's lead times."""
        occurrence = 0 if self.kind == "digest" else self.occurrence
        return self.subscription, self.kind, self.item, occurrence

    @property
    def follows_plan(self) -> bool:
        """Whether a new plan may cancel it; what was asked for out of turn stands on its own."""
        return self.lead != OUT_OF_TURN

    @property
    def at_platform(self) -> bool:
        """Whether the platform has been called and its answer is not known yet."""
        return self.state == "sending" and self.on_wire

    def is_late(self, now: datetime) -> bool:
        """Say whether an attempt at this moment is late."""
        return now - self.due_at > LATE_AFTER

    def wait(self, after: timedelta | None, jitter: float) -> timedelta:
        """How long to wait for the next attempt: as the platform asks, or longer each time."""
        step = BACKOFF[min(max(self.attempts, 1), len(BACKOFF)) - 1] if after is None else after
        return max(step, timedelta(0)) * (1 + JITTER * jitter)

    def look_up_wait(self, now: datetime) -> timedelta:
        """How long to wait for the next look-up: a tenth of the attempt's age, an hour at most."""
        return max(LOOK_UP_AFTER, min((now - self.updated_at) / 10, BACKOFF[-1]))

    def gave_up(self, reason: str) -> str:
        """Say that the attempts ended, and why the last one failed."""
        if self.attempts == 1:
            return N_("gave up after trying once: {reason}", reason=reason)
        return N_("gave up after trying {count} times: {reason}", count=self.attempts, reason=reason)

    def left_out(self, now: datetime, newest: Mapping[Series, datetime]) -> str:
        """Why it is not sent although it is due, or an empty text.

        `newest` holds, for each series, when its newest message that is due by now was due.
        """
        if self.state == "retrying":
            return (
                self.gave_up(self.last_error or N_("no reason was given")) if now >= self.expires_at else ""
            )
        if now >= self.expires_at:
            return N_("it was no longer of use when its turn came")
        if not self.is_late(now) or self.catch_up == "all":
            return ""
        if self.catch_up == "skip":
            return N_("it was late, and its subscription leaves out what is late")
        superseded = newest.get(self.series, self.due_at) > self.due_at
        return N_("it was late, and a newer one was due as well") if superseded else ""
