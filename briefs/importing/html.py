"""HTML to blocks, by lxml: paragraphs, headings, items, captions, tables and footnotes.

What belongs to the page around the report (menus, forms, the site's footer) is left out and named.
"""

import re
from collections.abc import Iterator

from lxml import etree

from briefs.importing.blocks import PAGE_BREAK, REFERENCE, Arrived, Block, Kind
from briefs.importing.html_parts import (
    Element,
    back_reference,
    data_rows,
    is_hidden,
    meta,
    note_mark,
    reference,
    superscript,
    words_of,
)
from briefs.importing.plain import read_plain

_BLOCKS = frozenset(
    {
        "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "div", "dl", "dt",
        "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr",
        "html", "li", "main", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th",
        "thead", "tr", "ul",
    }
)  # fmt: skip
_SKIPPED = frozenset(
    {
        "audio", "button", "canvas", "head", "iframe", "math", "noscript", "object", "script", "select", "style",
        "svg", "template", "video",
    }
)  # fmt: skip
_AROUND = frozenset({"aside", "footer", "form", "nav"})
_CAPTIONS = frozenset({"figcaption", "caption"})
_PAGE_STYLE = re.compile(r"page-?break|break-(?:before|after)\s*:\s*page", re.IGNORECASE)
# libxml2's own limit; what is nested deeper would be lost without a word.
_TOO_DEEP = etree.ErrorTypes.ERR_RESOURCE_LIMIT


class TooDeep(Exception):  # noqa: N818  # the reader of the file says it in a sentence
    """The page nests its elements deeper than the parser follows."""


def read_html(text: str) -> Arrived:
    """Read a page; raise TooDeep where the parser would lose a part of it."""
    root = _parsed(text)
    if root is None:
        return Arrived(())
    reader = _Reader()
    report = _report_in(root)
    reader.walk(report, ("paragraph", ""))
    reader.end()
    reader.left_out += _around(report)
    return Arrived(
        tuple(reader.blocks), title=meta(root, "title"), publisher=meta(root, "publisher"),
        published=meta(root, "published"), language=root.get("lang") or "", left_out=tuple(reader.left_out),
    )  # fmt: skip


def read_fragment(text: str, line: int) -> Iterator[Block]:
    """Read the HTML inside Markdown that begins in a line."""
    root = _parsed(text)
    if root is not None:
        reader = _Reader(line - 1)
        reader.walk(root, ("paragraph", ""))
        reader.end()
        yield from reader.blocks


def _parsed(text: str) -> Element | None:
    if not text.strip():
        return None
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    # Without a byte order mark, so that no declared encoding is believed before ours.
    root = etree.fromstring(text.encode("utf-8"), parser)
    if any(entry.type == _TOO_DEEP for entry in parser.error_log):
        raise TooDeep
    return root


def _report_in(root: Element) -> Element:
    """Give the element that holds the report: the only main or article, or the body."""
    for tag in ("main", "article", "body"):
        found = list(root.iter(tag))
        if len(found) == 1:
            return found[0]
    return root


def _around(report: Element) -> Iterator[str]:
    """Give the words of the page before and after the report."""
    inner = report
    for outer in report.iterancestors("body", "div", "section", "main"):
        for each in outer:
            if each is not inner and each.tag not in _SKIPPED and (words := words_of(each)):
                yield words
        inner = outer


class _Reader:
    """The tree being walked. libxml2 nests 255 levels at most, so that recursion is safe."""

    def __init__(self, above: int = 0) -> None:
        self.blocks: list[Block] = []
        self.left_out: list[str] = []
        self._above = above
        self._pieces: list[str] = []
        self._now: tuple[Kind, str] = ("paragraph", "")
        self._line = 0
        self._number = ""

    def walk(self, element: Element, now: tuple[Kind, str]) -> None:
        """Read what an element holds as blocks of a kind with a mark."""
        self._say(element.text)
        number = int(element.get("start") or 1) if element.tag == "ol" and _is_number(element) else 1
        for child in element:
            self._number = str(number) if element.tag == "ol" else ""
            number += child.tag == "li"
            self._child(child, now)
            self._say(child.tail)

    def end(self) -> None:
        """End the block that is being read."""
        text = "".join(self._pieces).strip()
        self._pieces.clear()
        if text:
            kind, mark = self._now
            self.blocks.append(Block(kind, text, self._line + self._above, mark))
            if self._now[0] == "item":
                self._now = ("paragraph", "")

    def _say(self, text: str | None) -> None:
        if text:
            self._pieces.append(re.sub(r"\s+", " ", text))

    def _child(self, child: Element, now: tuple[Kind, str]) -> None:
        tag = child.tag if isinstance(child.tag, str) else ""
        if tag in _SKIPPED or is_hidden(child):
            return
        if tag == "br":
            self._pieces.append("\n")
        elif tag in _BLOCKS or tag.endswith("pagebreak"):
            self._block(child, tag, now)
        elif tag in ("sup", "a"):
            self._raised(child, tag, now)
        else:
            self.walk(child, now)

    def _raised(self, child: Element, tag: str, now: tuple[Kind, str]) -> None:
        mark = reference(child)
        if mark:
            self._pieces.append(REFERENCE.format(mark))
        elif back_reference(child):
            return
        elif tag == "sup" and words_of(child).isdigit():
            self._pieces.append(superscript(words_of(child)))
        else:
            self.walk(child, now)

    def _block(self, child: Element, tag: str, now: tuple[Kind, str]) -> None:
        self.end()
        before = self._now
        if tag == "hr" or tag.endswith("pagebreak") or _ends_page(child):
            self.blocks.append(Block("page", "", (child.sourceline or 0) + self._above))
        if tag in _AROUND and not any(note_mark(each) for each in child.iter()):
            self._leave_out(child)
        elif tag == "table" and (rows := data_rows(child)):
            self._table(child, rows)
        elif tag == "pre":
            self.blocks += read_plain(words_of(child, keep=True).replace("\f", PAGE_BREAK)).blocks
        else:
            self._now = _kind(child, tag, now, self._number)
            self._line = child.sourceline or 0
            self.walk(child, self._now)
            self.end()
        self._now = before

    def _table(self, child: Element, rows: list[str]) -> None:
        line = (child.sourceline or 0) + self._above
        for caption in child.iter("caption"):
            self.blocks.append(Block("caption", words_of(caption), line))
        self.blocks.append(Block("table", "\n".join(rows), line))

    def _leave_out(self, child: Element) -> None:
        words = words_of(child)
        if words:
            self.left_out.append(words)


def _ends_page(element: Element) -> bool:
    said = f"{element.get('class') or ''} {element.get('style') or ''}"
    return bool(_PAGE_STYLE.search(said)) or element.get("role") == "doc-pagebreak"


def _kind(element: Element, tag: str, now: tuple[Kind, str], number: str) -> tuple[Kind, str]:
    mark = note_mark(element)
    if mark:
        return "footnote", mark
    if now[0] == "footnote":
        return now
    if re.fullmatch("h[1-6]", tag):
        return "heading", tag[1]
    if tag == "li":
        return "item", number
    if tag in _CAPTIONS or now[0] == "caption":
        return "caption", ""
    return ("paragraph", "") if now[0] == "heading" else now


def _is_number(element: Element) -> bool:
    return re.fullmatch(r"\d{1,6}", element.get("start") or "1") is not None
