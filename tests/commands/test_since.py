"""`/brief changes`: what changed since one looked last, since a day, between revisions and editions."""

from datetime import timedelta

from commands.model import Call, Press, Reply
from commands.views.plain import plain
from tests.canaries import canaries, documents
from tests.commands.test_digest import CHANGED
from tests.office import ADMIN, CHANNEL, READER, Office, edited, office, shipped

ID = "korean-peninsula-2024"
MOVED = (
    "- Watch date Anniversary of the Camp David summit of Japan, the US and the ROK moved from August 18, 2023"
    " to August 19, 2023."
)
NOTHING = (
    "Nothing that you may see has changed since then. To look further back, give a day:"
    " /brief changes since=2026-06-01."
)


async def changed(bot: Office) -> None:
    """Two days later somebody publishes; it is read two days after that."""
    bot.now += timedelta(days=2)
    await bot.publish(edited(CHANGED))
    bot.now += timedelta(days=2)


async def test_each_reader_is_told_what_changed_since_they_looked_last(bot: Office) -> None:
    first = await bot.whole("/brief changes")
    assert f"This brief is here since 2026-11-24 08:00 UTC.\n\n{NOTHING}\n\nThe newest notes" in first
    await changed(bot)
    second = await bot.whole("/brief changes")
    assert "What changed since 2026-11-24 08:00 UTC." in second
    assert MOVED in second
    assert (
        "1 note was added:\n\nEditor's note, development, June 1, 2026: Something was recorded late."
        in second
    )
    third = await bot.whole("/brief changes")
    assert f"What changed since 2026-11-28 08:00 UTC.\n\n{NOTHING}" in third
    other = await bot.whole("/brief changes", ADMIN)
    assert "You look for the first time" not in other, "the brief is younger than a month"
    assert MOVED in other


async def test_who_looks_for_the_first_time_is_shown_a_month(bot: Office) -> None:
    bot.now += timedelta(days=60)
    await bot.publish(edited(CHANGED))
    bot.now += timedelta(days=1)
    shown = await bot.whole("/brief changes")
    assert "You look for the first time: what changed since 2026-12-24 08:00 UTC." in shown
    assert MOVED in shown


async def test_what_is_shared_and_a_named_day_are_nobodys_look(bot: Office) -> None:
    await bot.reply("/brief changes")
    await changed(bot)
    shared = Call(
        "brief changes", READER, CHANNEL, bot.now, {}, press=Press("share", "brief changes", (), ID, 2)
    )
    answer = await bot.dispatcher.answer(shared)
    assert isinstance(answer, Reply)
    assert MOVED in plain(answer)
    assert MOVED in await bot.text("/brief changes since=2026-11-25")
    assert MOVED in await bot.whole("/brief changes"), "neither was a look"
    assert NOTHING in await bot.whole("/brief changes"), "that was one"


async def test_further_pages_show_the_same_changes() -> None:
    notes = "notes:\n" + "".join(
        f"  - {{id: new-{n}, kind: comment, date: 2026-11-{n + 10}, text: 'Remark {n}. {'Word ' * 60}',"
        " source: report, touches: [dialogue-1]}\n"
        for n in range(9)
    )
    async with office(shipped()) as bot:
        await bot.reply("/brief changes")
        bot.now += timedelta(days=2)
        await bot.publish(edited({"notes:\n": notes}))
        whole = await bot.whole("/brief changes")
        assert [n for n in range(9) if f"Remark {n}." in whole] == list(range(9))


async def test_two_revisions_and_what_there_is_not(bot: Office) -> None:
    await changed(bot)
    title = "Changes of The Korean Peninsula, December 2024, revision 1 to 2"
    assert (await bot.text("/brief changes from=1 to=2")).startswith(title)
    assert MOVED in await bot.text("/brief changes from=1")
    for line, said in {
        "from=7": "There is no revision 7 to compare with; the newest is 2.",
        "from=foo": "“foo” is neither the number of a revision nor a brief; there is korean-peninsula-2024.",
        "since=2027-01-01": "2027-01-01 is still to come; write a day that has passed, like since=2026-06-01.",
        "since=soon": "“soon” is no day; write it like since=2026-06-01.",
    }.items():
        assert said in await bot.text(f"/brief changes {line}"), line


async def test_another_edition_is_compared_as_a_whole() -> None:
    later = edited(
        {"brief: korean-peninsula-2024": "brief: korean-peninsula-2026", "command: ": "command: x-"}
    )
    async with office(shipped(), later) as bot:
        shown = await bot.whole("/brief changes from=korean-peninsula-2024 brief=korean-peninsula-2026")
        assert shown.startswith(
            "From “The Korean Peninsula, December 2024” to “The Korean Peninsula, December 2024”"
        )
        assert "/x-dprk-demands" in shown


async def test_an_embargo_that_ends_is_news_and_one_that_begins_is_silent() -> None:
    handling = "embargo_until: 2026-12-01"
    async with office(*documents(handling)) as bot:
        await bot.reply("/brief changes brief=open-harbour")
        bot.now += timedelta(days=8)
        told = await bot.whole("/brief changes brief=open-harbour")
        assert {"zqdatetitle", "zqcommand", "zqnotetext"} <= canaries(told)
    async with office(documents("embargo_until: 2026-01-01")[0]) as bot:
        await bot.reply("/brief changes")
        bot.now += timedelta(days=1)
        await bot.publish(documents("embargo_until: 2027-01-01")[0])
        assert canaries(await bot.whole("/brief changes")) == frozenset()
