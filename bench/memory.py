"""The memory of both platforms and the page, after use, beside bare discord.py."""

import json
import urllib.request
from contextlib import ExitStack
from http.cookiejar import CookieJar
from urllib.parse import urljoin

from bench import sides
from bench.pairs import interleaved
from bench.processes import Peer
from bench.table import Row

AIM = 1.5
ASKED = 500
TOPIC = "/japan-rok-outlook"


def ours() -> float:
    """Measure the megabytes of Briefbot after ASKED commands on each platform and a visit to the page."""
    with ExitStack() as stack:
        slack = stack.enter_context(Peer("bench.slack_wire"))
        side = stack.enter_context(sides.ours(sides.to_slack(slack, "socket")))
        slack.order("ready")
        side.peer.order("load", count=ASKED)
        slack.order("socket", count=ASKED)
        visit(side.bot.said)
        return side.bot.memory()


def theirs() -> float:
    """Measure the megabytes of bare discord.py, on the loop that needs less, after as many commands."""
    with sides.bare("asyncio") as side:
        side.peer.order("load", count=ASKED)
        return side.bot.memory()


def visit(link: str) -> None:
    """Open the page as a browser does, and ask it for a topic."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    with browser.open(link) as page:
        assert "Briefbot" in page.read().decode()
    for path in ("/static/page.css", "/static/page.js", "/api/commands", "/api/overview"):
        browser.open(urljoin(link, path)).close()
    typed = json.dumps({"line": TOPIC, "request": "bench-request-1"}).encode()
    call = urllib.request.Request(
        urljoin(link, "/api/call"), typed, {"Content-Type": "application/json"}, method="POST"
    )
    with browser.open(call) as answer:
        assert answer.status == 200


def measure(pairs: int = 5) -> list[Row]:
    """Measure it in fresh processes."""
    ratio = interleaved(ours, theirs, pairs)
    return [Row("Memory (USS) of Discord, Slack and the page together", ratio, "MB", AIM, digits=1)]
