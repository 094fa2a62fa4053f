"""A real browser, and what axe finds in a page."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, async_playwright, expect

from tests.bot.page_house import OpenedPage

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
NEEDS_CHROMIUM = pytest.mark.skipif(
    CHROMIUM is None, reason="no Chromium on this machine; install it to see the page tested"
)


@asynccontextmanager
async def launched() -> AsyncIterator[Browser]:
    """Start the browser."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        await browser.close()


@asynccontextmanager
async def seen(
    browser: Browser, page: OpenedPage, *, forgiven: str = "", **options: Any
) -> AsyncIterator[Page]:
    """Open the printed link in a fresh profile; a script error or a refused load fails the test.

    `forgiven` is a part of the console's errors that the test itself causes.
    """
    context = await browser.new_context(**{"locale": "en-US", "timezone_id": "Asia/Tokyo", **options})
    tab = await context.new_page()
    troubles: list[str] = []
    tab.on("pageerror", lambda error: troubles.append(str(error)))
    tab.on("console", lambda said: troubles.append(said.text) if said.type == "error" else None)
    await tab.goto(page.adapter.link)
    await expect(tab.locator("#connection")).to_have_text("Live")
    yield tab
    await context.close()
    assert [trouble for trouble in troubles if not forgiven or forgiven not in trouble] == []


async def grave(tab: Page) -> list[str]:
    """Return what axe calls serious or critical: its rule, and where it is broken.

    What still fades in is waited for, since half of its colour is not what a reader sees.
    """
    await tab.evaluate("async () => { await Promise.all(document.getAnimations().map((a) => a.finished)); }")
    found = await Axe().run(tab)
    return [
        f"{each['id']}: {node['html']}: {node['failureSummary']}"
        for each in found.response["violations"]
        if each["impact"] in {"serious", "critical"}
        for node in each["nodes"]
    ]
