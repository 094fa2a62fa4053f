"""Folds: deliveries that travel in one message. Each stays a row of its own, with an outcome of its own."""

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Sequence
from itertools import groupby

from briefs.library import Transaction
from scheduler.address import Destination
from scheduler.delivery import Delivery
from scheduler.delivery_table import DeliveryTable

# A digest fills a message by itself.
FOLDED = frozenset({"reminder", "correction", "cancellation"})
_KEY_BYTES = 12


class Folds(DeliveryTable):
    """Which deliveries stand in one message. Each operation is part of the caller's transaction."""

    async def note(self, tx: Transaction, members: Sequence[Delivery]) -> str:
        """Note that deliveries which are about to be sent travel in one message; return its key.

        To be called in the transaction that notes them as being at the platform.
        """
        key = message_key(members)
        fold = key if len(members) > 1 else ""
        changed = [(fold, each.id) for each in members if each.fold != fold]
        await tx.execute_many("UPDATE deliveries SET fold = ? WHERE id = ?", changed)
        return key

    async def of(self, tx: Transaction, each: Delivery) -> list[Delivery]:
        """Every delivery that stands in the message of one, in their order there, that one among them."""
        return await self.where(tx, "fold = ?", each.fold) if each.fold else [each]


def message_key(members: Sequence[Delivery]) -> str:
    """The key under which a platform finds a message again, the same for the same deliveries only.

    With another set it is another key: Discord, which gives back an earlier message under a key that it knows,
    never takes one that tells less for one that tells more.
    """
    if len(members) == 1:
        return members[0].short_key
    digest = hashlib.sha256("|".join(sorted(each.short_key for each in members)).encode()).digest()
    return urlsafe_b64encode(digest[:_KEY_BYTES]).decode()


def folded(due: Iterable[Delivery]) -> list[list[Delivery]]:
    """Group what is due into what may stand in one message.

    That is what follows one another at a destination, is of one kind, was due in one minute, and is late or on
    time alike. The order at each destination is kept.
    """
    at: dict[Destination, list[Delivery]] = {}
    for each in due:
        at.setdefault(each.destination, []).append(each)
    return [list(some) for there in at.values() for _, some in groupby(there, _alike)]


def under_one_key(doubts: Iterable[Delivery]) -> list[list[Delivery]]:
    """Group deliveries in doubt by the message in which they may have arrived: one look-up tells of all of it."""
    by_key: dict[tuple[Destination, str], list[Delivery]] = {}
    for each in doubts:
        by_key.setdefault((each.destination, each.message_key), []).append(each)
    return list(by_key.values())


def _alike(each: Delivery) -> tuple[object, ...]:
    alone = None if each.kind in FOLDED else each.id
    minute = each.due_at.replace(second=0, microsecond=0)
    return each.kind, minute, each.late, alone
