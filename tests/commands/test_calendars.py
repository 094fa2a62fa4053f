"""Calendars as an independent reader sees them, and what is said of them."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from ical.calendar_stream import IcsCalendarStream
from ical.event import Event, EventStatus

from briefs.agenda import agenda
from briefs.reading import Document, read_brief
from briefs.schema import WatchDate
from commands.model import Reply
from commands.views.ics import ics
from commands.views.plain import plain
from scheduler.address import Destination, Person
from tests.briefs.sample import SAMPLE_REPORT, SAMPLE_YAML
from tests.briefs.test_chronicle import BASIS, OFF, START, single, told, yearly
from tests.office import (
    ADMIN,
    MANAGER,
    NOW,
    READER,
    Office,
    edited,
    key_of,
    office,
    shipped,
)

pytestmark = pytest.mark.usefixtures("contract")

NOW_EARLY = START + timedelta(days=30)
TEAM = Destination("slack", "T9", "C1")


def read(content: bytes) -> list[Event]:
    """The events of a file, which has to be one calendar."""
    (calendar,) = IcsCalendarStream.from_ics(content.decode()).calendars
    return list(calendar.events)


def written(*stages: tuple[WatchDate, ...], now: datetime = NOW_EARLY) -> bytes:
    return ics(agenda(told(*stages), "everyone", now), "Dates", "en")


def only(*stages: tuple[WatchDate, ...]) -> Event:
    (event,) = read(written(*stages))
    return event


def unfolded(content: bytes) -> str:
    return content.decode().replace("\r\n ", "")


def test_a_day_stays_a_day_and_ends_before_the_next() -> None:
    event = only((single(),))
    assert (event.dtstart, event.dtend) == (date(2026, 12, 18), date(2026, 12, 19))
    assert b"DTSTART;VALUE=DATE:20261218\r\n" in written((single(),))
    assert (event.summary, event.status, event.transparency) == (
        "The talks",
        EventStatus.CONFIRMED,
        "TRANSPARENT",
    )
    assert event.alarm == []


def test_a_month_is_all_of_its_days_and_says_that_the_day_is_not_known() -> None:
    event = only((single("2026-12"),))
    assert (event.dtstart, event.dtend) == (date(2026, 12, 1), date(2027, 1, 1))
    assert event.summary == "The talks (a day in December 2026)"
    assert "Only the month is known, not the day." in str(event.description)


def test_a_moment_has_its_zone_with_the_zone_s_rules_and_no_made_up_end() -> None:
    content = written((single("2026-12-18T15:00", zone="America/New_York"),))
    (event,) = read(content)
    assert event.dtstart == datetime(2026, 12, 18, 15, tzinfo=ZoneInfo("America/New_York"))
    assert (event.dtend, event.duration) == (None, None)
    assert b"DTSTART;TZID=America/New_York:20261218T150000\r\n" in content
    (calendar,) = IcsCalendarStream.from_ics(content.decode()).calendars
    assert [zone.tz_id for zone in calendar.timezones] == ["America/New_York"]


def test_a_time_that_the_clocks_skip_is_the_first_after_the_gap() -> None:
    event = only((single("2026-03-08T02:30", zone="America/New_York"),))
    assert event.dtstart == datetime(2026, 3, 8, 3, tzinfo=ZoneInfo("America/New_York"))
    noon = only((single("2026-03-08T12:00", zone="UTC"),))
    assert noon.dtstart == datetime(2026, 3, 8, 12, tzinfo=UTC)


def test_a_moved_date_is_one_event_that_moves() -> None:
    before, after = only((single(),)), only((single(),), (single("2027-01-17"),))
    assert after.uid == before.uid
    assert (before.sequence, after.sequence) == (0, 1)
    assert (before.dtstart, after.dtstart) == (date(2026, 12, 18), date(2027, 1, 17))
    assert (after.dtstamp, after.last_modified) == (START + timedelta(days=2),) * 2
    assert after.created == START + timedelta(days=1)


def test_a_cancelled_date_says_so_in_every_field_that_a_program_may_show() -> None:
    event = only((single(),), (single(cancelled=OFF),))
    assert (event.summary, event.status, event.sequence) == ("Cancelled: The talks", EventStatus.CANCELLED, 1)
    assert str(event.description).startswith(
        "Editor's note, cancelled: Called off Source: https://example.org/off\n\n"
    )


def test_a_date_that_left_the_brief_says_so() -> None:
    event = only((single(),), ())
    assert (event.summary, event.status) == ("Cancelled: The talks", EventStatus.CANCELLED)
    assert str(event.description) == (
        "The brief does not name this date any more, since revision 2.\n\n"
        "Editor's note, not the report's words (December 18, 2026): Named for the test Source:"
        " https://example.org/date\n\n"
        "From “Dates”, as of January 1, 2026, revision 2. By the day of this entry that is 351 days old: expired."
    )


def test_a_description_marks_the_editor_s_words_and_tells_the_age_by_the_day_of_the_event() -> None:
    dated = single(zone="Asia/Seoul", outcomes=[{"occurrence": "2026-12-18", "text": "They met.", "on": "2026-12-19",
                                                 "source": "https://example.org/met"}])  # fmt: skip
    assert str(only((dated,)).description) == (
        "The day is counted in Asia/Seoul.\n\n"
        "Editor's note, not the report's words (December 18, 2026): Named for the test Source:"
        " https://example.org/date\n\n"
        "Editor's note, what happened (December 19, 2026): They met. Source: https://example.org/met\n\n"
        "From “Dates”, as of January 1, 2026, revision 1. By the day of this entry that is 351 days old: expired.\n\n"
        "Where the bot is, /brief dates name=talks tells how this date stands now."
    )
    assert only((dated,)).url == BASIS.source


def test_a_long_title_with_every_special_character_comes_back_whole_on_folded_lines() -> None:
    title = "條約, 조약; “signed”: a\\b " * 7
    content = written((single(title=title.strip()),))
    (event,) = read(content)
    assert event.summary == title.strip()
    assert max(len(line) for line in content.split(b"\r\n")) <= 75
    content.decode()


def test_the_same_revisions_give_the_same_bytes_on_any_day_of_the_year() -> None:
    stages = ((single("2026-12-18T15:00", zone="Europe/Paris"), yearly()),)
    assert written(*stages) == written(*stages, now=NOW_EARLY + timedelta(days=200))
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n" in written(*stages)
    assert b"NAME:Dates\r\nX-WR-CALNAME:Dates\r\n" in written(*stages)


async def test_a_file_holds_what_is_to_come_and_the_report_s_own_words(bot: Office) -> None:
    reply = await bot.reply("/brief calendar")
    (file,) = reply.files
    found = read(file.content)
    assert (file.name, file.title) == ("korean-peninsula-2024.ics", "Watch dates for a calendar")
    assert str(found[0].summary) == (
        "2nd anniversary of the entry into force of the Russia-DPRK Comprehensive Strategic Partnership Treaty"
    )
    assert all(event.dtend and event.dtend > NOW.date() for event in found)
    assert (reply.visibility, reply.pages) == ("private", 1)
    assert reply.summary == (
        f"korean-peninsula-2024.ics holds {len(found)} dates. Open it with your calendar. A later file of the same"
        " dates moves them there and adds each only once."
    )
    text = await bot.text("/brief calendar")
    assert f"{len(found) - 3} more are in the file." in text
    assert (
        "For dates that move by themselves, whoever manages the workspace makes a feed with /brief-admin calendar."
    ) in text


async def test_a_date_that_rests_on_the_report_is_given_with_its_words_and_place() -> None:
    changes = {
        "watch_dates:\n": "watch_dates:\n  - id: quoted\n    title: The quoted day\n    date: 2027-03-01\n"
        '    basis: {passage: dialogue-1, quote: "Kim would likely demand all of the following"}\n'
    }
    async with office(edited(changes)) as bot:
        (file,) = (await bot.reply("/brief calendar quoted")).files
        (event,) = read(file.content)
    assert file.name == "quoted.ics"
    assert "“Kim would likely demand all of the following”" in str(event.description)
    assert str(event.description).startswith("The report (dialogue-1, ")


def moved(day: str) -> Document:
    """The shipped brief with talks on a day."""
    talks = f"  - id: talks\n    title: The talks\n    date: {day}\n"
    basis = '    basis: {editor: Set, source: "https://example.org/x"}\n'
    return edited({"watch_dates:\n": f"watch_dates:\n{talks}{basis}"})


async def test_numbers_come_out_of_the_stored_revisions_also_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "bot.sqlite3"
    async with office(shipped(), moved("2027-03-01"), path=path) as bot:
        (first,) = read((await bot.reply("/brief calendar talks")).files[0].content)
        await bot.publish(moved("2027-03-02"))
        await bot.publish(moved("2027-03-03"))
        content = (await bot.reply("/brief calendar talks")).files[0].content
        (third,) = read(content)
        assert (first.sequence, third.sequence, third.uid) == (0, 2, first.uid)
    async with office(path=path) as bot:
        assert (await bot.reply("/brief calendar talks")).files[0].content == content
    async with office(path=path) as bot:
        async with bot.desk.store.transaction() as tx:
            await tx.execute("UPDATE revisions SET yaml = ? WHERE number = 3", b"format: 9")
        (torn,) = read((await bot.reply("/brief calendar talks")).files[0].content)
        assert (torn.sequence, torn.uid) == (2, first.uid)


async def test_one_date_is_sent_from_its_own_button_and_a_past_one_too(bot: Office) -> None:
    about = await bot.reply("/brief dates treaty-signing")
    (file,) = (await bot.click(key_of(about, "Add to calendar"))).files
    assert file.name == "treaty-signing.ics"
    assert [str(event.summary)[:16] for event in read(file.content)] == [
        "62nd anniversary", "63rd anniversary", "64th anniversary", "65th anniversary", "66th anniversary",
    ]  # fmt: skip
    past = (
        "watch_dates:\n  - id: gone-by\n    title: The day before\n    date: 2026-11-01\n"
        '    basis: {editor: Set, source: "https://example.org/x"}\n'
    )
    async with office(edited({"watch_dates:\n": past})) as other:
        (one,) = read((await other.reply("/brief calendar gone-by")).files[0].content)
        assert one.dtstart == date(2026, 11, 1)


async def test_what_cannot_be_put_into_a_calendar_is_said(bot: Office) -> None:
    assert await bot.text("/brief calendar treaty-signed") == (
        "Not done\n\nThere is no watch date “treaty-signed”; the nearest is treaty-signing."
        " /brief dates lists those to come."
    )
    kept = SAMPLE_YAML.replace(
        "    zone: Europe/London\n", "    zone: Europe/London\n    distribution: admins\n"
    )
    async with office(read_brief(kept.encode(), SAMPLE_REPORT.encode())) as other:
        assert await other.text("/brief calendar") == (
            "Not done\n\nNo watch date is to come that a calendar could hold; /brief dates says what there is."
        )


async def test_a_feed_needs_an_address_that_the_world_can_reach(bot: Office) -> None:
    assert await bot.text("/brief-admin calendar make", ADMIN) == (
        "Not done\n\nNobody could reach a feed of this workspace: whoever runs the bot sets PUBLIC_PORT and PUBLIC_URL"
        " first. Until then /brief calendar sends the dates as a file."
    )


@pytest.fixture
def reached(bot: Office) -> Office:
    """A bot that calendars can reach."""
    bot.desk.outside.public = "https://bot.example.org"  # type: ignore[attr-defined]  # the process knows it
    return bot


def address(reply: Reply) -> str:
    """The address in a reply."""
    return next(word for word in plain(reply).split() if word.startswith("https://"))


async def test_a_feed_is_made_shown_renewed_and_revoked(reached: Office) -> None:
    shown = await reached.reply("/brief-admin calendar", ADMIN)
    assert await reached.text("/brief-admin calendar", ADMIN) == (
        "Calendar feed\n\nThis workspace has no calendar feed. Making one gives an address that calendars subscribe to."
    )
    made = await reached.click(key_of(shown, "Make one"), ADMIN)
    first = address(made)
    assert first.startswith("https://bot.example.org/calendar/")
    assert first.endswith(".ics")
    assert len(first) == len("https://bot.example.org/calendar/.ics") + 32
    assert await reached.text("/brief-admin calendar make", ADMIN) == (
        "Not done\n\nThis workspace has a calendar feed already, and its address cannot be shown again;"
        " /brief-admin calendar renew gives it a new one and ends the old one."
    )
    state = await reached.text("/brief-admin calendar", ADMIN)
    assert state == (
        "Calendar feed\n\n"
        "This workspace has a calendar feed, made by slack:T1/U9 on 2026-11-24 08:00 UTC.\n\n"
        "No calendar has fetched it yet.\n\n"
        "Its address is kept as a hash and cannot be shown again; renew it where it is lost or known to too many."
    )
    renewed = await reached.text("/brief-admin calendar renew", ADMIN)
    assert first not in renewed
    assert renewed.endswith("The old address does not answer any more.")
    assert await reached.text("/brief-admin calendar revoke", ADMIN) == (
        "The calendar feed is revoked\n\nThe address does not answer any more. Calendars that have fetched it keep what"
        " they have until it is deleted there."
    )
    assert await reached.text("/brief-admin calendar revoke", ADMIN) == (
        "Not done\n\nThis workspace has no calendar feed that could be revoked."
    )


async def test_the_address_is_written_down_nowhere(reached: Office) -> None:
    secret = (
        address(await reached.reply("/brief-admin calendar make", ADMIN))
        .rpartition("/")[2]
        .removesuffix(".ics")
    )
    async with reached.desk.store.reading() as tx:
        lines = await reached.desk.audit.latest(tx, 10)
        assert [(line.action, line.detail) for line in lines] == [("/brief-admin calendar", "action=make")]
        rows = await tx.fetch("SELECT * FROM feeds")
        assert secret not in str(
            [tuple(row[name] for name in ("workspace", "digest", "made_by")) for row in rows]
        )
        pressed = await tx.fetch("SELECT press FROM actions")
        assert secret not in str([row["press"] for row in pressed])


async def test_who_may_give_a_calendar_away(reached: Office) -> None:
    assert await reached.text("/brief-admin calendar make", READER) == (
        "Not done\n\n/brief-admin calendar needs the right to manage this channel; ask somebody who manages it."
    )
    assert await reached.text("/brief-admin calendar make", MANAGER) == (
        "Not done\n\nA feed shows all that this workspace may see, so it needs the right to manage the whole workspace;"
        " ask somebody who has it."
    )
    governor = replace(MANAGER, governs=True)
    assert "Whoever has it sees the dates that are for everyone." in await reached.text(
        "/brief-admin calendar make", governor
    )
    assert await reached.text("/brief-admin calendar make", governor, TEAM) == (
        "Not done\n\nA feed of this workspace would show what is for the team alone, so it is the bot's admins"
        " (slack:T1/U9) who make it; ask one of them."
    )
    assert "Whoever has it sees the dates that are for the team." in await reached.text(
        "/brief-admin calendar make", ADMIN, TEAM
    )
    direct = replace(ADMIN, person=Person("discord", "", "42"))
    reached.desk.rights.grants["discord:42"] = "admin"
    assert await reached.text("/brief-admin calendar make", direct, direct.person.inbox) == (
        "Not done\n\nA feed belongs to a server; send /brief-admin calendar in the one that it is to be for."
    )


async def test_whoever_is_forgotten_leaves_a_feed_without_a_name(reached: Office) -> None:
    await reached.reply("/brief-admin calendar make", ADMIN)
    assert "that you made 1 calendar feed" in await reached.text("/brief forget-me", ADMIN)
    await reached.reply("/brief forget-me sure=yes", ADMIN)
    state = await reached.text("/brief-admin calendar", ADMIN)
    assert "made by somebody who asked to be forgotten on 2026-11-24 08:00 UTC." in state


async def test_the_overview_says_what_comes_how_old_it_is_and_what_is_followed(bot: Office) -> None:
    text = await bot.whole("/brief overview")
    assert "As of December 6, 2024: 718 days old, expired. Revision 1." in text
    assert "in 10 days" in text
    assert "4 more dates are to come." in text
    assert "You follow nothing here; /brief follow starts it." in text
    await bot.reply("/brief follow treaty-signing where=me")
    followed = await bot.whole("/brief overview")
    assert (
        "1. reminders of the watch date “Anniversary of the signing of the Japan-ROK Treaty on Basic Relations”, your"
        " direct messages, Asia/Tokyo."
    ) in followed


async def test_the_overview_shows_every_brief() -> None:
    harbour = read_brief(SAMPLE_YAML.encode(), SAMPLE_REPORT.encode())
    async with office(shipped(), harbour) as bot:
        text = await bot.whole("/brief overview")
        assert "Merrow Harbour: the tide gauge after sixty years" in text
        assert "The Korean Peninsula, December 2024" in text
        buttons = [action.label for action in (await bot.reply("/brief overview")).actions]
        assert {"Dates of korean-peninsula-2024", "Dates of harbour-2025"} <= set(buttons)
