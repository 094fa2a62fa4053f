"""A report as it arrived, in blocks: what the readers of each format give, and what the repairs work on."""

import re
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["heading", "paragraph", "item", "caption", "footnote", "table", "page"]

# What a footnote's place in a sentence looks like once it was read, whatever the format: Markdown's own form.
REFERENCE = "[^{}]"
# U+2029, the paragraph separator, stands for the form feed that ends a page in text taken out of a PDF.
PAGE_BREAK = "\u2029"
CELL = " | "
# A page's number between dashes looks like the item of a list.
PAGE_NUMBER = re.compile(r"^\s*[-–—]\s*\d{1,4}\s*[-–—]\s*$")

_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
# Zero-width space, word joiner and byte order mark; the joiners of Persian and of emoji stay.
_GONE = dict.fromkeys("\u200b\u2060\ufeff", "")
_LINE_ENDS = re.compile("\r\n|[\r\v\x85\u2028]")
_SPACES = re.compile("[ \t\u00a0\u2000-\u200a\u202f\u205f]+")
_SIGNS = str.maketrans({**_LIGATURES, **_GONE})


@dataclass(frozen=True, slots=True)
class Block:
    """One block of the report.

    `text` keeps the line breaks inside it; a table's rows are its lines, with ` | ` between the cells.
    `mark` is a footnote's or a list item's own number. `line` (from 1) is where it stands in the file,
    0 where that is not known. A page block says that a page ended, and has no text.
    """

    kind: Kind
    text: str
    line: int = 0
    mark: str = ""

    @property
    def lines(self) -> list[str]:
        """The lines of the text."""
        return self.text.split("\n")


@dataclass(frozen=True)
class Arrived:
    """What a reader found: the blocks, and what the file says about itself.

    `published` is the date as the file gives it. `left_out` is text that belongs to the page around the
    report, as a menu does.
    """

    blocks: tuple[Block, ...]
    title: str = ""
    publisher: str = ""
    published: str = ""
    language: str = ""
    left_out: tuple[str, ...] = ()


@dataclass
class Notes:
    """What an import tells a person: what it did to the text, and what is left to mend."""

    done: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


def tidied(text: str) -> str:
    """Take out what a typesetter's program put in: ligatures, zero-width signs, kinds of spaces and line ends."""
    text = _LINE_ENDS.sub("\n", text).translate(_SIGNS)
    return "\n".join(_SPACES.sub(" ", line).strip() for line in text.split("\n"))


def excerpt(text: str, limit: int = 60) -> str:
    """Quote the beginning of a text on one line, cut at a word."""
    words = " ".join(text.split())
    if len(words) <= limit:
        return f"“{words}”"
    return f"“{words[:limit].rsplit(' ', 1)[0]}…”"
