"""`python -m tests.peers.slack_peer --port 0`: prints `{"port": …, "api_base": …}` and serves until it is ended."""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import sys

from .control import Control
from .server import SlackPeer


async def serve(options: argparse.Namespace) -> None:
    """Serve until SIGTERM or SIGINT."""
    peer = SlackPeer(
        port=options.port,
        signing_secret=options.signing_secret,
        bot_token=options.bot_token,
        app_token=options.app_token,
    )
    peer.add_routes(Control(peer).routes())
    peer.http_target = options.http_target
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    async with peer:
        sys.stdout.write(json.dumps({"port": peer.port, "api_base": peer.api_base}) + "\n")
        sys.stdout.flush()
        await ended.wait()


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(description="A loopback Slack")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--signing-secret", default="loopback-signing-secret")
    parser.add_argument("--bot-token", default="xoxb-loopback")
    parser.add_argument("--app-token", default="xapp-loopback")
    parser.add_argument("--http-target", default=None)
    asyncio.run(serve(parser.parse_args()))


if __name__ == "__main__":
    main()
