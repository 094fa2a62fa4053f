"""The words of a report: which compounds it writes with a hyphen, and whether a paragraph ends or goes on."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from briefs.importing.blocks import Block

_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_CUT = re.compile(r"([^\s(\[\"“]*[^\W_])[-\u2010\u00ad]$")
_FIRST = re.compile(r"[^\W_]+")
# No word is longer; a search that goes further back takes time that grows with its square.
LONGEST = 80
_CLOSERS = "\"'”’»)]"
_ENDS = ".!?…:;。！？"
# After one of these an English sentence goes on, whatever the next word's first letter is.
_LEADS_ON = frozenset(
    {
        "a", "an", "and", "as", "at", "but", "by", "for", "from", "in", "into", "its", "of", "on", "or", "than",
        "that", "the", "their", "to", "under", "which", "with",
    }
)  # fmt: skip
# What keeps its hyphen before an adjective or a participle; a syllable's end is seldom one of these.
_HALVES = frozenset(
    {
        "all", "cross", "east", "ex", "far", "five", "four", "full", "half", "high", "large", "late", "long", "low",
        "mid", "near", "north", "one", "second", "self", "semi", "short", "single", "small", "so", "south", "state",
        "third", "three", "two", "well", "west",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Words:
    """The words and the hyphenated compounds that the text holds apart from its line ends, in lower case."""

    alone: frozenset[str] = field(default_factory=frozenset)
    compounds: frozenset[str] = field(default_factory=frozenset)


def words_of(blocks: Iterable[Block]) -> Words:
    """Collect the words; the two halves of a word cut at a line's end are none."""
    alone: set[str] = set()
    compounds: set[str] = set()
    cut = False
    for block in blocks:
        for line in block.lines:
            found = [word.lower() for word in _WORD.findall(line)]
            whole = found[1 if cut else 0 :]
            cut = bool(_CUT.search(line[-LONGEST:]))
            for word in whole[:-1] if cut else whole:
                (compounds if "-" in word else alone).add(word)
    return Words(frozenset(alone), frozenset(compounds))


def is_unfinished(text: str) -> bool:
    """Tell whether a text stops before the end of its sentence."""
    bare = text.rstrip().rstrip(_CLOSERS)
    return bool(bare) and bare[-1] not in _ENDS


def goes_on(before: str, after: str) -> bool:
    """Tell whether the second text continues the sentence in which the first stops."""
    if not is_unfinished(before):
        return False
    first = after.lstrip().lstrip("\"'“‘([")[:1]
    last = before[-LONGEST:].rstrip().rsplit(maxsplit=1)[-1:]
    leads_on = bool(last) and (last[0].lower() in _LEADS_ON or last[0][-1] in ",-\u2010\u00ad")
    return first.islower() or after.lstrip()[:1] in ",;)" or (leads_on and first.isalnum())


def joined(before: str, after: str, words: Words) -> str:
    """Join two texts that a break had parted; a hyphen at the break stays where the word has one."""
    before, after = before.rstrip(), after.lstrip()
    cut, first = _CUT.search(before[-LONGEST:]), _FIRST.match(after)
    if cut and first:
        keeps = before[-1] != "\u00ad" and _keeps_hyphen(cut[1], first[0], words)
        return before + after if keeps else before[:-1] + after
    wide = before[-1:] > "\u2e80" and after[:1] > "\u2e80"  # Chinese and Japanese have no spaces to lose
    return before + after if wide or not before or not after else f"{before} {after}"


def _keeps_hyphen(before: str, after: str, words: Words) -> bool:
    """Decide from the report's own words first: it mostly writes the word somewhere unbroken."""
    half = re.split(r"[^\w-]", before)[-1]
    last = half.rsplit("-", 1)[-1]
    if not after[0].islower() or half.isupper() or last.isupper() or last[-1].isdigit():
        return True
    if f"{half}-{after}".lower() in words.compounds:
        return True
    if f"{half}{after}".lower() in words.alone | words.compounds:
        return False
    named = last[0].isupper() and last.lower() in words.alone
    return named or last.lower() in _HALVES or {last.lower(), after.lower()} <= words.alone
