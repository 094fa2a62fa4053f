"""Languages: gettext-marked sentences and dates as a reader of the language writes them."""

import gettext
from collections.abc import Callable
from datetime import date, datetime
from functools import cache
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
def _catalogue(language: str) -> gettext.NullTranslations:
    """Read a language's translations. The .po file is their only source; a machine form is made in memory."""
    if language == "en" or language not in LANGUAGES:
        return gettext.NullTranslations()
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
    return gettext.GNUTranslations(made)


def warm() -> None:
    """Read every catalogue and the forms of its dates (some 50 ms each), so that no reader waits for them."""
    for language in LANGUAGES:
        speaking(language)
        long_date(date(2000, 1, 1), language)


def speaking(language: str) -> Translate:
    """Return the `_` of the language; English where a sentence has no translation."""
    return _catalogue(language).gettext


def counting(language: str) -> Callable[[str, str, int], str]:
    """Return the ngettext of the language."""
    return _catalogue(language).ngettext


@cache
def language_of(locale: str) -> str:
    """Reduce a platform's locale (`en-US`, `ja-JP`) to one of LANGUAGES."""
    try:
        found = Locale.parse(locale, sep="-" if "-" in locale else "_").language
    except (ValueError, UnknownLocaleError):
        return "en"
    return found if found in LANGUAGES else "en"


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
