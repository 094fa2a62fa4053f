"""The blast radius of a publication: every message that it would send or change, before it is published.

The publication is played in a transaction that is then undone, so that what is foreseen comes from the very
code that does it.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from briefs.library import Revision, Transaction
from briefs.reading import Document
from commands.desk import Desk
from commands.model import Reply
from commands.writing import Circumstances, circumstances_of, written
from scheduler.delivery import Delivery

Verb = Literal["sent", "planned", "moved", "reworded", "dropped"]


@dataclass(frozen=True, slots=True)
class Effect:
    """One message that a publication would send at once, plan, move, reword or drop.

    `reply` is the message as it would go out, None where it would not. `before` is when it was due until
    now, where it moves.
    """

    verb: Verb
    delivery: Delivery
    zone: str
    reply: Reply | None
    before: datetime | None = None


class _Undo(Exception):  # noqa: N818  # it is no error: it ends the play
    """Ends the transaction in which a publication is played."""


@dataclass(frozen=True, slots=True)
class _Played:
    """The open deliveries of a brief before and after, by their id, and the revisions that they speak from."""

    was: dict[int, Circumstances]
    now: dict[int, Circumstances]
    old: Revision | None
    new: Revision


async def effects(desk: Desk, document: Document, at: datetime) -> list[Effect]:
    """Return what publishing a document at a moment (aware UTC) would do to messages, the soonest first.

    Of each subscription's digests only the next one is looked at: those behind it depend on what is
    published until then.
    """
    played = await _play(desk, document, at)
    write = _Writer(desk, at)
    found = [
        *_dropped(played),
        *(effect for id, about in played.now.items() if (effect := _effect(played, write, id, about))),
    ]
    return sorted(found, key=lambda each: (each.verb != "sent", each.delivery.due_at, each.delivery.id))


class _Writer:
    """Writes messages; reminders that say the same to the same audience are written once."""

    def __init__(self, desk: Desk, at: datetime) -> None:
        self._desk, self._at = desk, at
        self._kept: dict[tuple[object, ...], Reply | None] = {}

    def __call__(self, revision: Revision, about: Circumstances) -> Reply | None:
        each, standing = about.delivery, about.standing
        now = max(each.due_at, self._at)
        if each.kind != "reminder" or standing is None:
            return written(self._desk, revision, about, now)
        audience = self._desk.rights.audience_of(each.destination)
        key = (
            revision.number, each.item, each.occurrence, now, each.late, audience, standing.language,
            standing.zone, standing.ping,
        )  # fmt: skip
        if key not in self._kept:
            self._kept[key] = written(self._desk, revision, about, now)
        return self._kept[key]


async def _play(desk: Desk, document: Document, at: datetime) -> _Played:
    brief = document.brief
    old = desk.revisions().get(brief.brief)
    played: list[_Played] = []
    try:
        async with desk.store.transaction() as tx:
            was = await _open(desk, tx, brief.brief, *brief.formerly)
            new = await desk.library.store(tx, document, "", at, "", "file")
            await desk.outside.replan_published(tx, brief.brief, at)
            played.append(_Played(was, await _open(desk, tx, brief.brief), old, new))
            raise _Undo  # leaving the transaction this way is what undoes it
    except _Undo:
        return played[0]


async def _open(desk: Desk, tx: Transaction, *briefs: str) -> dict[int, Circumstances]:
    standing = {each.id: each for each in await desk.subscriptions.of_brief(tx, *briefs)}
    rows = _without_later_digests(await desk.deliveries.open_of(tx, briefs))
    return {each.id: await circumstances_of(desk, tx, each, standing.get(each.subscription)) for each in rows}


def _without_later_digests(rows: list[Delivery]) -> list[Delivery]:
    seen: set[int] = set()
    kept = []
    for each in rows:
        if each.kind == "digest":
            if each.subscription in seen:
                continue
            seen.add(each.subscription)
        kept.append(each)
    return kept


def _dropped(played: _Played) -> list[Effect]:
    gone = (about for id, about in played.was.items() if id not in played.now and not _next_digest(about))
    return [Effect("dropped", about.delivery, about.zone, None) for about in gone]


def _next_digest(about: Circumstances) -> bool:
    return about.delivery.kind == "digest"


def _effect(played: _Played, write: _Writer, id: int, about: Circumstances) -> Effect | None:
    reply, old = write(played.new, about), played.was.get(id)
    if about.delivery.amends and old is None:
        return Effect("sent", about.delivery, about.zone, reply)
    if old is None:
        return Effect("planned", about.delivery, about.zone, reply) if reply else None
    if old.delivery.due_at != about.delivery.due_at:
        return Effect("moved", about.delivery, about.zone, reply, old.delivery.due_at)
    before = write(played.old, old) if played.old else None
    return None if _says_the_same(before, reply) else Effect("reworded", about.delivery, about.zone, reply)


def _says_the_same(before: Reply | None, reply: Reply | None) -> bool:
    """Whether two messages say the same, the revision in their footers and buttons apart."""
    if before is None or reply is None:
        return before is reply
    bare = [replace(each, footer="", actions=()) for each in (before, reply)]
    return bare[0] == bare[1]
