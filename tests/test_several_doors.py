"""Two processes on one PostgreSQL, and people at the doors of both: each answers for what the other one did."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest

from bot.app import App, running
from tests.clocks import Ahead
from tests.peers.slack_peer import SlackPeer
from tests.several import eventually
from tests.test_doors import FIRST_WORDS, TOPIC
from tests.walking import ID, Talks, pass_to
from tests.wires import PageWire, SlackOverHttp, settings_for, until

LIVE_SECONDS = 2.0

pytestmark = pytest.mark.timeout(120)


@dataclass
class Doors:
    """Two processes in front of one Slack: the door of the one that leads, and of the one that stands by."""

    peer: SlackPeer
    apps: list[App]
    pages: list[PageWire]
    clock: Ahead
    folder: Path
    lives: list[contextlib.AsyncExitStack]

    async def end(self, app: App) -> None:
        """Stop a process."""
        await self.lives[self.apps.index(app)].aclose()

    def at(self, app: App) -> SlackOverHttp:
        """Send what people do in Slack to one process from now on."""
        assert app.public is not None
        self.peer.http_target = f"http://127.0.0.1:{app.public.port}/slack/events"
        return SlackOverHttp(self.peer, app, self.clock)

    @property
    def leader(self) -> App:
        """The process that leads."""
        return next(each for each in self.apps if each.membership and each.membership.leads)

    @property
    def standby(self) -> App:
        """The other one."""
        return next(each for each in self.apps if each is not self.leader)

    def page(self, app: App) -> PageWire:
        """The page of a process."""
        return next(each for each in self.pages if each.app is app)


@pytest.fixture
async def doors(url: str, tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Doors]:
    clock = Ahead()
    async with SlackPeer(clock=clock) as peer, contextlib.AsyncExitStack() as stack:
        given = {
            "slack_bot_token": peer.bot_token, "slack_signing_secret": peer.signing_secret, "public_port": 0,
            "slack_api_base": peer.api_base, "database_url": url, "admins": "slack:T1/U9",
            "review": getattr(request, "param", "off"),
        }  # fmt: skip
        settings = settings_for(tmp_path, **given)
        apps: list[App] = []
        pages: list[PageWire] = []
        lives: list[contextlib.AsyncExitStack] = []
        for name in ("one", "two"):
            own = settings.model_copy(update={"data_dir": tmp_path / name})
            lives.append(await stack.enter_async_context(contextlib.AsyncExitStack()))
            app = await lives[-1].enter_async_context(running(own, clock.utc))
            jar = aiohttp.CookieJar(unsafe=True)
            session = await stack.enter_async_context(aiohttp.ClientSession(cookie_jar=jar))
            apps.append(app)
            pages.append(PageWire(session, app, clock))
            await pages[-1].connected()
            await until(lambda app=app: app.adapters["slack"].status().connected, 30)  # type: ignore[misc]
            await until(lambda app=app: ID in app.desk.revisions(), 30)  # type: ignore[misc]
        made = Doors(peer, apps, pages, clock, tmp_path, lives)
        await until(lambda: any(each.membership and each.membership.leads for each in apps), 30)
        yield made
        assert [f"{call.method}: {call.answer}" for call in peer.refused] == []


async def soon(ask: Callable[[], Awaitable[bool]]) -> None:
    """Wait until something is so, for no longer than a publication may take to be live everywhere."""
    assert await eventually(ask, LIVE_SECONDS) < LIVE_SECONDS


async def test_a_button_that_one_process_made_is_answered_at_the_others_door(doors: Doors) -> None:
    for made, pressed in ((doors.leader, doors.standby), (doors.standby, doors.leader)):
        shown = await doors.at(made).say("/brief show dialogue-1")
        assert shown.buttons == ["More (2 of 3)"]
        second = await doors.at(pressed).press(shown, "More (2 of 3)")
        assert second.buttons == ["More (3 of 3)", "Back (1 of 3)"]
        third = await doors.at(made).press(second, "More (3 of 3)")
        assert "page 3 of 3" in third.text
        assert "Back (2 of 3)" in third.buttons


async def test_a_form_that_one_process_opened_is_taken_at_the_others_door(doors: Doors) -> None:
    form = await doors.at(doors.leader).say("/brief ask")
    assert form.form == ["question", "brief"]
    answer = await doors.at(doors.standby).fill(form, {"question": "What would Kim demand of the US?"})
    assert "recognition of its nuclear power status" in answer.text


async def test_a_request_that_comes_to_both_processes_is_carried_out_once(doors: Doors) -> None:
    doors.at(doors.leader)
    first = await doors.peer.command("/brief-admin", "reviewed", user="U9")
    await first.answer()
    doors.at(doors.standby)
    again = doors.peer._begin("command", "U9", "C1", "http")
    doors.peer._send(again, first.payload)
    await until(lambda: again.done)
    await asyncio.sleep(0.5)
    async with doors.leader.database.reading() as tx:
        assert len(await doors.leader.desk.proposals.open(tx)) == 1
    assert again.seen == []


async def test_a_message_that_one_process_sent_is_corrected_and_marked_by_the_other_after_its_end(
    doors: Doors,
) -> None:
    """Without the first one's memory: its message is known by what the ledger says of it alone."""
    first, second = doors.leader, doors.standby
    wire = doors.at(second)
    talks = await Talks.told(wire, doors.folder, "slack:T1/C1")
    pass_to(wire, talks.day - timedelta(days=7) + timedelta(hours=9))
    await eventually(lambda: _tells(wire, "The talks: in 7 days"), 20)
    await doors.end(first)
    talks.day += timedelta(days=30)
    talks.write()
    moved = f"{talks.day:%B} {talks.day.day}, {talks.day.year}"
    await eventually(lambda: _tells(wire, f"The talks: moved to {moved}"), 30)
    await eventually(lambda: _tells(wire, f"Moved to {moved}, see below."), 30)
    assert len([each for each in await wire.arrived() if "The talks" in each.text]) == 2


async def _tells(wire: SlackOverHttp, words: str) -> bool:
    return any(words in each.text for each in await wire.arrived())


@pytest.mark.parametrize("doors", ["required"], indirect=True)
async def test_what_is_proposed_on_one_page_and_approved_at_the_other_door_serves_on_both_pages(
    doors: Doors,
) -> None:
    leading, standing = doors.page(doors.leader), doors.page(doors.standby)
    proposed = await leading.say("/brief-admin reviewed")
    assert "Proposal 1" in proposed.text
    waiting = await standing.say("/brief-admin proposal 1")
    assert "web:local/reader proposes: reviewed on" in waiting.text
    approved = await doors.at(doors.standby).say("/brief-admin approve 1", admin=True)
    assert "Revision 2 of “The Korean Peninsula, December 2024” serves now." in approved.text

    async def live() -> bool:
        return "Revision 2." in (await leading.say("/brief overview")).text

    await soon(live)
    assert "Revision 2." in (await standing.say("/brief overview")).text
    for page in (leading, standing):
        again = await page.say("/brief-admin approve 1")
        assert "Proposal 1 was published already" in again.text, again.text
    # The process that leads writes it into the folder.
    path = doors.folder / "briefs" / ID / "brief.yaml"
    await eventually(lambda: _holds(path, b"reviewed: 20"), 5)


async def _holds(path: Path, words: bytes) -> bool:
    return words in path.read_bytes()


async def test_the_standbys_page_sees_what_is_published_elsewhere_by_itself(doors: Doors) -> None:
    """An open page is told that commands changed; its list has the topic, and its answers are of the revision."""
    page = doors.page(doors.standby)
    path = doors.folder / "briefs" / ID / "brief.yaml"
    path.write_bytes(path.read_bytes().replace(b"topics:\n", TOPIC, 1))

    async def listed() -> bool:
        async with page.session.get(f"{page.origin}/api/commands") as response:
            return any(each["path"] == "brand-new" for each in (await response.json())["commands"])

    await soon(listed)
    assert FIRST_WORDS in (await page.say("/brand-new")).text
