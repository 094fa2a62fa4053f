"""What admins are told: each thing once, by direct message, through the real wire."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.app import App, running
from bot.settings import Settings
from tests.clocks import Ahead
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


def settings(folder: Path, peer: SlackPeer, **more: str) -> Settings:
    return settings_for(
        folder, slack_bot_token=peer.bot_token, slack_app_token=peer.app_token, slack_api_base=peer.api_base,
        admins=f"slack:T1/{ADMIN}", **more,
    )  # fmt: skip


async def test_what_a_start_finds_reaches_admins_whose_platform_comes_later(tmp_path: Path) -> None:
    async with SlackPeer() as peer:
        settings_for(tmp_path)
        (tmp_path / "briefs" / ID / "brief.yaml").write_text("format: 1\n", "utf-8")
        await peer.stop()
        async with running(settings(tmp_path, peer)):
            await asyncio.sleep(1)
            await peer.start()
            await until(lambda: told(peer), 30)
            assert (
                f"The edit of {ID} is not published; nothing of it serves until it is mended."
                in told(peer)[0]
            )
        async with running(settings(tmp_path, peer)) as app:
            await until(lambda: app.adapters["slack"].status().connected)
            await asyncio.sleep(1)
            assert len(told(peer)) == 1


async def test_a_file_that_changed_while_the_bot_was_down_is_shown_to_the_admins_once(tmp_path: Path) -> None:
    async with SlackPeer() as peer:
        async with running(settings(tmp_path, peer, review="required")):
            pass
        path = tmp_path / "briefs" / ID / "brief.yaml"
        path.write_text(path.read_text("utf-8").replace("command: acsa", "command: acsa-talks"), "utf-8")
        for _ in range(2):
            async with running(settings(tmp_path, peer, review="required")) as app:
                await until(lambda: told(peer))
                await until(lambda: app.adapters["slack"].status().connected)
                await asyncio.sleep(1)
        asked = [words for words in told(peer) if "Commands that appear: /acsa-talks." in words]
        assert len(asked) == 1
        assert (
            "Another admin than the author decides. What is published is exactly what is shown here."
            in asked[0]
        )
        assert "file proposes: the file in the briefs folder" in asked[0]


async def test_a_notice_whose_answer_was_lost_is_looked_up_and_not_told_again(tmp_path: Path) -> None:
    clock = Ahead()
    async with SlackPeer(clock=clock) as peer:
        settings_for(tmp_path)
        (tmp_path / "briefs" / ID / "brief.yaml").write_text("format: 1\n", "utf-8")
        peer.fail_next("chat.postMessage", drop=True, after_storing=True)
        async with running(settings(tmp_path, peer), clock.utc):
            await until(lambda: told(peer))
        clock.jump(60)
        async with running(settings(tmp_path, peer), clock.utc) as app:
            await until(lambda: app.adapters["slack"].status().connected)
            await until(lambda: peer.calls("conversations.history"))
            await asyncio.sleep(0.8)
            assert len(told(peer)) == 1
