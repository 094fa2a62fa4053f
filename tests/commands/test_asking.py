"""Asking: the report's own words with what the editor knows since, or the word that it does not answer."""

from collections.abc import AsyncIterator

import pytest

from briefs.reading import Document, read_brief
from briefs.search import window
from commands.model import Call, EditorNote, Prose, Quotation, Reply
from commands.views.plain import plain
from scheduler.address import LOBBY
from tests.briefs.sample import SAMPLE_REPORT, SAMPLE_YAML
from tests.office import ADMIN, CHANNEL, READER, Office, edited, key_of, office, press_of, shipped

ID = "korean-peninsula-2024"
DEMANDS = "What would Kim demand in a dialogue with the US?"
NOWHERE = "zeppelin"
TITLE = "The Korean Peninsula, December 2024"


def harbour() -> Document:
    return read_brief(SAMPLE_YAML.encode(), SAMPLE_REPORT.encode())


@pytest.fixture
async def both() -> AsyncIterator[Office]:
    """A bot that holds two briefs."""
    async with office(shipped(), harbour()) as opened:
        yield opened


def quoted(reply: Reply) -> list[Quotation]:
    return [block for block in reply.blocks if isinstance(block, Quotation)]


async def kept(bot: Office) -> list[tuple[str, str, int]]:
    async with bot.desk.store.reading() as tx:
        rows = await bot.desk.misses.of(tx, [ID, "harbour-2025"], bot.now.date())
    return [(each.brief, each.question, each.count) for each in rows]


async def test_the_answer_is_the_passages_own_words_highlighted_in_their_context(bot: Office) -> None:
    reply = await bot.reply(f"/brief ask {DEMANDS}")
    assert reply.title == DEMANDS
    first = quoted(reply)[0]
    source = bot.desk.revisions()[ID].document.source
    passage = source.passages[first.passage]
    assert first.words in passage.text
    assert first.heading == passage.heading
    assert first.highlight is not None
    said = first.words[slice(*first.highlight)]
    assert "Kim would likely demand all of the following" in said
    assert reply.summary == f"{DEMANDS} “{said}” ({first.passage})"
    at = passage.text.index(said)
    start, end = window(passage.text, (at, at + len(said)))
    assert first.words in passage.text[start:end]
    assert len(first.words) <= max(len(said), 480)


async def test_an_expired_brief_says_so_before_it_answers(bot: Office) -> None:
    reply = await bot.reply(f"/brief ask {DEMANDS}")
    assert reply.blocks[0] == Prose((
        "This report has expired: published on December 6, 2024 and not reviewed since, 718 days old."
        " Read it as what was known then.",
    ))  # fmt: skip
    assert reply.footer.startswith(
        f"{TITLE} · as of December 6, 2024 · 718 days old, expired · revision 1 · dialogue-1"
    )


async def test_every_note_on_what_is_quoted_stands_behind_its_quotation() -> None:
    document = edited({"notes:\n": (
        "notes:\n  - {id: mended, kind: erratum, date: 2025-01-01, text: It was three demands., source: report,"
        " touches: [dialogue-1]}\n  - {id: went-on, kind: development, date: 2025-02-01, text: They met., source: "
        "https://example.org/met, touches: [dprk-demands]}\n"
    )})  # fmt: skip
    async with office(document) as bot:
        blocks = await _all_blocks(bot, f"/brief ask {DEMANDS}")
    at = next(n for n, b in enumerate(blocks) if isinstance(b, Quotation) and b.passage == "dialogue-1")
    behind = [b.text for b in blocks[at + 1 :] if isinstance(b, EditorNote)]
    assert behind[:2] == ["It was three demands.", "They met."]
    assert isinstance(blocks[at + 1], EditorNote)
    first = blocks[at]
    assert isinstance(first, Quotation)
    assert first.label == "Corrected by the editor, see the erratum below"


async def _all_blocks(bot: Office, line: str) -> list[object]:
    """The blocks of every page; a quotation that goes on over a page counts once."""
    page = await bot.reply(line)
    blocks: list[object] = list(page.blocks)
    while more := [a for a in page.actions if a.press.verb == "page" and a.press.page == page.page + 1]:
        page = await bot.click(more[0].key)
        blocks += page.blocks
    return blocks


async def test_the_buttons_lead_to_the_section_the_source_and_the_topic(bot: Office) -> None:
    reply = await bot.reply(f"/brief ask {DEMANDS}")
    section = await bot.click(key_of(reply, "Full section"))
    assert section.title.startswith("Possibility of US-North Korea dialogue")
    assert (await bot.click(key_of(reply, "Source"))).title == "Source: dialogue-1"
    topic = await bot.click(key_of(reply, "Related topic"))
    assert topic.title == "What Pyongyang would ask of Washington"


async def test_sharing_shows_the_same_answer_to_everybody_without_buttons(bot: Office) -> None:
    reply = await bot.reply(f"/brief ask {DEMANDS}")
    shared = await bot.click(key_of(reply, "Share to channel"))
    assert (shared.visibility, shared.title) == ("public", DEMANDS)
    assert quoted(shared)[0] == quoted(reply)[0]
    assert [action for action in shared.actions if action.press.verb != "page"] == []


async def test_what_the_channel_may_not_read_is_not_shared() -> None:
    held = edited({"format: 1\n": "format: 1\ndistribution: admins\n"})
    async with office(held, harbour()) as bot:
        reply = await bot.reply(f"/brief ask {DEMANDS}", ADMIN)
        assert quoted(reply)[0].passage == "dialogue-1"
        shared = await bot.click(key_of(reply, "Share to channel"), ADMIN)
        assert "dialogue-1" not in plain(shared)
        if shared.title == "Not done":
            assert (shared.visibility, plain(shared)) == ("private", (
                "Not done\n\nWhat answers this is not for everybody who reads this channel, so nothing was shared."
            ))  # fmt: skip


async def test_what_nothing_answers_is_said_with_the_nearest_sections(bot: Office) -> None:
    reply = await bot.reply(f"/brief ask {NOWHERE}")
    assert reply.title == "Not in this report"
    said = plain(reply)
    assert f"“{TITLE}” does not answer the question “{NOWHERE}”." in said
    assert "The nearest sections:\n\n- " in said
    assert "Ask in other words, or look for single words with /brief search." in said
    assert "The question was noted for the editors, without your name." in said
    assert reply.summary == f"“{TITLE}” does not answer the question “{NOWHERE}”."
    assert len(reply.actions) == 3
    assert (await bot.click(reply.actions[0].key)).title == reply.actions[0].label


async def test_an_unanswered_question_is_counted_when_it_is_asked_and_an_answered_one_is_not(
    bot: Office,
) -> None:
    await bot.reply(f"/brief ask {NOWHERE}")
    await bot.reply(f"/brief ask {NOWHERE.upper()}?", ADMIN)
    await bot.reply(f"/brief ask {DEMANDS}")
    assert await kept(bot) == [(ID, NOWHERE, 2)]


async def test_what_a_button_asks_again_is_not_counted_again_and_a_form_is(bot: Office) -> None:
    form = await bot.form("/brief ask")
    call = Call("", READER, CHANNEL, bot.now, {"question": NOWHERE})
    answer = await bot.dispatcher.submit(form.key, call)
    assert isinstance(answer, Reply)
    assert await kept(bot) == [(ID, NOWHERE, 1)]
    share = press_of(await bot.reply(f"/brief ask {DEMANDS}"), "Share to channel")
    asked = Call("brief ask", READER, CHANNEL, bot.now, {"question": NOWHERE}, press=share)
    await bot.dispatcher.answer(asked)
    assert await kept(bot) == [(ID, NOWHERE, 1)]


async def test_a_question_that_names_somebody_is_answered_and_not_noted(bot: Office) -> None:
    said = await bot.text("/brief ask zeppelin of <@U123>")
    assert "The question was noted" not in said
    assert await kept(bot) == []


async def test_without_a_name_every_brief_is_asked_and_each_quotation_says_of_which_it_is(
    both: Office,
) -> None:
    reply = await both.reply("/brief ask Which gauge?")
    assert quoted(reply)[0].passage == "gauge-1"
    assert str(quoted(reply)[0].label).startswith("Merrow Harbour")
    named = await both.reply(f'/brief ask "{DEMANDS}" brief={ID}')
    assert not str(quoted(named)[0].label).startswith(TITLE)
    assert key_of(reply, "Full section")


async def test_of_several_briefs_none_may_answer(both: Office) -> None:
    reply = await both.reply(f"/brief ask {NOWHERE}")
    assert reply.title == "Not in these reports"
    assert f"None of the 2 briefs answers the question “{NOWHERE}”." in plain(reply)
    assert len(await kept(both)) == 1
    assert len(reply.footer.splitlines()) == 2


async def test_a_brief_that_the_asker_may_not_read_is_not_asked() -> None:
    held = edited({"format: 1\n": "format: 1\ndistribution: team\n"})
    async with office(held, harbour()) as bot:
        said = await bot.text(f"/brief ask {DEMANDS}")
        assert "dialogue-1" not in said
        assert TITLE not in said


async def test_a_question_takes_every_word_and_has_an_end(bot: Office) -> None:
    command, given = bot.desk.registry.parse(
        f'/brief ask What is Kim\'s "hostile" aim? brief={ID}', bot.desk.revisions(), bot.now
    )
    assert (command.path, given) == ("brief ask", {"question": "What is Kim's hostile aim?", "brief": ID})
    assert await bot.text("/brief ask " + "why " * 80) == (
        "Not done\n\nA question has at most 300 characters, and this one has 319; ask about one thing at a time."
    )


async def test_questions_that_the_editors_wrote_are_suggested(bot: Office) -> None:
    command = bot.desk.registry.find("brief ask", bot.desk.revisions(), bot.now)
    assert command is not None
    complete = command.options[0].completes
    assert complete is not None
    call = Call("brief ask", READER, LOBBY, bot.now)
    every = [choice.value for choice in await complete(bot.desk, call, "")]
    answers = bot.desk.revisions()[ID].brief.answers.values()
    written = {question for entries in answers for entry in entries for question in entry.questions}
    assert len(every) == 25
    assert set(every) <= written
    assert all(question.isascii() or "’" in question or "–" in question for question in every)
    found = [choice.value for choice in await complete(bot.desk, call, "automatic intervention")]
    assert "automatic" in found[0]
