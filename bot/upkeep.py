"""Upkeep: whoever keeps a brief is told when it grows old, and asked what became of its forecasts."""

import asyncio
import logging
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, time
from functools import partial

from bot.notices import Notices, Written
from briefs.freshness import Level, freshness
from briefs.overdue import overdue, settles_on
from briefs.visible import Visible, visible
from commands.desk import Desk
from commands.views.aging import grown_old
from commands.views.scorecard import question
from scheduler.address import Person, person
from scheduler.when import zone_info

log = logging.getLogger(__name__)

LOOK = 60.0
# The hour, on the keeper's own clock, from which a day's notices are sent.
HOUR = time(9)


class Upkeep:
    """Looks once a minute. A brief's owner is told, and the admins where it names none.

    `look` tells each thing once to each of them: a level of freshness since a publication or review, and each
    forecast whose date has passed.
    """

    def __init__(
        self, desk: Desk, notices: Notices, admins: Iterable[Person], clock: Callable[[], datetime]
    ) -> None:
        self._desk, self._notices = desk, notices
        self._admins = tuple(admins)
        self._clock = clock

    async def watch(self) -> None:
        """Look again and again until cancelled."""
        while True:
            await asyncio.sleep(LOOK)
            try:
                self.look()
            except Exception:
                log.exception("Looking for what has grown old failed; the next look tries again")

    def look(self) -> None:
        """Tell each keeper what they were not told yet, from nine o'clock of their own."""
        now = self._clock()
        for revision in self._desk.revisions().values():
            for who in self._keepers(revision.brief.owner):
                local = now.astimezone(zone_info(self._desk.zones.get(who, "UTC")))
                audience = self._desk.rights.audience_of(who.inbox)
                seen = visible(revision.brief, revision.document.source, revision.number, audience, now)
                if seen is not None and local.time() >= HOUR:
                    for name, write in _due(seen, local):
                        self._notices.tell_one(who, name, write)

    def _keepers(self, owner: str | None) -> tuple[Person, ...]:
        return (person(owner),) if owner else self._admins


def _due(seen: Visible, local: datetime) -> Iterator[tuple[str, Written]]:
    """What there is to tell of a brief on a day: the name under which it is told once, and the words."""
    today, id_ = local.date(), seen.brief.brief
    fresh = freshness(seen.brief, today)
    if fresh.level in (Level.stale, Level.expired):
        yield f"{id_} is {fresh.level} since {fresh.as_of}", partial(grown_old, seen, today)
    for part in overdue(seen.brief, today):
        yield f"outcome of {id_} {part.id} by {settles_on(part)}", partial(question, seen, part, today)
