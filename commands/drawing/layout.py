"""Where everything on a timeline's picture stands. Pure: widths come from whoever measures.

One column, the days on the left of a rail and the words on its right: a chat shows a picture 400 to 550 units
wide, on a telephone less, and a text in one column keeps its size there. Units are CSS pixels; the painter
draws SCALE dots for each.
"""

from dataclasses import dataclass, field
from typing import Literal, NamedTuple, Protocol

from commands.drawing.palette import Role
from commands.drawing.sheet import Key, Row, Shape, Sheet
from commands.drawing.wrapping import wrapped

SCALE = 2
WIDTH = 560.0
EDGE = 26.0
DAYS = 124.0  # the column of days
RAIL = EDGE + DAYS + 24.0
WORDS = RAIL + 26.0
GAP = 22.0  # between two entries
MARK = 7.0  # half of a mark's height
AFTER_KEY = 2 * MARK + 6  # where the words of the legend begin behind their mark

StyleName = Literal[
    "heading", "title", "span", "age", "day", "far", "words", "strong", "about", "today", "key"
]


class Style(NamedTuple):
    """A size of type: its height, its weight (100 to 900), and the height of its line."""

    size: float
    weight: int
    line: float


STYLES: dict[StyleName, Style] = {
    "heading": Style(14, 600, 20),
    "title": Style(23, 700, 30),
    "span": Style(15, 400, 22),
    "age": Style(15, 600, 22),
    "day": Style(15, 600, 22),
    "far": Style(13.5, 400, 19),
    "words": Style(16, 400, 22),
    "strong": Style(16, 600, 22),
    "about": Style(13.5, 400, 19),
    "today": Style(15, 700, 22),
    "key": Style(13.5, 400, 20),
}


class Measures(Protocol):
    """What layout asks of the typeface."""

    def width(self, words: str, style: StyleName) -> float:
        """How wide a line is."""

    def lacks(self, words: str) -> bool:
        """Say whether a sign of the words cannot be drawn."""


@dataclass(frozen=True, slots=True)
class Label:
    """One line of text in its box; `x` and `y` are the box's upper left corner."""

    words: str
    x: float
    y: float
    width: float
    style: StyleName
    role: Role

    @property
    def height(self) -> float:
        """The height of the line."""
        return STYLES[self.style].line


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark on the rail, around its middle; `reach` is how far a span extends below it."""

    shape: Shape
    x: float
    y: float
    filled: bool
    role: Role
    reach: float = 0.0


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line; a dashed one is what has not happened yet."""

    x: float
    y: float
    to_x: float
    to_y: float
    role: Role
    dashed: bool = False
    thick: float = 2.0


@dataclass(frozen=True, slots=True)
class Plate:
    """A filled box with round corners."""

    x: float
    y: float
    width: float
    height: float
    role: Role


@dataclass
class Laid:
    """Everything in its place, on a paper WIDTH wide."""

    height: float = 0.0
    labels: list[Label] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    plates: list[Plate] = field(default_factory=list)


def lay_out(sheet: Sheet, measure: Measures) -> Laid:
    """Lay a sheet out; its height follows from what is on it."""
    return _Layout(sheet, measure).laid()


class _Layout:
    """Writes downwards from the top."""

    def __init__(self, sheet: Sheet, measure: Measures) -> None:
        self._sheet, self._measure = sheet, measure
        self._made = Laid()
        self._y = EDGE

    def laid(self) -> Laid:
        """Lay out head, entries and legend."""
        self._head()
        self._entries()
        self._legend()
        self._made.height = self._y + EDGE
        return self._made

    def _lines(self, words: str, room: float, style: StyleName) -> tuple[str, ...]:
        shown = self._sheet.unshown if self._measure.lacks(words) else words
        return wrapped(shown, room, lambda line: self._measure.width(line, style))

    def _write(
        self,
        words: str,
        x: float,
        y: float,
        room: float,
        style: StyleName,
        role: Role,
        *,
        right: bool = False,
    ) -> float:
        """Write lines from `y` on; return where the next would stand."""
        for line in self._lines(words, room, style):
            width = self._measure.width(line, style)
            self._made.labels.append(Label(line, x + room - width if right else x, y, width, style, role))
            y += STYLES[style].line
        return y

    def _head(self) -> None:
        sheet, room = self._sheet, WIDTH - 2 * EDGE
        self._y = self._write(sheet.heading, EDGE, self._y, room, "heading", "coming") + 2
        self._y = self._write(sheet.title, EDGE, self._y, room, "title", "ink") + 4
        self._y = self._write(sheet.span, EDGE, self._y, room, "span", "ink") + 4
        self._y = self._write(sheet.age, EDGE, self._y, room, "age", "alarm" if sheet.alarm else "ink")
        self._y = self._write(sheet.dated, EDGE, self._y, room, "about", "soft") + 14
        self._made.rules.append(Rule(EDGE, self._y, WIDTH - EDGE, self._y, "rail", thick=1.0))
        self._y += 18

    def _entries(self) -> None:
        sheet = self._sheet
        past = [row for row in sheet.rows if row.tense == "past"]
        rest = sheet.rows[len(past) :]
        self._aside(sheet.earlier, dashed=False)
        self._rows(past, dashed=False)
        if sheet.marks_today:
            self._today(bool(past or sheet.earlier), bool(rest or sheet.later))
        self._rows(rest, dashed=True)
        self._aside(sheet.later, dashed=True)

    def _rows(self, rows: tuple[Row, ...] | list[Row], *, dashed: bool) -> None:
        for row in rows:
            top = self._y
            self._y = self._entry(row, top) + GAP
            self._rail(top, self._y, dashed=dashed)

    def _entry(self, row: Row, top: float) -> float:
        """Write an entry; return where it ends."""
        past = row.tense == "past"
        left = self._write(row.day, EDGE, top, DAYS, "day", "ink" if not past else "soft", right=True)
        left = self._write(row.far, EDGE, left, DAYS, "far", "soft", right=True)
        room = WIDTH - EDGE - WORDS
        y = self._write(row.words, WORDS, top, room, "words" if past else "strong", "ink")
        if row.below:
            y = self._write(row.below, WORDS, y + 2, room, "about", "ink")
        for about in self._about(row, room):
            y = self._write(about, WORDS, y + 2, room, "about", "note" if row.shape == "square" else "soft")
        bottom = max(left, y)
        reach = bottom - top - STYLES["day"].line if row.span else 0.0
        role: Role = "past" if past else "coming"
        self._made.marks.append(Mark(row.shape, RAIL, top + STYLES["day"].line / 2, past, role, reach))
        return bottom

    def _about(self, row: Row, room: float) -> tuple[str, ...]:
        """The kind of an entry and its source, on one line where both fit."""
        joined = f"{row.about} · {row.source}"
        if row.source and self._measure.width(joined, "about") <= room:
            return (joined,)
        return (row.about, row.source) if row.source else (row.about,)

    def _rail(self, top: float, bottom: float, *, dashed: bool) -> None:
        self._made.rules.append(Rule(RAIL, top, RAIL, bottom, "rail", dashed))

    def _today(self, before: bool, after: bool) -> None:
        """The line of today across the paper, its words on a plate."""
        words, style = self._sheet.today, STYLES["today"]
        top, middle = self._y, self._y + style.line / 2 + 4
        lines = self._lines(words, WIDTH - EDGE - WORDS - 20, "today")
        width = max(self._measure.width(line, "today") for line in lines) + 20
        height = style.line * len(lines) + 8
        self._made.rules.append(Rule(EDGE, middle, WIDTH - EDGE, middle, "today", thick=2.0))
        self._made.plates.append(Plate(WORDS - 10, top, width, height, "today"))
        self._write(words, WORDS, top + 4, WIDTH - EDGE - WORDS - 20, "today", "on_today")
        self._y = top + height + GAP
        if before:
            self._rail(top, middle, dashed=False)
        if after:
            self._rail(middle, self._y, dashed=True)

    def _aside(self, words: str, *, dashed: bool) -> None:
        """Say what stands on another picture."""
        if words:
            top = self._y
            self._y = self._write(words, WORDS, top, WIDTH - EDGE - WORDS, "about", "soft") + GAP
            self._rail(top, self._y - (GAP if dashed else 0), dashed=dashed)

    def _legend(self) -> None:
        self._made.rules.append(Rule(EDGE, self._y, WIDTH - EDGE, self._y, "rail", thick=1.0))
        self._y += 12
        x, line, room = EDGE, STYLES["key"].line, WIDTH - 2 * EDGE - AFTER_KEY
        bottom = self._y
        for key in self._sheet.keys:
            lines = self._lines(key.words, room, "key")
            width = max(self._measure.width(each, "key") for each in lines) + AFTER_KEY
            if x > EDGE and x + width > WIDTH - EDGE:
                x, self._y = EDGE, bottom + 2
            self._key(key, x, self._y + line / 2)
            bottom = max(bottom, self._write(key.words, x + AFTER_KEY, self._y, room, "key", "soft"))
            x += width + 20
        self._y = bottom

    def _key(self, key: Key, x: float, middle: float) -> None:
        start, reach = (middle - 4, 8.0) if key.span else (middle, 0.0)
        role: Role = "past" if key.filled else "coming"
        self._made.marks.append(Mark(key.shape, x + MARK, start, key.filled, role, reach))
