"""Topic commands: the report's own words, their place, their age, and the editor's notes."""

from commands.model import Command, EditorNote, Quotation, Reply
from tests.office import ADMIN, CHANNEL, READER, Office, edited, key_of, office

EXPIRED = (
    "This report has expired: published on December 6, 2024 and not reviewed since, 718 days old."
    " Read it as what was known then."
)


async def test_dprk_demands_quotes_the_three_demands_with_their_source(bot: Office) -> None:
    reply = await bot.reply("/dprk-demands")
    quotes = [block for block in reply.blocks if isinstance(block, Quotation)]
    assert [quote.words for quote in quotes] == [
        "Kim would likely demand all of the following",
        "recognition of its nuclear power status",
        "arms control rather than denuclearization",
        "normalization of diplomatic relations between the US and North Korea (including a withdrawal or"
        " reduction of US forces stationed in the ROK)",
    ]
    assert {quote.passage for quote in quotes} == {"dialogue-1"}
    assert quotes[0].heading == (
        "Possibility of US-North Korea dialogue under the Trump administration and Japan's response"
    )


async def test_an_expired_brief_says_so_before_anything_else(bot: Office) -> None:
    text = await bot.text("/dprk-demands")
    assert text.splitlines()[2] == EXPIRED


async def test_every_reply_about_the_report_ends_with_its_age(bot: Office) -> None:
    footer = (
        "The Korean Peninsula, December 2024 · as of December 6, 2024 · 718 days old, expired · revision 1"
    )
    for line in ("/dprk-demands", "/brief topics", "/brief dates", "/brief recommendations",
                 "/brief show dialogue-1", "/brief search abduction", "/brief source yoon-1"):  # fmt: skip
        assert (await bot.reply(line)).footer.startswith(footer), line


async def test_the_outlook_shows_the_erratum_and_each_development_that_touches_it(bot: Office) -> None:
    text = await bot.whole("/japan-rok-outlook")
    assert text.count("Editor's note, erratum, December 3, 2024:") == 1
    assert "Editor's note, development, January 13, 2026:" in text
    assert "Editor's note, outcome, June 3, 2025:" in text
    first = await bot.reply("/japan-rok-outlook")
    assert any(isinstance(block, EditorNote) for block in first.blocks), "a note stands on the first screen"


async def test_an_erratum_stands_right_under_the_quote_that_it_corrects(bot: Office) -> None:
    blocks = (await bot.reply("/martial-law")).blocks
    at = next(n for n, block in enumerate(blocks) if isinstance(block, Quotation))
    after = [block for block in blocks[at + 1 :] if isinstance(block, EditorNote | Quotation)]
    assert isinstance(after[0], EditorNote)
    assert after[0].kind == "erratum"


async def test_a_topic_answers_as_brief_topic_too_by_its_command_and_by_its_id(bot: Office) -> None:
    direct = await bot.reply("/dprk-demands")
    assert (await bot.reply("/brief topic dprk-demands")).blocks == direct.blocks
    assert (await bot.reply("/brief topic /dprk-demands")).blocks == direct.blocks


async def test_a_renamed_topic_still_answers_to_its_former_id() -> None:
    renamed = edited({"  - id: dprk-demands\n": "  - id: kim-demands\n    formerly: [dprk-demands]\n"})
    async with office(renamed) as bot:
        assert (await bot.reply("/brief topic kim-demands")).title == "What Pyongyang would ask of Washington"


async def test_an_unknown_topic_names_the_nearest(bot: Office) -> None:
    assert await bot.text("/brief topic dprk-demand") == (
        "Not done\n\nThere is no topic “dprk-demand”; the nearest is dprk-demands. /brief topics lists them all."
    )


async def test_sharing_answers_everybody_in_the_channel_without_buttons(bot: Office) -> None:
    private = await bot.reply("/dprk-demands")
    shared = await bot.click(key_of(private, "Share to channel"))
    assert private.visibility == "private"
    assert shared.visibility == "public"
    assert shared.blocks == private.blocks
    assert shared.actions == ()


async def test_a_withheld_topic_is_shown_to_its_audience_alone() -> None:
    kept = edited({"    command: dprk-demands\n": "    command: dprk-demands\n    distribution: team\n"})
    async with office(kept) as bot:
        assert all(command.path != "dprk-demands" for command in _commands(bot))
        assert "There is no topic “dprk-demands”" in await bot.text("/brief topic dprk-demands")
        team = CHANNEL._replace(space="T9")
        answer = await bot.reply("/brief topic dprk-demands", READER, team)
        assert answer.title == "What Pyongyang would ask of Washington"
        admin = await bot.reply("/brief topic dprk-demands", ADMIN)
        assert admin.title == "What Pyongyang would ask of Washington"


async def test_what_an_admin_shares_is_cut_to_what_the_channel_may_see() -> None:
    kept = edited({"    command: dprk-demands\n": "    command: dprk-demands\n    distribution: admins\n"})
    async with office(kept) as bot:
        private = await bot.reply("/brief topic dprk-demands", ADMIN)
        shared = await bot.click(key_of(private, "Share to channel"), ADMIN)
        assert isinstance(shared, Reply)
        assert shared.title == "Not done"


def _commands(bot: Office) -> tuple[Command, ...]:
    return bot.desk.registry.commands(bot.desk.revisions(), bot.now)
