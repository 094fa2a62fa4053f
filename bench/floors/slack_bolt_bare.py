"""Bolt as bare as it goes: any command gets a constant. The floor that Slack answers are measured against.

    python -m bench.floors.slack_bolt_bare before|stock

`before` sets process_before_response, Bolt's fastest honest set-up; `stock` is what its guide shows.
Environment: SLACK_BOT_TOKEN and SLACK_API_BASE; SLACK_APP_TOKEN for Socket Mode, or SLACK_SIGNING_SECRET and
PORT (0 for any) for HTTP. BENCH_LOOP=uvloop sets the loop that the bot itself uses. It prints `ready`, in HTTP
mode with its port, when it listens.
"""

import asyncio
import os
import re
import sys
from collections.abc import Awaitable, Callable

from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

ANSWER = "Kim would likely demand all of the following"


def bare(process_before_response: bool) -> AsyncApp:
    """An app with one listener."""
    app = AsyncApp(
        client=AsyncWebClient(token=os.environ["SLACK_BOT_TOKEN"], base_url=os.environ["SLACK_API_BASE"]),
        signing_secret=os.environ.get("SLACK_SIGNING_SECRET", ""),
        process_before_response=process_before_response,
    )

    @app.command(re.compile(".*"))
    async def constant(ack: Callable[[str], Awaitable[object]]) -> None:
        await ack(ANSWER)

    return app


async def serve(app: AsyncApp) -> None:
    """Listen until the process is ended."""
    said = "ready"
    if token := os.environ.get("SLACK_APP_TOKEN"):
        await AsyncSocketModeHandler(app, token).connect_async()  # type: ignore[no-untyped-call]  # Bolt's own
    else:
        runner = web.AppRunner(app.web_app(), access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", int(os.environ["PORT"])).start()
        said = f"ready {runner.addresses[0][1]}"
    print(said, flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    whole = serve(bare(process_before_response=sys.argv[1:] == ["before"]))
    if os.environ.get("BENCH_LOOP") == "uvloop":
        import uvloop

        uvloop.run(whole)
    else:
        asyncio.run(whole)
