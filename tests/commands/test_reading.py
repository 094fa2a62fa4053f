"""Sections, recommendations, passages, and the search through them."""

from commands.model import Quotation
from tests.office import Office, key_of


async def test_a_section_prints_each_of_its_passages_whole(bot: Office) -> None:
    source = bot.desk.revisions()["korean-peninsula-2024"].document.source
    section = bot.desk.revisions()["korean-peninsula-2024"].brief.sections[1]
    printed = "".join((await bot.whole(f"/brief show {section.id}")).split())
    for id_ in section.passages:
        words = source.passages[id_].text
        # The words are cut between pages; every one of them is there, in order.
        at = 0
        for word in words.split():
            at = printed.index(word, at)


async def test_the_four_recommendations_are_shown_whole(bot: Office) -> None:
    text = await bot.whole("/brief recommendations")
    for number in ("1.", "2.", "3.", "4."):
        assert number in text
    assert (
        "Japan should begin negotiations on a Japan-ROK ACSA for Noncombatant Evacuation Operations" in text
    )


async def test_the_source_of_a_passage_says_where_the_report_came_from(bot: Office) -> None:
    text = await bot.whole("/brief source dialogue-1")
    assert "The Korean Peninsula, December 2024, publisher unknown, dated December 6, 2024." in text


async def test_search_highlights_the_sentence_that_matches(bot: Office) -> None:
    reply = await bot.reply("/brief search abduction issue")
    hit = next(block for block in reply.blocks if isinstance(block, Quotation))
    assert hit.highlight is not None
    assert hit.words[slice(*hit.highlight)] == "abduction issue"
    assert hit.words.startswith("Neither the US nor the ROK will oppose direct dialogue")


async def test_search_finds_a_passage_by_another_name_of_what_it_speaks_of(bot: Office) -> None:
    reply = await bot.reply("/brief search 北朝鮮")
    assert any(isinstance(block, Quotation) for block in reply.blocks)


async def test_nothing_found_says_so_and_offers_the_nearest_sections(bot: Office) -> None:
    reply = await bot.reply("/brief search zeppelin")
    assert reply.title == "Nothing found"
    assert "Nothing in “The Korean Peninsula, December 2024” matches “zeppelin”. The nearest sections:" in (
        await bot.text("/brief search zeppelin")
    )
    opened = await bot.click(reply.actions[0].key)
    assert opened.title == reply.actions[0].label


async def test_an_unknown_passage_names_the_nearest(bot: Office) -> None:
    assert await bot.text("/brief source dialog-1") == (
        "Not done\n\nThere is no passage “dialog-1”; the nearest is dialogue-1."
        " /brief search finds passages by their words."
    )


async def test_the_full_section_opens_from_a_topic(bot: Office) -> None:
    reply = await bot.reply("/dprk-demands")
    opened = await bot.click(key_of(reply, "Full section"))
    assert opened.title.startswith("Possibility of US-North Korea dialogue")
