"""Whoever keeps a brief is told once that it is stale, once that it has expired, and asked once for outcomes."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.peers.discord_peer.world import READER_USER
from tests.wires import OPENERS, Shown, Wire, settings_for

ID = "korean-peninsula-2024"
OWNER = {"slack": "slack:T1/U1", "discord": "discord:{reader}"}


def owned(folder: Path, wire_name: str, today: date) -> None:
    """The shipped brief, reviewed 130 days ago, with an owner and one forecast that is due in 12 days."""
    settings_for(folder)
    path = folder / "briefs" / ID / "brief.yaml"
    owner = OWNER[wire_name].format(reader=READER_USER)
    yaml = path.read_text("utf-8")
    yaml = yaml.replace(
        "published: 2024-12-06\n",
        f"published: 2024-12-06\nreviewed: {today - timedelta(days=130)}\nowner: {owner}\n",
    )
    outcome = '    outcome: {result: overtaken, on: 2025-12-31, source: "https://example.org/settled"}\n'
    yaml = yaml.replace("    by: 2025-12-31\n", f"    by: {today + timedelta(days=12)}\n", 1)
    path.write_text(yaml.replace("    by: 2025-12-31\n", "    by: 2025-12-31\n" + outcome), "utf-8")


async def told(wire: Wire, words: str, count: int) -> Shown:
    """Look, and wait until so many messages of the owner hold some words."""
    wire.app.upkeep.look()
    found: list[Shown] = []
    async with asyncio.timeout(10):
        while len(found) < count:
            found = [each for each in await wire.inbox() if words in each.text]
            await asyncio.sleep(0.05)
    assert len(found) == count
    return found[-1]


def morning(wire: Wire, days: int) -> None:
    """Let time pass until ten o'clock (UTC) of a day from now."""
    now = wire.clock.utc()
    then = datetime.combine(now.date() + timedelta(days=days), datetime.min.time(), UTC) + timedelta(hours=10)
    wire.clock.jump((then - now).total_seconds())


async def recorded(wire: Wire, asked: Shown, today: date) -> None:
    """Press what became of the forecast, fill in the form, publish, and read it on the scorecard."""
    form = await wire.press(asked, "Came true")
    assert form.form == ["source", "date", "text"]
    proposal = await wire.fill(
        form, {"source": "https://example.org/what-came", "date": str(today), "text": "It came about."}
    )
    await wire.press(proposal, "Publish")
    shown = await wire.say("/brief scorecard")
    assert "came true: 2; overtaken by events: 1; open: 11." in shown.text


@pytest.mark.parametrize("name", ["slack", "discord"])
async def test_a_brief_grows_old_and_its_forecast_comes_due(tmp_path: Path, name: str) -> None:
    today = datetime.now(UTC).date()
    owned(tmp_path, name, today)
    more: dict[str, Any] = {"admins": OWNER[name]} if name == "slack" else {}
    async with OPENERS[name](tmp_path, **more) as wire:
        morning(wire, 1)
        wire.app.upkeep.look()
        assert [each for each in await wire.inbox() if "stale" in each.text] == []
        morning(wire, 6)
        stale = await told(wire, "is stale", 1)
        assert "It was last reviewed on" in stale.text
        assert (
            "Every reply says so in its last line. Read it through, add notes on what has happened since, and"
            " record the review with /brief-admin reviewed." in stale.text
        )
        assert stale.buttons == ["Add a note", "Reviewed today", "Scorecard"]
        morning(wire, 1)
        await told(wire, "is stale", 1)
        morning(wire, 7)
        asked = await told(wire, "What became of it?", 1)
        assert (
            "The year 2025 will mark a milestone in the sustainability of Japan-ROK relations." in asked.text
        )
        assert asked.buttons[:5] == [
            "Came true", "Did not come true", "Came true in part", "Overtaken by events", "Scorecard",
        ]  # fmt: skip
        if name == "slack":
            await recorded(wire, asked, today)
        morning(wire, 150)
        await told(wire, "has expired", 1)
        await told(wire, "What became of it?", 1)
        await told(wire, "is stale", 1)
        assert wire.unlawful() == []


async def test_before_nine_of_their_own_day_nobody_is_told(tmp_path: Path) -> None:
    today = datetime.now(UTC).date()
    owned(tmp_path, "slack", today)
    async with OPENERS["slack"](tmp_path) as wire:
        await wire.say("/brief timezone Asia/Tokyo")
        morning(wire, 6)
        wire.clock.jump(timedelta(hours=13).total_seconds())
        wire.app.upkeep.look()
        assert [each for each in await wire.inbox() if "stale" in each.text] == []
        wire.clock.jump(timedelta(hours=2).total_seconds())
        await told(wire, "is stale", 1)
