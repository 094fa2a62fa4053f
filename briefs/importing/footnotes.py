"""Footnotes: found, taken out of the sentences that they interrupt, and kept.

A number in a sentence is a footnote's mark where HTML or Markdown says so, or where the text holds a
footnote of that number: `[3]`, a raised ³, or a 3 that is stuck to the end of a word.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from briefs.importing.blocks import Block, Notes, excerpt
from briefs.importing.words import is_unfinished

_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_NOTE = re.compile(
    r"^\s*(?:\[\^?(?P<bracket>\d{1,3})\]:?|(?P<raised>[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3})|(?P<plain>\d{1,3})[.)]?)\s*(?=[^\W\d_“\"(])"
)
_MARKED = re.compile(r"[ \t]*\[\^([^\]\s]{1,20})\]")
_PLACE = re.compile(
    r"[ \t]*\[(?P<bracket>\d{1,3})\]|(?P<raised>[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3})"
    r"|(?:(?<=[^\W\d_]{3}[.,;:!?])|(?<=[^\W\d_]{3}[.,;:!?][\"”’)])|(?<=[a-z]{4}))(?P<plain>\d{1,3})(?=[\s.,;:]|$)"
)
_TEXT = frozenset({"paragraph", "item", "heading", "caption"})
_HEADINGS = re.compile(r"^\W*(?:foot|end)?notes?\W*$|^\W*(?:references|sources)\W*$", re.IGNORECASE)
_WORDS_BEFORE = 60


@dataclass(frozen=True, slots=True)
class Place:
    """Where a footnote's mark stood: the number, and the words before it."""

    mark: str
    before: str


def lifted(blocks: Iterable[Block], notes: Notes) -> tuple[list[Block], list[Place]]:
    """Take the footnotes' marks out of the text; give the blocks, with footnotes as such, and the places."""
    marked = _found(list(blocks))
    numbers = {block.mark for block in marked if block.kind == "footnote"}
    places: list[Place] = []
    kept = [
        replace(block, text=_without_marks(block.text, numbers, places)) if block.kind in _TEXT else block
        for block in marked
    ]
    _tell(numbers, places, notes)
    return kept, places


def _found(blocks: list[Block]) -> list[Block]:
    """Mark the paragraphs that are footnotes by their number, their place and a mark that leads to them."""
    marks = _marks_in(blocks)
    below_heading = False
    for at, block in enumerate(blocks):
        below_heading = bool(_HEADINGS.match(block.text)) if block.kind == "heading" else below_heading
        note = _as_note(block, marks, below_heading or _interrupts(blocks, at))
        blocks[at] = note or block
    return blocks


def _marks_in(blocks: Iterable[Block]) -> frozenset[str]:
    return frozenset(
        _number(found)
        for block in blocks
        if block.kind in _TEXT
        for found in _PLACE.finditer(block.text)
        if found.start() > 0
    ) | {found[1] for block in blocks for found in _MARKED.finditer(block.text)}


def _as_note(block: Block, marks: frozenset[str], placed: bool) -> Block | None:
    if block.kind == "item" and block.mark in marks and placed:
        return replace(block, kind="footnote")
    found = _NOTE.match(block.text) if block.kind == "paragraph" else None
    if found is None or _number(found) not in marks or not (placed or found["plain"] is None):
        return None
    return replace(block, kind="footnote", text=block.text[found.end() :], mark=_number(found))


def _interrupts(blocks: list[Block], at: int) -> bool:
    """Tell whether a block stands at a page's end, beside another note, or in a sentence that goes on."""
    before = blocks[at - 1] if at else None
    after = blocks[at + 1] if at + 1 < len(blocks) else None
    if before is None:
        return False
    if before.kind == "footnote" or after is None or after.kind == "page":
        return True
    return before.kind == "paragraph" and is_unfinished(before.text)


def _number(found: re.Match[str]) -> str:
    return (found["bracket"] or found["raised"] or found["plain"]).translate(_RAISED)


def _without_marks(text: str, numbers: set[str], places: list[Place]) -> str:
    def marked(found: re.Match[str]) -> str:
        places.append(Place(found[1], _words_before(text, found.start())))
        return ""

    text = _MARKED.sub(marked, text)

    def placed(found: re.Match[str]) -> str:
        if found.start() == 0 or _number(found) not in numbers:
            return found[0]
        places.append(Place(_number(found), _words_before(text, found.start())))
        return ""

    return _PLACE.sub(placed, text)


def _words_before(text: str, end: int) -> str:
    before = text[max(0, end - 4 * _WORDS_BEFORE) : end].replace("\u00ad", "").replace("-\n", "")
    before = " ".join(before.split())
    return before if len(before) <= _WORDS_BEFORE else f"…{before[-_WORDS_BEFORE:].partition(' ')[2]}"


def _tell(numbers: set[str], places: list[Place], notes: Notes) -> None:
    if numbers:
        count = "One footnote was" if len(numbers) == 1 else f"{len(numbers)} footnotes were"
        notes.done.append(
            f"{count} taken out of the text and kept as passages; report.md says after which words each mark stood."
        )
    for place in places:
        if place.mark not in numbers:
            notes.left.append(
                f"The mark {place.mark} after {excerpt(place.before, 80)} leads to no footnote;"
                " add the note, or leave it."
            )
    marked = {place.mark for place in places}
    for number in sorted(numbers - marked, key=lambda each: each.zfill(4)):
        notes.left.append(f"Footnote {number} has no mark in the text; say which sentence it belongs to.")
