"""The year, life after life, each a process of its own that is killed with SIGKILL."""

import asyncio
import os
import random
import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from scheduler.runner import KEEP
from tests.year.far import Journal
from tests.year.life import Order, live
from tests.year.scenario import BEGIN, Scenario

A_WEEK = timedelta(days=7)
# Nothing is killed in the last days, so that all that was due before them has arrived by the end.
QUIET_END = timedelta(days=6)
# For how long nobody starts it again: mostly at once, sometimes after minutes, hours, days.
DOWN = (
    *[(timedelta(seconds=20), timedelta(seconds=100))] * 6, *[(timedelta(minutes=10), timedelta(minutes=50))] * 3,
    (timedelta(hours=2), timedelta(hours=60)),
)  # fmt: skip


def deaths(scenario: Scenario, a_week: int = 2) -> Iterator[datetime]:
    """From when on each life is to die."""
    rng = random.Random(f"deaths {scenario.seed}")
    week = BEGIN
    while week + A_WEEK < scenario.end - QUIET_END:
        yield from sorted(week + A_WEEK * rng.uniform(0.02, 0.98) for _ in range(a_week))
        week += A_WEEK


def year(
    scenario: Scenario, folder: Path, server: str = "", ledger: str = "sound", keep: timedelta = KEEP,
    say: Callable[[str], None] = lambda line: None,
) -> int:  # fmt: skip
    """Run the whole year; return how often it was killed. What arrived stands in the folder's journal."""
    rng = random.Random(f"down {scenario.seed}")
    number, begin = 0, BEGIN
    planned = iter(deaths(scenario))
    while True:
        dies = next((at for at in planned if at > begin), scenario.end + A_WEEK)
        order = Order(scenario, folder, server, ledger, number, begin, dies, keep)
        died = _one_life(order)
        if died is None:
            return number
        number += 1
        begin = died + rng.uniform(0, 1) * (span := rng.choice(DOWN))[1] + span[0]
        if number % 10 == 0:
            say(f"{number} deaths, {begin:%Y-%m-%d}")


def _one_life(order: Order) -> datetime | None:
    """Run one life in a process of its own; return when it died by its fuse, None where the year is over."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            asyncio.run(live(order))
            code = 0
        except BaseException:  # noqa: BLE001  # the parent reads the status
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(code)
    _, status = os.waitpid(child, 0)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status) == 0:
        return None
    if not (os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL):
        raise RuntimeError(f"a life ended by itself, with status {status}")
    *_, last = Journal(order.folder / "journal").read()
    return datetime.fromisoformat(last["at"])
