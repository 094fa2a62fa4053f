"""A report's file to blocks, by its kind; or the sentence that says why it cannot be read."""

from collections.abc import Callable
from pathlib import PurePath

from briefs.faults import listed
from briefs.guards import Refused, text_of
from briefs.importing.blocks import PAGE_BREAK, Arrived
from briefs.importing.html import TooDeep, read_html
from briefs.importing.markdown import read_markdown
from briefs.importing.plain import read_plain

READERS: dict[str, Callable[[str], Arrived]] = {
    ".md": read_markdown, ".markdown": read_markdown,
    ".txt": read_plain, ".text": read_plain,
    ".html": read_html, ".htm": read_html, ".xhtml": read_html,
}  # fmt: skip


class NotImportable(Exception):  # noqa: N818  # a sentence for the one who imports
    """A report that cannot be imported, and what to do."""


def read_report(data: bytes, name: str) -> Arrived:
    """Read a report, Markdown, text or HTML by the ending of its name; raise NotImportable with a sentence."""
    reader = READERS.get(PurePath(name).suffix.lower())
    if reader is None:
        raise NotImportable(
            f"{name} is of no kind that can be imported; save it as one of {listed(READERS)}, and import that."
        )
    try:
        text = text_of(_without_page_signs(data), name)
    except Refused as refused:
        raise NotImportable(f"{refused.fault}.") from None
    if not text.strip():
        raise NotImportable(f"{name} is empty; import the file that holds the report.")
    return _read(reader, text, name)


def _read(reader: Callable[[str], Arrived], text: str, name: str) -> Arrived:
    try:
        arrived = reader(text)
    except TooDeep:
        raise NotImportable(
            f"{name} nests its elements more than 255 levels deep, and a part of it would be lost;"
            " save its text as .txt or .md, and import that."
        ) from None
    if not any(block.text.strip() for block in arrived.blocks):
        raise NotImportable(f"{name} holds no text of a report; import the file that holds it.")
    return arrived


def _without_page_signs(data: bytes) -> bytes:
    """Write form feeds and vertical tabs, which text out of a PDF or a word processor holds, as what they mean.

    UTF-16 is left as it is: its bytes mean something else.
    """
    if b"\0" in data[:4000]:
        return data
    return data.replace(b"\f", PAGE_BREAK.encode()).replace(b"\v", b"\n")
