"""Running heads and page numbers: what stood at a page's edge and cuts the text now.

A line goes only on evidence: it repeats, and it stands where a sentence goes on or a page ends. What
repeats without such evidence stays and is named.
"""

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from briefs.importing.blocks import Block, Notes, excerpt
from briefs.importing.words import goes_on, is_unfinished

LONGEST = 100
# So many lines stand at one edge of a page at most.
REACH = 12
_EDGE = re.compile(
    r"^(?:page|p\.)?\s*\d{1,4}\s*(?:[|·•–—-]\s*|\s{2,})|(?:\s*[|·•–—-]|\s+page|\s+p\.|\s{2,}|(?<=\S\s\S\S)\s+)\s*\d{1,4}$",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"^[-–—\[(|\s]*(?:page|p\.)?\s*(\d{1,4}|[ivxlc]{1,6})(?:\s*(?:of|/)\s*\d{1,4})?[-–—\])|\s]*$",
    re.IGNORECASE,
)
_CAPTION = re.compile(
    r"^(?:figure|fig\.?|table|chart|map|photo|box|chapter|part|section|annex)\s*\w+\W*$", re.IGNORECASE
)
_PLACED = frozenset({"paragraph", "heading"})
_TEXT = _PLACED | {"item"}
_YEARS = range(1800, 2200)


@dataclass
class _Line:
    """One line of the text, with the place of its block."""

    block: int
    text: str
    kind: str
    gone: bool = False


def without_running_heads(blocks: Iterable[Block], notes: Notes) -> list[Block]:
    """Take running heads and page numbers out, and tell which."""
    kept = list(blocks)
    lines = [_Line(at, line, block.kind) for at, block in enumerate(kept) for line in block.lines]
    _Pages(lines, notes).clear()
    return list(_rebuilt(kept, lines))


def _rebuilt(blocks: list[Block], lines: list[_Line]) -> Iterator[Block]:
    texts: dict[int, list[str]] = defaultdict(list)
    for line in lines:
        if not line.gone:
            texts[line.block].append(line.text)
    for at, block in enumerate(blocks):
        if block.kind == "page" or texts[at]:
            yield replace(block, text="\n".join(texts[at]))


class _Pages:
    """The lines of the text, from which those at the edges of pages are cleared."""

    def __init__(self, lines: list[_Line], notes: Notes) -> None:
        self._lines = lines
        self._notes = notes
        self._numbers = [bool(line.text.strip() and _NUMBER.match(line.text)) for line in lines]
        self._repeated: set[int] = set()
        counts = Counter(line.block for line in lines)
        self._alone = {
            at for at, number in enumerate(self._numbers) if number and counts[lines[at].block] == 1
        }
        self._order = sorted(self._alone)

    def clear(self) -> None:
        """Clear the running heads, then the page numbers."""
        groups = self._groups()
        self._repeated = {at for places in groups.values() for at in places}
        for places in groups.values():
            self._heads(places)
        self._page_numbers()

    def _groups(self) -> dict[str, list[int]]:
        """Give the lines that repeat, by their words without a page's number."""
        groups: dict[str, list[int]] = defaultdict(list)
        for at, line in enumerate(self._lines):
            if line.kind in _PLACED and not self._numbers[at] and _may_be_head(line.text):
                groups[_EDGE.sub("", line.text.strip()).casefold().strip()].append(at)
        return {key: places for key, places in groups.items() if key and len(places) > 1}

    def _heads(self, places: list[int]) -> None:
        evident = {at for at in places if self._is_at_edge(at)}
        words = excerpt(self._lines[places[0]].text)
        if len(evident) == len(places) or (len(places) > 2 and 2 * len(evident) >= len(places)):
            gone = [at for at in places if at in evident or not self._is_title(at)]
            for at in gone:
                self._lines[at].gone = True
            self._notes.done.append(f"The running head {words} was taken out in {len(gone)} places.")
        elif len(places) > 2 and self._lines[places[0]].kind != "heading":
            self._notes.left.append(
                f"The line {words} stands in {len(places)} places; take it out where it is a running head."
            )

    def _is_title(self, at: int) -> bool:
        """Tell whether the line is the title above the whole text; a title has no page's number."""
        return self._near(at, -1) is None and not _EDGE.search(self._lines[at].text.strip())

    def _is_at_edge(self, at: int) -> bool:
        before, after = self._near(at, -1), self._near(at, 1)
        # What is marked up as a heading stands at the top of a page by right.
        if self._lines[at].kind != "heading" and self._touches_page(at):
            return True
        if before is None or after is None or self._lines[before].kind == "heading":
            return False
        inside = self._lines[before].block == self._lines[after].block == self._lines[at].block
        return goes_on(self._lines[before].text, self._lines[after].text) or (
            inside and is_unfinished(self._lines[before].text)
        )

    def _touches_page(self, at: int) -> bool:
        """Tell whether only other lines of a page's edge lie between the line and a page's end."""
        return any(self._edge(at, step) for step in (-1, 1))

    def _edge(self, at: int, step: int) -> bool:
        for near in self._places(at, step):
            if self._lines[near].kind == "page" or near in self._alone:
                return True
            if not self._lines[near].gone and near not in self._repeated:
                return False
        return False

    def _places(self, at: int, step: int) -> range:
        """Give the places before or after a line, as far as the edges of a page reach."""
        if step < 0:
            return range(at - 1, max(-1, at - REACH), -1)
        return range(at + 1, min(len(self._lines), at + REACH))

    def _near(self, at: int, step: int) -> int | None:
        """Give the nearest line of the text itself."""
        for near in self._places(at, step):
            line = self._lines[near]
            if line.kind in _TEXT and not (
                line.gone or self._numbers[near] or near in self._repeated or not line.text.strip()
            ):
                return near
        return None

    def _page_numbers(self) -> None:
        self._repeated = {at for at in self._repeated if self._lines[at].gone}
        found = [at for at, number in enumerate(self._numbers) if number and self._lines[at].kind in _PLACED]
        gone = [at for at in found if self._is_page_number(at)]
        for at in gone:
            self._lines[at].gone = True
        if gone:
            self._notes.done.append(f"Page numbers were taken out in {len(gone)} places.")
        self._notes.left += [
            f"The line {excerpt(self._lines[at].text)} stands alone; take it out where it is a page's number."
            for at in found
            if at in self._alone and not self._lines[at].gone
        ]

    def _is_page_number(self, at: int) -> bool:
        if self._is_at_edge(at) or self._beside_gone(at):
            return True
        return at in self._alone and self._value(at) not in _YEARS and self._runs_on(at)

    def _beside_gone(self, at: int) -> bool:
        return any(0 <= near < len(self._lines) and self._lines[near].gone for near in (at - 1, at + 1))

    def _value(self, at: int) -> int:
        found = _NUMBER.match(self._lines[at].text)
        return int(found[1]) if found and found[1].isdigit() else 0

    def _runs_on(self, at: int) -> bool:
        """Tell whether the lone number before or after this one is the last page's or the next one's."""
        place = bisect_left(self._order, at)
        near = [self._order[each] for each in (place - 1, place + 1) if 0 <= each < len(self._order)]
        return self._value(at) > 0 and any(
            1 <= abs(self._value(each) - self._value(at)) <= 2 for each in near
        )


def _may_be_head(text: str) -> bool:
    bare = text.strip()
    return 0 < len(bare) <= LONGEST and bare[-1] not in ".!?:;," and not _CAPTION.match(bare)
