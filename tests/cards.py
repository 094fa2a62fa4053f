"""The pictures of docs/ that show answers: the scorecard, what changed, a digest, in a real browser."""

import asyncio
import tempfile
from pathlib import Path

from playwright.async_api import Browser, Page, expect

from bot.app import App, running
from tests.office import SHIPPED
from tests.wires import settings_for

DOCS = Path(__file__).parent.parent / "docs"
NOTE = """notes:
  - id: ninth-congress-report
    kind: comment
    date: 2026-11-20
    text: The congress of February 2026 is the newest development that this brief records.
    source: report
    touches: [standstill-2, dprk-weapons]
"""


async def say(tab: Page, line: str) -> None:
    """Type a line, and wait for the card that answers."""
    count = await tab.locator("article.card").count()
    await tab.fill("#line", line)
    await tab.keyboard.press("Escape")
    await tab.press("#line", "Enter")
    await expect(tab.locator("article.card")).to_have_count(count + 1)


async def taken(tab: Page, line: str, name: str) -> None:
    """Ask for something and store the card that answers as a picture."""
    await say(tab, line)
    card = tab.locator("article.card").first
    await card.scroll_into_view_if_needed()
    await card.screenshot(path=DOCS / f"{name}.png")


async def changed(app: App, folder: Path) -> None:
    """Publish an edit, so that there is something to compare."""
    path = folder / "briefs" / SHIPPED.name / "brief.yaml"
    yaml = path.read_text("utf-8").replace("notes:\n", NOTE, 1)
    path.write_text(yaml.replace("remind: [30d, 7d, 0d]", "remind: [60d, 30d, 7d, 0d]", 1), "utf-8")
    while app.desk.revisions()[SHIPPED.name].number < 2:
        await asyncio.sleep(0.05)


async def photograph_cards(browser: Browser) -> None:
    """Make every picture of an answer."""
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home)
        async with running(settings_for(folder)) as app:
            context = await browser.new_context(
                locale="en-US", viewport={"width": 1280, "height": 1600}, device_scale_factor=2
            )
            tab = await context.new_page()
            await tab.goto(app.link)
            await taken(tab, "/brief scorecard", "page-scorecard")
            await changed(app, folder)
            await taken(tab, "/brief changes from=1 to=2", "page-changes")
            await say(tab, "/brief-admin digest set weekly mon 09:00")
            await say(tab, "/brief-admin digest send")
            digest = tab.locator("article.card", has_text="Due next").first
            await digest.scroll_into_view_if_needed(timeout=15_000)
            await digest.screenshot(path=DOCS / "page-digest.png")
            await context.close()
