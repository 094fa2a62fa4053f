"""Plain text to blocks: paragraphs parted by blank lines, by indentation or by list marks.

Text has no headings of its own; `briefs.importing.headings` guesses them once the scars are repaired.
"""

import re
from collections.abc import Iterator

from briefs.importing.blocks import PAGE_BREAK, PAGE_NUMBER, Arrived, Block

_BULLET = re.compile(r"^\s*(?:[-*•▪◦‣–]|\(?(\d{1,2})[.)])[ \t]+(?=\S)")
_UNDERLINE = re.compile(r"^(=|-){3,}\s*$")
_ENDS = re.compile(r"[.!?:][\"”’)]*\s*$")
_INDENT = re.compile(r"^(?: {2,8}|\t)\S")
# A line that is longer was never wrapped: then each line is a paragraph.
_UNWRAPPED = 200

Line = tuple[int, str]


def read_plain(text: str) -> Arrived:
    """Read plain text."""
    blocks: list[Block] = []
    for group in _groups(text):
        blocks += [Block("page", "", group[0][0])] if group[0][1] == PAGE_BREAK else _blocks(group)
    return Arrived(tuple(blocks))


def _groups(text: str) -> Iterator[list[Line]]:
    """Part the lines at blank ones; the end of a page is a group of its own."""
    group: list[Line] = []
    for number, line in enumerate(text.split("\n"), start=1):
        for part in re.split(f"({PAGE_BREAK})", line):
            if part == PAGE_BREAK or not part.strip():
                if group:
                    yield group
                group = []
            if part == PAGE_BREAK:
                yield [(number, part)]
            elif part.strip():
                group.append((number, part))
    if group:
        yield group


def _blocks(group: list[Line]) -> list[Block]:
    if len(group) >= 2 and _UNDERLINE.match(group[1][1]):
        rest = _blocks(group[2:]) if group[2:] else []
        return [Block("heading", group[0][1], group[0][0], "1" if "=" in group[1][1] else "2"), *rest]
    return [_block(lines) for lines in _paragraphs(group)]


def _paragraphs(group: list[Line]) -> Iterator[list[Line]]:
    unwrapped = any(len(line) > _UNWRAPPED for _, line in group)
    lines: list[Line] = []
    for at, (number, line) in enumerate(group):
        if lines and (unwrapped or _BULLET.match(line) or _begins(lines[-1][1], line, group, at)):
            yield lines
            lines = []
        lines.append((number, line))
    yield lines


def _begins(before: str, line: str, group: list[Line], at: int) -> bool:
    """Tell whether an indented line begins a paragraph: the one before ended, and most are not indented."""
    indented = bool(_INDENT.match(line)) and not _INDENT.match(before)
    follows = at + 1 == len(group) or not _INDENT.match(group[at + 1][1])
    return indented and follows and bool(_ENDS.search(before))


def _block(lines: list[Line]) -> Block:
    number, first = lines[0]
    text = "\n".join(line for _, line in lines)
    bullet = _BULLET.match(first)
    if bullet and not PAGE_NUMBER.match(first):
        return Block("item", text[bullet.end() :], number, bullet[1] or "")
    return Block("paragraph", text, number)
