"""Five dates at nine in one channel: one message with five parts, and each delivery still its own."""

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from scheduler.address import destination
from scheduler.delivery import Delivery
from scheduler.subscriptions import subscription
from tests.crash.brief import LEAD, Change, Folder, Meeting
from tests.crash.clock import Ahead
from tests.crash.harness import FAR
from tests.crash.ledger import LedgerFile, LedgerServer
from tests.crash.process import Bot
from tests.crash.surroundings import until
from tests.crash.trap import Moment
from tests.walking import ID, awaited, pass_to, published
from tests.wires import OPENERS, DiscordWire, SlackWire, Wire

NINE = timedelta(hours=9)
_DATE = """
  - id: talks-{n}
    title: Talks {n}
    date: {day}
    zone: UTC
    remind: [7d]
    basis: {{editor: "{said}", source: "https://example.org/talks-{n}"}}
"""
_POSTS = r"^/channels/\d+/messages$"


@pytest.fixture(params=["discord", "slack", "web"])
async def wire(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Wire]:
    """The bot behind one platform; at the end nothing unlawful was sent to it but what a test had it refuse."""
    ordered = (
        ["chat.postMessage: {'ok': False, 'error': 'invalid_blocks'}"]
        if "refused" in request.node.name
        else []
    )
    async with OPENERS[request.param](tmp_path) as opened:
        yield opened
        assert [each for each in opened.unlawful() if each not in ordered] == []


class Dates:
    """Dates of the walk on consecutive ids, each followed by a subscription of its own, at 09:00 UTC."""

    def __init__(self, wire: Wire, folder: Path, count: int, said: str = "Set for walk {n}") -> None:
        self._path = folder / "briefs" / ID / "brief.yaml"
        self._without = self._path.read_text("utf-8")
        today = datetime.combine(wire.clock.utc().date(), datetime.min.time(), UTC)
        self.wire, self.first = wire, today + timedelta(days=20)
        self.days = [self.first] * count
        self._said = said

    async def told(self, *places: str) -> None:
        """Publish them, have places follow each of them, and let the minute come at which all are due."""
        self.write()
        await published(self.wire, 2)
        await self.follow(*places or (self.wire.channel,))
        pass_to(self.wire, self.first - timedelta(days=7) + NINE)

    def write(self) -> None:
        """Write the brief with the dates as they stand."""
        written = "".join(
            _DATE.format(n=n, day=day.date(), said=self._said.format(n=n))
            for n, day in enumerate(self.days, 1)
        )
        self._path.write_text(self._without.replace("watch_dates:\n", f"watch_dates:{written}", 1), "utf-8")

    async def follow(self, *places: str) -> None:
        """Have places follow each date by a subscription of its own."""
        now, desk = self.wire.clock.utc(), self.wire.app.desk
        async with self.wire.app.database.transaction() as tx:
            for place in places:
                for n in range(1, len(self.days) + 1):
                    wish = subscription(
                        ID, "reminders", destination(place), "", now, subject=f"date:talks-{n}"
                    )
                    made, _ = await desk.subscriptions.add(tx, wish)
                    await desk.outside.replan_subscription(tx, made.id, now)

    async def rows(self, state: str = "sent") -> list[Delivery]:
        """The deliveries about them that are in a state."""
        async with self.wire.app.database.reading() as tx:
            return await self.wire.app.desk.deliveries.where(
                tx,
                "item LIKE 'talks-%' AND state = ? AND kind = 'reminder' AND destination = ?",
                state,
                self.wire.channel,
            )

    async def settled(self, count: int) -> list[Delivery]:
        """Wait until so many were sent."""
        async with asyncio.timeout(20):
            while len(found := await self.rows()) < count:
                await asyncio.sleep(0.05)
        return found


def _spoken(day: datetime) -> str:
    return f"{day:%B} {day.day}, {day.year}"


async def test_five_reminders_are_one_message_with_five_parts(wire: Wire, tmp_path: Path) -> None:
    dates = Dates(wire, tmp_path, 5)
    await dates.told()
    shown = await awaited(wire.arrived, "5 watch dates ahead")
    for n in range(1, 6):
        assert f"{n}. Talks {n}: in 7 days" in shown.text
        assert f"Set for walk {n}" in shown.text
        assert (
            f"Talks {n} is on {_spoken(dates.first)}, in 7 days." in shown.text or wire.platform != "discord"
        )
        assert {f"{n}. About this date", f"{n}. Snooze"} <= set(shown.buttons)
    assert shown.buttons.count("Unfollow") == 1
    assert len(shown.buttons) == 11
    assert shown.text.count("as of December 6, 2024") == 1
    rows = await dates.settled(5)
    assert len({each.message_id for each in rows}) == len({each.fold for each in rows}) == 1
    assert len({each.short_key for each in rows}) == 5
    assert sum("Talks" in each.text for each in await wire.arrived()) == 1


async def test_each_parts_buttons_work(wire: Wire, tmp_path: Path) -> None:
    dates = Dates(wire, tmp_path, 5)
    await dates.told()
    shown = await awaited(wire.arrived, "5 watch dates ahead")
    about = await wire.press(shown, "4. About this date")
    assert "Set for walk 4" in about.text
    assert "Set for walk 3" not in about.text


async def test_each_delivery_of_a_message_is_found_by_the_key_in_its_row(wire: Wire, tmp_path: Path) -> None:
    dates = Dates(wire, tmp_path, 3)
    await dates.told()
    where, rows = destination(wire.channel), await dates.settled(3)
    adapter = wire.app.adapters[wire.platform]
    for each in rows:
        found = await adapter.find(where, each.message_key, each.due_at)
        assert getattr(found, "message_id", None) == each.message_id


async def test_what_has_no_room_goes_in_a_further_message_and_no_sentence_is_cut(
    wire: Wire, tmp_path: Path
) -> None:
    sentence = "This is said of the talks with number {n}, and it has to arrive as it stands. "
    dates = Dates(wire, tmp_path, 12, sentence * 8 + "So ends number {n}.")
    await dates.told()
    rows = await dates.settled(12)
    arrived = [each for each in await wire.arrived() if "So ends number" in each.text]
    whole = " ".join(each.text for each in arrived)
    for n in range(1, 13):
        assert whole.count((sentence * 8 + "So ends number {n}.").format(n=n)) >= 1
    assert 2 <= len(arrived) <= 4
    assert Counter(each.message_id for each in rows).most_common()[0][1] >= 4
    assert len({each.message_id for each in rows}) == len(arrived)


async def test_two_subscriptions_to_one_date_tell_it_once_in_a_message_of_several(
    wire: Wire, tmp_path: Path
) -> None:
    dates = Dates(wire, tmp_path, 2)
    dates.write()
    await published(wire, 2)
    await dates.follow(wire.channel)
    now, desk = wire.clock.utc(), wire.app.desk
    async with wire.app.database.transaction() as tx:
        wish = subscription(ID, "reminders", destination(wire.channel), "", now, subject="")
        made, _ = await desk.subscriptions.add(tx, wish)
        await desk.outside.replan_subscription(tx, made.id, now)
    pass_to(wire, dates.first - timedelta(days=7) + NINE)
    await dates.settled(2)
    async with asyncio.timeout(20):
        while len(await dates.rows("retrying")) < 2:
            await asyncio.sleep(0.05)
    wire.clock.jump(31)
    async with asyncio.timeout(20):
        while len(await dates.rows("skipped")) < 2:
            await asyncio.sleep(0.05)
    text = " ".join(each.text for each in await wire.arrived())
    assert len(re.findall(r"\d\. Talks 1: in 7 days", text)) == 1


async def test_where_one_date_moves_its_part_alone_is_marked(wire: Wire, tmp_path: Path) -> None:
    dates = Dates(wire, tmp_path, 3)
    await dates.told()
    await awaited(wire.arrived, "3 watch dates ahead")
    dates.days[1] = dates.first + timedelta(days=30)
    dates.write()
    moved = _spoken(dates.days[1])
    await awaited(wire.arrived, f"Talks 2: moved to {moved}")
    shown = await awaited(wire.arrived, f"Moved to {moved}, see below.")
    assert "3 watch dates ahead" in shown.text
    one, two, three = (
        shown.text.index("1. Talks 1"),
        shown.text.index("2. Moved: Talks 2"),
        shown.text.index("3. T"),
    )
    marked = [found.start() for found in re.finditer(f"Moved to {moved}, see below.", shown.text)]
    assert any(two < at < three for at in marked)
    assert not any(one < at < two or three < at for at in marked)
    assert "3. Talks 3: in 7 days" in shown.text
    assert "3. About this date" in shown.buttons


async def test_dates_that_move_together_are_told_together(wire: Wire, tmp_path: Path) -> None:
    dates = Dates(wire, tmp_path, 3)
    await dates.told()
    await awaited(wire.arrived, "3 watch dates ahead")
    dates.days[:] = [dates.first + timedelta(days=30)] * 3
    dates.write()
    moved = _spoken(dates.days[0])
    shown = await awaited(wire.arrived, "3 watch dates moved")
    said = f"This date was announced here for {_spoken(dates.first)}. It is now on {moved}, in 37 days."
    assert f"3. Talks 3: moved to {moved}" in shown.text
    assert said in shown.text
    await awaited(wire.arrived, f"3. Moved: Talks 3: in 7 days Moved to {moved}, see below.")


# The page cannot refuse what it is given.
@pytest.mark.parametrize("wire", ["discord", "slack"], indirect=True)
async def test_a_message_that_is_refused_is_tried_in_its_parts(wire: Wire, tmp_path: Path) -> None:
    if isinstance(wire, DiscordWire):
        wire.peer.fail_next("POST", _POSTS, status=400, body={"code": 50035, "message": "Invalid Form Body"})
    if isinstance(wire, SlackWire):
        wire.peer.fail_next("chat.postMessage", error="invalid_blocks")
    dates = Dates(wire, tmp_path, 3)
    await dates.told()
    rows = await dates.settled(3)
    assert len({each.message_id for each in rows}) == 3
    assert {each.fold for each in rows} == {""}
    for n in range(1, 4):
        await awaited(wire.arrived, f"Talks {n}: in 7 days")


@pytest.mark.timeout(120)
@pytest.mark.parametrize("moment", ["unstored", "late", "stored", "answered"])
@pytest.mark.parametrize("platform", ["discord", "slack"])
async def test_a_kill_amid_a_message_of_five_loses_and_doubles_nothing(
    platform: str, moment: Moment, tmp_path: Path
) -> None:
    await _killed_amid(platform, moment, tmp_path)


@pytest.mark.timeout(120)
@pytest.mark.parametrize("moment", ["unstored", "stored"])
async def test_the_same_on_a_server(moment: Moment, tmp_path: Path, url: str) -> None:
    await _killed_amid("discord", moment, tmp_path, url)


async def _killed_amid(platform: str, moment: Moment, folder: Path, server: str = "") -> None:
    """Kill the bot at a moment of the one request that carries five deliveries, and let it start again."""
    clock = Ahead(folder / "clock")
    far, briefs = FAR[platform](clock), Folder(folder / "briefs")
    ledger = (
        LedgerServer(server, platform)
        if server
        else LedgerFile(folder / "data" / "briefbot.sqlite3", platform)
    )
    bot = Bot(folder, folder / "clock", lambda: {"DATABASE_URL": server, **far.settings()}, "sound")
    now = clock.utc()
    on = Change(now, f"{now + LEAD + timedelta(minutes=2):%Y-%m-%dT%H:%M}", "stands")
    briefs.meetings += [Meeting(f"meeting-{number}", [on]) for number in range(1, 6)]
    briefs.write(now)
    await far.start()
    try:
        await ledger.subscribe(far.places[:1], now - timedelta(hours=1))
        await bot.start()
        assert await until(lambda: ledger.waiting(clock.utc(), clock.utc() + LEAD).later is not None, 30)
        await asyncio.sleep(2.0)
        far.trap.arm(moment, 0, 1.0 if moment == "late" else 0.0, bot.kill)
        clock.jump(120)
        await asyncio.wait_for(bot.dead.wait(), 30)
        due = [each for each in await ledger.rows() if each.kind == "reminder" and each.due_at <= clock.utc()]
        assert (len(due), len({each.fold for each in due})) == (5, 1)
        assert moment == "answered" or all(each.at_platform for each in due)
        await bot.start()
        await far.trap.settled()
        assert await until(lambda: ledger.doubts() == sum(each.at_platform for each in due), 30)
        clock.jump(31)
        assert await until(lambda: ledger.waiting(clock.utc(), clock.utc()) == (0, None), 30)
        await bot.stop()
        rows = [each for each in await ledger.rows() if each.id in {one.id for one in due}]
    finally:
        await bot.kill()
        await far.stop()
        ledger.close()
    assert {each.state for each in rows} == {"sent"}
    assert len({each.message_id for each in rows}) == 1
    told = [each for each in far.arrived() if "The meeting-" in each.words]
    assert [each.short_key for each in told] == [rows[0].fold]
    for number in range(1, 6):
        assert f"The meeting-{number}: in 30 days" in told[0].words
