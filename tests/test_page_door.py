"""A brief published through the page: uploaded in a real browser, approved in Discord by an admin with an account."""

import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from scheduler.runner import utc_now
from tests.bot.browsing import NEEDS_CHROMIUM, launched
from tests.doors import DiscordDoor, Foreseen, opened, words
from tests.test_doors import FIRST_WORDS, NINE, Walk, long
from tests.walking import Talks, awaited, follow, pass_to
from tests.wires import settings_for

# A link shows its host; what it leads to is said here as everywhere else.
WITHOUT_BUTTONS = """card => {
  const copy = card.cloneNode(true);
  copy.querySelectorAll("button").forEach((button) => button.remove());
  copy.querySelectorAll("a").forEach((link) => link.replaceWith(link.href));
  copy.querySelectorAll("*").forEach((part) => part.append(" "));
  return copy.textContent;
}"""

pytestmark = NEEDS_CHROMIUM


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """A real browser."""
    async with launched() as opened_browser:
        yield opened_browser


@pytest.fixture
async def walk(tmp_path: Path) -> AsyncIterator[Walk]:
    """A channel in Discord that was told a date, and admins there; the author sits at the page."""
    settings_for(tmp_path)
    talks = Talks(tmp_path, datetime.combine(utc_now().date(), datetime.min.time(), UTC) + timedelta(days=20))
    talks.write()
    async with opened("discord", tmp_path) as door:
        made = Walk(door, tmp_path, talks)
        await follow(made.wire, made.wire.channel)
        pass_to(made.wire, talks.day - timedelta(days=7) + NINE)
        await awaited(made.wire.arrived, "The talks: in 7 days")
        yield made


async def send(tab: Page, line: str) -> None:
    """Type a line with the keyboard and send it."""
    await tab.get_by_role("combobox", name="Ask the report").fill(line)
    await tab.keyboard.press("Escape")
    await tab.keyboard.press("Enter")


async def test_an_upload_in_the_browser_is_shown_approved_in_discord_and_rolled_back(
    walk: Walk, browser: Browser, tmp_path: Path
) -> None:
    assert isinstance(walk.door, DiscordDoor)
    later = walk.talks.day + timedelta(days=10)
    tab = await browser.new_page(locale="en-US", timezone_id="Asia/Tokyo")
    await tab.goto(walk.wire.app.link)
    await expect(tab.locator("#connection")).to_have_text("Live")

    mine = tmp_path / "mine.yaml"
    mine.write_bytes(walk.changed)
    await send(tab, "/brief-admin upload")
    form = tab.locator("form.questions")
    await form.locator("input[name=file]").set_input_files(mine)
    await form.locator("input[name=reason]").fill("From the page")
    await form.get_by_role("button", name="Send").click()
    card = tab.get_by_role("article", name="Proposal 1")
    await expect(card.locator(".as-page")).to_contain_text("web:local/reader proposes: From the page")
    await expect(card.locator(".as-page")).to_contain_text("The talks moved from")
    await expect(card.locator(".as-page")).to_contain_text("2 messages go out at once:")
    await expect(card.get_by_role("button", name="Publish")).to_have_count(0)

    await send(tab, "/brief-admin approve 1")
    refused = tab.get_by_role("article", name="Not done")
    await expect(refused.locator(".as-page")).to_contain_text(
        "Approving needs an account: another admin approves proposal 1 in Slack or Discord with"
        " /brief-admin approve 1."
    )
    asked = await awaited(walk.door.asked, "Proposal 1")
    foreseen = Foreseen(walk.door.attached(asked, "messages.txt"))
    began = time.monotonic()
    assert "Revision 2 of" in (await walk.door.press(asked, "Approve")).text
    await send(tab, "/brand-new")
    answer = tab.get_by_role("article", name="A topic that is new")
    await expect(answer.locator(".as-page")).to_contain_text(FIRST_WORDS)
    assert time.monotonic() - began < 2
    assert walk.path.read_bytes() == walk.changed
    title = f"The talks: moved to {long(later)}"
    for said, where in (
        (await walk.told(title), walk.wire.channel),
        ([await _card(tab, title)], "web:local/lobby"),
    ):
        assert [words(each) for each in said] == [words(each) for each in foreseen.of("sent", where)]

    await send(tab, "/brief-admin rollback 1")
    await expect(tab.get_by_role("article", name="Proposal 2")).to_be_visible()
    asked = await awaited(walk.door.asked, "Proposal 2")
    foreseen = Foreseen(walk.door.attached(asked, "messages.txt"))
    await walk.door.press(asked, "Approve")
    assert walk.path.read_bytes() == walk.original
    title = f"The talks: moved to {long(walk.talks.day)}"
    for said, where in (
        (await walk.told(title), walk.wire.channel),
        ([await _card(tab, title)], "web:local/lobby"),
    ):
        assert [words(each) for each in said] == [words(each) for each in foreseen.of("sent", where)]


async def _card(tab: Page, title: str) -> str:
    """The words of a message that arrived on the page."""
    found = tab.get_by_role("article", name=title)
    await expect(found).to_be_visible()
    text: str = await found.locator(".as-page").evaluate(WITHOUT_BUTTONS)
    return text
