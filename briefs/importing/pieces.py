"""What a report is cut into, and how report.md is written: sections made of passages."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from briefs.sentences import sentences
from briefs.source import Kind

_MARKUP = re.compile(r"^(?:#|<!--|[-*][ \t])")
_RECOMMENDED = re.compile(
    r"\brecommend|\bpolicy (?:options|proposals)|\bproposals\b|提言|제언", re.IGNORECASE
)


@dataclass(frozen=True)
class Piece:
    """One passage of the report: its id, its kind as report.md writes it, and a word for the editor.

    `is_text` is what the report says in sentences: neither a footnote nor the row of a table.
    """

    id: str
    kind: Kind
    text: str
    is_item: bool = False
    remark: str = ""
    is_text: bool = True

    @cached_property
    def sentences(self) -> tuple[tuple[int, int], ...]:
        """The spans of the sentences."""
        return tuple(sentences(self.text))


@dataclass(frozen=True)
class Cut:
    """A section: the report's own heading (nothing where it has none), an id, and its passages."""

    id: str
    heading: str
    pieces: tuple[Piece, ...]

    @property
    def recommends(self) -> bool:
        """Whether the heading announces recommendations."""
        return bool(_RECOMMENDED.search(self.heading))


def written(cuts: Iterable[Cut]) -> str:
    """Write report.md. What would be read as markup becomes an item of a list, whose dash is no part of it."""
    lines: list[str] = []
    for each in cuts:
        if each.heading:
            lines += [f"## {each.heading}", ""]
        for piece in each.pieces:
            lines += [*_remark(piece), f"<!-- {piece.kind} {piece.id} -->", _line(piece), ""]
    return "\n".join(lines)


def _remark(piece: Piece) -> list[str]:
    said = " ".join(piece.remark.replace("--", "–").split())
    return [f"<!-- {said} -->"] if said else []


def _line(piece: Piece) -> str:
    text = " ".join(piece.text.split())
    return f"- {text}" if piece.is_item or _MARKUP.match(text) else text
