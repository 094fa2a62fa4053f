"""The pictures of docs/, made anew from the shipped brief: `make pictures`."""

import asyncio
from pathlib import Path
from typing import cast

from playwright.async_api import Browser

from bot.facts import Facts
from bot.front import BotFront
from bot.seen import Seen
from commands.model import Picture
from tests.bot.browsing import launched, seen
from tests.bot.page_house import ScriptedOverview, opened
from tests.cards import photograph_cards
from tests.office import NOW, Office, office, shipped

DOCS = Path(__file__).parent.parent / "docs"
SPANS = {"3 months": "3-months", "1 year": "1-year", "since the report": "since-the-report"}


def front_of(bot: Office) -> BotFront:
    """The office as an adapter sees it."""
    return BotFront(bot.desk, bot.dispatcher, Seen(), Facts(), lambda: bot.now)


async def paint(bot: Office, into: Path) -> None:
    """Ask for each span in each theme, the whole of it in one picture."""
    for span, name in SPANS.items():
        for theme in ("light", "dark"):
            reply = await bot.reply(f"/brief timeline {span} theme={theme} whole=yes")
            picture = next(block for block in reply.blocks if isinstance(block, Picture))
            (into / f"timeline-{name}-{theme}.png").write_bytes(picture.png)


async def photograph(bot: Office, browser: Browser, into: Path) -> None:
    """Open the page in each theme and take a picture of its timeline."""
    overview = cast(ScriptedOverview, bot.desk.outside)
    async with opened(serving=front_of(bot), overview=overview, clock=lambda: bot.now) as page:
        for scheme in ("light", "dark"):
            async with seen(browser, page, color_scheme=scheme) as tab:
                await tab.locator("#timeline-shown img").first.wait_for()
                await tab.wait_for_function("document.querySelector('#timeline-shown img').complete")
                await tab.screenshot(path=into / f"page-timeline-{scheme}.png", full_page=True)


async def main() -> None:
    """Make them all."""
    async with office(shipped()) as bot, launched() as browser:
        assert bot.now == NOW
        await paint(bot, DOCS)
        await photograph(bot, browser, DOCS)
        await photograph_cards(browser)


if __name__ == "__main__":
    asyncio.run(main())
