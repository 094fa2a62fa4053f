"""Where the sentences of a paragraph begin and end."""

import re

# A sentence ends at a full stop, question or exclamation mark (and closing quotation) before a capital.
_END = re.compile(r"(?<=[.!?])[\"”’)]*\s+(?=[\"“(]?[A-Z0-9])")
# What ends with a full stop before a capital and goes on: titles, references, initials and U.S.
_GOES_ON = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|Gen|Col|Lt|Sen|Rep|Gov|St|No|Nos|Art|Fig|Vol|pp|cf|vs|approx|e\.g|i\.e)"
    r"|\b(?:[A-Z]\.)*[A-Z])\.$"
)
_LONGEST = 12


def sentences(text: str) -> list[tuple[int, int]]:
    """Return the spans of the sentences of a paragraph; together they cover all its words."""
    spans, start = [], 0
    for found in _END.finditer(text):
        if not _GOES_ON.search(text[max(start, found.start() - _LONGEST) : found.start()]):
            spans.append((start, found.start()))
            start = found.end()
    return [*spans, (start, len(text))]
