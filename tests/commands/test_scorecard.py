"""The scorecard: what became of the report's forecasts, and what is said where nobody has recorded it."""

from datetime import UTC, datetime

from briefs.reading import read_brief
from commands.model import Call, Form
from commands.views.plain import plain
from tests.office import ADMIN, CHANNEL, Office, edited, key_of, office

MILESTONE = "The year 2025 will mark a milestone in the sustainability of Japan-ROK relations."
PASSED = "date passed (December 31, 2025), outcome not recorded"


async def test_it_counts_the_forecasts_by_what_became_of_them(bot: Office) -> None:
    shown = plain(await bot.reply("/brief scorecard"))
    assert (
        "The report makes 14 forecasts: came true: 1; date passed, outcome not recorded: 2; open: 11."
        in shown
    )
    assert "- “will” (2): date passed, outcome not recorded: 1; open: 1" in shown
    assert "- “there is a possibility that” (1): came true: 1" in shown


async def test_each_forecast_stands_in_the_reports_words_with_what_happened(bot: Office) -> None:
    whole = await bot.whole("/brief scorecard")
    assert whole.count("In the report's words “") == 14
    assert (
        "In the report's words “there is a possibility that”: came true.\n\nEditor's note, outcome, June 3, 2025:"
        " A conditional judgement; both its condition (removal on April 4, 2025) and its result (election on June"
        " 3) came about. Source: https://www.koreaherald.com/article/10501496" in whole
    )
    assert f"In the report's words “will”: {PASSED}.\n\nEditor's note, development, June 22, 2025:" in whole
    assert whole.index("came true.") < whole.index(PASSED) < whole.index("open: no outcome recorded yet.")


async def test_only_admins_are_offered_to_record_one(bot: Office) -> None:
    reader, admin = await bot.reply("/brief scorecard"), await bot.reply("/brief scorecard", ADMIN)
    assert "Record an outcome" not in [action.label for action in reader.actions]
    pressed = await bot.dispatcher.press(
        key_of(admin, "Record an outcome"), Call("", ADMIN, CHANNEL, bot.now)
    )
    assert isinstance(pressed, Form)


async def test_a_forecast_says_everywhere_that_its_outcome_is_missing_from_the_day_after() -> None:
    said = f"The forecast “{MILESTONE}”: {PASSED}."
    async with office(edited({})) as bot:
        assert said in await bot.whole("/brief show yoon")
        bot.now = datetime(2025, 12, 31, 12, tzinfo=UTC)
        assert PASSED not in await bot.whole("/brief show yoon")
        assert PASSED not in await bot.whole("/brief scorecard")


async def test_a_watch_date_of_the_reports_time_says_so_too() -> None:
    single = (
        "watch_dates:\n  - id: deadline\n    title: The deadline\n    date: 2026-03\n"
        '    basis: {editor: Set for the test, source: "https://example.org/deadline"}\n'
    )
    async with office(edited({"watch_dates:\n": single})) as bot:
        shown = await bot.text("/brief dates deadline")
        assert "This watch date: date passed (March 2026), outcome not recorded." in shown
        assert "outcome not recorded" not in await bot.text("/brief dates martial-law-declaration")
        assert "outcome not recorded" not in await bot.text("/brief dates treaty-signing")


async def test_a_recorded_outcome_takes_its_place() -> None:
    settled = (
        '    likelihood: "will"\n    by: 2025-12-31\n'
        '    outcome: {result: partly, on: 2025-06-22, source: "https://example.org/what-came"}\n'
    )
    async with office(edited({'    likelihood: "will"\n    by: 2025-12-31\n': settled})) as bot:
        whole = await bot.whole("/brief scorecard")
        assert (
            "In the report's words “will”: came true in part.\n\nEditor's note, outcome, June 22, 2025:"
            " The outcome: came true in part. Source: https://example.org/what-came" in whole
        )
        assert "came true: 1; came true in part: 1; date passed, outcome not recorded: 1; open: 11." in whole


async def test_a_report_without_forecasts_says_so() -> None:
    yaml = edited({}).yaml.decode()
    start = yaml.index("\njudgements:")
    shorter = yaml[:start] + yaml[yaml.index("\n\n\n# --- The editor's notes") :]
    names = ("milestone-2025", "tumultuous-2025", "progressive-government", "advent-of-progressive-government",
             "yoon-on-japan-policy", "impact-on-relations", "military-expansion")  # fmt: skip
    for name in names:
        shorter = shorter.replace(f"      - {name}\n", "").replace(f", {name}", "")
    async with office(read_brief(shorter.encode(), edited({}).report)) as bot:
        assert "This brief lists no forecasts of its report." in await bot.text("/brief scorecard")
