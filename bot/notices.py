"""Notices to the admins: each told once to each of them, by direct message."""

import asyncio
import functools
import hashlib
import logging
from collections.abc import Awaitable, Callable, Collection, Coroutine, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.adapter import Adapter
from bot.facts import Facts
from briefs.library import Store
from briefs.marking import N_
from commands.dispatch import Dispatcher
from commands.model import Action, Call, Caller, Press, Reply
from commands.pages import one_message
from commands.wording import speaking
from scheduler.address import Person
from scheduler.delivery import LOOK_UP_AFTER
from scheduler.outcomes import Doubtful, Outcome, Refused, Retry, Sent

log = logging.getLogger(__name__)
# Seconds between attempts: a start finds the platforms connecting, an outage may last for an hour.
PAUSES = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0, *[60.0] * 60)
# What is remembered of a notice between the call of the platform and its answer: this and the instant.
TELLING = "telling "
# How far this machine's clock may lie behind the platform's, which dates the messages.
SKEW = timedelta(minutes=5)
Carry = Callable[[], Coroutine[Any, Any, None]]
# Writes a notice in a language.
Written = Callable[[str], Reply]


class Notices:
    """Tells admins what needs them. A notice that cannot be sent now is tried again for an hour.

    `languages` are those that people chose; whoever chose none is told in English, since nobody asked just now.
    """

    def __init__(
        self, store: Store, facts: Facts, adapters: Mapping[str, Adapter], admins: Iterable[Person],
        clock: Callable[[], datetime], languages: Mapping[Person, str],
    ) -> None:  # fmt: skip
        self._languages = languages
        self._store, self._facts, self._adapters = store, facts, adapters
        self._admins = tuple(admins)
        self._clock = clock
        self._sending: set[asyncio.Task[None]] = set()
        self._early: list[tuple[Person, Carry]] | None = []
        self.dispatcher: Dispatcher | None = None

    def language(self, who: Person) -> str:
        """Return the language in which somebody is told."""
        return self._languages.get(who, "en")

    async def keyed(self, admin: Person, reply: Reply) -> Reply:
        """Make one message of a notice, with buttons that work."""
        whole = one_message(reply)
        if self.dispatcher is None:
            return whole
        # Discord's history shows which message this is by its buttons alone.
        _ = speaking(self.language(admin))
        actions = whole.actions or (Action(_("How all is"), Press("open", "brief-admin health")),)
        whole = replace(whole, actions=actions)
        return await self.dispatcher.keyed(
            Call("notice", Caller(admin, ""), admin.inbox, self._clock()), whole
        )

    def tell(
        self,
        name: str,
        write: Written,
        then: Callable[[], Awaitable[None]] | None = None,
        also: Iterable[Person] = (),
        but: Collection[Person] = (),
    ) -> None:
        """Tell every admin, unless they were told under this name already; `then` runs when one was.

        `also` are people whom it concerns as well, `but` are accounts of one who knows. What is told before
        `begin` waits for it.
        """
        for admin in sorted({*self._admins, *also} - set(but)):
            self.tell_one(admin, name, write, then)

    def tell_one(
        self, who: Person, name: str, write: Written, then: Callable[[], Awaitable[None]] | None = None
    ) -> None:
        """Tell one person, unless they were told under this name already."""
        carry = functools.partial(self._carry, who, name, write, then)
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
        self, admin: Person, name: str, write: Written, then: Callable[[], Awaitable[None]] | None
    ) -> None:
        language = self.language(admin)
        fact, reply = f"told {admin}: {name}", replace(write(language), language=language)
        for pause in PAUSES:
            known = await self._fact(fact)
            if known is not None and not known.startswith(TELLING):
                return
            outcome = await self._attempt(admin, fact, reply, known)
            match outcome:
                case Sent():
                    await self._remember(fact, self._clock().isoformat())
                    if then is not None:
                        await then()
                    return
                case Refused(reason):
                    log.error("admin %s could not be told (%s): %s", admin, reason, _words(write))
                    return
            asked = outcome.after if isinstance(outcome, Retry | Doubtful) else None
            await asyncio.sleep(max(pause, asked.total_seconds() if asked else 0.0))
        log.error("admin %s could not be told within an hour: %s", admin, _words(write))

    async def _attempt(self, admin: Person, fact: str, reply: Reply, known: str | None) -> Outcome:
        """Send; look first where an earlier attempt, of this process or of one before, may have arrived."""
        adapter = self._adapters[admin.platform]
        key = hashlib.sha256(fact.encode()).hexdigest()[:16]
        if known is not None:
            began = datetime.fromisoformat(known.removeprefix(TELLING))
            if self._clock() < began + LOOK_UP_AFTER:
                return Doubtful(
                    N_("the platform does not show it yet"), began + LOOK_UP_AFTER - self._clock()
                )
            found = await adapter.find(admin.inbox, key, began - SKEW)
            if not isinstance(found, Retry):
                return found
        whole = await self.keyed(admin, reply)
        if not await self._begun(fact, known):
            return Retry("another process of the bot tells it just now")
        outcome = await adapter.send(admin.inbox, whole, key)
        if isinstance(outcome, Retry):
            await self._forget(fact)
        return outcome

    async def _begun(self, fact: str, known: str | None) -> bool:
        """Note that it is being told; False where another process noted something meanwhile."""
        async with self._store.transaction() as tx:
            if await self._facts.get(tx, fact) != known:
                return False
            await self._facts.set(tx, fact, f"{TELLING}{self._clock().isoformat()}")
            return True

    async def _fact(self, name: str) -> str | None:
        async with self._store.reading() as tx:
            return await self._facts.get(tx, name)

    async def _remember(self, name: str, value: str) -> None:
        async with self._store.transaction() as tx:
            await self._facts.set(tx, name, value)

    async def _forget(self, name: str) -> None:
        async with self._store.transaction() as tx:
            await self._facts.forget(tx, name)


def _words(write: Written) -> str:
    """What a notice says, for the log, which is in English."""
    reply = write("en")
    return reply.summary or reply.title
