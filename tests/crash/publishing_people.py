"""Two admins on each loopback platform, who publish through a bot that may die under their hands."""

import asyncio
import re
from typing import Any

from tests.peers.discord_peer import DiscordPeer, Member, Upload, User
from tests.peers.discord_peer.permissions import MANAGER
from tests.peers.discord_peer.world import MANAGER_USER
from tests.peers.slack_peer import SlackPeer
from tests.peers.slack_peer.exchange import Exchange, Stored

SECOND = "200000000000000003"
ADMINS = f"slack:T1/U9,slack:T1/U2,discord:{MANAGER_USER},discord:{SECOND}"
PATIENCE = 20.0


class People:
    """What is said to them comes back as text; where the bot dies meanwhile, they wait."""

    def __init__(self) -> None:
        self.discord, self.slack = DiscordPeer(), SlackPeer()
        self.discord.state.users[SECOND] = User(SECOND, "second")
        self.discord.guild().members[SECOND] = Member(MANAGER)

    async def start(self) -> None:
        await self.discord.start()
        await self.slack.start()

    async def stop(self) -> None:
        await self.discord.stop()
        await self.slack.stop()

    def settings(self) -> dict[str, str]:
        return {
            "DISCORD_TOKEN": self.discord.token, "DISCORD_API_BASE": self.discord.api_base,
            "SLACK_BOT_TOKEN": self.slack.bot_token, "SLACK_APP_TOKEN": self.slack.app_token,
            "SLACK_API_BASE": self.slack.api_base, "ADMINS": ADMINS,
        }  # fmt: skip

    async def connected(self) -> None:
        await self.discord.until_connected()
        await self.slack.wait_connected(timeout=PATIENCE)
        while not self.discord.commands():
            await asyncio.sleep(0.05)

    async def upload(self, platform: str, yaml: bytes) -> str:
        """The first admin sends a file along."""
        if platform == "discord":
            return await self._in_discord(
                "brief-admin upload", {"file": Upload("brief.yaml", yaml)}, MANAGER_USER
            )
        asked = await self.slack.command("/brief-admin", "upload", user="U9")
        form = await asked.view(PATIENCE)
        file = self.slack.attach("brief.yaml", yaml, user="U9")
        await self.slack.submit(form, {"file": [file]}, user="U9")
        return _text(await asked.shown(2, PATIENCE))

    async def rollback(self, platform: str, number: int) -> str:
        """The first admin goes back to a revision."""
        if platform == "discord":
            return await self._in_discord("brief-admin rollback", {"number": number}, MANAGER_USER)
        return await self._in_slack(f"rollback {number}", "U9")

    async def approve(self, platform: str, number: int) -> str:
        """The second admin approves."""
        if platform == "discord":
            return await self._in_discord("brief-admin approve", {"number": number}, SECOND)
        return await self._in_slack(f"approve {number}", "U2")

    async def served(self) -> str:
        """What a reader is shown of the topic that changes with each version."""
        return await self._in_discord("dprk-demands", {}, MANAGER_USER)

    async def _in_discord(self, path: str, options: dict[str, Any], user: str) -> str:
        exchange = await self.discord.command(path, options, user=user)
        return str(await exchange.answer(PATIENCE))

    async def _in_slack(self, text: str, user: str) -> str:
        exchange: Exchange = await self.slack.command("/brief-admin", text, user=user)
        return _text(await exchange.shown(1, PATIENCE))


def _text(shown: Any) -> str:
    return str(shown.payload if isinstance(shown, Stored) else shown)


def number(pattern: str, text: str) -> int | None:
    """The number that an answer names."""
    found = re.search(pattern, text)
    return int(found[1]) if found else None
