"""What single elements of a page mean: footnotes and their marks, tables of data, what the page says of itself."""

import re
from typing import Any, TypeAlias

from briefs.importing.blocks import CELL

Element: TypeAlias = Any  # lxml ships no types

# The names that Word, Pandoc, DPub-ARIA and the usual converters give to notes and to the places that refer to them.
_NOTE_ID = re.compile(r"^_?(?:ftn|fn|footnote|endnote|edn|note)[-_:.]?(\d{1,4})$", re.IGNORECASE)
_PLACE_ID = re.compile(
    r"^_?(?:ftn|fn|footnote|endnote|edn|note)[-_:.]?(?:ref|back)[-_:.]?(\d{1,4})", re.IGNORECASE
)
_NOTE_ROLES = frozenset({"doc-footnote", "doc-endnote"})
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_META = {
    "title": ("og:title", "dc.title", "citation_title"),
    "publisher": ("citation_publisher", "dc.publisher", "og:site_name"),
    "published": ("article:published_time", "citation_publication_date", "dc.date", "date"),
}
_BLOCK_IN_CELL = "p|ul|ol|h1|h2|h3|h4|div|table"
# A cell that holds more is a column of a page's layout, not a value.
_LONGEST_CELL = 400


def words_of(element: Element, *, keep: bool = False) -> str:
    """Give the text of an element, with single spaces; as it stands where `keep` is set."""
    text = "".join(element.itertext())
    return text if keep else " ".join(text.split())


def is_hidden(element: Element) -> bool:
    """Tell whether a browser would not show the element."""
    style = (element.get("style") or "").replace(" ", "").lower()
    return (
        element.get("hidden") is not None or element.get("aria-hidden") == "true" or "display:none" in style
    )


def reference(element: Element) -> str:
    """Give the number of the footnote that a link or a raised sign leads to, or nothing."""
    for each in element.iter("a"):
        leads_to = _NOTE_ID.match((each.get("href") or "").partition("#")[2])
        if leads_to or each.get("role") == "doc-noteref":
            said = re.search(r"\d{1,4}", words_of(each))
            return said[0] if said else (leads_to[1] if leads_to else "")
    return ""


def back_reference(element: Element) -> bool:
    """Tell whether a link leads from a footnote back to its sentence."""
    links = [element] if element.tag == "a" else list(element.iter("a"))
    return any(
        _PLACE_ID.match((each.get("href") or "").partition("#")[2]) or each.get("role") == "doc-backlink"
        for each in links
    )


def note_mark(element: Element) -> str:
    """Give the number of the footnote that an element is, or nothing."""
    if element.tag in ("a", "sup", "span"):
        return ""
    named = _NOTE_ID.match(element.get("id") or "")
    if named:
        return named[1]
    if element.get("role") in _NOTE_ROLES:
        said = re.match(r"\W*(\d{1,4})", words_of(element))
        return said[1] if said else ""
    first = next(iter(element), None)
    if (
        element.tag == "p"
        and first is not None
        and not (element.text or "").strip()
        and back_reference(first)
    ):
        said = re.search(r"\d{1,4}", words_of(first))
        return said[0] if said else ""
    return ""


def superscript(digits: str) -> str:
    """Write digits raised, as a power or a footnote's mark stands in plain text."""
    return digits.translate(_SUPERSCRIPTS)


def data_rows(table: Element) -> list[str]:
    """Give the rows of a table of data, cells parted; nothing for a table that only lays out the page."""
    rows = [
        [words_of(cell) for cell in row if cell.tag in ("td", "th")]
        for row in table.iter("tr")
    ]  # fmt: skip
    rows = [row for row in rows if any(row)]
    nested = len(list(table.iter("table"))) > 1 or any(
        len(list(cell)) > 1 and any(re.fullmatch(_BLOCK_IN_CELL, str(each.tag)) for each in cell)
        for cell in table.iter("td")
    )
    if (
        nested
        or len(rows) < 2
        or max(map(len, rows)) < 2
        or any(len(c) > _LONGEST_CELL for r in rows for c in r)
    ):
        return []
    return [CELL.join(row) for row in rows]


def meta(root: Element, what: str) -> str:
    """Give what a page's head says: its title, its publisher, or the day when it was published."""
    said = {
        (each.get("name") or each.get("property") or "").lower(): each.get("content") or ""
        for each in root.iter("meta")
    }
    found = next((said[name] for name in _META[what] if said.get(name)), "")
    if not found and what == "title":
        found = next((words_of(each) for each in root.iter("title")), "")
    return " ".join(found.split())
