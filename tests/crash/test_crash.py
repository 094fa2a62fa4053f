"""A short run of the crash harness; `make crash` is the long one."""

from pathlib import Path

import pytest

from tests.crash.books import Verdict
from tests.crash.harness import Harness

pytestmark = pytest.mark.timeout(300)  # a run of the harness has a limit of its own for each wait


@pytest.mark.parametrize("platform", ["discord", "slack"])
async def test_nothing_is_lost_and_nothing_comes_twice_through_kills(platform: str, tmp_path: Path) -> None:
    result = await Harness(platform, tmp_path, seed=3).run(4)
    assert (result.verdict, result.unlawful) == (Verdict([], [], []), [])
    assert result.between > 0
    assert result.due > 0


async def test_a_ledger_that_believes_what_it_has_not_seen_is_caught(tmp_path: Path) -> None:
    result = await Harness("slack", tmp_path, seed=7, ledger="believe-blindly").run(10, early=True)
    assert result.verdict.lost != []
