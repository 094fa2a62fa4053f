"""discord.py as its documentation starts: default intents, default caches, as many shards as are recommended.

DISCORD_TOKEN, DISCORD_API_BASE and BENCH_GATEWAY say where to connect, BENCH_SHARDS how many shards there are. It
prints `ready` once a session began.
"""

import asyncio
import os

import discord
import discord.http
import yarl
from discord.gateway import DiscordWebSocket


class Default(discord.AutoShardedClient):
    """A client with nothing chosen, but that its shards begin without a pause of five seconds."""

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Begin at once."""

    async def on_connect(self) -> None:
        """Say so."""
        print("ready", flush=True)


async def main() -> None:
    """Connect, and stay until the process is ended."""
    discord.http.Route.BASE = os.environ["DISCORD_API_BASE"].rstrip("/")
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(os.environ["BENCH_GATEWAY"])
    shards = int(os.environ["BENCH_SHARDS"])
    async with Default(intents=discord.Intents.default(), shard_count=shards) as client:
        await client.start(os.environ["DISCORD_TOKEN"])


if __name__ == "__main__":
    asyncio.run(main())
