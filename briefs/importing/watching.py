"""Watch dates proposed: each day and month that the report names, with its sentence."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from briefs.importing.mentions import Exact, Mention
from briefs.importing.proposals import LONGEST_QUOTE, Proposal, titled
from briefs.importing.slugs import slug, unused

MOST = 100
_NAME_AFTER = re.compile(r"^\s+([A-Z][\w’'-]*(?:\s+(?:[A-Z][\w’'-]*|(?:of|the|on|for|and|in)(?!\w)))*)")
_SMALL_END = re.compile(r"(?:\s+(?:of|the|on|for|and|in))+$")


def watched(found: Iterable[Mention], published: date, used: set[str]) -> tuple[list[Proposal], int]:
    """Propose a watch date for each day and month, and say how many were left out.

    The day of publication is none, and a date counts once a passage.
    """
    named: dict[tuple[str, str], Mention] = {}
    for mention in found:
        when = when_of(mention)
        if when and mention.day != published:
            named.setdefault((when, mention.passage), mention)
    dates = list(named.items())
    proposals = [_proposal(mention, when, published, used) for (when, _), mention in dates[:MOST]]
    return proposals, len(dates) - len(proposals)


def when_of(mention: Mention) -> str:
    """Write the date as a watch date needs it, or nothing where the text does not even give the month."""
    if mention.day is None or mention.exact not in (Exact.day, Exact.yearless, Exact.month):
        return ""
    return mention.day.strftime("%Y-%m") if mention.exact is Exact.month else mention.day.isoformat()


def unwatched(found: Iterable[Mention]) -> list[Mention]:
    """Give the dates that are no watch dates yet, because the text gives no month: each sentence once."""
    return list({(each.words, each.sentence): each for each in found if not when_of(each)}.values())


def _proposal(mention: Mention, when: str, published: date, used: set[str]) -> Proposal:
    title = _title(mention)
    data: dict[str, Any] = {
        "id": unused(slug(title, 32) or f"date-{when}", used),
        "title": title,
        "date": when,
    }
    assert mention.day is not None  # when_of gave a date
    if mention.day > published:
        data["remind"] = ["30d", "7d", "1d"]
    data["basis"] = {"passage": mention.passage, "quote": _quote(mention)}
    data["touches"] = [mention.passage]
    return Proposal(data, _why(mention, published))


def _title(mention: Mention) -> str:
    """Name the date by the report's words: with the name that follows it, or by its sentence."""
    at = mention.sentence.find(mention.words)
    name = _NAME_AFTER.match(mention.sentence[at + len(mention.words) :])
    words = _SMALL_END.sub("", name[1]) if name else ""
    if words:
        return _plain(titled(f"{mention.words} {words}"))
    sentence = titled(mention.sentence)
    return _plain(sentence if mention.words in sentence else titled(f"{mention.words}: {mention.sentence}"))


def _plain(title: str) -> str:
    """Write braces round: in a title they stand for the number of an anniversary."""
    return title.replace("{", "(").replace("}", ")")


def _quote(mention: Mention) -> str:
    if len(mention.sentence) <= LONGEST_QUOTE:
        return mention.sentence.strip()
    return mention.words


def _why(mention: Mention, published: date) -> str:
    said = f"the report says “{mention.words}”"
    if mention.exact is Exact.yearless and mention.day:
        said += f" without a year; {mention.day.year} brings it nearest to the day of publication"
    when = (
        "it is over, and sends no reminder" if mention.day and mention.day <= published else "it is to come"
    )
    return f"{said}; {when}. Is the day right, in which zone is it counted, and does it matter?"
