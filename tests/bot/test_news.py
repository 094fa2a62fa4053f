"""What another process changed is taken up here, and told on once, whoever read it first."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot.news import News
from bot.web.lobby import Lobby
from briefs.library import Library, Revision
from scheduler.address import Person
from tests.office import NOW, READER, Office, office, shipped

ID = "korean-peninsula-2024"


class Told:
    """Notes which revisions were told on."""

    def __init__(self) -> None:
        self.numbers: list[int] = []

    async def __call__(self, fresh: Sequence[Revision]) -> None:
        self.numbers += [each.number for each in fresh]


def news_of(bot: Office, told: Told) -> News:
    return News(bot.desk, Lobby(bot.desk.store), told)


async def published_elsewhere(bot: Office) -> None:
    """Store a revision as another process does: this one's library hears nothing of it."""
    document = shipped()
    changed = replace(document, report=document.report + b"\n")
    async with bot.desk.store.transaction() as tx:
        await Library().store(tx, changed, "slack:T1/U9", NOW, "a look", "slack")


@pytest.mark.parametrize("read_before", [False, True], ids=["by the news", "by a claim"])
async def test_a_revision_is_told_on_once_whoever_read_it_first(contract: str, read_before: bool) -> None:
    async with office(shipped()) as bot:
        told = Told()
        news = news_of(bot, told)
        await published_elsewhere(bot)
        assert bot.desk.revisions()[ID].number == 1
        if read_before:
            async with bot.desk.store.claiming() as tx:
                await bot.desk.library.refresh(tx)
        await news.take_up({"revisions"})
        await news.take_up({"revisions"})
        assert (told.numbers, bot.desk.revisions()[ID].number) == ([2], 2)


async def test_zones_and_grants_are_those_of_the_database(contract: str) -> None:
    async with office(shipped()) as bot:
        news = news_of(bot, Told())
        gone = Person("slack", "T1", "U7")
        bot.desk.zones[gone] = "UTC"
        bot.desk.rights.grants["slack:T1/U7"] = "admin"
        async with bot.desk.store.transaction() as tx:
            await bot.desk.people.set_zone(tx, READER.person, "Asia/Seoul")
            await bot.desk.people.set_language(tx, READER.person, "ko")
            await bot.desk.grants.give(tx, "slack:T1/U8", "editor", "slack:T1/U9", NOW)
        await news.take_up({"people", "grants"})
        assert bot.desk.languages == {READER.person: "ko"}
        assert bot.desk.zones == {READER.person: "Asia/Seoul"}
        assert bot.desk.rights.grants == {"slack:T1/U8": "editor"}
