"""`python -m bench.fanout_bot`: the whole product on a clock that its orders move, with channels that follow dates.

The settings come from the environment, as with `bot run`. BENCH_DATES says how many dates are due at one minute.
BENCH_ALONE=1 has each of them told in a message of its own, as where there is no room for more.
"""

import asyncio
import gc
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import uvloop

from bench.orders import Json, take_orders
from bot.app import App, running
from bot.log import set_up
from bot.settings import read_settings
from briefs.library import Row
from scheduler import runner
from scheduler.address import destination
from scheduler.replanner import chunks
from scheduler.subscriptions import subscription
from tests.briefs.sample import SAMPLE_REPORT, SAMPLE_YAML
from tests.clocks import Ahead

BRIEF, LEAD = "harbour-2025", timedelta(days=30)
# The page follows as well, by itself.
_OURS = "item LIKE 'meeting-%' AND destination NOT LIKE 'web:%'"
_DATE = """\
  - {{id: meeting-{id}, title: Meeting {id}, date: {day}, zone: UTC, remind: [30d],
     basis: {{editor: Set for the bench, source: "https://example.org/{id}"}}}}
"""


class Bench:
    """Orders on one running bot."""

    def __init__(self, app: App, clock: Ahead, due: datetime) -> None:
        self._app, self._clock, self._due = app, clock, due

    async def follow(self, places: list[str]) -> Json:
        """Let places follow the dates; return how many messages are due."""
        since, app = self._clock.utc() - timedelta(hours=1), self._app
        async with app.database.transaction() as tx:
            for place in places:
                await app.desk.subscriptions.add(
                    tx, subscription(BRIEF, "reminders", destination(place), "web:local/bench", since)
                )
        async with app.database.reading() as tx:
            everyone = await app.desk.subscriptions.of_brief(tx, BRIEF)
        brief = app.desk.revisions()[BRIEF].brief
        for some in chunks(everyone):
            async with app.database.transaction() as tx:
                await app.runner.replanner.replan_some(tx, brief, some, since)
        rows = await self._rows(
            "SELECT COUNT(*) AS number FROM deliveries WHERE item LIKE 'meeting-%' AND destination NOT LIKE 'web:%'"
        )
        return {"due": rows[0]["number"]}

    async def go(self) -> Json:
        """Let the minute come at which they are due, in two to three seconds; ticks stay at full seconds."""
        self._clock.jump(float(int((self._due - self._clock.utc()).total_seconds()) - 2))
        return {}

    async def late(self) -> Json:
        """How many milliseconds after its due time each message was sent, and how many were not."""
        rows = await self._rows(f"SELECT state, updated_at - due_at AS late FROM deliveries WHERE {_OURS}")
        sent = [row["late"] for row in rows if row["state"] == "sent"]
        return {"ms": sent, "unsent": len(rows) - len(sent)}

    async def _rows(self, sql: str) -> list[Row]:
        async with self._app.database.reading() as tx:
            return list(await tx.fetch(sql))


def write_brief(folder: Path, dates: int, due: datetime) -> None:
    """Write a brief with so many dates, each announced at `due`, beside the shipped ones."""
    day = f"{due + LEAD:%Y-%m-%dT%H:%M}"
    written = "".join(_DATE.format(id=number, day=day) for number in range(dates))
    (folder / "harbour").mkdir()
    (folder / "harbour" / "report.md").write_text(SAMPLE_REPORT, "utf-8")
    yaml = SAMPLE_YAML.replace("watch_dates:\n", f"watch_dates:\n{written}", 1)
    (folder / "harbour" / "brief.yaml").write_text(yaml, "utf-8")


async def main() -> None:
    """Run until standard input ends."""
    if os.environ.get("BENCH_ALONE") == "1":
        vars(runner)["folded"] = lambda due: [[each] for each in due]
    gc.disable()
    settings, clock = read_settings(), Ahead()
    set_up(settings.log_level, settings.secrets())
    due = (datetime.now(UTC) + timedelta(hours=1)).replace(second=0, microsecond=0)
    write_brief(settings.briefs_dir, int(os.environ["BENCH_DATES"]), due)
    async with running(settings, clock.utc) as app:
        bench = Bench(app, clock, due)
        gc.freeze()  # as `briefbot run` does
        gc.enable()
        await take_orders({"follow": bench.follow, "go": bench.go, "late": bench.late}, {"link": app.link})


if __name__ == "__main__":
    sys.exit(asyncio.Runner(loop_factory=uvloop.new_event_loop).run(main()))
