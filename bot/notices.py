"""Notices to the admins: each told once to each of them, by direct message."""

import asyncio
import functools
import hashlib
import logging
from collections.abc import Awaitable, Callable, Collection, Coroutine, Iterable, Mapping
from datetime import datetime
from typing import Any

from bot.adapter import Adapter
from bot.facts import Facts
from briefs.library import Store
from commands.dispatch import Dispatcher
from commands.model import Call, Caller, Reply
from commands.pages import one_message
from scheduler.address import Person
from scheduler.outcomes import Doubtful, Refused, Retry, Sent

log = logging.getLogger(__name__)
# Seconds between attempts: a start finds the platforms connecting, an outage may last for an hour.
PAUSES = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0, *[60.0] * 60)
Carry = Callable[[], Coroutine[Any, Any, None]]


class Notices:
    """Tells admins what needs them. A notice that cannot be sent now is tried again for an hour."""

    def __init__(
        self, store: Store, facts: Facts, adapters: Mapping[str, Adapter], admins: Iterable[Person],
        clock: Callable[[], datetime],
    ) -> None:  # fmt: skip
        self._store, self._facts, self._adapters = store, facts, adapters
        self._admins = tuple(admins)
        self._clock = clock
        self._sending: set[asyncio.Task[None]] = set()
        self._early: list[tuple[Person, Carry]] | None = []
        self.dispatcher: Dispatcher | None = None

    async def keyed(self, admin: Person, reply: Reply) -> Reply:
        """Make one message of a notice, with buttons that work."""
        whole = one_message(reply)
        if self.dispatcher is None or not whole.actions:
            return whole
        return await self.dispatcher.keyed(
            Call("notice", Caller(admin, ""), admin.inbox, self._clock()), whole
        )

    def tell(
        self,
        name: str,
        reply: Reply,
        then: Callable[[], Awaitable[None]] | None = None,
        also: Iterable[Person] = (),
        but: Collection[Person] = (),
    ) -> None:
        """Tell every admin, unless they were told under this name already; `then` runs when one was.

        `also` are people whom it concerns as well, `but` are accounts of one who knows. What is told before
        `begin` waits for it.
        """
        for admin in sorted({*self._admins, *also} - set(but)):
            self.tell_one(admin, name, reply, then)

    def tell_one(
        self, who: Person, name: str, reply: Reply, then: Callable[[], Awaitable[None]] | None = None
    ) -> None:
        """Tell one person, unless they were told under this name already."""
        carry = functools.partial(self._carry, who, name, reply, then)
        if self._early is None:
            self._start(who, carry)
        else:
            self._early.append((who, carry))

    def begin(self) -> None:
        """Send from now on: every platform that has a token is there."""
        early, self._early = self._early or [], None
        for admin, carry in early:
            self._start(admin, carry)

    def _start(self, admin: Person, carry: Carry) -> None:
        if admin.platform in self._adapters:
            task = asyncio.create_task(carry())
            self._sending.add(task)
            task.add_done_callback(self._sending.discard)

    async def close(self) -> None:
        """Stop trying."""
        for task in self._sending:
            task.cancel()
        await asyncio.gather(*self._sending, return_exceptions=True)

    async def _carry(
        self, admin: Person, name: str, reply: Reply, then: Callable[[], Awaitable[None]] | None
    ) -> None:
        fact = f"told {admin}: {name}"
        key = hashlib.sha256(fact.encode()).hexdigest()[:16]
        for pause in PAUSES:
            async with self._store.reading() as tx:
                if await self._facts.get(tx, fact):
                    return
            outcome = await self._adapters[admin.platform].send(
                admin.inbox, await self.keyed(admin, reply), key
            )
            match outcome:
                case Sent():
                    async with self._store.transaction() as tx:
                        await self._facts.set(tx, fact, self._clock().isoformat())
                    if then is not None:
                        await then()
                    return
                case Refused(reason):
                    log.error(
                        "admin %s could not be told (%s): %s", admin, reason, reply.summary or reply.title
                    )
                    return
            asked = outcome.after if isinstance(outcome, Retry | Doubtful) else None
            await asyncio.sleep(max(pause, asked.total_seconds() if asked else 0.0))
        log.error("admin %s could not be told within an hour: %s", admin, reply.summary or reply.title)
