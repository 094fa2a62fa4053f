"""`python -m bench.answers [--fit]`: how well questions are answered; `--fit` learns the weights anew (needs numpy).

Without `--fit` it asks the engine as it is, with and without the encoder, and prints the table of docs/answers.md. Of
the held-out questions it prints totals alone, so that nobody tunes on them.
"""

import argparse
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass

from bench.encoded import Encoded
from bench.golden import Golden, golden, shipped
from briefs.answering import Answer, Answering
from briefs.answering.semantic import installed
from briefs.answering.units import Unit
from briefs.visible import Visible

LANGUAGES = ("en", "ja", "ko")
FILES = ("questions", "held_out", "development", "strangers")
HEAD = (
    "| questions | engine | language | answerable | in the first quote | within three | unanswerable "
    "| answered all the same |\n|---|---|---|---:|---:|---:|---:|---:|"
)


@dataclass(frozen=True, slots=True)
class Tally:
    """How one set of questions was answered. Counts of questions."""

    answerable: int = 0
    first: int = 0
    within: int = 0
    unanswerable: int = 0
    false: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(*(one + two for one, two in zip(astuple(self), astuple(other), strict=True)))

    def __str__(self) -> str:
        of = self.answerable or 1
        first, within = (f"{count} ({count / of:.0%})" for count in (self.first, self.within))
        return f"{self.answerable} | {first} | {within} | {self.unanswerable} | {self.false}"


def tally(engine: Answering, asked: Golden) -> Tally:
    """Ask one question."""
    given = engine.ask(asked.question)
    if not asked.answers:
        return Tally(unanswerable=1, false=int(given.answered))
    right = [engine.units[place] for place in asked.right(engine.units)]
    hits = [any(_holds(answer, unit) for unit in right) for answer in given.passages]
    return Tally(answerable=1, first=int(hits[:1] == [True]), within=int(any(hits)))


def _holds(answer: Answer, unit: Unit) -> bool:
    start, end = answer.span
    return answer.passage == unit.passage.id and start <= unit.span[0] and unit.span[1] <= end


def measured(engine: Answering, questions: Iterable[Golden]) -> dict[str, Tally]:
    """Ask questions; give the tallies by language, and all of them as `all`."""
    found = {language: Tally() for language in (*LANGUAGES, "all")}
    for asked in questions:
        one = tally(engine, asked)
        found[asked.language] += one
        found["all"] += one
    return found


def rows(seen: Visible) -> Iterator[str]:
    """Ask every file with each engine, and write the figures as rows of a table."""
    engines = {"without encoder": Answering(seen)}
    if installed():
        engines["with encoder"] = Answering(seen, Encoded())
    for name in FILES:
        for said, engine in engines.items():
            found = measured(engine, golden(name))
            yield from (f"| {name} | {said} | {language} | {one} |" for language, one in found.items())


def main() -> None:
    """Print the table; with --fit, learn the weights first."""
    parser = argparse.ArgumentParser(prog="python -m bench.answers", description=__doc__)
    parser.add_argument("--fit", action="store_true", help="learn the weights anew and write weights.json")
    seen = shipped()
    if parser.parse_args().fit:
        from bench.fitting import write

        write(seen)
    print(HEAD)
    for row in rows(seen):
        print(row, flush=True)


if __name__ == "__main__":
    main()
