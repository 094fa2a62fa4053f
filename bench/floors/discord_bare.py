"""The floor on Discord: discord.py as it is, a command tree, one constant answer.

DISCORD_TOKEN and DISCORD_API_BASE say where to connect; BENCH_COMMAND names the command (`dprk-demands`),
BENCH_LOOP=uvloop sets the loop that the bot itself uses. BENCH_GATEWAY spares it the question where the gateway
is, and BENCH_SYNC=0 the syncing of its command, as a bot whose commands stand does at a start.
It prints `ready` once it can be asked.
"""

import asyncio
import os
from typing import Any

import discord
import discord.http
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket

ANSWER = "Kim would likely demand all of the following: recognition, the end of sanctions, and no exercises."


class Bare(discord.Client):
    """A client with a tree of one command."""

    def __init__(self) -> None:
        super().__init__(intents=discord.Intents(guilds=True), max_messages=None)
        self.tree = app_commands.CommandTree(self)

    async def setup_hook(self) -> None:
        @self.tree.command(name=os.environ.get("BENCH_COMMAND", "dprk-demands"), description="A constant")
        async def constant(interaction: discord.Interaction[Any]) -> None:
            await interaction.response.send_message(ANSWER, ephemeral=True)

        address = os.environ.get("BENCH_GATEWAY") or (await self.http.get_bot_gateway())[1]
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(address)
        if os.environ.get("BENCH_SYNC") != "0":
            await self.tree.sync()

    async def on_connect(self) -> None:
        print("ready", flush=True)


async def main() -> None:
    """Connect, and answer until the process is ended."""
    discord.http.Route.BASE = os.environ["DISCORD_API_BASE"].rstrip("/")
    async with Bare() as client:
        await client.start(os.environ["DISCORD_TOKEN"])


if __name__ == "__main__":
    if os.environ.get("BENCH_LOOP") == "uvloop":
        import uvloop

        uvloop.run(main())
    else:
        asyncio.run(main())
