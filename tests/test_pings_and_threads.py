"""A digest into a thread with a ping that PINGS allows, through each platform's real wire."""

from pathlib import Path

import pytest

from tests.peers.slack_peer import SlackPeer
from tests.walking import awaited
from tests.wires import GUILD, OPENERS, Wire

ROLE = "300000000000000001"
ALLOWED = frozenset({f"discord:{GUILD}/role:{ROLE}", "slack:T1/usergroup:S1"})
THREAD = "110000000000000003"


async def sent(wire: Wire, line: str, where: str = "") -> None:
    """Set a digest and send it now; wait until it stands in a channel."""
    shown = await wire.say(line, manages=True)
    assert "The digest of" in shown.text, shown.text
    await wire.say(line.replace("set", "send"), manages=True)
    await awaited(lambda: wire.arrived(where), "Digest: The Korean Peninsula")


@pytest.mark.parametrize(
    ("platform", "given", "pinged"),
    [("discord", f"<@&{ROLE}>", f"role:{ROLE}"), ("slack", "<!subteam^S1|@editors>", "usergroup:S1")],
)
async def test_a_digest_pings_the_one_group_that_was_allowed(
    tmp_path: Path, platform: str, given: str, pinged: str
) -> None:
    async with OPENERS[platform](tmp_path, pings=ALLOWED) as wire:
        named = pinged if platform == "slack" else ROLE
        await sent(wire, f"/brief-admin digest set ping={named}")
        assert wire.notified() == [pinged]
        assert wire.unlawful() == []


@pytest.mark.parametrize("platform", ["discord", "slack"])
async def test_whom_nobody_allowed_is_not_pinged(tmp_path: Path, platform: str) -> None:
    async with OPENERS[platform](tmp_path) as wire:
        named = "usergroup:S1" if platform == "slack" else ROLE
        shown = await wire.say(f"/brief-admin digest set ping={named}", manages=True)
        assert "may not be pinged here; an admin of the bot allows it with PINGS=" in shown.text
        assert wire.notified() == []


async def test_reminders_go_into_the_thread_of_a_linked_message_on_slack(tmp_path: Path) -> None:
    async with OPENERS["slack"](tmp_path) as wire:
        await sent(wire, "/brief-admin digest set")
        peer: SlackPeer = wire.peer  # type: ignore[attr-defined]  # what only this wire has
        root = str(peer.messages("C1")[-1].payload["ts"])
        link = f"https://harbour.slack.com/archives/C1/p{root.replace('.', '')}"
        await wire.say(f"/brief-admin digest set channel={link}", manages=True)
        await wire.say(f"/brief-admin digest send channel={link}", manages=True)
        await awaited(wire.arrived, "Digest: The Korean Peninsula", 2)
        assert [m.payload.get("thread_ts") for m in peer.messages("C1")] == [None, root]


async def test_a_digest_goes_into_a_thread_on_discord(tmp_path: Path) -> None:
    async with OPENERS["discord"](tmp_path) as wire:
        await sent(wire, f"/brief-admin digest set channel={THREAD}", THREAD)
        assert wire.unlawful() == []
