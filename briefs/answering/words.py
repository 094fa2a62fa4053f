"""Which words of a question weigh nothing or little, and which stand for one another (words.yaml)."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Any

import yaml


@cache
def _stemmer() -> Any:
    # The package imports the stemmers of thirty languages, about 0.1 s: the first question waits, not the start.
    import snowballstemmer

    return snowballstemmer.stemmer("english")


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """Give the stem of one English word in lower case (Snowball's Porter2)."""
    return str(_stemmer().stemWord(word))


@dataclass(frozen=True)
class Words:
    """Stems that weigh nothing, stems that weigh little, and the term of each group of synonyms by its stems."""

    empty: frozenset[str]
    light: frozenset[str]
    alike: dict[tuple[str, ...], str]
    longest: int

    def merged(self, stems: Sequence[str]) -> list[str]:
        """Put the group's term in the place of each word or phrase of a group, the longest phrase first."""
        found, at = [], 0
        while at < len(stems):
            term, length = self._group(stems, at)
            found.append(term)
            at += length
        return found

    def _group(self, stems: Sequence[str], at: int) -> tuple[str, int]:
        for length in range(min(self.longest, len(stems) - at), 0, -1):
            term = self.alike.get(tuple(stems[at : at + length]))
            if term is not None:
                return term, length
        return stems[at], 1


@cache
def words() -> Words:
    """Read words.yaml, once."""
    with resources.files(__package__).joinpath("words.yaml").open(encoding="utf-8") as opened:
        read = yaml.load(opened, Loader=yaml.CSafeLoader)
    alike = {
        tuple(stem(word) for word in phrase.casefold().replace("-", " ").split()): f"like{at}"
        for at, group in enumerate(read["alike"])
        for phrase in group
    }
    empty = frozenset(map(stem, read["empty"]))
    return Words(empty, frozenset(map(stem, read["light"])) - empty, alike, max(map(len, alike), default=1))
