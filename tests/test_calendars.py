"""One edit moves a date in the feed, in a calendar program that imports it, in the Home tab and the timeline.

The feed is read by another library than the one that writes it, and imported into a real CalDAV server.
"""

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from ical.calendar_stream import IcsCalendarStream
from ical.event import Event

from tests.bot.test_cli import briefbot
from tests.peers import caldav
from tests.walking import Talks, published
from tests.wires import OPENERS, PageWire, Shown, SlackWire, Wire, on_slack, until

PUBLIC: dict[str, Any] = {"public_port": 0, "public_url": "https://bot.example.org", "admins": "slack:T1/U9"}


def talks_of(content: bytes) -> Event:
    """The one event of a calendar that is the talks."""
    (calendar,) = IcsCalendarStream.from_ics(content.decode()).calendars
    (found,) = [event for event in calendar.events if str(event.summary).endswith("The talks")]
    return found


async def made_feed(wire: SlackWire) -> str:
    """Have the admin make the feed; give the address at which this machine reaches it."""
    shown = await wire.say("/brief-admin calendar make", admin=True)
    assert shown.private
    (path,) = re.findall(r"https://bot\.example\.org(/calendar/\S{32}\.ics)", shown.text)
    assert wire.app.public is not None
    return f"http://127.0.0.1:{wire.app.public.port}{path}"


def long(day: date) -> str:
    return f"{day:%B} {day.day}, {day.year}"


def line(day: date, days: int) -> str:
    return f"{long(day)}: The talks (in {days} days)"


def entry(day: date, days: int) -> str:
    return f"{long(day)} (in {days} days) · Watch date: The talks"


async def timeline(wire: Wire) -> str:
    """What the timeline says, the alt text of its picture too."""
    return (await wire.say("/brief timeline")).text


def home(wire: SlackWire) -> str:
    return wire.message(wire.peer.home("U1") or {}, private=True).text


async def test_one_edit_moves_a_date_in_the_feed_a_calendar_program_the_home_tab_and_the_timeline(
    tmp_path: Path,
) -> None:
    with caldav.serving(tmp_path / "caldav") as address:
        async with on_slack(tmp_path, **PUBLIC) as wire, aiohttp.ClientSession() as session:
            assert isinstance(wire, SlackWire)
            program = caldav.CalDav(address, session)
            talks = await Talks.told(wire, tmp_path)
            old, new = talks.day.date(), talks.day.date() + timedelta(days=30)
            await wire.peer.open_home("U1")
            await until(lambda: line(old, 20) in home(wire))
            assert entry(old, 20) in await timeline(wire)
            feed = await made_feed(wire)
            first = await (await session.get(feed)).read()
            assert await program.import_file(first) == 201
            ((place, _),) = (await program.on(old)).items()

            talks.day += timedelta(days=30)
            talks.write()
            await published(wire, 3)

            second = await (await session.get(feed)).read()
            before, after = talks_of(first), talks_of(second)
            assert (before.uid, before.sequence, before.dtstart) == (after.uid, 0, old)
            assert (after.sequence, after.dtstart, after.dtend) == (1, new, new + timedelta(days=1))
            assert await program.import_file(second) in {201, 204}
            assert await program.on(old) == {}
            ((moved, stored),) = (await program.on(new)).items()
            assert moved == place
            assert (f"UID:{before.uid}" in stored, "SEQUENCE:1" in stored) == (True, True)
            await until(lambda: line(new, 50) in home(wire))
            assert long(old) not in home(wire)
            assert entry(new, 50) in await timeline(wire)
            assert entry(old, 20) not in await timeline(wire)
            assert wire.unlawful() == []


async def test_a_cancelled_date_is_cancelled_in_the_feed_and_gone_from_the_home_tab(tmp_path: Path) -> None:
    async with on_slack(tmp_path, **PUBLIC) as wire, aiohttp.ClientSession() as session:
        assert isinstance(wire, SlackWire)
        talks = await Talks.told(wire, tmp_path)
        await wire.peer.open_home("U1")
        await until(lambda: "The talks" in home(wire))
        feed = await made_feed(wire)
        before = talks_of(await (await session.get(feed)).read())
        talks.write(cancelled=True)
        await published(wire, 3)
        after = talks_of(await (await session.get(feed)).read())
        assert (after.uid, after.sequence, after.status) == (before.uid, 1, "CANCELLED")
        await until(lambda: "The talks" not in home(wire))


async def test_what_one_follows_stands_in_the_home_tab_as_soon_as_one_does(tmp_path: Path) -> None:
    async with on_slack(tmp_path) as wire:
        assert isinstance(wire, SlackWire)
        await wire.peer.open_home("U1")
        await until(lambda: "You follow nothing here; /brief follow starts it." in home(wire))
        await wire.say("/brief follow treaty-signing where=me")
        await until(lambda: "2. reminders of the watch date" in home(wire))
        assert "You follow nothing here" not in home(wire)


async def attached(wire: Wire, shown: Shown) -> tuple[str, bytes]:
    """The one file that came with an answer to the reader, wherever the platform puts it."""
    if isinstance(wire, PageWire):
        ((path, name),) = re.findall(r'href="(/api/kept/[0-9a-f]+)" download="([^"]+)"', shown.raw["html"])
        async with wire.session.get(wire.origin + path) as response:
            return name, await response.read()
    if isinstance(wire, SlackWire):
        (stored,) = [file for file in wire.peer.state.files.values() if file.channels]
        assert stored.channels == [wire.peer.state.direct("U1").id]
        return stored.name, stored.data
    (attachment,) = shown.raw["attachments"]
    async with aiohttp.ClientSession() as session, session.get(attachment["url"]) as response:
        return attachment["filename"], await response.read()


@pytest.mark.parametrize("platform", ["discord", "slack", "web"])
async def test_every_platform_hands_the_file_to_whoever_asks_and_to_nobody_else(
    platform: str, tmp_path: Path
) -> None:
    async with OPENERS[platform](tmp_path) as wire:
        shown = await wire.say("/brief calendar treaty-signing")
        assert shown.private
        assert "treaty-signing.ics holds 5 dates. Open it with your calendar." in shown.text
        name, content = await attached(wire, shown)
        assert name == "treaty-signing.ics"
        (calendar,) = IcsCalendarStream.from_ics(content.decode()).calendars
        assert len(calendar.events) == 5
        assert [each.text for each in await wire.arrived() if "treaty-signing.ics" in each.text] == []
        assert wire.unlawful() == []


def test_the_command_line_prints_a_calendar(tmp_path: Path) -> None:
    done = briefbot("dates", "--ics", "--days", "800", folder=tmp_path)
    assert done.stderr == ""
    (calendar,) = IcsCalendarStream.from_ics(done.stdout).calendars
    titles = [str(event.summary) for event in calendar.events]
    listed = briefbot("dates", "--days", "800", folder=tmp_path).stdout.splitlines()
    assert [line.partition("  ")[2].rpartition(" (")[0] for line in listed] == titles
