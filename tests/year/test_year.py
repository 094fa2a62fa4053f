"""A few weeks of the simulated year; `make year` lives all of it."""

import asyncio
import multiprocessing
from datetime import timedelta
from pathlib import Path

import pytest

from tests import postgresql
from tests.engines import server
from tests.year.judging import Year, judged
from tests.year.oracle import Count
from tests.year.run import year
from tests.year.scenario import Scenario

PLACES, DAYS, SEED = 16, 35, 11

pytestmark = pytest.mark.timeout(300)


def lived(folder: Path, ledger: str = "sound", url: str = "", keep: int = 14, days: int = DAYS) -> Count:
    """Live some weeks, with what is finished kept for a few days alone, and count."""
    made = Year(Scenario(SEED, PLACES, days), folder, url)
    # Lives are forked, which a process that runs threads must not do.
    apart = multiprocessing.get_context("spawn").Process(
        target=year, args=(made.scenario, folder, url, ledger, timedelta(days=keep))
    )
    apart.start()
    apart.join()
    assert apart.exitcode == 0
    return asyncio.run(judged(made))


def test_nothing_is_lost_and_nothing_comes_twice_in_some_weeks_with_two_deaths_each(tmp_path: Path) -> None:
    count = lived(tmp_path)
    assert (count.lost, count.doubled) == ([], [])
    assert count.wanted > 60
    assert {"digest", "reminder", "moved"} <= count.kinds.keys()
    assert (tmp_path / "journal").read_text("utf-8").count('"died"') > 5


def test_some_weeks_on_a_server(tmp_path: Path) -> None:
    with postgresql.database(server()) as url:
        count = lived(tmp_path, url=url, days=21)
        assert (count.lost, count.doubled) == ([], [])
        assert count.wanted > 20


@pytest.mark.parametrize(
    ("ledger", "fault"),
    [
        ("believe-blindly", "lost"),
        pytest.param("send-again-blindly", "doubled", marks=pytest.mark.slow),
        pytest.param("delete-before-send", "lost", marks=pytest.mark.slow),
        pytest.param("never-correct", "lost", marks=pytest.mark.slow),
    ],
)  # fmt: skip
def test_the_count_finds_what_a_broken_ledger_does(tmp_path: Path, ledger: str, fault: str) -> None:
    assert getattr(lived(tmp_path, ledger), fault) != []
