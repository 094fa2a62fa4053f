"""The page in a real browser."""

import asyncio
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Locator, Page, Route, expect

from bot.database import Database
from bot.web.transport import BriefLine, PlannedLine
from commands.model import Choice, Heading, Listing, Prose, Quotation, Reply, text
from tests.bot.browsing import NEEDS_CHROMIUM, seen
from tests.bot.page_house import (
    LOBBY,
    TREATY,
    PageFront,
    ScriptedOverview,
    instant,
    opened,
)  # fmt: skip
from tests.fronts import ASK_PASSAGE

STATIC = Path(__file__).parent.parent.parent / "bot" / "web" / "static"

pytestmark = [pytest.mark.asyncio(loop_scope="module"), NEEDS_CHROMIUM]


def suggested(tab: Page, **options: Any) -> Locator:
    """The lines under the command box."""
    return tab.get_by_role("listbox", name="Suggestions").get_by_role("option", **options)


async def typed(tab: Page, line: str) -> None:
    """Type a line with the keyboard alone and send it."""
    await tab.keyboard.type(line)
    await tab.keyboard.press("Escape")
    await tab.keyboard.press("Enter")


async def test_the_demands_are_asked_by_keyboard_and_shown_as_quotes(browser: Browser) -> None:
    async with opened() as page, seen(browser, page) as tab:
        assert tab.url == page.adapter.address
        await expect(tab.get_by_role("combobox", name="Ask the report")).to_be_focused()
        await tab.keyboard.type("/dem")
        box = tab.get_by_role("combobox", name="Ask the report")
        await expect(box).to_have_attribute("aria-expanded", "true")
        await expect(suggested(tab)).to_have_text(["/dprk-demands What Pyongyang would ask of Washington"])
        await tab.keyboard.press("ArrowDown")
        await expect(box).to_have_attribute("aria-activedescendant", "suggestion-0")
        await expect(suggested(tab, selected=True)).to_have_count(1)
        await tab.keyboard.press("Enter")
        await expect(box).to_have_value("/dprk-demands")
        await expect(box).to_have_attribute("aria-expanded", "false")
        await tab.keyboard.press("Enter")
        card = tab.get_by_role("article", name="What Pyongyang would ask of Washington")
        await expect(card.locator(".as-page blockquote")).to_have_text(
            ["Kim would likely demand all of the following", "recognition of its nuclear power status"]
        )
        await expect(card.locator(".as-page mark")).to_have_text("Kim would likely")
        await expect(card.locator(".as-page figcaption").first).to_have_text("dialogue-1 · Dialogue")
        await expect(box).to_have_value("")
        await expect(box).to_be_focused()
        await expect(tab.get_by_role("feed")).to_have_attribute("aria-live", "polite")


async def test_tab_completes_and_escape_closes_and_the_arrow_brings_the_last_line_back(
    browser: Browser,
) -> None:
    front = PageFront(suggestions=(Choice("dialogue-1: Dialogue", "dialogue-1"),))
    async with opened(front) as page, seen(browser, page) as tab:
        box = tab.locator("#line")
        await tab.keyboard.type("/brief sho")
        await expect(suggested(tab)).to_have_count(1)
        await tab.keyboard.press("Tab")
        await expect(box).to_have_value("/brief show ")
        await expect(tab.locator("#about")).to_have_text("view: How much")
        await expect(suggested(tab)).to_have_text(["Short short", "Whole whole", "passage= Its id"])
        await tab.keyboard.press("ArrowUp")
        await tab.keyboard.press("Tab")
        await expect(box).to_have_value("/brief show passage=")
        await expect(suggested(tab)).to_have_text(["dialogue-1: Dialogue dialogue-1"])
        await tab.keyboard.press("Escape")
        await expect(suggested(tab)).to_have_count(0)
        await expect(box).to_have_value("/brief show passage=")
        await tab.keyboard.press("Control+a")
        await typed(tab, "/dprk-demands")
        await expect(tab.locator(".answer")).to_have_count(1)
        await tab.keyboard.press("ArrowUp")
        await expect(box).to_have_value("/dprk-demands")
        await tab.keyboard.press("ArrowDown")
        await expect(box).to_have_value("")


async def test_whoever_types_faster_than_the_list_comes_still_gets_the_right_completion(
    browser: Browser,
) -> None:
    async with opened() as page, seen(browser, page) as tab:
        box = tab.locator("#line")

        async def late(route: Route) -> None:
            await asyncio.sleep(0.15)
            await route.continue_()

        await tab.route("**/api/complete*", late)
        await tab.keyboard.type("/brief sho")
        await tab.keyboard.press("Tab")
        await expect(box).to_have_value("/brief show ")
        await expect(box).to_be_focused()
        await expect(suggested(tab)).to_have_count(3)
        await tab.keyboard.type("zz")
        await tab.keyboard.press("Tab")
        await expect(tab.get_by_role("button", name="Ask", exact=True)).to_be_focused()
        await expect(box).to_have_value("/brief show zz")


async def test_three_commands_to_try_stand_there_until_one_is_asked(browser: Browser) -> None:
    async with opened() as page, seen(browser, page) as tab:
        starters = tab.get_by_role("region", name="Commands to try").get_by_role("button")
        await expect(starters).to_have_text(
            [
                "/dprk-demandsWhat Pyongyang would ask of Washington",
                "/japan-rok-outlookWhere Japan and South Korea are heading",
                "/brief subscriptionsWhat arrives here",
            ]
        )
        await starters.nth(1).click()
        card = tab.get_by_role("article", name="Where Japan and South Korea are heading")
        await expect(card.locator(".as-page aside .marked")).to_have_text(
            "Editor's note · development · April 4, 2025"
        )
        await expect(card.locator(".as-page aside a")).to_have_attribute("rel", "noopener noreferrer")
        await expect(starters).to_have_count(0)


async def test_the_switch_shows_every_card_as_slack_and_as_discord(browser: Browser) -> None:
    async with opened() as page, seen(browser, page) as tab:
        await typed(tab, "/japan-rok-outlook")
        card = tab.get_by_role("article", name="Where Japan and South Korea are heading")
        await expect(card.locator(".as-page")).to_be_visible()
        await tab.get_by_role("radio", name="Page").focus()
        await tab.keyboard.press("ArrowRight")
        await expect(tab.get_by_role("radio", name="Slack")).to_be_checked()
        await expect(card.locator(".as-slack")).to_be_visible()
        await expect(card.locator(".as-page")).to_be_hidden()
        await expect(card.locator(".as-slack h2")).to_have_text("Where Japan and South Korea are heading")
        await expect(card.locator(".as-slack blockquote")).to_contain_text(
            "there is a possibility of relations cooling"
        )
        await tab.keyboard.press("ArrowRight")
        await expect(card.locator(".as-discord")).to_be_visible()
        await expect(card.locator(".as-discord .embed").nth(1)).to_contain_text(
            "Editor's note · development · April 4, 2025"
        )
        await tab.reload()
        await expect(tab.get_by_role("radio", name="Discord")).to_be_checked()


async def test_a_button_of_a_preview_works_and_the_next_page_takes_the_focus(browser: Browser) -> None:
    async with opened() as page, seen(browser, page) as tab:
        await typed(tab, "/dprk-demands")
        await tab.get_by_role("radio", name="Discord").check(force=True)
        await tab.get_by_role("button", name="More").press("Enter")
        cards = tab.get_by_role("article")
        await expect(cards).to_have_count(1)
        await expect(cards.locator(".as-discord blockquote")).to_have_text(
            ["the removal of sanctionsdialogue-1 · Dialogue"]
        )
        await expect(cards.locator(".meta .asked")).to_have_text("/dprk-demands")
        await expect(cards).to_be_focused()


async def test_the_keyboard_reaches_everything_in_order(browser: Browser) -> None:
    async with opened() as page, seen(browser, page) as tab:
        await typed(tab, "/dprk-demands")
        await expect(tab.locator(".answer")).to_have_count(1)
        await tab.locator(".skip").focus()
        await expect(tab.locator(".skip")).to_be_in_viewport()
        reached = []
        for _ in range(7):
            await tab.keyboard.press("Tab")
            reached.append(await tab.evaluate(_NAME))
        assert reached == ["look", "locale", "line", "Ask", "article", "More", "summary"]
        await tab.locator(".skip").press("Enter")
        await expect(tab.locator("#line")).to_be_focused()


_NAME = """() => {
    const at = document.activeElement;
    if (at.matches("button")) return at.textContent.trim();
    return at.name || at.id || at.tagName.toLowerCase();
}"""


async def test_a_form_is_filled_in_where_it_stands(browser: Browser) -> None:
    front = PageFront(suggestions=(Choice("dialogue-1: Dialogue", "dialogue-1"),))
    asked = front.find("brief show")
    assert asked is not None
    front.script["brief show"] = replace(ASK_PASSAGE, fields=(asked.options[1], asked.options[0]))
    async with opened(front) as page, seen(browser, page) as tab:
        await typed(tab, "/brief show")
        form = tab.get_by_role("group", name="Show a passage")
        field = form.get_by_role("combobox", name="Passage")
        await expect(field).to_be_focused()
        await tab.keyboard.press("Enter")
        await expect(form.locator(".fault").first).to_have_text("Please fill this in.")
        await expect(field).to_have_attribute("aria-invalid", "true")
        await expect(field).to_be_focused()
        await tab.keyboard.type("dialogue-1")
        await expect(form.locator("datalist option")).to_have_attribute("value", "dialogue-1")
        await form.get_by_label("View").select_option("Whole")
        await form.get_by_role("button", name="Send").click()
        card = tab.get_by_role("article", name="dialogue-1")
        await expect(card).to_be_focused()
        await expect(card.locator(".meta .asked")).to_have_text("/brief show")
        await expect(form).to_have_count(0)
        assert page.front.said[-1][1].options == {"passage": "dialogue-1", "view": "whole"}


async def test_a_delivery_arrives_live_and_stands_once_after_a_restart(browser: Browser) -> None:
    async with Database(None) as database:
        async with opened(database=database) as page:
            port = page.adapter.port
            context = await browser.new_context(locale="en-US")
            tab = await context.new_page()
            await tab.goto(page.adapter.link)
            await expect(tab.locator("#connection")).to_have_text("Live")
            await page.adapter.send(LOBBY, TREATY, "k1")
            await expect(
                tab.get_by_role("article", name="61st anniversary of the entry into force")
            ).to_have_count(1)
        await expect(tab.locator("#connection")).to_have_text("Reconnecting…")
        await page.lobby.post(
            LOBBY, "k2", TREATY.with_(title="While the bot was away"), instant("2026-12-11")
        )
        async with opened(database=database, port=port) as page:
            await expect(tab.locator("#connection")).to_have_text("Live", timeout=10_000)
            await page.adapter.send(LOBBY, TREATY, "k1")
            await page.adapter.send(LOBBY, TREATY.with_(title="And a new one"), "k3")
            titles = tab.get_by_role("article").locator(".as-page h2")
            expected = ["And a new one", "While the bot was away", "61st anniversary of the entry into force"]
            await expect(titles).to_have_text(expected)
            await tab.reload()
            await expect(titles).to_have_text(expected)
            await page.adapter.edit(LOBBY, "1", TREATY.with_(title="Moved to December 19"))
            await expect(titles).to_have_text([*expected[:2], "Moved to December 19"])
            await context.close()


async def test_a_page_whose_key_has_ended_says_how_to_go_on(browser: Browser) -> None:
    async with opened() as page:
        context = await browser.new_context()
        tab = await context.new_page()
        await tab.goto(page.adapter.link)
        await expect(tab.locator("#connection")).to_have_text("Live")
        await context.clear_cookies()
        await typed(tab, "/dprk-demands")
        await expect(tab.get_by_role("alert")).to_have_text(
            "This page is for whoever started the bot: open the link printed at start (briefbot run prints it)."
        )
        await expect(tab.locator(".answer")).to_have_count(0)
        await context.close()


async def test_moments_stand_in_the_readers_zone(browser: Browser) -> None:
    overview = ScriptedOverview(
        lines=[PlannedLine(instant("2026-12-11T00:00"), "discord:1/2", "61st anniversary")]
    )
    async with opened(overview=overview) as page, seen(browser, page) as tab:
        planned = tab.get_by_role("region", name="Planned next").get_by_role("listitem")
        await expect(planned).to_have_text("December 11, 2026 at 9:00 AM 61st anniversary discord:1/2")


async def test_the_page_is_written_in_the_language_that_its_reader_chooses(browser: Browser) -> None:
    front = PageFront()
    front.script["brief language"] = front.chooses
    overview = ScriptedOverview(
        lines=[PlannedLine(instant("2026-12-11T00:00"), "discord:1/2", "61st anniversary")]
    )
    async with opened(front, overview=overview) as page, seen(browser, page) as tab:
        await tab.get_by_label("Language").select_option("日本語")
        await expect(tab.locator("html")).to_have_attribute("lang", "ja")
        await expect(tab.get_by_label("言語")).to_have_value("ja")
        await expect(tab.locator("#connection")).to_have_text("接続中")
        await expect(tab.get_by_role("button", name="質問する")).to_be_visible()
        planned = tab.get_by_role("region", name="今後の送信予定").get_by_role("listitem")
        await expect(planned.locator("time")).to_have_text("2026年12月11日 9:00")
        await typed(tab, "/dprk-demands")
        await expect(tab.locator(".answer .who")).to_have_text("あなただけに表示されています")
        await expect(tab.locator(".answer .as-page blockquote").first).to_have_attribute("lang", "en")
        caller = page.front.said[-1][1].caller
        assert (caller.zone, caller.locale) == ("Asia/Tokyo", "ja")


async def test_faults_of_a_brief_appear_while_the_page_is_open(browser: Browser) -> None:
    async with opened() as page, seen(browser, page) as tab:
        briefs = tab.get_by_role("region", name="Briefs")
        await expect(briefs).to_contain_text("As of December 6, 2024 · 717 days old, expired · revision 3")
        old = page.overview.known[0]
        page.overview.known[0] = BriefLine(
            old.id, old.title, old.published, old.freshness, old.revision,
            ("brief.yaml:13:17 “soon” is not a date; write it like 2026-03-14",),
        )  # fmt: skip
        await expect(briefs.get_by_role("listitem")).to_have_text(
            "brief.yaml:13:17 “soon” is not a date; write it like 2026-03-14"
        )


HOSTILE = '<img src=x onerror="document.title=1"><script>document.title=2</script>'


async def test_markup_in_words_stays_words(browser: Browser) -> None:
    front = PageFront()
    front.script["brief subscriptions"] = Reply(
        HOSTILE,
        (
            Prose(text(HOSTILE)), Heading(HOSTILE), Listing((text(HOSTILE),)),
            Quotation(HOSTILE, HOSTILE, HOSTILE, (0, 10), HOSTILE),
        ),
        footer=HOSTILE,
    )  # fmt: skip
    async with opened(front) as page, seen(browser, page) as tab:
        await typed(tab, "/brief subscriptions")
        card = tab.locator(".answer")
        await expect(card.locator(".as-page .prose")).to_have_text(HOSTILE)
        for look in ("Slack", "Discord", "Page"):
            await tab.get_by_role("radio", name=look).check(force=True)
            await expect(card.locator(f".as-{look.lower()} h2").first).to_have_text(HOSTILE)
        await expect(card.locator("img, script")).to_have_count(0)
        await tab.keyboard.press("Tab")
        assert await tab.title() == "Briefbot"


LONG = Reply(
    "Averyveryveryverylongtitlewithoutanyblankinitthatcannotbebrokenanywhereelse",
    (
        Quotation("recognition of its nuclear power status " * 8, "dialogue-1", "Dialogue" * 12, (0, 11)),
        Prose(text("https://example.org/" + "path" * 40)),
    ),
    footer="revision-1-" * 20,
)


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_a_phone_scrolls_only_downwards(browser: Browser, scheme: str) -> None:
    front = PageFront()
    front.script["brief subscriptions"] = LONG
    phone: dict[str, Any] = {
        "viewport": {"width": 360, "height": 740},
        "color_scheme": scheme,
        "has_touch": True,
    }
    async with opened(front) as page, seen(browser, page, **phone) as tab:
        await tab.locator("#line").tap()
        await typed(tab, "/brief subscriptions")
        await expect(tab.locator(".answer")).to_have_count(1)
        for look in ("Page", "Slack", "Discord"):
            await tab.get_by_role("radio", name=look).check(force=True)
            assert await tab.evaluate("() => document.documentElement.scrollWidth") == 360
        below = await tab.evaluate(
            "() => document.querySelector('#side').getBoundingClientRect().top >="
            " document.querySelector('main').getBoundingClientRect().bottom"
        )
        assert below


async def test_the_first_load_is_small_and_asks_nobody_else(browser: Browser) -> None:
    async with opened() as page:
        context = await browser.new_context()
        tab = await context.new_page()
        loaded: dict[str, int] = {}
        requested: list[str] = []
        tab.on("request", lambda request: requested.append(request.url))
        await tab.goto(page.adapter.link)
        await expect(tab.locator("#connection")).to_have_text("Live")
        for entry in await tab.evaluate(
            "() => performance.getEntries().filter((e) => 'transferSize' in e).map((e) => [e.name, e.transferSize])"
        ):
            loaded[entry[0]] = entry[1]
        await context.close()
        assert sum(loaded.values()) < 100_000
        assert any(url.endswith("page.css") for url in loaded)
        assert all(url.startswith(page.adapter.address) for url in requested)


async def test_still_readers_see_nothing_move(browser: Browser) -> None:
    async with opened() as page, seen(browser, page, reduced_motion="reduce") as tab:
        await typed(tab, "/dprk-demands")
        await expect(tab.locator(".answer")).to_have_count(1)
        assert await tab.evaluate("() => document.getAnimations().length") == 0


def _palettes() -> list[dict[str, str]]:
    css = (STATIC / "page.css").read_text("utf-8")
    light, dark = re.findall(r":root \{(.*?)\n\s*\}", css, re.DOTALL)[:2]
    return [dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block)) for block in (light, dark)]


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize(
    ("words", "ground"),
    [
        ("ink", "paper"), ("ink", "sheet"), ("ink", "note"), ("ink", "mark"), ("ink", "tint"),
        ("soft", "paper"), ("soft", "sheet"), ("soft", "note"), ("soft", "tint"),
        ("accent", "paper"), ("accent", "sheet"), ("accent", "tint"), ("accent", "note"),
        ("on-accent", "accent"), ("note-ink", "note"), ("alarm", "paper"), ("alarm", "sheet"),
    ],
)  # fmt: skip
async def test_words_stand_out_from_their_ground(words: str, ground: str) -> None:
    for palette in _palettes():
        lighter, darker = sorted((_luminance(palette[words]), _luminance(palette[ground])), reverse=True)
        assert (lighter + 0.05) / (darker + 0.05) >= 4.5
