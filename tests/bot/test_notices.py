"""What admins are told: each thing once, by direct message, through the real wire."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.app import App, running
from tests.peers.discord_peer import DiscordPeer
from tests.peers.slack_peer import SlackPeer
from tests.wires import settings_for, until

ID = "korean-peninsula-2024"
ADMIN = "U9"


@pytest.fixture
async def slack(tmp_path: Path) -> AsyncIterator[tuple[SlackPeer, App]]:
    """A bot in Slack with one admin."""
    async with SlackPeer() as peer:
        settings = settings_for(
            tmp_path, slack_bot_token=peer.bot_token, slack_app_token=peer.app_token,
            slack_api_base=peer.api_base, admins=f"slack:T1/{ADMIN}",
        )  # fmt: skip
        async with running(settings) as app:
            await until(lambda: app.adapters["slack"].status().connected)
            yield peer, app


def told(peer: SlackPeer) -> list[str]:
    return [message.payload["text"] for message in peer.direct_messages(ADMIN)]


async def test_a_faulty_edit_is_told_once_with_every_fault(
    slack: tuple[SlackPeer, App], tmp_path: Path
) -> None:
    peer, _app = slack
    path = tmp_path / "briefs" / ID / "brief.yaml"
    good = path.read_text("utf-8")
    path.write_text(good.replace("published: 2024-12-06", "published: 2024-13-06"), "utf-8")
    await until(lambda: told(peer))
    path.touch()
    await asyncio.sleep(0.8)
    assert len(told(peer)) == 1
    assert (
        f"The edit of {ID} is not published; the last good revision keeps serving. Mend these and save again:"
        in told(peer)[0]
    )
    assert "2024-13-06" in told(peer)[0]
    assert "brief.yaml:" in told(peer)[0]


async def test_a_new_topic_hands_the_admins_the_new_manifest_once(
    slack: tuple[SlackPeer, App], tmp_path: Path
) -> None:
    peer, app = slack
    path = tmp_path / "briefs" / ID / "brief.yaml"
    path.write_text(path.read_text("utf-8").replace("command: acsa", "command: acsa-talks"), "utf-8")
    await until(lambda: told(peer))
    assert "Slack does not know the present commands: new /acsa-talks; gone /acsa." in told(peer)[0]
    assert app.front.find("acsa-talks") is not None
    await until(lambda: peer.state.files)
    manifest = json.loads(next(iter(peer.state.files.values())).data)
    commands = [each["command"] for each in manifest["features"]["slash_commands"]]
    assert "/acsa-talks" in commands
    assert "/acsa" not in commands
    path.touch()
    await asyncio.sleep(0.8)
    assert sum(words.startswith("Slack does not know the present commands") for words in told(peer)) == 1


async def test_discord_admins_are_told_too(tmp_path: Path) -> None:
    async with DiscordPeer() as peer:
        admin = next(iter(peer.state.users))
        settings = settings_for(
            tmp_path, discord_token=peer.token, discord_api_base=peer.api_base, admins=f"discord:{admin}"
        )
        async with running(settings) as app:
            await until(lambda: app.adapters["discord"].status().connected)
            (tmp_path / "briefs" / ID / "brief.yaml").write_text("", "utf-8")
            await until(lambda: peer.messages(admin))
            assert f"{ID} has faults" in str(peer.messages(admin)[0].payload)
