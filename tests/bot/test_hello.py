"""The hello to a workspace: once, and only when there is something to say."""

from bot.facts import Facts
from bot.front import BotFront
from bot.seen import Seen
from commands.views.plain import plain
from tests.office import NOW, Office, edited, office, shipped


def front(bot: Office) -> BotFront:
    return BotFront(bot.desk, bot.dispatcher, Seen(), Facts(), lambda: NOW)


async def test_hello_says_what_the_bot_holds_what_to_try_and_how_to_follow() -> None:
    async with office(shipped()) as bot:
        hello = await front(bot).greeting("slack:T1", NOW)
        assert hello is not None
        assert plain(hello) == (
            "Hello, this is Briefbot\n\nI brief you on these reports, in their own words and with their age:\n\n"
            "- “The Korean Peninsula, December 2024”, dated December 6, 2024\n\nThree commands to try:\n\n"
            "- /dprk-demands: What Pyongyang would ask of Washington\n"
            "- /japan-rok-outlook: Where relations between Japan and the ROK may go, and what they depend on\n"
            "- /north-south-relations: How Pyongyang defines its relations with the ROK\n\n"
            "To ask in your own words, write /brief ask and your question.\n\n"
            "To be reminded before watch dates, write /brief follow; whoever manages a channel sets its digest"
            " with /brief-admin digest."
        )


async def test_hello_is_said_once() -> None:
    async with office(shipped()) as bot:
        await front(bot).greeted("slack:T1", NOW)
        assert await front(bot).greeting("slack:T1", NOW) is None
        assert await front(bot).greeting("slack:T2", NOW) is not None


async def test_hello_waits_while_the_workspace_may_see_nothing() -> None:
    withheld = edited({"format: 1\n": "format: 1\ndistribution: team\n"})
    async with office(withheld) as bot:
        assert await front(bot).greeting("slack:T1", NOW) is None
        assert await front(bot).greeting("slack:T9", NOW) is not None
