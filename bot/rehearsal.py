"""Rehearsal: every message that the brief and the subscriptions would send, from the plan that will send it."""

import contextlib
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.command_line import copied
from bot.defaults import of_lobby
from bot.settings import Settings
from briefs.library import Library, Revision, Store
from briefs.reading import read_folder
from commands.composing import LastDigest, Setting, compose, delivered
from commands.desk import Desk
from commands.publish import publish
from commands.rights import Rights
from commands.views.plain import plain
from commands.views.rereading import shown_in
from scheduler.address import LOBBY
from scheduler.planner import Planned, plan
from scheduler.subscriptions import Subscription, Subscriptions, subscription

EDGE = timedelta(days=2)
WITHHELD = (
    "A message about what is still under embargo\n"
    "Its words are not shown before the embargo ends; rehearse again then."
)


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a rehearsal: the plan's line, its zone, and its text."""

    planned: Planned
    zone: str
    text: str

    @property
    def head(self) -> str:
        """When (local and UTC), where, and the title."""
        local = self.planned.due.astimezone(ZoneInfo(self.zone))
        when = f"{local:%a %Y-%m-%d %H:%M} {self.zone} ({self.planned.due:%Y-%m-%d %H:%M} UTC)"
        return f"{when}  {self.planned.destination}  {self.text.splitlines()[0]}"

    def __str__(self) -> str:
        """Write the head, then the text below it."""
        body = "\n".join(f"  {line}".rstrip() for line in self.text.splitlines()[1:])
        return f"{self.head}\n{body}\n"


@contextlib.asynccontextmanager
async def snapshot(settings: Settings, now: datetime) -> AsyncIterator[tuple[Store, Library]]:
    """Open a copy of the database with the briefs folder published into it; nothing real is changed.

    Raises BriefFaults where a brief on disk has faults.
    """
    async with copied(settings, now) as desk:
        await published_in(desk, settings, now)
        yield desk.store, desk.library


async def published_in(desk: Desk, settings: Settings, now: datetime) -> list[str]:
    """Publish the briefs folder into a copied desk; return the ids of its briefs. Raises BriefFaults."""
    found = []
    for path in sorted(settings.briefs_dir.glob("*/brief.yaml")):
        revision = await publish(
            desk.store, desk.library, desk.outside.replan, read_folder(path.parent),
            author="rehearsal", at=now, reason="rehearsal", origin="command line",
        )  # fmt: skip
        found.append(revision.brief_id)
    return found


def imagined(briefs: Sequence[str], digests: Sequence[str], at: datetime) -> Iterator[Subscription]:
    """Turn `weekly sun 01:30 Asia/Tokyo` into subscriptions of the lobby; raises ValueError with an example."""
    for number, words in enumerate(digests, 1):
        schedule, _, zone = words.rpartition(" ")
        if not schedule or ":" in zone:
            raise ValueError(f"{words!r} is no digest; write it like “weekly sun 01:30 Asia/Tokyo”")
        for brief in briefs:
            made = subscription(brief, "digest", LOBBY, "", at, schedule=schedule, zone=zone)
            yield replace(made, id=-number)


async def rehearse(
    settings: Settings, first: date, last: date, digests: Sequence[str], now: datetime
) -> list[Message]:
    """Return the messages whose local day lies from first to last, both included.

    With no subscription stored, the lobby follows every brief, as it does from the bot's first start.
    """
    async with snapshot(settings, now) as (database, library):
        async with database.reading() as tx:
            stored = await Subscriptions().all(tx)
        briefs = list(library.current)
        begin = datetime.combine(first, datetime.min.time(), ZoneInfo("UTC")) - EDGE
        if not stored:
            stored = [of_lobby(brief, begin) for brief in briefs]
        wanted = [*stored, *imagined(briefs, digests, begin)]
        found = [
            message
            for revision in library.current.values()
            for message in _messages(revision, wanted, first, last, begin, settings.rights, now)
        ]
        return sorted(found, key=lambda message: (message.planned.due, message.planned.key))


def _messages(
    revision: Revision,
    wanted: Sequence[Subscription],
    first: date,
    last: date,
    begin: datetime,
    rights: Rights,
    now: datetime,
) -> Iterator[Message]:
    end = datetime.combine(last, datetime.min.time(), ZoneInfo("UTC")) + EDGE
    by_id = {(each.id, each.brief): each for each in wanted}
    previous: dict[int, LastDigest] = {}
    for planned in plan(revision.brief, wanted, begin, end):
        each = by_id[planned.subscription, planned.brief]
        local = planned.due.astimezone(ZoneInfo(each.zone)).date()
        if first <= local <= last:
            audience = rights.audience_of(planned.destination)
            setting = Setting(planned.due, planned.due, audience, each.language, each.zone, each.ping)
            reply = compose(revision, planned, setting, previous.get(each.id))
            if reply is not None:
                said = _said(revision, planned, setting, previous.get(each.id), now)
                yield Message(planned, each.zone, said)
            if planned.kind == "digest":
                passage = shown_in(delivered(reply, "digest")) if reply else ""
                previous[each.id] = LastDigest(planned.due, revision, passage)


def _said(
    revision: Revision, planned: Planned, setting: Setting, last: LastDigest | None, now: datetime
) -> str:
    """Write a message that will go out, without what is under embargo now."""
    shown = compose(revision, planned, replace(setting, seen_at=min(now, setting.now)), last)
    return WITHHELD if shown is None else plain(delivered(shown, planned.kind))


def summary(messages: Sequence[Message]) -> str:
    """Count what was printed."""
    kinds = Counter(message.planned.kind for message in messages)
    counted = ", ".join(
        f"{number} {kind}{'' if number == 1 else 's'}" for kind, number in sorted(kinds.items())
    )
    total = f"{len(messages)} message{'' if len(messages) == 1 else 's'}"
    return f"{total}: {counted}." if messages else "No message falls into this span."
