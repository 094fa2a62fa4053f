"""A short run of the crash harness; `make crash` is the long one."""

from pathlib import Path

import pytest

from tests.crash.books import Verdict
from tests.crash.harness import Harness

# Five kills: a request is lost, two take effect after the bot's death, an answer is lost and one is just
# given; a date moves before the fourth.
SEED, KILLS = 474, 5
# A slow machine may take its time, and a fast one never waits so long.
LIMIT = 30.0

pytestmark = pytest.mark.timeout(300)  # a run of the harness has a limit of its own for each wait


@pytest.mark.parametrize("platform", ["discord", "slack"])
async def test_nothing_is_lost_and_nothing_comes_twice_through_kills(platform: str, tmp_path: Path) -> None:
    result = await Harness(platform, tmp_path, SEED, limit=LIMIT).run(KILLS)
    assert (result.verdict, result.unlawful) == (Verdict([], [], []), [])
    assert result.between > 0
    assert result.due > KILLS


async def test_a_ledger_that_believes_what_it_has_not_seen_is_caught(tmp_path: Path) -> None:
    result = await Harness("slack", tmp_path, SEED, "believe-blindly", LIMIT).run(KILLS, early=True)
    assert result.verdict.lost != []
