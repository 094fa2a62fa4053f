"""`make crash-publishing`: kill the bot at random points of publishing, and count what was lost or torn."""

import argparse
import asyncio
import os
import random
import shutil
import sys
import tempfile
import time
from asyncio.subprocess import PIPE, Process
from collections import Counter
from collections.abc import Coroutine
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.settings import Settings
from scheduler.runner import utc_now
from tests.crash.publishing_books import DAY, TITLE, Books, State, look
from tests.crash.publishing_marks import ARMED, DIED
from tests.crash.publishing_people import PATIENCE, People, number
from tests.office import SHIPPED

ROOT = SHIPPED.parent.parent
FIRST_DAY = utc_now().date() + timedelta(days=100)
TALKS = b"""watch_dates:
  - id: talks
    title: The talks
    date: %s # of the run
    zone: UTC
    remind: [7d]
    basis: {editor: Set for the run, source: "https://example.org/talks"}
"""
ACTS = ("discord", "slack", "file", "rollback")
# So many lines of the watched code run while one version is published; while a start settles what it finds.
LINES, LINES_AT_START, LINES_IN_PLACE = 450, 110, 150


def first() -> bytes:
    """The shipped brief with a title and a date that change with each version."""
    yaml = (SHIPPED / "brief.yaml").read_bytes()
    yaml = yaml.replace(b"description: What Pyongyang would ask of Washington", b"description: Version 0", 1)
    return yaml.replace(b"watch_dates:\n", TALKS % str(FIRST_DAY).encode(), 1)


def version(of: bytes, serial: int) -> bytes:
    """The next version of a brief."""
    day = str(FIRST_DAY + timedelta(days=serial)).encode()
    titled = TITLE.sub(b"    description: Version %d\n" % serial, of, count=1)
    return DAY.sub(b"    date: %s # of the run\n" % day, titled, count=1)


@dataclass
class Result:
    """What a run found. `points` counts the lines at which the bot died."""

    faults: list[str] = field(default_factory=list)
    kills: int = 0
    revisions: int = 0
    points: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        died = sum(self.points.values())
        return (
            f"faults={len(self.faults)} kills={self.kills} revisions={self.revisions}:"
            f" {died} kills at {len(self.points)} different lines, {self.kills - died} between two acts"
        )


class Run:
    """One seed in one folder. `in_place` has the bot write files as a careless program does."""

    def __init__(self, home: Path, seed: int, *, in_place: bool = False) -> None:
        self._more = ("--in-place",) if in_place else ()
        self._lines = LINES + (LINES_IN_PLACE if in_place else 0)
        self._home, self._rng = home, random.Random(seed)
        self._folder = home / "briefs" / SHIPPED.name
        self._armed, self._died = home / ARMED, home / DIED
        self._people = People()
        self._process: Process | None = None
        self._serial = 0
        shutil.copytree(SHIPPED, self._folder)
        (self._folder / "brief.yaml").write_bytes(first())
        self.books = Books((SHIPPED / "report.md").read_bytes(), {first()})
        self.result = Result()

    async def kill(self, times: int) -> Result:
        """Kill so often, look after each death and after each start, and say what was wrong."""
        await self._people.start()
        try:
            while self.result.kills < times:
                await self._started()
                await self._act_and_die()
                if self._rng.random() < 0.25 and self.result.kills < times:
                    await self._die_while_starting()
            await self._started()
        finally:
            await self._end()
            await self._people.stop()
        self.result.revisions = len(self.state().revisions)
        self.result.faults += self._people.discord.violations
        return self.result

    def state(self) -> State:
        """What stands there now."""
        return look(self._home / "data" / "briefbot.sqlite3", self._folder)

    async def _started(self) -> None:
        """Start without a fuse, wait until it serves, and see that everything agrees."""
        await self._start()
        assert self._process is not None
        assert self._process.stdout is not None
        async with asyncio.timeout(60):
            assert await self._process.stdout.readline(), f"it does not start; see {self._home / 'bot.log'}"
            await self._people.connected()
            served = await self._people.served()
        self._note(self.books.unsettled(self.state(), served))

    async def _die_while_starting(self) -> None:
        self._arm(LINES_AT_START)
        await self._start()
        assert self._process is not None
        assert self._process.stdout is not None
        await self._process.stdout.readline()  # it died, or it is up
        await self._dead()

    async def _act_and_die(self) -> None:
        self._arm(self._lines)
        try:
            async with asyncio.timeout(PATIENCE):
                await self._while_it_lives(self._act())
        except TimeoutError:
            self._note(["an act was not answered"])
        await self._dead()

    async def _act(self) -> None:
        """Publish once: what waits from the file, or by one of the ways."""
        state = self.state()
        platform = self._rng.choice(("discord", "slack"))
        asked = next((id for author, id in state.waiting if author == "file"), None)
        act = self._rng.choice(ACTS)
        if asked is not None:
            await self._approve(platform, asked, state.waiting["file", asked])
        elif act == "file":
            await self._edit(self._next(state.yaml))
        elif act == "rollback" and len(state.revisions) > 1:
            back = self._rng.choice(state.revisions[:-1])
            await self._proposed(platform, back.yaml, self._people.rollback(platform, back.number))
        else:
            yaml = self._next(state.newest.yaml)
            await self._proposed(platform, yaml, self._people.upload(platform, yaml))

    def _next(self, of: bytes) -> bytes:
        self._serial += 1
        yaml = version(of, self._serial)
        self.books.given.add(yaml)
        return yaml

    async def _proposed(self, platform: str, yaml: bytes, saying: Coroutine[Any, Any, str]) -> None:
        found = number(r"Proposal (\d+)", await saying)
        if found is not None:
            self.books.proposals.add(found)
            await self._approve(platform, found, yaml)

    async def _approve(self, platform: str, proposal: int, yaml: bytes) -> None:
        found = number(r"Revision (\d+) of", await self._people.approve(platform, proposal))
        if found is not None:
            self.books.revisions[found] = yaml

    async def _edit(self, yaml: bytes) -> None:
        """Save the file as an editor does, whole, and wait for what the bot makes of it."""
        fresh = self._folder / "brief.yaml~"
        fresh.write_bytes(yaml)
        fresh.replace(self._folder / "brief.yaml")
        while (state := self.state()).newest.yaml != yaml and yaml not in state.waiting.values():
            await asyncio.sleep(0.05)

    def _arm(self, lines: int) -> None:
        self._armed.write_text(str(self._rng.randint(1, lines)), "ascii")

    async def _start(self) -> None:
        review = self._rng.choice(("off", "required"))
        with (self._home / "bot.log").open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "tests.crash.publishing_bot", *self._more,
                cwd=self._home, env=self._environment(review), stdout=PIPE, stderr=log,
            )  # fmt: skip

    async def _while_it_lives(self, act: Coroutine[Any, Any, None]) -> None:
        assert self._process is not None
        doing, dying = asyncio.create_task(act), asyncio.create_task(self._process.wait())
        await asyncio.wait((doing, dying), return_when=asyncio.FIRST_COMPLETED)
        for task in (doing, dying):
            task.cancel()
        done, _ = await asyncio.gather(doing, dying, return_exceptions=True)
        if isinstance(done, Exception) and not self._died.exists():
            raise done

    async def _dead(self) -> None:
        """Kill it where it lives still, note where it died, and look at what it left."""
        await self._end()
        self.result.kills += 1
        if self._died.exists():
            self.result.points[self._died.read_text("ascii")] += 1
        for mark in (self._died, self._armed):
            mark.unlink(missing_ok=True)
        self._note(self.books.faults(self.state()))

    async def _end(self) -> None:
        if self._process is not None and self._process.returncode is None:
            if not self._died.exists():
                self._process.kill()
            await self._process.wait()

    def _note(self, faults: list[str]) -> None:
        self.result.faults += [f"after {self.result.kills} kills: {each}" for each in faults]

    def _environment(self, review: str) -> dict[str, str]:
        known = {name.upper() for name in Settings.model_fields}
        kept = {name: value for name, value in os.environ.items() if name not in known}
        ours = {
            "HOME": str(self._home), "DATA_DIR": str(self._home / "data"), "WEB_PORT": "0", "REVIEW": review,
            "BRIEFS_DIR": str(self._home / "briefs"), "PYTHONPATH": str(ROOT),
        }  # fmt: skip
        return {**kept, **ours, **self._people.settings()}


def main() -> int:
    """Run what the command line asks for; 1 where anything was lost, torn or apart."""
    parser = argparse.ArgumentParser(prog="python -m tests.crash.publishing", description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--in-place", action="store_true", help="a bot that is broken: the run has to find it"
    )
    given = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="crash-") as scratch:
        result = asyncio.run(Run(Path(scratch), given.seed, in_place=given.in_place).kill(given.kills))
    for file, count in Counter(each.partition(":")[0] for each in result.points.elements()).most_common():
        print(f"  {count} in {file}")
    print(*(f"  {each}" for each in result.faults), sep="\n", end="\n" if result.faults else "")
    print(f"{result}; {time.monotonic() - began:.0f} s, seed {given.seed}")
    return int(bool(result.faults))


if __name__ == "__main__":
    sys.exit(main())
