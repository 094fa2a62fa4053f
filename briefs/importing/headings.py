"""Headings: cleaned where the report marks them, guessed where plain text only sets them apart."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from briefs.importing.blocks import Block, Notes, excerpt

LONGEST = 160
_BULLET = re.compile(r"^[\s•▪◦‣■□●○*–—-]+(?=\S)")
_CLOSING = re.compile(r"\s+#+$")
_NUMBERED = re.compile(
    r"^(?:(?:chapter|part|section|annex)\s+\w+|\d{1,2}(?:\.\d{1,2}){0,3}\.?|[IVX]{1,5}\.)\s*[:.–—-]?\s*(?=[A-Z“])",
    re.IGNORECASE,
)
_ENDS = ".,;:!?…"
_NAMES = re.compile(
    r"^(?:executive summary|summary|introduction|background|conclusions?|outlook|recommendations?|notes|references"
    r"|annex)$",
    re.IGNORECASE,
)
_SMALL_WORDS = frozenset(
    {"a", "an", "and", "as", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with"}
)
_DATE_ENDS = re.compile(r"^\W*(?:\w+\s+)?\d{1,2},?\s+\w*\s*\d{4}\W*$")


def cleaned(blocks: Iterable[Block]) -> Iterator[Block]:
    """Take bullets and closing number signs from headings."""
    for block in blocks:
        if block.kind != "heading":
            yield block
        elif text := _CLOSING.sub("", _BULLET.sub("", block.text)).strip():
            yield replace(block, text=text)


def guessed(blocks: list[Block], notes: Notes) -> list[Block]:
    """Make headings of the lines of plain text that are set apart like ones, and tell which."""
    if any(block.kind == "heading" for block in blocks):
        return blocks
    found = [
        replace(block, kind="heading", mark="2", text=_words(block)) if _is_heading(blocks, at) else block
        for at, block in enumerate(blocks)
    ]
    headings = [excerpt(block.text) for block in found if block.kind == "heading"]
    if headings:
        notes.left.append(
            f"These lines are taken for headings: {', '.join(headings)}; make paragraphs of the others."
        )
    else:
        notes.left.append("The text has no headings; write them into report.md as lines that begin with ##.")
    return found


def _is_heading(blocks: list[Block], at: int) -> bool:
    text = blocks[at].text.strip()
    after = blocks[at + 1] if at + 1 < len(blocks) else None
    if blocks[at].kind != "paragraph" and not _is_lone_number(blocks, at):
        return False
    if not 0 < len(text) <= LONGEST or text[-1] in _ENDS or _DATE_ENDS.match(text):
        return False
    if after is None or after.kind not in ("paragraph", "item"):
        return False
    return text.isupper() or bool(_NAMES.match(text) or _NUMBERED.match(text)) or _is_title(text, after.text)


def _is_lone_number(blocks: list[Block], at: int) -> bool:
    """Tell whether a numbered item stands alone above a paragraph, as a numbered heading does."""
    beside = blocks[max(0, at - 1) : at] + blocks[at + 1 : at + 2]
    return bool(blocks[at].mark) and blocks[at].kind == "item" and all(each.kind != "item" for each in beside)


def _words(block: Block) -> str:
    return f"{block.mark}. {block.text}" if block.kind == "item" else block.text


def _is_title(text: str, after: str) -> bool:
    """Tell whether a short line is written like a title, above a paragraph that is longer."""
    words = [word for word in re.findall(r"[^\W\d_][\w’'-]*", text) if word not in _SMALL_WORDS]
    capitals = sum(word[0].isupper() for word in words)
    return (
        bool(words)
        and text[0].isupper()
        and len(after) > 2 * len(text)
        and (2 * capitals > len(words) or len(words) <= 6)
    )
