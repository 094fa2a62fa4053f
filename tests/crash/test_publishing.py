"""The bot killed while it publishes: a short run, and that the run's books catch what they are for."""

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from tests.crash.publishing import Run, first, version
from tests.crash.publishing_books import DAY, Books, Row, State

REPORT = b"# Report\n"
ONE, TWO = version(first(), 1), version(first(), 2)


def state(*yamls: bytes, file: bytes) -> State:
    """Some revisions, a file, and reminders of the newest one's date."""
    rows = tuple(
        Row(number, yaml, REPORT, hashlib.sha256(yaml).hexdigest()) for number, yaml in enumerate(yamls, 1)
    )
    days = frozenset(day.decode() for day in DAY.findall(yamls[-1]))
    return State(rows, {}, frozenset(), days, file, REPORT)


def books() -> Books:
    return Books(REPORT, {ONE, TWO}, {1: ONE, 2: TWO})


async def test_nothing_is_lost_or_torn_by_kills_while_publishing(tmp_path: Path) -> None:
    result = await Run(tmp_path, seed=7).kill(5)
    assert result.faults == []
    assert result.kills == 5
    assert result.points, "some of them fell inside the code that publishes"


def test_what_is_whole_has_no_faults() -> None:
    assert books().faults(state(ONE, TWO, file=ONE)) == []
    assert books().unsettled(state(ONE, TWO, file=TWO), "Version 2") == []


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (state(ONE, file=ONE), "revision 2 is lost"),
        (state(TWO, ONE, file=ONE), "revision 1 is another one than it was"),
        (state(ONE, TWO, file=TWO[: len(TWO) // 2]), "a file is half-written"),
        (state(ONE, TWO, file=b""), "a file is half-written"),
        (replace(state(ONE, TWO, file=TWO), report=b""), "a file is half-written"),
        (state(ONE, TWO[:-5], file=TWO), "revision 2 is not what was given"),
        (replace(state(ONE, TWO, file=TWO), planned=frozenset({"2020-01-01"})), "reminders are planned for"),
    ],
)
def test_what_a_kill_may_not_leave_is_caught(found: State, said: str) -> None:
    assert any(said in fault for fault in books().faults(found))


def test_a_lost_proposal_is_caught() -> None:
    kept = books()
    kept.proposals.add(4)
    assert kept.faults(state(ONE, TWO, file=TWO)) == ["proposal 4 is lost"]


def test_a_start_that_leaves_file_and_database_apart_is_caught() -> None:
    apart = state(ONE, TWO, file=ONE)
    assert books().unsettled(apart, "Version 2") == ["the file is neither what serves nor a proposal"]
    asked = replace(apart, waiting={("file", 3): ONE})
    assert books().unsettled(asked, "Version 2") == []


def test_an_older_revision_that_serves_is_caught() -> None:
    assert books().unsettled(state(ONE, TWO, file=TWO), "Version 1") == [
        "Version 2 is published, and this is served: Version 1"
    ]
