"""A question's way on each platform: answered and shared; or not covered, counted, added by an admin, and answered."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.walking import published
from tests.wires import ADMINS, OPENERS, PageWire, Wire, on_the_page

DEMANDS = "What would Kim demand in a dialogue with the US?"
ANSWER = "Kim would likely demand all of the following"
NOWHERE = "zeppelin"
NOT_COVERED = f"“The Korean Peninsula, December 2024” does not answer the question “{NOWHERE}”."


@pytest.fixture(params=list(OPENERS))
async def wire(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Wire]:
    """The bot behind one platform; at the end nothing unlawful was sent to it."""
    async with OPENERS[request.param](tmp_path, admins=ADMINS, review="off") as opened:
        yield opened
        assert opened.unlawful() == []


async def test_a_question_is_answered_shared_or_counted_and_covered_later(wire: Wire) -> None:
    answered = await wire.say(f"/brief ask {DEMANDS}")
    assert answered.private
    assert (f"{DEMANDS} This report has expired: published on December 6, 2024") in answered.text
    assert ANSWER in answered.text
    assert "as of December 6, 2024" in answered.text
    assert "Source: dialogue-1" in (await wire.press(answered, "Source")).text
    answered = await wire.say(f"/brief ask {DEMANDS}")
    shared = await wire.press(answered, "Share to channel")
    assert not shared.private
    assert ANSWER in shared.text

    pinged = wire.notified()
    missed = await wire.say(f"/brief ask {NOWHERE}")
    assert "Not in this report" in missed.text
    assert NOT_COVERED in missed.text
    assert "The question was noted for the editors, without your name." in missed.text
    assert len(missed.buttons) == 3
    await wire.say(f"/brief ask {NOWHERE.title()}?")
    await wire.say(f"/brief ask {NOWHERE} @everyone <@U2> <!channel>")
    assert wire.notified() == pinged

    listed = await wire.say("/brief-admin misses", admin=True)
    assert "1. “zeppelin” Asked 2 times, on " in listed.text
    assert "U1" not in listed.text
    shown = await wire.say(f'/brief-admin misses add 1 dialogue-1 quote="{ANSWER}"', admin=True)
    assert "Questions that dialogue-1 answers: added" in shown.text
    serves = await wire.press(shown, "Publish")
    assert "Revision 2 of “The Korean Peninsula, December 2024” serves now." in serves.text
    await published(wire, 2)
    covered = await wire.say(f"/brief ask {NOWHERE}")
    assert "dialogue-1" in covered.text
    assert "Not in this report" not in covered.text
    listed = await wire.say("/brief-admin misses", admin=True)
    assert "Answered since revision 2: it is shown today for the last time." in listed.text
    dismissed = await wire.press(listed, "Dismiss 1")
    assert "1 question was deleted. It is counted anew if somebody asks it again." in dismissed.text


# Discord's own client asks for required options before it sends a command.
@pytest.mark.parametrize("wire", ["slack", "web"], indirect=True)
async def test_a_question_that_is_missing_is_asked_for(wire: Wire) -> None:
    form = await wire.say("/brief ask")
    assert form.form == ["question", "brief"]
    assert ANSWER in (await wire.fill(form, {"question": DEMANDS})).text


async def test_the_page_takes_what_is_no_command_for_a_question(tmp_path: Path) -> None:
    async with on_the_page(tmp_path) as wire:
        assert ANSWER in (await wire.say(DEMANDS)).text
        assert NOT_COVERED in (await wire.say(NOWHERE)).text
        assert "What Pyongyang would ask of Washington" in (await wire.say("dprk-demands")).text
        assert "Not in this report" in (await wire.say("Brief me on zeppelin moorings")).text
        for slip, near in (("dprk-demand", "dprk-demands"), ("brief serch zeppelin", "brief search")):
            assert f"the nearest is /{near}." in (await wire.say(slip)).text
        assert "There is no command /zeppelin; the nearest is" in (await wire.say("/zeppelin")).text


async def test_the_page_suggests_questions_while_one_is_typed(tmp_path: Path) -> None:
    async with on_the_page(tmp_path) as wire:
        assert isinstance(wire, PageWire)
        for line in ("What weapons is North", "/brief ask What weapons is North"):
            query = {"line": line, "cursor": str(len(line))}
            async with wire.session.get(f"{wire.origin}/api/complete", params=query) as response:
                found = await response.json()
            inserted = [item["insert"].strip(' "') for item in found["items"]]
            assert any(each.startswith("What weapons is North Korea") for each in inserted), inserted
            assert (found["start"], found["end"]) == (line.index("What"), len(line))


async def test_many_questions_at_once_do_not_hold_up_the_bot(tmp_path: Path) -> None:
    async with on_the_page(tmp_path) as wire:
        told = await asyncio.gather(*(wire.say(f"/brief ask {DEMANDS} {n}") for n in range(8)))
        assert all(ANSWER in each.text for each in told)
