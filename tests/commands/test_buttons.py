"""Buttons: they work after a restart, and say when the brief has moved on."""

from dataclasses import replace
from pathlib import Path

import pytest

from commands.desk import Desk
from commands.dispatch import Dispatcher
from commands.model import Call, Command, Reply
from commands.registry import Registry
from commands.views.plain import plain
from tests.office import CHANNEL, NOW, READER, Office, edited, key_of, key_of_page, office, shipped

CHANGED = {"description: What Pyongyang would ask of Washington": "description: What Pyongyang asks for"}


async def test_a_button_works_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "briefbot.sqlite3"
    async with office(shipped(), path=path) as bot:
        key = key_of(await bot.reply("/dprk-demands"), "Source")
    async with office(path=path) as bot:
        assert (await bot.click(key)).title == "Source: dialogue-1"


async def test_a_button_that_nobody_knows_says_so(bot: Office) -> None:
    assert (await bot.click("open:0000000000000000")).summary == (
        "Nobody remembers what this button was for; /brief help shows what can be asked."
    )


async def test_turning_a_page_of_an_old_revision_offers_the_current_one(bot: Office) -> None:
    page = await bot.reply("/brief recommendations")
    await bot.publish(edited(CHANGED))
    turned = await bot.click(key_of_page(page, 2))
    assert turned.title == "The brief has changed"
    current = await bot.click(key_of(turned, "Show the current one"))
    assert "revision 2" in current.footer
    assert current.title == "Recommendations of The Korean Peninsula, December 2024"


async def test_a_button_of_an_old_message_answers_from_the_current_revision_and_says_so(bot: Office) -> None:
    old = await bot.reply("/dprk-demands")
    await bot.publish(edited(CHANGED))
    answer = await bot.click(key_of(old, "Source"))
    assert answer.blocks[0].text == ("The message with this button showed revision 1; this is revision 2.",)  # type: ignore[union-attr]


async def test_keys_fit_both_platforms_and_stay_the_same(bot: Office) -> None:
    first, second = await bot.reply("/dprk-demands"), await bot.reply("/dprk-demands")
    assert first is second, "a topic's reply is composed once"
    assert all(len(action.key) <= 100 for action in first.actions)


async def test_a_published_change_is_answered_at_once(bot: Office) -> None:
    await bot.reply("/dprk-demands")
    await bot.publish(edited(CHANGED))
    assert (await bot.reply("/dprk-demands")).title == "What Pyongyang asks for"


async def test_an_unexpected_error_is_an_apology_and_its_trace_is_in_the_log(
    bot: Office, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(_desk: Desk, _call: Call) -> Reply:
        raise ZeroDivisionError("inside")

    registry = Registry([Command("brief boom", "Break", broken, example="/brief boom")])
    answer = await Dispatcher(replace(bot.desk, registry=registry)).answer(
        Call("brief boom", READER, CHANNEL, NOW)
    )
    assert isinstance(answer, Reply)
    assert plain(answer).startswith(
        "Something went wrong\n\nSorry, this went wrong inside the bot."
        " Try again; if it stays, tell an admin the number "
    )
    assert "inside" not in plain(answer).replace("inside the bot", "")
    number = plain(answer).rstrip(".").rpartition(" ")[2]
    record = caplog.records[-1]
    assert number in record.getMessage()
    assert record.exc_info is not None
    assert record.exc_info[0] is ZeroDivisionError
