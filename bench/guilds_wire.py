"""`python -m bench.guilds_wire`: the loopback Discord with many servers such as teams have.

BENCH_GUILDS says how many, BENCH_SHARDS over how many connections.
"""

import asyncio
import os

import uvloop

from bench.orders import Json, take_orders
from tests.peers.discord_peer import Channel, DiscordPeer, Guild, Member, Permission
from tests.peers.discord_peer.world import READER_USER, Role, default_guilds

CHANNELS, ROLES = 30, 15
# So long after the last server was announced a bot has made of them what it makes.
QUIET_SECONDS = 5.0
_FIRST = 1_000 << 22


def team(number: int) -> Guild:
    """A server with as many channels and roles as a team's. The bot may not write there, and so says no hello."""
    first = _FIRST + (number << 22)
    rooms = [
        Channel(str(first + 1 + place), f"channel-{place}", denied=Permission.SEND_MESSAGES)
        for place in range(CHANNELS)
    ]
    roles = [Role(str(first + 100 + place), f"role {place}") for place in range(ROLES)]
    return Guild(str(first), f"Team {number}", rooms, roles, {READER_USER: Member()})


async def main() -> None:
    """Serve until standard input ends."""
    shards = int(os.environ["BENCH_SHARDS"])
    guilds = [*default_guilds()[:1], *(team(number) for number in range(int(os.environ["BENCH_GUILDS"]) - 1))]
    async with DiscordPeer(guilds=guilds, contract=False) as peer:
        peer.gateway.shards, peer.gateway.at_once = shards, 16

        async def settled() -> Json:
            """Wait until every shard is connected, and for what comes of that."""
            async with asyncio.timeout(120):
                while len(peer.gateway.connected) < shards:  # noqa: ASYNC110
                    await asyncio.sleep(0.05)
            await asyncio.sleep(QUIET_SECONDS)
            return {"sent": sum(each.seq for each in peer.gateway.connected)}

        about = {"api_base": peer.api_base, "gateway": peer.gateway.address, "token": peer.token}
        await take_orders({"settled": settled}, about)


if __name__ == "__main__":
    uvloop.run(main())
