"""Typed lines: the same names, types and errors on every platform."""

import pytest

from commands import parsing
from commands.desk import Desk
from commands.model import Call, Choice, Command, Option, Reply, UserError
from tests.office import Office


def command(*options: Option) -> Command:
    return Command("brief try", "Try", _never, options, example="/brief try one")


async def _never(_desk: Desk, _call: Call) -> Reply:
    raise AssertionError("not called")


async def _nothing(_desk: Desk, _call: Call, _partial: str) -> list[Choice]:
    return []


def given(line: str, *options: Option) -> dict[str, str]:
    return parsing.options(command(*options), parsing.words(line))


NAME = Option("name", "Its name", required=True, completes=_nothing)
COUNT = Option("count", "How many", "integer")
FREE = Option("words", "Words", required=True)
WHEN = Option("schedule", "When", pattern=r"weekly \S+ \S+")
ZONE = Option("zone", "Zone", "zone")


def test_words_take_their_options_in_order() -> None:
    assert given("yoon-1 3", NAME, COUNT) == {"name": "yoon-1", "count": "3"}


def test_an_option_is_given_by_name_with_either_sign() -> None:
    assert given("count=3 yoon-1", NAME, COUNT) == {"name": "yoon-1", "count": "3"}
    assert given("count:3 yoon-1", NAME, COUNT) == {"name": "yoon-1", "count": "3"}


def test_a_quoted_part_is_one_word_in_straight_and_in_curly_quotes() -> None:
    for line in ('"two words" 3', "“two words” 3", "'two words' 3", "name=“two words” 3"):
        assert given(line, NAME, COUNT) == {"name": "two words", "count": "3"}


def test_an_apostrophe_inside_a_word_is_a_letter() -> None:
    assert given("Kim's demands", FREE) == {"words": "Kim's demands"}


def test_free_text_takes_the_whole_line_and_a_pattern_as_many_words_as_it_matches() -> None:
    assert given("nuclear weapons brief", FREE, COUNT) == {"words": "nuclear weapons brief"}
    assert given("weekly sun 01:30 Asia/Tokyo", WHEN, ZONE) == {
        "schedule": "weekly sun 01:30", "zone": "Asia/Tokyo",
    }  # fmt: skip


def test_a_word_too_many_says_how_the_command_is_written() -> None:
    with pytest.raises(UserError) as refusal:
        given("one 2 three", NAME, COUNT)
    assert str(refusal.value) == (
        "/brief try does not know what to do with “three”;"
        " write /brief try name [count], for example /brief try one"
    )


@pytest.mark.parametrize(
    ("option", "value", "sentence"),
    [
        (COUNT, "many", "count is a whole number, not “many”; write it like count=5."),
        (Option("on", "On", "boolean"), "maybe", "on is yes or no, not “maybe”; write it like on=yes."),
        (
            Option("action", "What", "choice", choices=(Choice("Set", "set"), Choice("Stop", "stop"))),
            "go",
            "action is one of set, stop, not “go”; write it like action=set.",
        ),
        (
            Option("day", "Day", "date"),
            "2026-13-40",
            "day: “2026-13-40” is not a date of the calendar (month must be in 1..12); write it like 2026-12-18.",
        ),
        (
            ZONE,
            "Tokyo",
            "“Tokyo” is no time zone of the IANA list; the nearest is Asia/Tokyo. Write it like zone=Asia/Tokyo.",
        ),
    ],
)
def test_a_wrong_value_names_what_is_allowed(option: Option, value: str, sentence: str) -> None:
    with pytest.raises(UserError) as refusal:
        parsing.coerce(command(option), {option.name: value})
    assert str(refusal.value) == sentence


def test_values_arrive_typed() -> None:
    typed = parsing.coerce(
        command(COUNT, Option("on", "On", "boolean"), ZONE), {"count": "3", "on": "Yes", "zone": "asia/tokyo"}
    )
    assert typed == {"count": 3, "on": True, "zone": "Asia/Tokyo"}


async def test_an_unknown_command_names_the_nearest(bot: Office) -> None:
    with pytest.raises(UserError) as refusal:
        await bot.say("/brief serch")
    assert str(refusal.value) == (
        "There is no command /brief serch; the nearest is /brief search. /brief help lists them all."
    )


async def test_a_missing_required_option_is_asked_for(bot: Office) -> None:
    form = await bot.form("/brief search")
    assert (form.title, form.command, [field.name for field in form.fields]) == (
        "/brief search", "brief search", ["words", "brief"],
    )  # fmt: skip


async def test_a_root_alone_means_help(bot: Office) -> None:
    assert (await bot.reply("/brief")).title == "What you can ask"
