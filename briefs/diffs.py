"""Two texts laid side by side: in words for readers, in lines for whoever edits the file."""

from collections import Counter
from collections.abc import Iterator
from difflib import SequenceMatcher, unified_diff

# Where two lists of words differ: [a, b) of the old one, [c, d) of the new one.
Span = tuple[int, int, int, int]


def in_words(old: str, new: str) -> tuple[tuple[str, str], ...]:
    """Give what was written and what stands there now, for each place in which two texts differ.

    Neither side is empty unless its whole text is: where words came or went only, a word beside them is given
    too. White space is not compared.
    """
    was, now = old.split(), new.split()
    spans = (_widened(span, len(was), len(now)) for span in _spans(was, now))
    return tuple((" ".join(was[a:b]), " ".join(now[c:d])) for a, b, c, d in spans)


def _spans(was: list[str], now: list[str]) -> Iterator[Span]:
    """Give the spans that differ; what is one word apart counts as one."""
    matcher = SequenceMatcher(None, was, now, autojunk=False)
    last: Span | None = None
    for _, a, b, c, d in (code for code in matcher.get_opcodes() if code[0] != "equal"):
        if last is not None and a - last[1] <= 1:
            last = (last[0], b, last[2], d)
            continue
        if last is not None:
            yield last
        last = (a, b, c, d)
    if last is not None:
        yield last


def _widened(span: Span, was: int, now: int) -> Span:
    """Widen a span by a word where one of its sides is empty: by the word before, or else the one behind."""
    a, b, c, d = span
    if a < b and c < d:
        return span
    if a and c:
        return a - 1, b, c - 1, d
    return a, min(b + 1, was), c, min(d + 1, now)


def in_lines(old: bytes, new: bytes, old_name: str, new_name: str) -> str:
    """Give the unified diff of two UTF-8 files, empty where no line differs. Line ends are not compared."""
    was, now = (data.decode("utf-8-sig").splitlines() for data in (old, new))
    return "\n".join(unified_diff(was, now, old_name, new_name, lineterm=""))


def takes_back(before: bytes, since: bytes, now: bytes) -> bool:
    """Say whether a file lacks part of the change that led from one version of it to a later one.

    Lines are counted, wherever they stand: one that came with the change is missing, or one that went is back.
    """
    was, changed, found = (_lines(data) for data in (before, since, now))
    return bool((changed - was) - found) or bool((was - changed) & (found - changed))


def _lines(data: bytes) -> Counter[bytes]:
    return Counter(line.strip() for line in data.splitlines() if line.strip())
