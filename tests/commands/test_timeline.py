"""The timeline: which entries it shows, in which words, and that no word is on a picture alone."""

import re
from dataclasses import replace

from commands.drawing.painting import painted
from commands.model import Link, Listing, Picture, Reply
from commands.views.plain import plain
from tests.office import ADMIN, READER, Office, edited, office

HEAD = (
    "Timeline of The Korean Peninsula, December 2024, August 24, 2026 to February 24, 2027. Published December 6,"
    " 2024, not reviewed since: 718 days old, expired. Today is November 24, 2026."
)
WARNING = (
    "This report has expired: published on December 6, 2024 and not reviewed since, 718 days old. Read it as what"
    " was known then."
)
RUSSIA = (
    "2nd anniversary of the entry into force of the Russia-DPRK Comprehensive Strategic Partnership Treaty"
)
JAPAN = "61st anniversary of the entry into force of the Japan-ROK Treaty on Basic Relations"


def pictures(reply: Reply) -> list[Picture]:
    """The pictures on a page."""
    return [block for block in reply.blocks if isinstance(block, Picture)]


def listed(reply: Reply) -> list[str]:
    """The items of a page's lists in words."""
    return [
        "".join(part if isinstance(part, str) else getattr(part, "text", "(a moment)") for part in item)
        for block in reply.blocks
        if isinstance(block, Listing)
        for item in block.items
    ]


async def test_a_short_span_is_told_in_full(bot: Office) -> None:
    reply = await bot.reply("/brief timeline 3 months")
    assert plain(reply.with_(footer="")) == "\n\n".join(
        (
            "Timeline of The Korean Peninsula, December 2024",
            WARNING,
            "August 24, 2026 to February 24, 2027; today is November 24, 2026.",
            f"- December 4, 2026 (in 10 days) · Watch date: {RUSSIA}\n"
            f"- December 18, 2026 (in 24 days) · Watch date: {JAPAN}",
        )
    )
    (picture,) = pictures(reply)
    assert picture.alt == (
        f"{HEAD}\nDecember 4, 2026 (in 10 days), Watch date: {RUSSIA}\n"
        f"December 18, 2026 (in 24 days), Watch date: {JAPAN}"
    )
    assert reply.summary == f"To come: 2; past: 0. Next is December 4, 2026 (in 10 days): {RUSSIA}"
    assert [action.label for action in reply.actions] == [
        "1 year", "Since the report", "All", "All dates", "Remind me", "Share to channel",
    ]  # fmt: skip


async def every_page(bot: Office, line: str) -> list[Reply]:
    """Turn all pages of an answer."""
    pages = [await bot.reply(line)]
    while pages[-1].page < pages[-1].pages:
        turn = next(a for a in pages[-1].actions if a.press.page == pages[-1].page + 1)
        pages.append(await bot.click(turn.key))
    return pages


async def test_every_entry_stands_once_in_the_list_and_once_in_an_alt_text(bot: Office) -> None:
    pages = await every_page(bot, "/brief timeline since the report")
    whole = pictures(await bot.reply("/brief timeline since the report whole=yes"))[0].alt.split("\n")[1:]
    told = [line for page in pages for found in pictures(page) for line in found.alt.split("\n")[1:]]
    assert sorted(told) == sorted(whole)
    assert len(set(told)) == len(told) == 29
    items = [item for page in pages for item in listed(page)]
    for line in whole:
        when, _, said = line.partition("), ")
        words = re.sub(r"^[^:]+: ", "", said)
        assert [
            item
            for item in items
            if item.startswith(f"{when}) · ")
            and all(part in item for part in re.split("; (?=What|Date)", words))
        ], line
    assert len(items) == len(whole)


async def test_each_picture_is_whole_on_every_platform(bot: Office) -> None:
    pages = await every_page(bot, "/brief timeline since the report")
    shown = [found for page in pages for found in pictures(page)]
    assert len(shown) == len(pages) > 3
    for picture in shown:
        assert len(picture.alt) <= 1000
        assert picture.png.startswith(b"\x89PNG")
        assert picture.dark.startswith(b"\x89PNG")
        assert picture.dark != picture.png


async def test_the_first_picture_stands_around_today_and_counts_what_it_leaves_out(bot: Office) -> None:
    first, *rest = await every_page(bot, "/brief timeline")
    assert [item[: item.index(" (")] for item in listed(first)] == [
        "June 22, 2026", "August 18, 2026", "December 4, 2026", "December 18, 2026", "April 26, 2027",
    ]  # fmt: skip
    assert [plain(page).split("\n\n")[1] for page in rest][:2] == ["Later", "Earlier"]


async def test_editors_words_are_marked_and_have_their_source(bot: Office) -> None:
    reply = await bot.reply("/brief timeline from=2026-01-01 to=2026-02-28")
    assert listed(reply) == [
        "January 13, 2026 (315 days ago) · Editor's note, development: President Lee Jae-myung and Prime Minister"
        " Takaichi Sanae held a summit in Nara on January 13, 2026. · Source: koreajoongangdaily.joins.com",
        "February 19, 2026 (278 days ago) · Editor's note, development: The Ninth Congress of the Workers' Party of"
        " Korea opened in Pyongyang on February 19, 2026. · Source: anews.com.tr",
    ]
    links = [part for block in reply.blocks if isinstance(block, Listing) for part in block.items[0]]
    assert any(isinstance(part, Link) and part.url.startswith("https://koreajoongangdaily") for part in links)


async def test_a_month_is_given_no_day(bot: Office) -> None:
    reply = await bot.reply("/brief timeline from=2026-06-05 to=2026-06-06")
    assert listed(reply) == [
        "June 2026 (5 months ago) · Editor's note, development: In June 2026 President Lee acknowledged \"a realistic"
        ' need" for a Japan-ROK ACSA, and said that public sentiment makes it hard to accept at this time.'
        " · Source: news.warptechlab.com"
    ]
    assert "June 1" not in pictures(reply)[0].alt


async def test_forecasts_stand_in_the_reports_own_words_with_what_came_of_them(bot: Office) -> None:
    reply = await bot.reply("/brief timeline from=2025-12-31 to=2025-12-31")
    assert listed(reply)[0] == (
        "December 31, 2025 (328 days ago) · Forecast, to be judged by this date: “The year 2025 will mark a milestone"
        " in the sustainability of Japan-ROK relations.” (yoon-2) · Date passed, outcome not recorded."
    )
    settled = await every_page(bot, "/brief timeline from=2025-06-03 to=2025-06-03")
    told = next(item for page in settled for item in listed(page) if "Forecast" in item)
    assert "· Forecast, came true: “If President Yoon's ouster is confirmed" in told
    assert " · What happened, by the editor: " in told


async def test_a_clock_time_stands_in_the_readers_zone() -> None:
    late = {
        "yearly_from: 2023-08-18": "date: 2026-12-01T23:30",
        "{ordinal} anniversary of the Camp David": "The Camp David",
    }
    async with office(edited(late)) as bot:
        (alt,) = [p.alt for p in pictures(await bot.reply("/brief timeline from=2026-12-01 to=2026-12-03"))]
        at_tokyo = (
            "December 2, 2026, 1:30\u202fPM (Asia/Tokyo) (in 8 days), Watch date: The Camp David summit"
        )
        assert at_tokyo in alt
        unknown = replace(READER, zone=None)
        (alt,) = [
            p.alt for p in pictures(await bot.reply("/brief timeline from=2026-12-01 to=2026-12-03", unknown))
        ]
        assert "December 2, 2026, 4:30\u202fAM (UTC) (in 8 days), Watch date: The Camp David summit" in alt


async def test_a_moved_date_moves_and_a_cancelled_one_says_so(bot: Office) -> None:
    line = "/brief timeline from=2019-02-01 to=2019-03-31"
    assert (
        "February 2019 (93 months ago) · Watch date: Trump-Kim Summit in Hanoi"
        in listed(await bot.reply(line))[0]
    )
    await bot.publish(
        edited({"date: 2019-02\n": "date: 2019-03\n", "occurrence: 2019-02": "occurrence: 2019-03"})
    )
    assert "March 2019 (92 months ago)" in listed(await bot.reply(line))[0]
    touching = "    touches: [standstill-2, dprk-weapons]\n"
    called_off = '    cancelled: {editor: "Called off", source: "https://example.org/off"}\n'
    await bot.publish(edited({touching: called_off + touching}))
    (item,) = listed(await bot.reply(line))
    assert item == (
        "February 2019 (93 months ago) · Watch date, cancelled: Trump-Kim Summit in Hanoi · Cancelled, by the"
        " editor: Called off · Source: example.org"
    )


async def test_what_is_kept_from_a_reader_is_on_no_picture_of_theirs() -> None:
    embargo = {
        "  - id: nara-summit\n": "  - id: nara-summit\n    embargo_until: 2026-12-01\n",
        "  - id: ninth-party-congress\n": "  - id: ninth-party-congress\n    distribution: admins\n",
    }
    async with office(edited(embargo)) as bot:
        line = "/brief timeline from=2026-01-01 to=2026-02-28"
        assert plain(await bot.reply(line)).split("\n\n")[2] == (
            "Nothing of this brief falls into these days (January 1, 2026 to February 28, 2026). Ask for more with"
            " span=all."
        )
        assert ["Ninth" in p.alt for p in pictures(await bot.reply(line, ADMIN))] == [True]
        bot.now = bot.now.replace(month=12, day=2)
        assert ["Nara" in p.alt for p in pictures(await bot.reply(line))] == [True]


async def test_a_theme_that_is_asked_for_is_the_one_picture(bot: Office) -> None:
    auto = pictures(await bot.reply("/brief timeline 3 months"))[0]
    light = pictures(await bot.reply("/brief timeline 3 months theme=light"))[0]
    dark = pictures(await bot.reply("/brief timeline 3 months theme=dark"))[0]
    assert (light.png, light.dark) == (auto.png, b"")
    assert (dark.png, dark.dark) == (auto.dark, b"")


async def test_the_same_picture_is_painted_once_and_another_day_is_another_picture(bot: Office) -> None:
    first = pictures(await bot.reply("/brief timeline 3 months"))[0]
    before = painted.cache_info().misses
    assert pictures(await bot.reply("/brief timeline 3 months"))[0].png is first.png
    assert painted.cache_info().misses == before
    bot.now = bot.now.replace(day=25)
    assert pictures(await bot.reply("/brief timeline 3 months"))[0].png != first.png
    assert painted.cache_info().maxsize == 64


async def test_what_is_no_span_is_refused_with_an_example(bot: Office) -> None:
    assert "“soon” is no span; write 90 days, 3 months, 1 year, since the report, all, or from= and to= with a date" \
        " each." in await bot.text("/brief timeline soon")  # fmt: skip
    assert "from (2027-01-01) lies behind to (2026-01-01); turn them round, like /brief timeline from=2026-01-01" \
        " to=2027-06-30." in await bot.text("/brief timeline from=2027-01-01 to=2026-01-01")  # fmt: skip
    assert "Give either a span or from and to, not both; write it like /brief timeline from=2026-01-01" \
        " to=2027-06-30." in await bot.text("/brief timeline all from=2027-01-01")  # fmt: skip
    assert "is more than 100 years; ask for less" in await bot.text("/brief timeline from=1900-01-01")
    assert "“9999 years” is longer than the calendar; write span=all." in await bot.text(
        "/brief timeline 9999 years"
    )


async def test_spans_reach_as_far_as_they_say(bot: Office) -> None:
    async def days(line: str) -> str:
        return plain(await bot.reply(line)).split("\n\n")[2]

    assert (
        await days("/brief timeline 90 days")
        == "August 26, 2026 to February 22, 2027; today is November 24, 2026."
    )
    assert (await days("/brief timeline since the report")).startswith(
        "December 6, 2024 to November 24, 2027;"
    )
    assert (await days("/brief timeline all")).startswith("February 1, 2019 to August 18, 2027;")
    assert (await days("/brief timeline from=2026-03 to=2026-04")).startswith(
        "March 1, 2026 to April 30, 2026;"
    )


async def test_spans_are_suggested(bot: Office) -> None:
    from commands.model import Call
    from commands.timeline import complete_span
    from tests.office import CHANNEL

    call = Call("brief timeline", READER, CHANNEL, bot.now)
    assert [c.value for c in await complete_span(bot.desk, call, "")] == [
        "3 months",
        "1 year",
        "since the report",
        "all",
    ]
    assert (await complete_span(bot.desk, call, "ye"))[0].value == "1 year"


async def test_a_yearly_date_is_counted_from_the_report_on_unless_earlier_days_are_asked_for(
    bot: Office,
) -> None:
    everything = pictures(await bot.reply("/brief timeline all whole=yes"))[0].alt
    assert "58th anniversary" not in everything
    asked = pictures(await bot.reply("/brief timeline from=2023-12-01 to=2023-12-31 whole=yes"))[0].alt
    assert "58th anniversary of the entry into force" in asked


async def test_an_alt_text_that_is_too_long_ends_behind_a_line_and_says_where_the_rest_is(
    bot: Office,
) -> None:
    picture = pictures(await bot.reply("/brief timeline since the report whole=yes"))[0]
    cut = picture.within(1024)
    assert len(cut) <= 1024
    *lines, last = cut.split("\n")
    assert last == "The list beside the picture has the rest."
    assert set(lines) <= set(picture.alt.split("\n"))
    assert picture.beyond(1024) == ""
