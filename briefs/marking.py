"""Sentences that are written in one place and translated in another: English until somebody says in which language."""

from collections.abc import Callable, Mapping
from typing import Self


class Sentence(str):
    """An English sentence that knows its catalogue entry, so that the edge can say it in a reader's language.

    It is the English text itself wherever nobody translates: in logs, in files, on the command line.
    `sentence` is the entry with its {names}, `values` fill them; a value that is Sentence is translated too.
    """

    __slots__ = ("sentence", "values")
    sentence: str
    values: Mapping[str, object]

    def __new__(cls, sentence: str, **values: object) -> Self:
        """Mark a sentence; with values its {names} are filled, without any it stands as it is."""
        made = super().__new__(cls, sentence.format(**values) if values else sentence)
        made.sentence, made.values = sentence, values
        return made

    def said(self, translate: Callable[[str], str]) -> str:
        """Return the sentence in a language."""
        words = translate(self.sentence)
        return words.format(**said_values(self.values, translate)) if self.values else words


class Made(Sentence):
    """What is made from a whole sentence, such as its first half: made anew from the translated whole."""

    __slots__ = ("make", "whole")
    whole: Sentence
    make: Callable[[str], str]

    def __new__(cls, whole: Sentence, make: Callable[[str], str]) -> Self:
        """Make it from a sentence."""
        made = str.__new__(cls, make(whole))
        made.sentence, made.values, made.whole, made.make = whole.sentence, whole.values, whole, make
        return made

    def said(self, translate: Callable[[str], str]) -> str:
        """Return it in a language."""
        return self.make(self.whole.said(translate))


def made(words: str, make: Callable[[str], str]) -> str:
    """Make something from words in every language; from words that are no sentence, once."""
    return Made(words, make) if isinstance(words, Sentence) else make(words)


def capital(words: str) -> str:
    """Begin a sentence with a capital, where its language has any."""
    return made(words, lambda whole: whole[:1].upper() + whole[1:])


def reason(problem: Exception) -> str:
    """Return what an error says, still marked where it is."""
    said = problem.args[0] if problem.args else ""
    return said if isinstance(said, str) else str(problem)


def said_values(values: Mapping[str, object], translate: Callable[[str], str]) -> dict[str, object]:
    """Translate those of a sentence's values that are sentences themselves."""
    return {
        name: spoken(value, translate) if isinstance(value, str) else value for name, value in values.items()
    }


def spoken(words: str, translate: Callable[[str], str]) -> str:
    """Translate what is marked, and leave the report's words, names and numbers as they are."""
    return words.said(translate) if isinstance(words, Sentence) else words


# Babel collects it under this name, which is gettext's own for a sentence translated later.
N_ = Sentence
