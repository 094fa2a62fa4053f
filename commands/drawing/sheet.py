"""What a timeline's picture says, in words that are ready to be drawn."""

from dataclasses import dataclass
from typing import Literal

Tense = Literal["past", "today", "coming"]
# A watch date, words of the editor's, a forecast, the report itself.
Shape = Literal["circle", "square", "diamond", "flag"]


@dataclass(frozen=True, slots=True)
class Row:
    """One entry: its day, how far away it is, what it says, what came of it, what kind it is, its source.

    `span` says that only the month is known. Past entries are drawn filled, the others hollow.
    """

    day: str
    far: str
    tense: Tense
    shape: Shape
    words: str
    below: str = ""
    about: str = ""
    source: str = ""
    span: bool = False


@dataclass(frozen=True, slots=True)
class Key:
    """A line of the legend: a mark and what it means."""

    shape: Shape
    filled: bool
    words: str
    span: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole picture.

    Rows stand in the order of time; the line of today goes before the first that is not past. `age` is how old
    the report is, `dated` since when; `alarm` says that this is a warning. `earlier` and `later` say what is
    not on the picture. `unshown` stands for words that have a sign which the font lacks.
    """

    heading: str
    title: str
    span: str
    age: str
    dated: str
    today: str
    rows: tuple[Row, ...]
    keys: tuple[Key, ...]
    unshown: str
    language: str
    earlier: str = ""
    later: str = ""
    alarm: bool = False
    dark: bool = False
    marks_today: bool = True
