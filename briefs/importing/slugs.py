"""Ids and command names made of a text's own words."""

import re
import unicodedata
from collections.abc import Iterator
from itertools import count

from briefs.folding import fold

LONGEST_ID = 40
# Words that say nothing about the subject.
STOP = frozenset(
    {
        "a", "about", "after", "all", "also", "an", "and", "any", "are", "as", "at", "be", "been", "before",
        "but", "by", "can", "could", "did", "do", "does", "for", "from", "had", "has", "have", "he", "her",
        "his", "how", "if", "in", "into", "is", "it", "its", "may", "might", "more", "most", "must", "no",
        "nor", "not", "of", "on", "one", "or", "other", "our", "out", "over", "own", "she", "should", "so",
        "some", "such", "than", "that", "the", "their", "them", "then", "there", "these", "they", "this",
        "those", "to", "under", "up", "was", "we", "were", "what", "when", "where", "which", "while", "who",
        "why", "will", "with", "would", "year", "years", "you",
    }
)  # fmt: skip


def slug(words: str, longest: int = LONGEST_ID) -> str:
    """Make a kebab-case id of the words that matter, as many as fit; nothing where no letter is Latin."""
    decomposed = unicodedata.normalize("NFKD", fold(words).replace("'", ""))
    plain = decomposed.encode("ascii", "ignore").decode()
    found: list[str] = re.findall(r"[a-z0-9]+", plain.lower())
    kept = [word for word in found if word not in STOP] or found
    chosen = ""
    for word in kept:
        if chosen and len(chosen) + len(word) + 1 > longest:
            break
        chosen = f"{chosen}-{word}".strip("-")[:longest]
    return chosen


def unused(wanted: str, used: set[str]) -> str:
    """Give an id that is not in use, and note that it is now."""
    id_ = next(each for each in _numbered(wanted) if each not in used)
    used.add(id_)
    return id_


def _numbered(wanted: str) -> Iterator[str]:
    yield wanted
    yield from (f"{wanted}-{number}" for number in count(2))
