"""Two processes on one PostgreSQL: a digest to many channels through the death of either, and a publish."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.pacing import HEARD_AFTER
from bot.postgres import Postgres
from briefs.library import Library, to_millis
from briefs.reading import read_brief
from commands.publish import publish
from scheduler.address import Destination
from scheduler.deliveries import Deliveries
from scheduler.planner import OUT_OF_TURN, digest_now
from scheduler.replanner import Replanner
from scheduler.subscriptions import Subscriptions, subscription
from tests.briefs.sample import SAMPLE_REPORT, SAMPLE_YAML
from tests.crash.books import KEY_LENGTH
from tests.crash.clock import Ahead
from tests.crash.process import Bot
from tests.peers.discord_peer import Channel, DiscordPeer, Guild, Member
from tests.peers.discord_peer.world import READER_USER
from tests.several import eventually, leader

GUILD = "100000000000000009"
_POSTS = r"^/channels/\d+/messages$"
TAKEOVER_SECONDS = 15.0
LIVE_SECONDS = 2.0

pytestmark = pytest.mark.timeout(600)  # each wait has a limit of its own


@dataclass
class Crew:
    """Two processes of the bot in front of one Discord, their database, and the clock that they share."""

    url: str
    database: Postgres
    peer: DiscordPeer
    clock: Ahead
    bots: tuple[Bot, Bot]
    folders: tuple[Path, Path]

    async def lead(self) -> Bot:
        """The process that leads."""
        await eventually(self._led, 60)
        pid = await leader(self.database)
        return next(each for each in self.bots if each.pid == pid)

    async def follower(self) -> Bot:
        """The other one."""
        ahead = await self.lead()
        return next(each for each in self.bots if each is not ahead)

    async def _led(self) -> bool:
        return await leader(self.database) in [each.pid for each in self.bots if not each.dead.is_set()]

    async def both_work(self) -> None:
        """Wait until both can send."""

        async def ready() -> bool:
            return all(
                "Discord stands by" in log or "invite the bot" in log for log in map(_log, self.folders)
            )

        await self.lead()
        await eventually(ready, 60)
        await eventually(self._published, 60)

    async def _published(self) -> bool:
        """Whether the leader has published the folder's brief."""
        async with self.database.reading() as tx:
            return bool(await Library().history(tx, "harbour-2025"))

    async def digest(self, rooms: int) -> set[str]:
        """Have a digest go to so many channels at this moment; return the keys of its messages."""
        now = self.clock.utc()
        brief = read_brief(SAMPLE_YAML.encode(), SAMPLE_REPORT.encode()).brief
        async with self.database.transaction() as tx:
            for room in self.peer.state.guild(GUILD).channels[:rooms]:
                place = Destination("discord", GUILD, room.id)
                wanted = subscription(brief.brief, "digest", place, "", now, catch_up="all")
                made, _ = await Subscriptions().add(tx, wanted)
                await Deliveries().add(tx, digest_now(brief, made, now), now)
            rows = await Deliveries().where(tx, "lead = ? AND due_at = ?", OUT_OF_TURN, to_millis(now))
        return {row.short_key for row in rows}

    def arrived(self) -> Counter[str]:
        """How often each delivery stands at Discord; the hello to a server has a key of another length."""
        keys = (str(each.nonce or "") for each in self.peer.state.stored.values())
        return Counter(key for key in keys if len(key) == KEY_LENGTH)

    async def reached(self, count: int, seconds: float) -> float:
        """Wait until so many messages arrived; return after how many seconds."""

        async def so_many() -> bool:
            return self.arrived().total() >= count

        return await eventually(so_many, seconds)

    async def drained(self, keys: set[str], seconds: float) -> None:
        """Wait until nothing is left to do, letting the wait of look-ups pass."""

        async def settled() -> bool:
            async with self.database.reading() as tx:
                left = await Deliveries().where(
                    tx, "lead = ? AND state IN ('planned', 'retrying', 'sending')", OUT_OF_TURN
                )
            if left and all(each.at_platform and each.next_at is not None for each in left):
                self.clock.jump(31)
                await asyncio.sleep(1.5)
            return not left

        await eventually(settled, seconds)
        arrived = self.arrived()
        assert {key: arrived[key] for key in keys} == dict.fromkeys(keys, 1)
        assert arrived.total() == len(arrived), "no message came twice"


def _log(folder: Path) -> str:
    path = folder / "bot.log"
    return path.read_text("utf-8") if path.exists() else ""


@pytest.fixture
async def crew(url: str, tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Crew]:
    rooms = [Channel(str(int(GUILD) + 1 + n), f"room-{n}") for n in range(getattr(request, "param", 100))]
    guild = Guild(GUILD, "Many", channels=rooms, members={READER_USER: Member()})
    clock = Ahead(tmp_path / "clock")
    briefs = tmp_path / "briefs" / "harbour"
    briefs.mkdir(parents=True)
    (briefs / "brief.yaml").write_text(SAMPLE_YAML, "utf-8")
    (briefs / "report.md").write_text(SAMPLE_REPORT, "utf-8")
    folders = (tmp_path / "one", tmp_path / "two")
    async with Postgres(url) as database, DiscordPeer(guilds=[guild], clock=clock.now) as peer:
        given = {
            "DATABASE_URL": url, "BRIEFS_DIR": str(briefs.parent), "LOG_LEVEL": "INFO",
            "DISCORD_TOKEN": peer.token, "DISCORD_API_BASE": peer.api_base,
        }  # fmt: skip
        for folder in folders:
            folder.mkdir()
        bots = tuple(Bot(folder, tmp_path / "clock", lambda: given, "sound") for folder in folders)
        made = Crew(url, database, peer, clock, (bots[0], bots[1]), folders)
        try:
            for each in bots:
                await each.start()
            await made.both_work()
            yield made
        finally:
            for each in bots:
                await each.kill()


async def test_a_digest_is_whole_though_the_leader_is_killed_amid_it_and_then_the_other(crew: Crew) -> None:
    await _through_two_deaths(crew, 100)


@pytest.mark.slow
@pytest.mark.parametrize("crew", [1_000], indirect=True)
async def test_a_digest_to_a_thousand_channels_is_whole_through_both_deaths(crew: Crew) -> None:
    await _through_two_deaths(crew, 1_000)


async def _through_two_deaths(crew: Crew, rooms: int) -> None:
    """Kill whichever leads amid a digest, start it again, and do the same with the other one."""
    keys: set[str] = set()
    killed: list[Bot] = []
    for _ in crew.bots:
        keys |= await _through_a_death(crew, rooms, killed)
    assert len(keys) == 2 * rooms
    assert set(map(id, killed)) == set(map(id, crew.bots))
    assert crew.peer.violations == []


async def _through_a_death(crew: Crew, rooms: int, killed: list[Bot]) -> set[str]:
    """Kill the leader amid a digest, and wait until the other one has taken over and all of it is there once."""
    victim, before = await crew.lead(), crew.arrived().total()
    # The answers take their time, so that the kill finds messages whose fate nobody knows, and many unsent.
    crew.peer.fail_next("POST", _POSTS, status=None, delay=0.5, times=rooms, after_storing=True)
    keys = await crew.digest(rooms)
    await crew.reached(before + rooms // 10, 60)
    await victim.kill()
    killed.append(victim)
    at = crew.arrived().total()
    assert at < before + rooms * 3 // 4, "the kill came too late to prove anything"

    async def led() -> bool:
        return await leader(crew.database) not in (0, victim.pid)

    took_over = await eventually(led, TAKEOVER_SECONDS) + await crew.reached(at + 1, TAKEOVER_SECONDS)
    assert took_over < TAKEOVER_SECONDS
    await crew.drained(keys, 240)
    crew.peer.failures.orders.clear()
    await victim.start()
    await crew.both_work()
    return keys


@pytest.mark.parametrize("crew", [500], indirect=True)
async def test_two_processes_keep_to_one_bots_limits_together(crew: Crew) -> None:
    """Five hundred channels are told by both of them, at a peer that refuses whatever is too much."""
    crew.peer.enforce_rates = True
    await asyncio.sleep(HEARD_AFTER + 2.0)  # from then on the one that joined last sends as well
    before = crew.arrived().total()
    keys = await crew.digest(500)
    await crew.reached(before + 1, 30)
    taken = await crew.reached(before + 500, 60)
    await crew.drained(keys, 60)
    assert len(await _holders(crew)) == 2
    assert [each.path for each in crew.peer.requests if each.status == 429] == []
    # Fifty a second is what a bot has, however many its processes.
    assert taken >= 9.0


async def _holders(crew: Crew) -> set[int]:
    """The numbers of the processes that have sent something."""
    async with crew.database.reading() as tx:
        rows = await tx.fetch(
            "SELECT DISTINCT holder FROM deliveries WHERE state = 'sent' AND lead = ?", OUT_OF_TURN
        )
    return {row["holder"] for row in rows}


async def test_what_is_published_on_one_is_live_on_the_other_within_two_seconds(crew: Crew) -> None:
    """The other one is this test's own process: a third member, which publishes as a page would."""
    library = Library()
    async with crew.database.reading() as tx:
        await library.load(tx)
    document = read_brief(
        SAMPLE_YAML.replace("reviewed: 2025-04-15", "reviewed: 2025-04-16").encode(), SAMPLE_REPORT.encode()
    )
    replanner = Replanner(library, Subscriptions(), Deliveries())

    async def replan(tx: object, brief_id: str, now: object) -> None:
        await replanner.replan(tx, brief_id, now)  # type: ignore[arg-type]

    revision = await publish(
        crew.database, library, replan, document, author="web:local/reader", at=crew.clock.utc(),
        reason="a look", origin="page",
    )  # fmt: skip

    async def taken_up() -> bool:
        said = f"taken up: {revision.brief_id} revision {revision.number}"
        return all(said in _log(folder) for folder in crew.folders)

    assert await eventually(taken_up, LIVE_SECONDS) < LIVE_SECONDS
    written = crew.folders[0].parent / "briefs" / "harbour" / "brief.yaml"

    async def written_back() -> bool:
        return written.read_bytes() == document.yaml

    await eventually(written_back, 10)
