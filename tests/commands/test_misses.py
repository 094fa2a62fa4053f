"""Unanswered questions before the editors: listed, added to a passage, dismissed, and gone once answered."""

import pytest

from briefs.reading import Document
from commands.model import Call, Quotation
from commands.views.plain import plain
from tests.office import ADMIN, CHANNEL, READER, Office, edited, key_of, office, press_of

pytestmark = pytest.mark.usefixtures("contract")

ID = "korean-peninsula-2024"
NOWHERE = "zeppelin"
MOORINGS = "zeppelin airship moorings"


async def ask(bot: Office, *questions: str) -> None:
    for question in questions:
        assert (await bot.reply(f"/brief ask {question}")).title == "Not in this report"


async def test_nothing_asked_is_said(bot: Office) -> None:
    assert await bot.text("/brief-admin misses", ADMIN) == (
        "Not covered\n\nNobody asked anything that is not covered. Questions without an answer are counted here."
    )


async def test_a_reader_is_refused(bot: Office) -> None:
    assert (await bot.text("/brief-admin misses")).startswith(
        "Not done\n\n/brief-admin misses is for editors and the bot's admins ("
    )


async def test_what_was_asked_most_comes_first(bot: Office) -> None:
    await ask(bot, MOORINGS, NOWHERE, f"{NOWHERE}?")
    said = await bot.text("/brief-admin misses", ADMIN)
    assert said.startswith(
        "Not covered\n\n2 questions that the report does not answer, most asked first; nobody knows who asked:\n\n"
        "2. “zeppelin” Asked 2 times, on November 24, 2026. Not covered"
    )
    assert "1. “zeppelin airship moorings” Asked 1 time, on November 24, 2026. Not covered" in said
    assert str(READER.person) not in said


async def test_one_is_dismissed_and_then_all_are_after_a_question(bot: Office) -> None:
    await ask(bot, MOORINGS, NOWHERE, "airship", NOWHERE)
    reply = await bot.reply("/brief-admin misses", ADMIN)
    gone = await bot.click(key_of(reply, "Dismiss 2"), ADMIN)
    assert plain(gone) == (
        "Dismissed\n\n1 question was deleted. It is counted anew if somebody asks it again.\n\n- zeppelin"
    )
    back = await bot.click(key_of(gone, "The list"), ADMIN)
    sure = await bot.click(key_of(back, "Dismiss all…"), ADMIN)
    assert plain(sure) == (
        "Dismiss all questions?\n\n2 questions would be deleted, with their counts. Nothing brings them back."
    )
    assert "2 questions that" in await bot.text("/brief-admin misses", ADMIN)
    assert "2 questions were deleted." in plain(await bot.click(key_of(sure, "Dismiss all"), ADMIN))
    assert "Nobody asked anything" in await bot.text("/brief-admin misses", ADMIN)
    async with bot.desk.store.reading() as tx:
        written = [(e.actor, e.action, e.subject) for e in await bot.desk.audit.latest(tx, 5)]
    assert written == [
        (str(ADMIN.person), "dismissed", "2 unanswered questions"),
        (str(ADMIN.person), "dismissed", "unanswered question 2"),
    ]


async def test_the_list_goes_on(bot: Office) -> None:
    letters = ("quokka", "xylophone", "zither", "yodel", "zeugma", "quasar", "zebra")
    await ask(bot, *letters)
    reply = await bot.reply("/brief-admin misses", ADMIN)
    assert press_of(reply, "Next").options == (("start", "6"),)
    more = await bot.click(key_of(reply, "Next"), ADMIN)
    assert [a.label for a in more.actions if a.label.startswith("Dismiss")] == [
        "Dismiss 6", "Dismiss 7", "Dismiss all…",
    ]  # fmt: skip


async def test_a_question_is_added_to_the_passage_as_any_edit_is_published(bot: Office) -> None:
    await ask(bot, NOWHERE)
    quote = "Kim would likely demand all of the following"
    shown = await bot.reply(f'/brief-admin misses add 1 dialogue-1 quote="{quote}"', ADMIN)
    assert "dialogue-1 answers: zeppelin" in plain(shown)
    assert "Questions that dialogue-1 answers: added “zeppelin" in plain(shown)
    assert bot.desk.revisions()[ID].number == 1
    async with bot.desk.store.reading() as tx:
        (entry,) = await bot.desk.audit.latest(tx, 5)
    assert (entry.action, entry.subject) == ("proposed", f"{ID} dialogue-1")
    await bot.publish(await _proposed(bot))
    entries = bot.desk.revisions()[ID].brief.answers["dialogue-1"]
    assert (entries[-1].quote, entries[-1].questions) == (quote, ("zeppelin",))


async def _proposed(bot: Office) -> Document:
    async with bot.desk.store.reading() as tx:
        (waiting,) = await bot.desk.proposals.open(tx)
        return await bot.desk.proposals.document(tx, waiting.id)


async def test_what_a_later_revision_answers_is_shown_once_more_and_goes(bot: Office) -> None:
    await ask(bot, NOWHERE)
    await bot.publish(edited({"answers:\n  standstill-1:\n": "answers:\n  standstill-1:\n    - zeppelin\n"}))
    said = await bot.text("/brief-admin misses", ADMIN)
    assert "Answered since revision 2: it is shown today for the last time." in said
    assert said == await bot.text("/brief-admin misses", ADMIN)
    bot.now = bot.now.replace(day=25)
    assert "Nobody asked anything" in await bot.text("/brief-admin misses", ADMIN)


async def test_the_nearest_passage_is_quoted_with_the_button_that_adds_the_question_to_it() -> None:
    # What answers stands in a section that this reader may not see, so that it is not covered for everyone.
    held = edited({"  - id: dialogue\n": "  - id: dialogue\n    distribution: team\n"})
    async with office(held) as bot:
        await ask(bot, "abduction")
        reply = await bot.reply("/brief-admin misses", ADMIN)
        (near,) = [block for block in reply.blocks if isinstance(block, Quotation)]
        assert near.label == "Nearest passage"
        passage = bot.desk.revisions()[ID].document.source.passages[near.passage]
        assert near.words in passage.text
        assert "abduction" in near.words
        assert "Not covered." in plain(reply)
        shown = await bot.click(key_of(reply, f"Add 1 to {near.passage}"), ADMIN)
        assert f"{near.passage} answers: abduction" in plain(shown)
        await bot.publish(await _proposed(bot))
        entry = next(e for e in bot.desk.revisions()[ID].brief.answers[near.passage] if e.quote == near.words)
        assert entry.questions[-1] == "abduction"


async def test_numbers_and_passages_that_are_not_there_are_refused(bot: Office) -> None:
    await ask(bot, NOWHERE)
    assert await bot.text("/brief-admin misses dismiss", ADMIN) == (
        "Not done\n\nSay which one, like /brief-admin misses dismiss 17; /brief-admin misses lists the questions."
    )
    assert await bot.text("/brief-admin misses dismiss 9", ADMIN) == (
        "Not done\n\nThere is no unanswered question 9; /brief-admin misses lists those there are."
    )
    assert await bot.text("/brief-admin misses add 1", ADMIN) == (
        "Not done\n\nSay which passage answers it, like /brief-admin misses add 1 passage=dialogue-1."
    )
    assert await bot.text("/brief-admin misses add 1 dialog-1", ADMIN) == (
        "Not done\n\nThere is no passage “dialog-1”; the nearest is dialogue-1."
        " /brief search finds passages by their words."
    )


async def test_questions_are_suggested_by_their_words(bot: Office) -> None:
    await ask(bot, NOWHERE, "quokka")
    command = bot.desk.registry.find("brief-admin misses", bot.desk.revisions(), bot.now)
    assert command is not None
    complete = command.options[1].completes
    assert complete is not None
    found = await complete(bot.desk, Call("brief-admin misses", ADMIN, CHANNEL, bot.now), "quok")
    assert [(choice.label, choice.value) for choice in found] == [("2: quokka", "2")]
