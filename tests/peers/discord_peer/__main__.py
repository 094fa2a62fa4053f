"""`python -m tests.peers.discord_peer`: the peer as a process of its own, for benches and crash tests."""

from __future__ import annotations

import argparse
import asyncio
import json
import signal

from aiohttp import web

from .control import Control
from .server import DiscordPeer


async def serve(arguments: argparse.Namespace) -> None:
    """Runs until SIGTERM or SIGINT; prints where it listens as one JSON line."""
    peer = DiscordPeer(arguments.port, contract=not arguments.no_contract, token=arguments.token)
    peer.enforce_rates = arguments.enforce_rates
    runner = web.AppRunner(Control(peer).app(), access_log=None, shutdown_timeout=0.05)
    async with peer:
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", arguments.control_port).start()
        control = runner.addresses[0][1]
        about = {"port": peer.port, "api_base": peer.api_base, "control_port": control, "token": peer.token}
        print(json.dumps(about), flush=True)
        await _until_told_to_stop()
    await runner.cleanup()


async def _until_told_to_stop() -> None:
    told = asyncio.Event()
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(signal_number, told.set)
    await told.wait()


def main() -> None:
    """Parses the arguments and serves."""
    parser = argparse.ArgumentParser(description="A loopback Discord")
    parser.add_argument("--port", type=int, default=0, help="port of API and gateway; 0: a free one")
    parser.add_argument("--control-port", type=int, default=0, help="port of /control; 0: a free one")
    parser.add_argument("--token", default="peer.token.discord", help="the bot token that is accepted")
    parser.add_argument("--no-contract", action="store_true", help="do not check against the API description")
    parser.add_argument("--enforce-rates", action="store_true", help="answer 429 beyond the rate limits")
    asyncio.run(serve(parser.parse_args()))


if __name__ == "__main__":
    main()
