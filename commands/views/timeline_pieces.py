"""Which entries of a timeline share a picture, so that each picture is whole on every platform."""

from collections.abc import Callable, Sequence

from commands.model import Listing
from commands.pages import REST, size
from commands.views.timeline_picture import Piece, Wanted, alt_text
from commands.views.timeline_words import Line, Teller
from commands.wording import speaking

# Slack takes 1,000 characters of alt text with a file, Discord 1,024.
ALT = 1000
# More entries than these make a picture that nobody reads in a chat, or anywhere.
ROWS, TALLEST = 10, 60


def pieces(lines: Sequence[Line], wanted: Wanted, teller: Teller, room: int) -> list[tuple[str, Piece]]:
    """Cut the entries: those around today, later ones in order, earlier ones from the nearest back."""
    _ = speaking(teller.language)
    if not lines:
        return []
    fits = _fitting(wanted, teller)
    start, end = _around(lines, lambda found: fits(found, room))
    found = [("", Piece(lines[start:end], lines[:start], lines[end:]))]
    at = end
    while at < len(lines):
        to = next((to for to in range(len(lines), at + 1, -1) if fits(lines[at:to], REST)), at + 1)
        found.append((_("Later"), Piece(lines[at:to], lines[:at], lines[to:])))
        at = to
    at = start
    while at > 0:
        since = next((since for since in range(at - 1) if fits(lines[since:at], REST)), at - 1)
        found.append((_("Earlier"), Piece(lines[since:at], lines[:since], lines[at:])))
        at = since
    return found


def _fitting(wanted: Wanted, teller: Teller) -> Callable[[Sequence[Line], int], bool]:
    """Say what one picture holds: so many entries that its alt text and its list are whole everywhere."""
    if wanted.whole:
        return lambda lines, _room: len(lines) <= TALLEST
    head = len(alt_text((), wanted, teller))

    def fits(lines: Sequence[Line], room: int) -> bool:
        said = size(Listing(tuple(line.said for line in lines)))
        alt = head + sum(len(line.alt) + 1 for line in lines)
        return len(lines) <= ROWS and said <= room and alt <= ALT

    return fits


def _around(lines: Sequence[Line], fits: Callable[[Sequence[Line]], bool]) -> tuple[int, int]:
    """Grow from today, now by one that comes, now by one that was, while it fits."""
    now = sum(line.row.tense == "past" for line in lines)
    start, end = (now, now + 1) if now < len(lines) else (now - 1, now)
    while True:
        before = start > 0 and fits(lines[start - 1 : end])
        after = end < len(lines) and fits(lines[start : end + 1])
        if not (before or after):
            return start, end
        if after and (end - now <= now - start or not before):
            end += 1
        else:
            start -= 1
