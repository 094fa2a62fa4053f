"""A brief published through each door: proposed by one admin, shown and approved by another, rolled back."""

import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from scheduler.runner import utc_now
from tests.doors import Door, Foreseen, opened, words
from tests.walking import ID, Talks, awaited, follow, pass_to
from tests.wires import Shown, settings_for

NINE = timedelta(hours=9)
TOPIC = b"""topics:
  - id: brand-new
    command: brand-new
    description: A topic that is new
    lead: {passage: dialogue-1, quote: "The inauguration of the Trump administration could be"}
"""
FIRST_WORDS = "The inauguration of the Trump administration could be"


class Walk:
    """The walk of one platform: its door, the brief's file, and the watch date that moves."""

    def __init__(self, door: Door, folder: Path, talks: Talks) -> None:
        self.door, self.wire, self.talks = door, door.wire, talks
        self.path = folder / "briefs" / ID / "brief.yaml"
        self.original = self.path.read_bytes()
        self.changed = edited(self.original, talks.day)

    async def read(self, shown: Shown) -> tuple[str, Shown]:
        """Turn every page of an answer, and back to the first."""
        text = shown.text
        while more := next((label for label in shown.buttons if label.startswith("More")), None):
            shown = await self.door.press(shown, more)
            text += f" {shown.text}"
        while back := next((label for label in shown.buttons if label.startswith("Back")), None):
            shown = await self.door.press(shown, back)
        return text, shown

    async def told(self, title: str, count: int = 1) -> list[str]:
        """The words of each message of the channel with a title, once there are so many."""
        await awaited(self.wire.arrived, title, count)
        return [self.door.body(each) for each in await self.wire.arrived() if title in each.text]

    async def planned(self) -> list[tuple[str, str, datetime]]:
        """What is planned of the talks, wherever it goes: destination, date and moment."""
        async with self.wire.app.database.reading() as tx:
            rows = await self.wire.app.desk.deliveries.where(tx, "item = 'talks' AND state = 'planned'")
        return sorted((str(each.destination), each.announced, each.due_at) for each in rows)


def edited(yaml: bytes, day: datetime) -> bytes:
    """A new topic, and the date ten days later."""
    old, new = (f"date: {each.date()}".encode() for each in (day, day + timedelta(days=10)))
    return yaml.replace(b"topics:\n", TOPIC, 1).replace(old, new)


def long(day: datetime) -> str:
    """A day as a message writes it."""
    return f"{day:%B} {day.day}, {day.year}"


@pytest.fixture(params=["discord", "slack"])
async def walk(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Walk]:
    """A channel that follows the date and was told it, and two admins."""
    settings_for(tmp_path)
    today = datetime.combine(utc_now().date(), datetime.min.time(), UTC)
    talks = Talks(tmp_path, today + timedelta(days=20))
    talks.write()
    async with opened(request.param, tmp_path) as door:
        walk = Walk(door, tmp_path, talks)
        await follow(walk.wire, walk.wire.channel)
        pass_to(walk.wire, talks.day - timedelta(days=7) + NINE)
        await awaited(walk.wire.arrived, "The talks: in 7 days")
        yield walk


async def test_a_change_is_shown_approved_by_another_told_as_it_was_shown_and_rolled_back(walk: Walk) -> None:
    day, later = walk.talks.day, walk.talks.day + timedelta(days=10)
    before = await walk.planned()

    shown = await walk.door.upload(walk.changed, "Moved, and a topic")
    assert shown.private
    assert "Publish" not in shown.buttons
    assert "Approve" not in shown.buttons
    _says_it_all((await walk.read(shown))[0], day, later)
    asked = await awaited(walk.door.asked, "Proposal 1")
    assert asked.buttons == ["Approve", "All of it", "Reject"]
    assert "What is published is exactly what is shown here." in asked.text
    _says_it_all((await walk.read(await walk.door.press(asked, "All of it")))[0], day, later)
    assert walk.path.read_bytes() == walk.original
    foreseen = Foreseen(walk.door.attached(asked, "messages.txt"))

    began = time.monotonic()
    published = await walk.door.press(asked, "Approve")
    assert FIRST_WORDS in (await walk.door.fresh("brand-new")).text
    assert time.monotonic() - began < 2
    assert "Revision 2 of “The Korean Peninsula, December 2024” serves now." in published.text
    assert walk.path.read_bytes() == walk.changed
    said = await walk.told(f"The talks: moved to {long(later)}")
    assert [words(each) for each in said] == [words(each) for each in foreseen.of("sent", walk.wire.channel)]

    back = await walk.door.say("/brief-admin rollback 1", author=True)
    assert "back to revision 1" in back.text
    asked = await awaited(walk.door.asked, "Proposal 2")
    foreseen = Foreseen(walk.door.attached(asked, "messages.txt"))
    await walk.door.press(asked, "Approve")
    assert walk.path.read_bytes() == walk.original
    said = await walk.told(f"The talks: moved to {long(day)}")
    assert await walk.planned() == before
    assert [words(each) for each in said] == [words(each) for each in foreseen.of("sent", walk.wire.channel)]
    assert (await walk.door.say("/brief topic brand-new")).text == (
        "Not done There is no topic “brand-new”; the nearest is martial-law. /brief topics lists them all."
    )

    pass_to(walk.wire, day + NINE)
    said = await walk.told("The talks: today")
    assert [words(each) for each in said] == [
        words(each) for each in foreseen.of("planned", walk.wire.channel)
    ]
    assert len(said) == 1


def _says_it_all(text: str, day: datetime, later: datetime) -> None:
    """The difference in words, and the blast radius."""
    assert "Moved, and a topic" in text
    assert "New topic brand-new, which /brand-new opens: A topic that is new." in text
    assert f"Watch date The talks moved from {long(day)} to {long(later)}." in text
    assert "2 messages go out at once:" in text
    assert f"The talks: moved to {long(later)}" in text
    assert "4 messages are planned anew:" in text
    assert "2 planned messages are dropped:" in text


async def test_a_rejected_proposal_changes_nothing_and_its_button_says_so(walk: Walk) -> None:
    await walk.door.upload(walk.changed, "Moved, and a topic")
    asked = await awaited(walk.door.asked, "Proposal 1")
    rejected = await walk.door.press(asked, "Reject")
    assert "Proposal 1 is turned down: no reason given. What serves stays as it is." in rejected.text
    await awaited(walk.door.heard, "Proposal 1 is turned down: no reason given. What serves stays as it is.")
    again = await walk.door.press(asked, "Approve")
    assert "Proposal 1 was rejected already by" in again.text
    assert walk.path.read_bytes() == walk.original
    assert walk.wire.app.desk.revisions()[ID].number == 1


async def test_a_button_of_what_was_compared_before_compares_again(walk: Walk) -> None:
    await walk.door.upload(walk.changed, "Moved, and a topic")
    asked = await awaited(walk.door.asked, "Proposal 1")
    await walk.door.say("/brief-admin reviewed")
    await walk.door.say("/brief-admin approve 2", author=True)
    again = await walk.door.press(asked, "Approve")
    assert "The brief moved on to revision 2 since this was shown, so nothing was published." in again.text
    assert walk.wire.app.desk.revisions()[ID].number == 2
    # The proposal was made of revision 1, so approving it now takes the review back: the comparison says so.
    text, again = await walk.read(again)
    assert "The brief: the day of review" in text
    assert "Revision 3 of" in (await walk.door.press(again, "Approve")).text
    assert walk.path.read_bytes() == walk.changed
