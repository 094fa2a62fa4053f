"""Markdown to blocks, by markdown-it (CommonMark) with tables and footnotes."""

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from briefs.importing.blocks import CELL, PAGE_BREAK, PAGE_NUMBER, REFERENCE, Arrived, Block, Kind
from briefs.importing.html import read_fragment

_PAGE = "\n\n***\n\n"
_TAG = re.compile(r"<(/?)(\w+)[^>]*>")
# The parser's time for brackets that close nothing grows with their square.
_MANY_BRACKETS = 2_000
_OPEN = re.compile(r"\[(?![^\[\]\n]{0,500}\])")


def read_markdown(text: str) -> Arrived:
    """Read Markdown. Emphasis and the addresses of links are left out; raw HTML is read as HTML."""
    text = text.replace(PAGE_BREAK, _PAGE)
    parser = MarkdownIt("commonmark").enable("table").use(footnote_plugin)
    # Text from a page is indented for its looks; that makes it no program's code.
    parser.disable("code")
    if sum(1 for _ in _OPEN.finditer(text)) > _MANY_BRACKETS:
        parser.disable(["link", "image"])
    return Arrived(tuple(_Reader().read(parser.parse(text))))


class _Reader:
    """The tokens of the parser being read in order."""

    def __init__(self) -> None:
        self._kinds: list[tuple[Kind, str]] = []
        self._row: list[str] = []
        self._rows: list[str] = []
        self._line = 0

    def read(self, tokens: list[Token]) -> Iterator[Block]:
        """Give the blocks."""
        for token in tokens:
            self._line = token.map[0] + 1 if token.map else self._line
            yield from self._take(token)

    def _take(self, token: Token) -> Iterator[Block]:
        match token.type:
            case "heading_open":
                self._kinds.append(("heading", token.tag[1:]))
            case "list_item_open":
                self._kinds.append(("item", token.info))
            case "footnote_open":
                self._kinds.append(("footnote", _label(token)))
            case "heading_close" | "list_item_close" | "footnote_close":
                self._kinds.pop()
            case "hr":
                yield Block("page", "", self._line)
            case "html_block":
                yield from read_fragment(token.content, self._line)
            case "fence" | "code_block":
                yield Block("paragraph", token.content.strip("\n"), self._line)
            case "inline" if not self._in_table:
                yield from self._inline(token)
            case _:
                yield from self._table(token)

    @property
    def _in_table(self) -> bool:
        return bool(self._kinds) and self._kinds[-1][0] == "table"

    def _inline(self, token: Token) -> Iterator[Block]:
        children = token.children or []
        images = [child for child in children if child.type == "image"]
        text = _text(children).strip("\n")
        for image in images:
            if image.content.strip():
                yield Block("caption", image.content, self._line)
        if text.strip():
            kind, mark = self._kinds[-1] if self._kinds else ("paragraph", "")
            if kind == "item" and PAGE_NUMBER.match(f"- {text}"):
                kind = "paragraph"
            yield Block(kind, text, self._line, mark)
            if kind == "item":
                self._kinds[-1] = ("paragraph", "")  # only the first paragraph of an item is the item

    def _table(self, token: Token) -> Iterator[Block]:
        match token.type:
            case "table_open":
                self._kinds.append(("table", ""))
                self._rows = []
            case "tr_open":
                self._row = []
            case "inline":
                self._row.append(" ".join(_text(token.children or []).split()))
            case "tr_close":
                self._rows.append(CELL.join(self._row))
            case "table_close":
                self._kinds.pop()
                yield Block("table", "\n".join(self._rows), self._line)


def _label(token: Token) -> str:
    return str(token.meta.get("label") or token.meta["id"] + 1)


def _text(children: list[Token]) -> str:
    pieces: list[str] = []
    raised = False
    for child in children:
        if child.type == "html_inline" and (tag := _TAG.match(child.content)) and tag[2].lower() == "sup":
            raised = not tag[1]
        elif raised and child.content.strip().isdigit():
            pieces.append(REFERENCE.format(child.content.strip()))
        else:
            pieces.append(_piece(child))
    return "".join(pieces)


def _piece(child: Token) -> str:
    match child.type:
        case "text" | "code_inline" | "text_special":
            return child.content
        case "softbreak" | "hardbreak":
            return "\n"
        case "footnote_ref":
            return REFERENCE.format(_label(child))
        case "html_inline" if child.content.lower().startswith("<br"):
            return "\n"
        case _:
            return ""
