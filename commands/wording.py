"""Languages: gettext-marked sentences and dates as a reader of the language writes them."""

import gettext
import re
from collections.abc import Callable
from datetime import date, datetime
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path
from string import Formatter

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, format_time

from briefs.schema import CalendarDate, Precision
from commands.model import Inline, Text

CATALOGUES = Path(__file__).parent / "locale"
# Languages that have a catalogue, so that no sentence mixes two.
LANGUAGES = (
    "en",
    *sorted(found.parent.parent.name for found in CATALOGUES.glob("*/LC_MESSAGES/briefbot.po")),
)

Translate = Callable[[str], str]


@cache
def _read(language: str) -> tuple[gettext.NullTranslations, tuple[str, ...]]:
    """Read a language's translations, and the English sentences (without plurals) that have one.

    The .po file is their only source; a machine form is made in memory.
    """
    if language == "en" or language not in LANGUAGES:
        return gettext.NullTranslations(), ()
    from babel.messages.mofile import write_mo  # not needed where English is all that is spoken
    from babel.messages.pofile import read_po

    with (CATALOGUES / language / "LC_MESSAGES" / "briefbot.po").open("rb") as file:
        read = read_po(file, locale=language)
    for message in list(read):
        forms = message.string if isinstance(message.string, tuple) else (message.string,)
        if message.id and not all(forms):
            del read[message.id]
    made = BytesIO()
    write_mo(made, read)
    made.seek(0)
    sentences = tuple(each.id for each in read if each.id and isinstance(each.id, str))
    return gettext.GNUTranslations(made), sentences


def warm() -> None:
    """Read every catalogue and the forms of its dates (some 50 ms each), so that no reader waits for them."""
    for language in LANGUAGES:
        speaking(language)
        long_date(date(2000, 1, 1), language)


def speaking(language: str) -> Translate:
    """Return the `_` of the language; English where a sentence has no translation."""
    return _read(language)[0].gettext


def counting(language: str) -> Callable[[str, str, int], str]:
    """Return the ngettext of the language."""
    return _read(language)[0].ngettext


@cache
def recalling(language: str) -> Translate:
    """Return what translates a sentence that was stored in English with its {names} filled in.

    Reasons of refusals and stops are stored like that. What no entry of the catalogue fits stays as it is.
    """
    _ = speaking(language)
    if language == "en":
        return _
    forms = _forms(language)

    def recall(words: str) -> str:
        said = _(words)
        if said != words or not words:
            return said
        for pattern, sentence in forms:
            if found := pattern.fullmatch(words):
                values = {name: recall(value) for name, value in found.groupdict().items()}
                return _(sentence).format(**values)
        return words

    return recall


# A form with less of its own words would fit anything.
_OWN_WORDS = 12


def _forms(language: str) -> list[tuple[re.Pattern[str], str]]:
    """The sentences with {names} that a language has, as patterns, those with the most words of their own first."""
    found: list[tuple[int, re.Pattern[str], str]] = []
    for sentence in _read(language)[1]:
        parts = list(Formatter().parse(sentence))
        names = [name for _words, name, _spec, _conversion in parts if name]
        own = sum(len(words) for words, _name, _spec, _conversion in parts)
        if names and own >= _OWN_WORDS and len(set(names)) == len(names):
            pattern = "".join(re.escape(w) + (f"(?P<{n}>.+?)" if n else "") for w, n, _s, _c in parts)
            found.append((own, re.compile(pattern, re.DOTALL), sentence))
    return [(pattern, sentence) for _own, pattern, sentence in sorted(found, key=lambda each: -each[0])]


@cache
def language_of(locale: str) -> str:
    """Reduce a platform's locale (`en-US`, `ja-JP`) to one of LANGUAGES."""
    try:
        found = Locale.parse(locale, sep="-" if "-" in locale else "_").language
    except (ValueError, UnknownLocaleError):
        return "en"
    return found if found in LANGUAGES else "en"


@lru_cache(maxsize=4096)
def long_date(day: CalendarDate | date, language: str) -> str:
    """Write a day, a month, or a day with its time, in full: `December 18, 2026`.

    A day is never given a clock time, a month never a day.
    """
    if not isinstance(day, CalendarDate):
        return str(format_date(day, "long", locale=language))
    if day.precision is Precision.month:
        return str(format_skeleton("yMMMM", datetime(day.day.year, day.day.month, 1), locale=language))  # noqa: DTZ001  # a month has no zone
    written = str(format_date(day.day, "long", locale=language))
    return written if day.at is None else f"{written}, {format_time(day.at, 'short', locale=language)}"


def filled(sentence: str, **parts: Inline | Text | int) -> Text:
    """Fill a sentence's {names} with inline parts, in the order that its language has."""
    return filled_by(sentence, parts.__getitem__)


def filled_by(sentence: str, find: Callable[[str], Inline | Text | int]) -> Text:
    """Fill a sentence's {names} with what `find` gives for them."""
    found: list[Inline] = []
    for words, name, _spec, _conversion in Formatter().parse(sentence):
        found += [words] if words else []
        part = find(name) if name is not None else ()
        found += part if isinstance(part, tuple) else [str(part) if isinstance(part, int) else part]
    return tuple(found)
