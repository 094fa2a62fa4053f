"""Cut paragraphs joined: lines to one line, and halves over a page, a caption, a table or a footnote.

What stood between two halves of a sentence follows the joined paragraph.
"""

import re
from collections.abc import Iterable
from dataclasses import replace

from briefs.importing.blocks import Block, Notes, excerpt
from briefs.importing.words import Words, goes_on, is_unfinished, joined, words_of

# What a caption begins with, or holds: the number of a picture, or the one who made it.
_CAPTION = re.compile(
    r"^(?:figure|fig\.?|chart|graph|map|photo|image|picture|table|exhibit)\s*[\dIVX]+\s*[.:|–—-]"
    r"|^(?:photo|image|picture|source|credit|graphic)s?\s*:"
    r"|\((?:photo|image|picture|credit|graphic)s?\b[^)]*\)\s*$",
    re.IGNORECASE,
)
_CAPTION_LINE = re.compile(
    r"^(?:figure|fig\.?|chart|graph|map|photo|image|table|exhibit)\s*\d+\s*[.:|–—]", re.IGNORECASE
)
LONGEST_CAPTION = 300
# What is shorter may be a line of a list; what is longer is no paragraph any more.
SHORTEST_HALF, LONGEST_PARAGRAPH = 40, 20_000
_TEXT = frozenset({"paragraph", "item"})
_FLOATS = frozenset({"caption", "table", "footnote", "page"})


def joined_blocks(blocks: Iterable[Block], notes: Notes) -> list[Block]:
    """Join what breaks had parted, and give captions their kind."""
    parted = [_as_caption(piece) for block in blocks for piece in _captions_out(block)]
    words = words_of(block for block in parted if block.kind in _TEXT | {"heading"})
    lines = [replace(block, text=_one_line(block, words, notes)) for block in parted]
    return _Joiner(words, notes).join(lines)


def _captions_out(block: Block) -> list[Block]:
    """Take caption lines out of a paragraph whose sentence they interrupt."""
    lines = block.lines
    at = next(
        (
            at
            for at in range(1, len(lines) - 1)
            if block.kind in _TEXT
            and _CAPTION_LINE.match(lines[at])
            and goes_on(lines[at - 1], lines[at + 1])
        ),
        None,
    )
    if at is None:
        return [block]
    whole = replace(block, text="\n".join(lines[:at] + lines[at + 1 :]))
    return [*_captions_out(whole), replace(block, kind="caption", text=lines[at], mark="")]


def _as_caption(block: Block) -> Block:
    short = block.kind == "paragraph" and len(block.text) <= LONGEST_CAPTION
    return replace(block, kind="caption") if short and _CAPTION.search(block.text.strip()) else block


def _one_line(block: Block, words: Words, notes: Notes) -> str:
    if block.kind == "table":
        return block.text
    pieces, last = [], block.lines[0]
    for line in block.lines[1:]:
        _tell_hyphen(last, line, words, notes)
        whole, line = joined(last, line, words), line.lstrip()
        pieces.append(whole[: len(whole) - len(line)])
        last = line
    return "".join([*pieces, last])


def _tell_hyphen(before: str, after: str, words: Words, notes: Notes) -> None:
    if before.rstrip().endswith(("-", "\u2010")) and after.strip():
        whole = joined(before, after, words)
        start = len(before.rstrip()) - 1
        word = whole[whole.rfind(" ", 0, start) + 1 :].split(" ", 1)[0]
        notes.done.append(f"A word cut at a line's end was joined to “{word.strip('.,;:')}”.")


class _Joiner:
    """The blocks being joined in order."""

    def __init__(self, words: Words, notes: Notes) -> None:
        self._words = words
        self._notes = notes
        self._kept: list[Block] = []
        self._before: int | None = None

    def join(self, blocks: list[Block]) -> list[Block]:
        """Give the blocks with cut paragraphs whole."""
        for at, block in enumerate(blocks):
            if self._before is not None and self._continues(self._kept[self._before].text, block):
                self._append(self._before, block)
            elif self._parts_halves(block, blocks[at + 1 : at + 2]):
                self._keep(replace(block, kind="caption"))
                self._notes.left.append(
                    f"{excerpt(block.text)} stood between two halves of a sentence and is taken for a caption;"
                    " say so, or move it."
                )
            else:
                self._keep(block)
        self._tell_unfinished()
        return [block for block in self._kept if block.kind != "page"]

    def _keep(self, block: Block) -> None:
        """Keep a block; `_before` is the last text, over what may stand between the halves of a sentence."""
        self._kept.append(block)
        if block.kind in _TEXT:
            self._before = len(self._kept) - 1
        elif block.kind not in _FLOATS:
            self._before = None

    def _continues(self, before: str, block: Block) -> bool:
        if block.kind != "paragraph" or len(before) > LONGEST_PARAGRAPH:
            return False
        half = len(before) >= SHORTEST_HALF or before.endswith(("-", "\u2010", "\u00ad"))
        return half and goes_on(before, block.text)

    def _append(self, before: int, block: Block) -> None:
        kept = self._kept[before]
        _tell_hyphen(kept.text, block.text, self._words, self._notes)
        whole = joined(kept.text, block.text, self._words)
        over = [each.kind for each in self._kept[before + 1 :]]
        self._kept[before] = replace(kept, text=whole)
        cut = f"A paragraph cut by a {over[-1]}" if over else "A paragraph cut in two"
        around = whole[max(0, len(kept.text) - 30) : len(kept.text) + 40].partition(" ")[2].rpartition(" ")[0]
        self._notes.done.append(f"{cut} was joined at {excerpt('…' + around, 80)}.")

    def _parts_halves(self, block: Block, after: list[Block]) -> bool:
        """Tell whether a short block interrupts the text before, which the next block continues."""
        return (
            self._before is not None
            and block.kind == "paragraph"
            and len(block.text) <= LONGEST_CAPTION
            and bool(after)
            and after[0].kind == "paragraph"
            and after[0].text[:1].islower()
            and goes_on(self._kept[self._before].text, after[0].text)
        )

    def _tell_unfinished(self) -> None:
        for at, block in enumerate(self._kept):
            after = self._kept[at + 1 : at + 2]
            if block.kind == "paragraph" and len(block.text) > LONGEST_CAPTION and is_unfinished(block.text):
                follows = f"; {excerpt(after[0].text)} follows" if after else ""
                self._notes.left.append(
                    f"A paragraph stops without a full stop at “…{block.text[-40:].partition(' ')[2]}”{follows};"
                    " join what belongs to it."
                )
