"""The page's timeline in a real browser, with the whole answer behind it."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests.bot.browsing import NEEDS_CHROMIUM, grave, seen
from tests.bot.page_house import OpenedPage, opened
from tests.office import Office, edited, office, shipped
from tests.pictures import front_of

pytestmark = [pytest.mark.asyncio(loop_scope="module"), NEEDS_CHROMIUM]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bot() -> AsyncIterator[Office]:
    """A bot with the shipped brief, for all tests of the page's timeline."""
    async with office(shipped()) as held:
        yield held


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def page(bot: Office) -> AsyncIterator[OpenedPage]:
    """The page that the bot serves."""
    async with opened(serving=front_of(bot)) as served:
        yield served


async def drawn(tab: Page) -> None:
    """Wait until the first picture is there."""
    await expect(tab.locator("#timeline-shown img").first).to_be_visible()
    await tab.wait_for_function("document.querySelector('#timeline-shown img').naturalWidth > 0")


async def test_the_timeline_is_seen_at_once_with_its_list_in_words(
    page: OpenedPage, browser: Browser
) -> None:
    async with seen(browser, page) as tab:
        await drawn(tab)
        section = tab.locator("#timeline")
        await expect(section.locator("h2")).to_have_text("Timeline")
        await expect(section.locator(".next")).to_contain_text("To come: 6; past: ")
        alt = await section.locator("img").first.get_attribute("alt") or ""
        assert alt.startswith("Timeline of The Korean Peninsula, December 2024, ")
        told = await section.locator("#timeline-shown li").all_text_contents()
        assert len(told) >= 15
        shown = [line for img in await section.locator("img").all()
                 for line in (await img.get_attribute("alt") or "").split("\n")[1:]]  # fmt: skip
        assert len(shown) == len(told)
        assert await grave(tab) == []


async def test_another_span_is_chosen_by_keyboard_and_remembered(page: OpenedPage, browser: Browser) -> None:
    async with seen(browser, page) as tab:
        await drawn(tab)
        before = await tab.locator("#timeline-shown img").first.get_attribute("src")
        await tab.get_by_role("radio", name="1 year").focus()
        await tab.keyboard.press("ArrowRight")
        await expect(tab.locator("#timeline-shown .prose").last).to_contain_text("December 6, 2024 to ")
        assert await tab.locator("#timeline-shown img").first.get_attribute("src") != before
        await tab.reload()
        await expect(tab.get_by_role("radio", name="Since the report")).to_be_checked()


async def test_a_dark_page_shows_the_dark_picture(page: OpenedPage, browser: Browser) -> None:
    corners = []
    for scheme in ("light", "dark"):
        async with seen(browser, page, color_scheme=scheme) as tab:
            await drawn(tab)
            corners.append(await tab.evaluate(
                """() => {
                  const image = document.querySelector("#timeline-shown img");
                  const canvas = document.createElement("canvas");
                  const paint = canvas.getContext("2d");
                  paint.drawImage(image, 0, 0);
                  return [...paint.getImageData(4, 4, 1, 1).data];
                }"""
            ))  # fmt: skip
            assert await grave(tab) == []
    assert corners == [[255, 253, 248, 255], [28, 31, 36, 255]]


async def test_an_answer_takes_the_place_of_the_timeline_and_both_can_be_had(
    page: OpenedPage, browser: Browser
) -> None:
    async with seen(browser, page) as tab:
        await drawn(tab)
        await tab.keyboard.type("/brief timeline 3 months")
        await tab.keyboard.press("Escape")
        await tab.keyboard.press("Enter")
        card = tab.get_by_role("article", name="Timeline of The Korean Peninsula, December 2024")
        await expect(card.locator(".as-page img")).to_be_visible()
        await expect(tab.locator("#timeline-shown")).to_be_hidden()
        await tab.locator("#timeline > summary").click()
        await expect(tab.locator("#timeline-shown")).to_be_visible()


async def test_on_a_telephone_nothing_is_wider_than_the_screen(page: OpenedPage, browser: Browser) -> None:
    async with seen(browser, page, viewport={"width": 360, "height": 740}) as tab:
        await drawn(tab)
        assert await tab.evaluate("document.documentElement.scrollWidth") <= 360


async def test_a_moved_date_moves_on_the_page_without_a_reload(
    bot: Office, page: OpenedPage, browser: Browser
) -> None:
    async with seen(browser, page) as tab:
        await drawn(tab)
        await expect(tab.locator("#timeline-shown")).not_to_contain_text("December 9, 2026")
        await bot.publish(edited({"yearly_from: 2024-12-04": "yearly_from: 2024-12-09"}))
        line = page.overview.known[0]
        page.overview.known[0] = type(line)(line.id, line.title, line.published, line.freshness, 4)
        await expect(tab.locator("#timeline-shown")).to_contain_text("December 9, 2026")
