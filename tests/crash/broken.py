"""Ledgers that are broken on purpose, as reminder bots in the field are. The harness has to catch each.

They are made of the ledger's own operations and of statements on its table; the product has none of them.
"""

from collections.abc import Collection
from datetime import datetime

from briefs.library import Transaction, to_millis
from scheduler.address import Destination
from scheduler.deliveries import BATCH, Deliveries, Delivery, Doubtful, Outcome, Retry, Sent, State


class ClaimAfterSend(Deliveries):
    """Stores that a delivery was begun only once the platform has answered."""

    def __init__(self) -> None:
        super().__init__()
        self._held: set[int] = set()

    async def claim(
        self, tx: Transaction, now: datetime, limit: int = BATCH, busy: Collection[Destination] = ()
    ) -> list[Delivery]:
        """Take what is due, and leave no trace of it."""
        await tx.execute("SAVEPOINT untouched")
        taken = await super().claim(tx, now, limit + len(self._held), busy)
        await tx.execute("ROLLBACK TO untouched")
        fresh = [each for each in taken if each.id not in self._held][:limit]
        self._held.update(each.id for each in fresh)
        return fresh

    async def compose(
        self, tx: Transaction, id: int, text: str, revision: int, attempt: int | None = None
    ) -> bool:
        """Store nothing."""
        return True

    async def confirm(
        self, tx: Transaction, id: int, outcome: Outcome, now: datetime, jitter: float = 0.0,
        attempt: int | None = None,
    ) -> State:  # fmt: skip
        """Store the beginning and the end at once."""
        await tx.execute(
            "UPDATE deliveries SET state = 'sending', next_at = NULL, on_wire = 1 WHERE id = ?", id
        )
        state = await super().confirm(tx, id, outcome, now, jitter)
        self._held.discard(id)
        return state


class DeleteBeforeSend(Deliveries):
    """Takes the row out of the ledger before the platform is called."""

    async def compose(
        self, tx: Transaction, id: int, text: str, revision: int, attempt: int | None = None
    ) -> bool:
        """Delete what is about to be sent."""
        found = await super().compose(tx, id, text, revision, attempt)
        await tx.execute("DELETE FROM deliveries WHERE id = ?", id)
        return found


class SendAgainBlindly(Deliveries):
    """Sends again what is in doubt, without looking for it."""

    async def recover(self, tx: Transaction, now: datetime, living: Collection[int] = ()) -> int:
        """Put everything that was under way up for sending."""
        await super().recover(tx, now, living)
        await tx.execute("UPDATE deliveries SET state = 'retrying' WHERE state = 'sending'")
        return 0

    async def confirm(
        self, tx: Transaction, id: int, outcome: Outcome, now: datetime, jitter: float = 0.0,
        attempt: int | None = None,
    ) -> State:  # fmt: skip
        """Take doubt for failure."""
        if isinstance(outcome, Doubtful):
            outcome = Retry(outcome.reason, outcome.after)
        return await super().confirm(tx, id, outcome, now, jitter, attempt)


class BelieveBlindly(Deliveries):
    """Takes what is in doubt for sent, without looking for it."""

    async def recover(self, tx: Transaction, now: datetime, living: Collection[int] = ()) -> int:
        """Mark everything that was under way as sent."""
        await super().recover(tx, now, living)
        await tx.execute("UPDATE deliveries SET state = 'sent', next_at = NULL WHERE state = 'sending'")
        return 0

    async def confirm(
        self, tx: Transaction, id: int, outcome: Outcome, now: datetime, jitter: float = 0.0,
        attempt: int | None = None,
    ) -> State:  # fmt: skip
        """Take doubt for success."""
        found = Sent("unknown") if isinstance(outcome, Doubtful) else outcome
        return await super().confirm(tx, id, found, now, jitter, attempt)


class NeverCorrect(Deliveries):
    """Forgets which dates it told."""

    async def told(
        self, tx: Transaction, brief: str, destinations: Collection[Destination]
    ) -> list[Delivery]:
        """Know of nothing."""
        return []


class CorrectAtOnce(Deliveries):
    """Corrects a date while it is in doubt what was told of it."""

    async def claim(
        self, tx: Transaction, now: datetime, limit: int = BATCH, busy: Collection[Destination] = ()
    ) -> list[Delivery]:
        """Take amendments that wait, too."""
        taken = await super().claim(tx, now, limit, busy)
        held = await self.where(
            tx, "kind IN ('correction', 'cancellation') AND state IN ('planned', 'retrying') AND next_at <= ?",
            to_millis(now),
        )  # fmt: skip
        return [*taken, *await self._take(tx, [each.id for each in held], now)]


class NeverMark(Deliveries):
    """Leaves old messages as they were."""

    async def claim_marks(self, tx: Transaction, now: datetime, limit: int = BATCH) -> list[Delivery]:
        """Find nothing to mark."""
        return []


LEDGERS: dict[str, type[Deliveries]] = {
    "sound": Deliveries,
    "claim-after-send": ClaimAfterSend,
    "delete-before-send": DeleteBeforeSend,
    "send-again-blindly": SendAgainBlindly,
    "believe-blindly": BelieveBlindly,
    "never-correct": NeverCorrect,
    "correct-at-once": CorrectAtOnce,
    "never-mark": NeverMark,
}
BROKEN = tuple(name for name in LEDGERS if name != "sound")
