"""What is wrong with a brief's files: where, what stands there, and what to write instead."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from briefs.marking import N_, Sentence

# What a person can work through; the rest shows when these are mended.
MAX_FAULTS = 1000
EXCERPT = 80
NEAR_ENOUGH = 70


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to mend in one file. `line` and `column` count from 1, columns in characters."""

    file: str
    line: int
    column: int
    found: str
    problem: str
    cure: str

    @property
    def place(self) -> tuple[str, int, int]:
        """Where it stands, to sort by."""
        return self.file, self.line, self.column

    def __str__(self) -> str:
        """One sentence in the form that editors and terminals turn into a link."""
        return self.said(str)

    def said(self, translate: Callable[[str], str]) -> str:
        """The same sentence in a language."""
        return f"{self.file}:{self.line}:{self.column}: {self.sentence.said(translate)}"

    @property
    def sentence(self) -> Sentence:
        """The sentence without its place."""
        return N_("{problem}; found {found}; {cure}", problem=self.problem, found=self.found, cure=self.cure)


class BriefFaults(Exception):  # noqa: N818  # it is not one error: it holds faults
    """A brief that cannot be used. `faults` holds all that was found, by file and line."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        each_once = dict.fromkeys(faults)
        self.faults: tuple[Fault, ...] = tuple(sorted(each_once, key=lambda fault: fault.place))
        super().__init__("\n".join(map(str, self.faults)))


def said(text: object, limit: int = EXCERPT) -> str:
    """Quote what was found, on one line and cut to `limit` characters."""
    shown = " ".join(str(text).split())
    shown = "".join(sign if sign.isprintable() else f"\\u{ord(sign):04x}" for sign in shown[: limit + 1])
    return f'"{shown}"' if len(shown) <= limit else f'"{shown[:limit].rstrip()}…"'


def meant(word: str, known: Iterable[str]) -> str | None:
    """Find the known name that a misspelt one is most like, or None where none is near."""
    best = process.extractOne(word, list(known), scorer=fuzz.ratio, score_cutoff=NEAR_ENOUGH)
    return best[0] if best else None


def listed(names: Iterable[str], limit: int = 12) -> str:
    """Write names as a list in a sentence, cut after `limit` of them."""
    every = list(names)
    shown = ", ".join(every[:limit])
    return shown if len(every) <= limit else f"{shown} and {len(every) - limit} more"
