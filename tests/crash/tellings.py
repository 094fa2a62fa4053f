"""What the places were told of the run's dates, judged by what stands in the end."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from briefs.schema import calendar_date
from commands.wording import long_date
from scheduler.address import Destination
from tests.crash.brief import Meeting

SEE_BELOW = ", see below."


class Telling(NamedTuple):
    """One message about a date: where, whether it amends an earlier one, and what it says now.

    `tells` is the date that it told, empty where it told that none stands.
    """

    where: Destination
    item: str
    amends: bool
    tells: str
    words: str

    def __str__(self) -> str:
        what = "amendment" if self.amends else "reminder"
        return f"the {what} at {self.where} that {self.item} is on {self.tells or 'no day'}"


class Judgement(NamedTuple):
    """Who was told a date that does not stand and not corrected; what was told for nothing; what misleads.

    Misleading is an old message that does not show what became of its date, and one that names another date
    than the ledger has for it.
    """

    unsaid: list[str]
    uncalled: list[str]
    misleading: list[str]


def judge(told: Iterable[Telling], meetings: Mapping[str, Meeting]) -> Judgement:
    """Go through what each place was told of each of the run's dates, in the order in which it came."""
    histories: dict[tuple[Destination, str], list[Telling]] = defaultdict(list)
    for each in told:
        if each.item in meetings:
            histories[each.where, each.item].append(each)
    every = histories.values()
    return Judgement(
        [said for one in every for said in _unsaid(one, meetings[one[0].item].now.tells)],
        [said for one in every for said in _uncalled(one)],
        [said for one in every for said in (*_unmarked(one), *_misworded(one))],
    )


def _unsaid(history: Sequence[Telling], stands: str) -> list[str]:
    last = history[-1]
    return [] if last.tells == stands else [f"after {last} nothing said that it is {stands or 'off'}"]


def _uncalled(history: Sequence[Telling]) -> list[str]:
    """Amendments that tell what the place knew: nothing since the one before said otherwise."""
    found = []
    since: list[Telling] = []
    for each in history:
        if each.amends:
            if all(one.tells == each.tells for one in since):
                found.append(f"{each} was uncalled for")
            since = []
        since.append(each)
    return found


def _unmarked(history: Sequence[Telling]) -> list[str]:
    """Messages before the last amendment that do not show what it says, or show it for nothing."""
    amendments = [place for place, each in enumerate(history) if each.amends]
    if not amendments:
        return []
    last = history[amendments[-1]]
    day = _written(last.tells) or "Cancelled"
    before = history[: amendments[-1]]
    stale = [each for each in before if each.tells != last.tells and f"{day}{SEE_BELOW}" not in each.words]
    sound = [each for each in before if each.tells == last.tells and SEE_BELOW in each.words]
    return [f"{each} is not marked with {day}" for each in stale] + [
        f"{each} is marked, though it stands" for each in sound
    ]


def _misworded(history: Sequence[Telling]) -> list[str]:
    """Messages that do not name their date, and amendments that do not name the one that was told before."""
    found = [f"{each} does not name its day" for each in history if _written(each.tells) not in each.words]
    for before, each in pairwise(history):
        said = (
            f"announced here for {_written(before.tells)}" if before.tells else "announced here as cancelled"
        )
        if each.amends and said not in each.words:
            found.append(f"{each} does not say that it was {said}")
    return found


def _written(day: str) -> str:
    """A day as messages name it; empty where there is none."""
    return long_date(calendar_date(day), "en") if day else ""
