"""Calendar feeds over HTTP: who is answered, with what, and what is never said."""

import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import pytest
from ical.calendar_stream import IcsCalendarStream
from ical.event import Event

from bot import feeds
from bot.app import App, running
from briefs.chronicles import Chronicles
from commands.model import Call, Caller, Reply
from commands.views.plain import plain
from scheduler.address import LOBBY, READER, Destination, Person
from tests.canaries import canaries, documents
from tests.clocks import Ahead
from tests.wires import settings_for

ADMIN = Caller(Person("slack", "T1", "U9"), "Admin")
PLACES = {"team": Destination("slack", "T1", "C1"), "guests": Destination("slack", "T2", "C1"), "page": LOBBY}


def read(content: bytes) -> list[Event]:
    (calendar,) = IcsCalendarStream.from_ics(content.decode()).calendars
    return list(calendar.events)


@dataclass
class Reached:
    """A bot without Slack and Discord that calendars reach, and a program that asks it."""

    app: App
    session: aiohttp.ClientSession
    clock: Ahead

    async def told(self, action: str, place: str = "team") -> str:
        """Send /brief-admin calendar; return the path of the address that it gives, or the words."""
        who = Caller(READER, "Reader", manages=True, governs=True) if place == "page" else ADMIN
        call = Call("brief-admin calendar", who, PLACES[place], self.clock.utc(), {"action": action})
        answer = await self.app.front.answer(call)
        assert isinstance(answer, Reply)
        words = plain(answer)
        return next(
            (f"/{w.split('/', 3)[3]}" for w in words.split() if "/calendar/" in w and "://" in w), words
        )

    @property
    def public(self) -> str:
        assert self.app.public is not None
        return f"http://127.0.0.1:{self.app.public.port}"

    async def get(
        self, path: str, base: str = "", method: str = "GET", **headers: str
    ) -> tuple[int, bytes, dict[str, str]]:
        async with self.session.request(method, (base or self.public) + path, headers=headers) as answer:
            return answer.status, await answer.read(), {name.lower(): v for name, v in answer.headers.items()}


@pytest.fixture
async def reached(tmp_path: Path) -> AsyncIterator[Reached]:
    """Two briefs, of which parts are under embargo for five days and one is so as a whole."""
    ends = datetime.now(UTC).date() + timedelta(days=5)
    for name, document in zip(("open", "sealed"), documents(f"embargo_until: {ends}"), strict=True):
        place = tmp_path / "briefs" / name
        place.mkdir(parents=True)
        (place / "brief.yaml").write_bytes(document.yaml)
        (place / "report.md").write_bytes(document.report)
    clock = Ahead()
    settings = settings_for(
        tmp_path, public_port=0, public_url="https://bot.example.org/", admins="slack:T1/U9", workspaces="slack:T1"
    )  # fmt: skip
    async with running(settings, clock.utc) as app, aiohttp.ClientSession() as session:
        yield Reached(app, session, clock)


async def test_a_feed_is_answered_without_slack_until_it_is_revoked(reached: Reached) -> None:
    path = await reached.told("make")
    status, content, headers = await reached.get(path)
    assert (status, headers["content-type"]) == (200, "text/calendar; charset=utf-8")
    assert headers["cache-control"] == "private, no-cache"
    assert [str(event.summary) for event in read(content)]
    assert (await reached.get(path, method="HEAD"))[:2] == (200, b"")
    assert "A calendar fetched it last on" in await reached.told("show")

    renewed = await reached.told("renew")
    unknown = await reached.get("/calendar/" + "A" * 32 + ".ics")
    assert (unknown[0], unknown[1]) == (404, b"404: Not Found")
    for gone in (path, "/calendar/short.ics", "/calendar/" + "%2e" * 32 + ".ics"):
        assert (await reached.get(gone))[:2] == unknown[:2], gone
    assert (await reached.get(renewed))[0] == 200
    await reached.told("revoke")
    assert (await reached.get(renewed))[:2] == unknown[:2]


async def test_what_did_not_change_is_not_sent_again_and_is_the_same_to_the_byte(reached: Reached) -> None:
    path = await reached.told("make")
    _, content, headers = await reached.get(path)
    tag = headers["etag"]
    for known in (tag, f'"other", {tag}', f"W/{tag}", "*"):
        status, body, said = await reached.get(path, **{"If-None-Match": known})
        assert (status, body, said["etag"]) == (304, b"", tag), known
    assert (await reached.get(path, **{"If-None-Match": '"other"'}))[:2] == (200, content)
    desk = replace(reached.app.desk, chronicles=Chronicles())
    fresh = feeds.CalendarFeeds(desk, lambda: reached.clock.utc() + timedelta(days=1))
    async with reached.app.desk.store.reading() as tx:
        feed = await reached.app.desk.feeds.at(tx, "slack:T1")
    assert feed is not None
    assert (await fresh._write(feed, "")).content == content


async def test_an_embargo_holds_until_its_end_and_then_the_date_appears(reached: Reached) -> None:
    path = await reached.told("make")
    _, before, headers = await reached.get(path)
    assert canaries(before.decode()) == frozenset()
    assert (await reached.get(f"{path}?brief=sealed-harbour"))[0] == 404
    reached.clock.jump(timedelta(days=5).total_seconds())
    status, after, _ = await reached.get(path, **{"If-None-Match": headers["etag"]})
    assert status == 200
    assert len(read(after)) > len(read(before))
    assert canaries(after.decode())
    assert (await reached.get(f"{path}?brief=sealed-harbour"))[0] == 200


async def test_one_brief_alone_is_asked_for_by_its_id(reached: Reached) -> None:
    path = await reached.told("make")
    _, content, _ = await reached.get(f"{path}?brief=open-harbour")
    assert {event.categories[0] for event in read(content)} == {"open-harbour"}
    assert b"X-WR-CALNAME:Watch dates\r\n" not in content
    assert (await reached.get(f"{path}?brief=nothing"))[:2] == (404, b"404: Not Found")


async def test_the_page_s_feed_is_for_this_machine_and_every_other_for_the_world(reached: Reached) -> None:
    here, there = await reached.told("make", "page"), await reached.told("make", "guests")
    page = reached.app.link.split("/?")[0]
    assert (await reached.get(here, page))[0] == 200
    assert (await reached.get(here))[0] == 404
    assert (await reached.get(there))[0] == 200
    assert (await reached.get(there, page))[0] == 404
    assert (await reached.get(here, page, Host="evil.example.org"))[0] == 403
    for path in ("/", "/api/overview", "/static/page.css", "/slack/events"):
        assert (await reached.get(path))[0] == 404, path


async def test_too_many_questions_at_once_are_asked_to_wait(
    reached: Reached, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = await reached.told("make")
    monkeypatch.setattr(feeds, "PER_SECOND", 0.0)
    answers = [(await reached.get(path, method="HEAD")) for _ in range(int(feeds.BURST) + 1)]
    assert [status for status, _, _ in answers[:-1]] == [200] * int(feeds.BURST)
    assert (answers[-1][0], answers[-1][2]["retry-after"]) == (429, "60")


async def test_no_log_bears_an_address_not_even_when_it_goes_wrong(
    reached: Reached, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    path = await reached.told("make")
    await reached.get(path)
    monkeypatch.setattr(feeds, "ics", None)
    reached.clock.jump(timedelta(days=5).total_seconds())
    assert (await reached.get(path))[0] == 500
    assert "a calendar feed could not be written, id " in caplog.text
    secret = path.rpartition("/")[2].removesuffix(".ics")
    assert [each for each in caplog.records if secret in each.getMessage() + str(each.exc_text)] == []
