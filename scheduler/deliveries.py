"""The delivery ledger: each message to each destination, from plan to proof; its table `deliveries`.

States and what leads from one to the next:

    planned  -> sending | cancelled | skipped | failed
    sending  -> sent | retrying | failed | skipped | (before the platform was called) planned, cancelled
    retrying -> sending | planned | cancelled | failed
    cancelled -> planned
    failed   -> (when an admin says so) retrying, sending | skipped

`sending` is stored before the platform is called and `sent` after it, so that a crash between the two
leaves a row that is looked up before anything is sent again. Nothing leads out of `sent`.
"""

import secrets
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from briefs.library import Transaction, Value, to_millis
from briefs.marking import N_
from scheduler.address import Person
from scheduler.attempts import Attempts
from scheduler.delivery import LOOK_UP_AFTER, Delivery, State
from scheduler.delivery_folds import Folds
from scheduler.delivery_table import PLANNED_COLUMNS, among
from scheduler.delivery_turns import BATCH, DeliveryTurns
from scheduler.outcomes import Doubtful, Needless, Outcome, Refused, Retry, Sent
from scheduler.planner import NO_QUIET, Planned, Quiet
from scheduler.subscriptions import Subscription

__all__ = [
    "BATCH", "Deliveries", "Delivery", "Doubtful", "Needless", "Outcome", "Refused", "Replanned", "Retry",
    "Sent", "State",
]  # fmt: skip

# So much longer an admin's wish gives a delivery that failed.
ANOTHER_DAY = timedelta(days=1)
# Reasons that the statements below write by themselves.
_WRITTEN_BY_SQL = (
    N_("the bot stopped before the platform was called"),
    N_("the bot stopped before the platform answered"),
    N_("its destination refuses messages"),
    N_("dismissed by {by}; before, {reason}"),
    N_("dismissed; before, {reason}"),
)


class Replanned(NamedTuple):
    """How many deliveries a new plan added, changed and cancelled."""

    added: int
    changed: int
    cancelled: int


class Deliveries(DeliveryTurns):
    """The ledger. Each operation is part of the caller's transaction."""

    def __init__(self) -> None:
        super().__init__()
        self.attempts = Attempts()
        self.folds = Folds()

    async def replan(
        self,
        tx: Transaction,
        planned: Iterable[Planned],
        subscriptions: Sequence[Subscription],
        unsent: Sequence[Delivery],
        now: datetime,
        until: datetime,
        quiet: Quiet = NO_QUIET,
    ) -> Replanned:
        """Bring the unsent deliveries of some subscriptions in line with their plan up to `until`.

        `unsent` is what `open` gives for them; the plan has to begin no later than the first of it. New messages
        are added if they are due from now on, or since the end of the subscription's last plan, which lies in the
        past only after a long downtime. What is no longer planned is cancelled; what was sent, or is at the
        platform now, is left alone. Doing it twice changes nothing.
        """
        wanted = {each.key: each for each in planned}
        opens = {each.id: min(now, each.planned_until or now) for each in subscriptions}
        known = {each.key: each for each in unsent}
        added = [each for each in wanted.values() if each.key not in known and _opened(each, opens)]
        changed = [(known[key], each) for key, each in wanted.items() if key in known]
        changed = [pair for pair in changed if not _is_at_work(*pair, now)]
        stale = [
            each for key, each in known.items()
            if key not in wanted and each.due_at < until and each.follows_plan
        ]  # fmt: skip
        paused = {each.id for each in subscriptions if each.paused}
        return Replanned(
            await self._add(tx, added, now),
            await self._change(tx, [pair for pair in changed if _differs(*pair)], now),
            sum([await self._cancel(tx, some, now, why) for why, some in _reasons(stale, paused, quiet)]),
        )

    async def add(self, tx: Transaction, planned: Planned, now: datetime) -> bool:
        """Add one message to the ledger; False where it is known already."""
        return await self._add(tx, [planned], now) > 0

    async def cancel(self, tx: Transaction, subscription: int, now: datetime, reason: str) -> list[Delivery]:
        """Cancel what is unsent of a subscription; return those that the platform has been called for.

        No platform call starts for it once the transaction is committed: `compose` refuses. One in doubt
        is still looked up, and not sent again.
        """
        unsent = await self.open(tx, [subscription])
        await self._cancel(tx, unsent, now, reason)
        await tx.execute("UPDATE deliveries SET mark_at = NULL WHERE subscription = ?", subscription)
        return [each for each in unsent if each.at_platform]

    async def compose(
        self, tx: Transaction, id: int, text: str, revision: int, attempt: int | None = None
    ) -> bool:
        """Store what is about to be sent; call the platform once this is committed, and only if it is True.

        It is False where the delivery was cancelled or put off meanwhile, or where `attempt` is not the
        present one: another process took it, since this one was cut off from the database. Each attempt calls
        it, a retry with the text that is stored.
        """
        count = await tx.execute(
            "UPDATE deliveries SET text = ?, revision = ?, on_wire = 1"
            " WHERE id = ? AND state = 'sending' AND next_at IS NULL AND (attempts = ? OR ? = 0)",
            text, revision, id, attempt or 0, attempt or 0,
        )  # fmt: skip
        return count > 0

    async def confirm(
        self, tx: Transaction, id: int, outcome: Outcome, now: datetime, jitter: float = 0.0,
        attempt: int | None = None,
    ) -> State:  # fmt: skip
        """Store what became of an attempt; return the state that it leads to.

        `jitter` (0 to 1) spreads the retries. Where another process made a later attempt than `attempt`
        meanwhile, what this one knows counts only if it arrived. An attempt in doubt stays in sending until it
        is looked up; one that never reached the platform is simply tried again. A refusal that reaches further than the
        message stops its destination, where the message then waits.
        """
        each = await self._at_work(tx, id, outcome, now)
        if each is None or each.state != "sending":
            return each.state if each else "cancelled"
        if attempt not in (None, each.attempts) and not isinstance(outcome, Sent):
            return each.state
        match outcome:
            case Sent(message_id):
                return await self._arrived(tx, each, message_id, now)
            case Refused(reason, reach) if reach != "message":
                await self.stops.add(tx, each.destination, reach, reason, now)
                return await self._try_later(tx, each, now, timedelta(0), reason)
            case Refused(reason):
                return await self._settle(tx, each, "failed", now, reason)
            case Needless(reason):
                return await self._settle(tx, each, "skipped", now, reason)
            case Doubtful(reason, after) if each.on_wire:
                return await self._look_later(tx, each, now, after or each.look_up_wait(now), reason)
            case Doubtful(reason, after) | Retry(reason, after):
                return await self._try_later(tx, each, now, each.wait(after, jitter), reason)

    async def resolve(self, tx: Transaction, id: int, found: Outcome, now: datetime) -> State:
        """Store what a look-up of a delivery in doubt found; return the state that it leads to.

        What is certainly not there is sent again at once; what can never be looked up fails, still in doubt.
        """
        each = await self._at_work(tx, id, found, now)
        if each is None or each.state != "sending":
            return each.state if each else "cancelled"
        match found:
            case Sent(message_id):
                return await self._arrived(tx, each, message_id, now)
            case Retry(reason, after):
                return await self._try_later(tx, each, now, after or timedelta(0), reason)
            case Doubtful(reason, after):
                return await self._look_later(tx, each, now, after or each.look_up_wait(now), reason)
            case Refused(reason) | Needless(reason):
                why = N_("whether it arrived could not be found out: {reason}", reason=reason)
                return await self._settle(tx, each, "failed", now, why, in_doubt=True)

    async def recover(self, tx: Transaction, now: datetime, living: Collection[int] = ()) -> int:
        """Release what a dead process claimed but never sent, and put the rest up for look-up.

        At a start every process is dead but those of `living`, which share the database.

        The last attempt may have reached the platform a moment ago, and Slack shows a message's metadata
        only after some seconds, so the look-up waits. One that waited already keeps its turn, or a bot
        that is restarted every few seconds would never look. Returns how many deliveries the last process
        was at work on.
        """
        at = to_millis(now)
        await self.attempts.interrupted(tx, now, living)
        dead = f"NOT {among('holder', living)}" if living else "1 = 1"
        await tx.execute(
            "UPDATE deliveries SET state = 'retrying', next_at = ?, updated_at = ?,"  # noqa: S608
            " last_error = 'the bot stopped before the platform was called'"
            f" WHERE state = 'sending' AND on_wire = 0 AND next_at IS NULL AND {dead}",
            at, at, *living,
        )  # fmt: skip
        return await tx.execute(
            "UPDATE deliveries SET next_at = ?, last_error = 'the bot stopped before the platform answered'"  # noqa: S608
            f" WHERE state = 'sending' AND next_at IS NULL AND {dead}",
            to_millis(now + LOOK_UP_AFTER), *living,
        )  # fmt: skip

    async def orphaned(self, tx: Transaction, living: Collection[int]) -> bool:
        """Whether a process that is dead is at work on something."""
        found = await self.where(
            tx, f"state = 'sending' AND next_at IS NULL AND NOT {among('holder', living)}", *living, limit=1
        )
        return bool(found)

    async def try_again(self, tx: Transaction, id: int, now: datetime) -> bool:
        """Give a delivery that failed for good another day; False where it is none.

        One whose arrival could not be found out is looked up first.
        """
        count = await tx.execute(
            "UPDATE deliveries SET state = CASE on_wire WHEN 1 THEN 'sending' ELSE 'retrying' END,"
            " next_at = ?, expires_at = ?, updated_at = ? WHERE id = ? AND state = 'failed'",
            to_millis(now), to_millis(now + ANOTHER_DAY), to_millis(now), id,
        )  # fmt: skip
        return count > 0

    async def dismiss(self, tx: Transaction, id: int, now: datetime, by: str) -> bool:
        """Take a delivery that failed for good off the list; False where it is none."""
        count = await tx.execute(
            "UPDATE deliveries SET state = 'skipped', last_error = ? || last_error, updated_at = ?"
            " WHERE id = ? AND state = 'failed'",
            f"dismissed by {by}; before, ", to_millis(now), id,
        )  # fmt: skip
        return count > 0

    async def unname(self, tx: Transaction, person: Person) -> int:
        """Forget that a person dismissed something; return how many deliveries that was."""
        named, unnamed = f"dismissed by {person};", "dismissed;"
        return await tx.execute(
            "UPDATE deliveries SET last_error = ? || substr(last_error, ?) WHERE state = 'skipped'"
            " AND substr(last_error, 1, ?) = ?",
            unnamed, len(named) + 1, len(named), named,
        )  # fmt: skip

    async def _add(self, tx: Transaction, added: Sequence[Planned], now: datetime) -> int:
        """Insert rows; one that was cancelled comes back to life, any other of the same key stays."""
        return await tx.execute_many(
            f"INSERT INTO deliveries ({PLANNED_COLUMNS}, state, attempts, short_key, updated_at, next_at,"  # noqa: S608
            " late, on_wire, withdrawn)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'planned', 0, ?, ?, ?, 0, 0, 0)"
            " ON CONFLICT (key) DO UPDATE SET state = 'planned', attempts = 0, due_at = excluded.due_at,"
            " destination = excluded.destination, brief = excluded.brief, expires_at = excluded.expires_at,"
            " catch_up = excluded.catch_up, text = NULL, revision = NULL, last_error = NULL, withdrawn = 0,"
            " updated_at = excluded.updated_at, next_at = excluded.next_at"
            " WHERE deliveries.state = 'cancelled'",
            [
                (*_values(each), secrets.token_urlsafe(12), to_millis(now), to_millis(each.due))
                for each in added
            ],
        )

    async def _change(
        self, tx: Transaction, changed: Sequence[tuple[Delivery, Planned]], now: datetime
    ) -> int:
        """Move rows to their new instant and destination.

        A row that is to be tried again keeps its turn, unless it was put off to a later instant. What is at
        the platform now stays as it is.
        """
        back = [(old.id,) for old, _ in changed if old.withdrawn]
        await tx.execute_many("UPDATE deliveries SET withdrawn = 0 WHERE id = ?", back)
        return await tx.execute_many(
            "UPDATE deliveries SET due_at = ?, brief = ?, expires_at = ?, catch_up = ?,"
            " text = CASE WHEN destination = ? THEN text ELSE NULL END, destination = ?,"
            " next_at = ?, state = ?, updated_at = ? WHERE id = ?",
            [
                (
                    to_millis(new.due), new.brief, to_millis(_expiry(old, new)), new.catch_up,
                    str(new.destination), str(new.destination), *_turn(old, new, now), to_millis(now), old.id,
                )
                for old, new in changed
                if not old.at_platform
            ],
        )  # fmt: skip

    async def _cancel(self, tx: Transaction, stale: Sequence[Delivery], now: datetime, reason: str) -> int:
        """Cancel rows; one that is at the platform now is only withdrawn, so that it is not tried again."""
        await tx.execute_many(
            "UPDATE deliveries SET withdrawn = 1 WHERE id = ?",
            [(each.id,) for each in stale if each.at_platform],
        )
        unsent = [each.id for each in stale if not each.at_platform]
        if not unsent:
            return 0
        return await tx.execute(
            "UPDATE deliveries SET state = 'cancelled', next_at = NULL, last_error = ?, updated_at = ?"  # noqa: S608
            f" WHERE {among('id', unsent)}",
            reason, to_millis(now), *unsent,
        )  # fmt: skip

    async def _at_work(self, tx: Transaction, id: int, outcome: Outcome, now: datetime) -> Delivery | None:
        """Note what an attempt or a look-up led to; return the delivery as it was until now."""
        each = await self.get(tx, id)
        if each is not None:
            await self.attempts.add(tx, each.id, each.attempts, outcome, now)
        return each

    async def _arrived(self, tx: Transaction, each: Delivery, message_id: str, now: datetime) -> State:
        """Settle it; what told its destination otherwise is put up for marking, marked before or not."""
        if each.amends:
            await tx.execute(
                "UPDATE deliveries SET amended_by = ?, mark_at = ? WHERE destination = ? AND brief = ?"
                " AND item = ? AND occurrence = ? AND kind <> 'digest' AND state = 'sent' AND id <> ?"
                " AND (amended_by IS NOT NULL OR CASE kind WHEN 'cancellation' THEN '' ELSE announced END <> ?)",
                each.id, to_millis(now), str(each.destination), each.brief, each.item, each.occurrence,
                each.id, each.tells,
            )  # fmt: skip
        return await self._settle(tx, each, "sent", now, None, message_id)

    async def _settle(
        self, tx: Transaction, each: Delivery, state: State, now: datetime, reason: str | None,
        message_id: str | None = None, *, in_doubt: bool = False,
    ) -> State:  # fmt: skip
        await tx.execute(
            "UPDATE deliveries SET state = ?, next_at = NULL, last_error = ?, message_id = ?, updated_at = ?,"
            " on_wire = ? WHERE id = ?",
            state, reason, message_id, to_millis(now), int(in_doubt), each.id,
        )  # fmt: skip
        return state

    async def _try_later(
        self, tx: Transaction, each: Delivery, now: datetime, wait: timedelta, reason: str
    ) -> State:
        if each.withdrawn:
            return await self._settle(
                tx, each, "cancelled", now, N_("no longer planned; before, {reason}", reason=reason)
            )
        if now + wait >= each.expires_at:
            return await self._settle(tx, each, "failed", now, each.gave_up(reason))
        await tx.execute(
            "UPDATE deliveries SET state = 'retrying', next_at = ?, last_error = ?, updated_at = ?,"
            " on_wire = 0 WHERE id = ?",
            to_millis(now + wait), reason, to_millis(now), each.id,
        )  # fmt: skip
        return "retrying"

    async def _look_later(
        self, tx: Transaction, each: Delivery, now: datetime, wait: timedelta, reason: str
    ) -> State:
        if now >= each.expires_at:
            why = N_("whether it arrived could not be found out in time: {reason}", reason=reason)
            return await self._settle(tx, each, "failed", now, why, in_doubt=True)
        await tx.execute(
            "UPDATE deliveries SET next_at = ?, last_error = ? WHERE id = ?",
            to_millis(now + wait), reason, each.id,
        )  # fmt: skip
        return "sending"


def _reasons(
    stale: Sequence[Delivery], paused: Collection[int], quiet: Quiet
) -> list[tuple[str, list[Delivery]]]:
    """Why deliveries are planned no longer, with those that each reason is true of."""
    found: dict[str, list[Delivery]] = {}
    for each in stale:
        muted = each.due_at < quiet.get(each.destination, each.due_at)
        why = N_("the subscription was paused") if each.subscription in paused else N_("no longer planned")
        found.setdefault(N_("the person had muted the bot") if muted else why, []).append(each)
    return list(found.items())


def _opened(each: Planned, opens: dict[int, datetime]) -> bool:
    return each.subscription in opens and each.due >= opens[each.subscription]


def _is_at_work(old: Delivery, new: Planned, now: datetime) -> bool:
    """Whether both are the same amendment, due already: it is planned for the moment of each new plan."""
    return old.amends and not old.withdrawn and old.due_at <= now and new.due <= now


def _differs(old: Delivery, new: Planned) -> bool:
    moved = to_millis(old.due_at) != to_millis(new.due) or old.destination != new.destination
    changed = to_millis(old.expires_at) != to_millis(_expiry(old, new)) or old.catch_up != new.catch_up
    return moved or changed or old.brief != new.brief or old.withdrawn


def _expiry(old: Delivery, new: Planned) -> datetime:
    # An admin may have given what failed another day, beyond the use that the plan sees in it.
    return max(old.expires_at, new.expires) if old.state == "retrying" else new.expires


def _turn(old: Delivery, new: Planned, now: datetime) -> tuple[int | None, State]:
    # What was claimed but is not at the platform yet is claimed again, since its claimant knows the old place.
    if old.state != "retrying" or new.due > now:
        return to_millis(new.due), "planned"
    return None if old.next_at is None else to_millis(old.next_at), old.state


def _values(each: Planned) -> tuple[Value, ...]:
    return (
        each.key, each.subscription, each.kind, each.item, each.occurrence, each.lead, each.announced,
        to_millis(each.due), str(each.destination), each.brief, to_millis(each.expires), each.catch_up,
    )  # fmt: skip
