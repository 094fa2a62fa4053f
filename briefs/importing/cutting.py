"""The repaired blocks cut into sections and passages with stable ids."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from briefs.importing.blocks import CELL, Block, Notes, excerpt
from briefs.importing.footnotes import Place
from briefs.importing.mentions import is_dateline
from briefs.importing.pieces import Cut, Piece
from briefs.importing.slugs import slug, unused

# A table with more cells is for the page that it was made for.
LARGEST_TABLE = 80
_EDGES = 4
# Every passage of a section begins with its id, and people type them.
LONGEST_STEM = 24


def cut(blocks: Iterable[Block], places: Collection[Place], notes: Notes) -> list[Cut]:
    """Cut the blocks at their headings. A heading without a paragraph of its own is left out and named."""
    cuts: list[Cut] = []
    used: set[str] = set()
    for heading, body in _sections(list(blocks)):
        if body:
            cuts.append(_Cutter(heading, used, notes).cut(body, places))
        elif heading:
            notes.left.append(
                f"The heading {excerpt(heading)} has no paragraph of its own and is left out;"
                " write it into the heading below it where it is needed."
            )
    return _with_imprint(cuts)


def _short(heading: str) -> str:
    """Give a heading's first part: what follows a semicolon or a colon is a second thought."""
    return heading.replace(":", ";").partition(";")[0]


def _sections(blocks: list[Block]) -> Iterator[tuple[str, list[Block]]]:
    heading, body = "", list[Block]()
    for block in blocks:
        if block.kind == "heading":
            yield heading, body
            heading, body = " ".join(block.text.split()), []
        else:
            body.append(block)
    yield heading, body


class _Cutter:
    """One section being cut; `used` are the ids of the whole report."""

    def __init__(self, heading: str, used: set[str], notes: Notes) -> None:
        self._heading = heading
        self._used = used
        self._notes = notes
        self._id = unused(
            slug(_short(heading), LONGEST_STEM) or ("opening" if not heading else "section"), used
        )
        self._counts: dict[str, int] = {}

    def cut(self, body: list[Block], places: Collection[Place]) -> Cut:
        before = {place.mark: place.before for place in places}
        pieces = [piece for block in body for piece in self._pieces(block, before)]
        return Cut(self._id, self._heading, tuple(pieces))

    def _pieces(self, block: Block, before: dict[str, str]) -> Iterator[Piece]:
        if block.kind == "table":
            yield from self._table(block)
        elif block.kind == "caption":
            yield Piece(self._next("figure"), "caption", block.text)
        elif block.kind == "footnote":
            stood = f"footnote {block.mark} stood after: {before[block.mark]}" if block.mark in before else ""
            text = block.text if block.text.startswith(block.mark) else f"{block.mark}. {block.text}"
            yield Piece(self._next("note"), "passage", text, True, stood, is_text=False)
        else:
            yield Piece(self._next(""), "passage", block.text, block.kind == "item")

    def _table(self, block: Block) -> Iterator[Piece]:
        rows = block.lines
        cells = sum(row.count(CELL) + 1 for row in rows)
        if cells > LARGEST_TABLE:
            self._notes.left.append(
                f"A table of {len(rows)} rows that begins with {excerpt(rows[0])} is left out;"
                " write what matters of it as sentences."
            )
            return
        self._notes.left.append(
            f"A table of {len(rows)} rows that begins with {excerpt(rows[0])} is kept row by row; make sentences of it,"
            " or take it out."
        )
        table = self._next("table")
        for number, row in enumerate(rows, start=1):
            yield Piece(
                unused(f"{table}-{number}", self._used),
                "passage",
                row,
                True,
                f"row {number} of {table}",
                is_text=False,
            )

    def _next(self, kind: str) -> str:
        self._counts[kind] = self._counts.get(kind, 0) + 1
        stem = f"{self._stem}-{kind}" if kind else self._stem
        return unused(f"{stem}-{self._counts[kind]}", self._used)

    @property
    def _stem(self) -> str:
        return "recommendation" if Cut(self._id, self._heading, ()).recommends else self._id


def _with_imprint(cuts: list[Cut]) -> list[Cut]:
    """Give the line that says when the report was written its kind, at the beginning or the end of the text."""
    order = [(at, number) for at, each in enumerate(cuts) for number in range(len(each.pieces))]
    for at, number in [*order[:_EDGES], *order[-_EDGES:]]:
        piece = cuts[at].pieces[number]
        if piece.kind == "passage" and not piece.is_item and is_dateline(piece.text):
            dated = replace(piece, id="imprint-1", kind="imprint")
            pieces = (*cuts[at].pieces[:number], dated, *cuts[at].pieces[number + 1 :])
            cuts[at] = replace(cuts[at], pieces=pieces)
            break
    return cuts
