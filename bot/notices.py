"""Notices to the admins: each told once to each of them, by direct message."""

import asyncio
import hashlib
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import datetime

from bot.adapter import Adapter
from bot.facts import Facts
from briefs.library import Store
from commands.dispatch import Dispatcher
from commands.model import Call, Caller, Reply
from commands.pages import one_message
from scheduler.address import Person
from scheduler.outcomes import Refused, Sent

log = logging.getLogger(__name__)
AGAIN_AFTER = 60.0
ATTEMPTS = 60


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
        but: Person | None = None,
    ) -> None:
        """Tell every admin, unless they were told under this name already; `then` runs when one was.

        `also` are people whom it concerns as well, `but` is one who knows.
        """
        for admin in sorted({*self._admins, *also} - {but}):
            if admin.platform in self._adapters:
                task = asyncio.create_task(self._carry(admin, name, reply, then))
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
        for _ in range(ATTEMPTS):
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
            await asyncio.sleep(AGAIN_AFTER)
        log.error("admin %s could not be told within an hour: %s", admin, reply.summary or reply.title)
