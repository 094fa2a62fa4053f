"""Rehearsal: the same plan that will send, with every message's text."""

from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.rehearsal import Message, rehearse
from bot.settings import Settings
from tests.office import READER, Office, office, shipped

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
FIRST, LAST = date(2026, 11, 24), date(2027, 12, 31)
ZONES = ("Asia/Tokyo", "America/New_York", "Europe/London")
DIGESTS = [f"weekly sun 01:30 {zone}" for zone in ZONES]


def settings(folder: Path) -> Settings:
    return Settings(data_dir=folder)


async def played(folder: Path, *digests: str) -> list[Message]:
    return await rehearse(settings(folder), FIRST, LAST, digests, NOW)


def leads(messages: list[Message], item: str, occurrence: int) -> list[str]:
    return [m.planned.lead for m in messages if (m.planned.item, m.planned.occurrence) == (item, occurrence)]


async def test_an_empty_installation_announces_the_treatys_two_anniversaries(tmp_path: Path) -> None:
    messages = await played(tmp_path)
    assert leads(messages, "treaty-entry-into-force", 61) == ["7d", "1d", "0d"]
    assert leads(messages, "treaty-signing", 62) == ["90d", "30d", "7d", "1d", "0d"]
    assert not (tmp_path / "briefbot.sqlite3").exists(), "a rehearsal leaves nothing behind"


async def test_each_zone_has_one_digest_for_each_local_week_through_every_change(tmp_path: Path) -> None:
    messages = await played(tmp_path, *DIGESTS)
    for zone in ZONES:
        days = [
            m.planned.due.astimezone(ZoneInfo(zone)).date()
            for m in messages
            if m.planned.kind == "digest" and m.zone == zone
        ]
        weeks = Counter(day.isocalendar()[:2] for day in days)
        sundays = [date.fromordinal(n) for n in range(FIRST.toordinal(), LAST.toordinal() + 1)]
        assert days == [day for day in sundays if day.weekday() == 6], zone
        assert set(weeks.values()) == {1}, zone


async def test_the_hour_that_london_skips_is_its_first_instant_after(tmp_path: Path) -> None:
    messages = await played(tmp_path, "weekly sun 01:30 Europe/London")
    spring = [
        m for m in messages if f"{m.planned.due:%Y-%m-%d}" == "2027-03-28" and m.planned.kind == "digest"
    ]
    assert [message.head for message in spring] == [
        "Sun 2027-03-28 02:00 Europe/London (2027-03-28 01:00 UTC)  web:local/lobby"
        "  Digest: The Korean Peninsula, December 2024"
    ]


async def test_days_are_counted_on_the_destinations_calendar(tmp_path: Path) -> None:
    path = tmp_path / "briefbot.sqlite3"
    async with office(shipped(), path=path) as bot:
        await bot.say("/brief follow treaty-entry-into-force zone=Pacific/Auckland")
    messages = await rehearse(settings(tmp_path), FIRST, date(2026, 12, 31), (), NOW)
    assert [m.text.splitlines()[0].rpartition(": ")[2] for m in messages] == [
        "in 7 days",
        "in 1 day",
        "today",
    ]
    assert f"{messages[-1].planned.due:%Y-%m-%d %H:%M}" == "2026-12-17 20:00"


async def test_a_running_bots_database_can_be_rehearsed(tmp_path: Path) -> None:
    async with office(shipped(), path=tmp_path / "briefbot.sqlite3") as bot:
        await _follow(bot)
        messages = await rehearse(settings(tmp_path), FIRST, date(2026, 12, 31), (), NOW)
    assert {str(m.planned.destination) for m in messages} == {"slack:T1/@U1"}


async def _follow(bot: Office) -> None:
    await bot.say("/brief follow treaty-entry-into-force", READER)


async def test_the_first_digest_speaks_of_the_last_month_and_later_ones_of_the_last_digest(
    tmp_path: Path,
) -> None:
    messages = [m for m in await played(tmp_path, DIGESTS[0]) if m.planned.kind == "digest"]
    assert "No note is dated within the last 31 days." in messages[0].text
    assert "No note was added since the last digest on November 29, 2026." in messages[1].text


async def test_words_that_are_no_digest_say_how_one_is_written(tmp_path: Path) -> None:
    with pytest.raises(ValueError) as refusal:
        await played(tmp_path, "sometimes")
    assert str(refusal.value) == "'sometimes' is no digest; write it like “weekly sun 01:30 Asia/Tokyo”"
