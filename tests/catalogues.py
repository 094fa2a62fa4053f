"""The sentences that are marked in the code and in the page's templates, and the catalogues that hold them.

`python -m tests.catalogues` (`make catalogues`) brings the catalogues up to date: new sentences stand empty,
those that went are taken out, translations stay. Nothing is guessed from a sentence that looks alike.
"""

import ast
from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir, extract_python
from babel.messages.pofile import read_po, write_po

from commands.wording import CATALOGUES

ROOT = Path(__file__).parent.parent
ROOMS = ("briefs", "scheduler", "commands", "bot")
METHODS: list[tuple[str, Any]] = [("**.html", "jinja2")]
OPTIONS = {"**.html": {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}}
KEYWORDS = {**DEFAULT_KEYWORDS, "N_": None, "n_": (1, 2), "UserError": None}
AT_ONCE = {"speaking": "_", "counting": "n_"}
WIDTH = 116
SINCE = datetime(2026, 1, 1, tzinfo=UTC)


def said_at_once(file: Any, keywords: Any, tags: Collection[str], options: Any) -> Iterator[Any]:
    """Read Python as Babel does, and `speaking(language)("…")` and `counting(language)("…", "…", n)` as well."""
    yield from extract_python(file, keywords, tags, options)
    file.seek(0)
    for node in ast.walk(ast.parse(file.read())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Call):
            name = getattr(node.func.func, "id", "")
            words = [each.value for each in node.args if isinstance(each, ast.Constant)]
            if name in AT_ONCE and words:
                yield node.lineno, AT_ONCE[name], words[0] if name == "speaking" else tuple(words), []


METHODS.append(("**.py", said_at_once))


def extracted() -> Catalog:
    """Collect every marked sentence with the files in which it stands."""
    found = Catalog(project="Briefbot", charset="utf-8")
    for room in ROOMS:
        for name, _line, message, _comments, context in extract_from_dir(
            ROOT / room, METHODS, OPTIONS, keywords=KEYWORDS
        ):
            place = (f"{room}/{Path(name).as_posix()}", 0)
            found.add(message, locations=[place], context=context)
    for each in found:
        each.locations = sorted(set(each.locations))
    return found


def path(language: str) -> Path:
    """Where a language's catalogue stands."""
    return CATALOGUES / language / "LC_MESSAGES" / "briefbot.po"


def read(language: str) -> Catalog:
    """Read a language's catalogue."""
    with path(language).open("rb") as file:
        return read_po(file, locale=language)


def update(language: str) -> Catalog:
    """Bring a language's catalogue up to date."""
    made, template = read(language), extracted()
    # Dates and addresses in its head would differ on every machine and say nothing.
    template.creation_date = made.creation_date = made.revision_date = SINCE
    made.update(template, no_fuzzy_matching=True)
    made.msgid_bugs_address, made.last_translator, made.language_team = "", "", f"{language} <>"
    with path(language).open("wb") as file:
        write_po(file, made, width=WIDTH, ignore_obsolete=True, include_lineno=False)
    return made


def missing(catalogue: Catalog) -> list[str]:
    """The sentences without a translation; of a plural its first form."""
    return [
        each.id if isinstance(each.id, str) else each.id[0]
        for each in catalogue
        if each.id and not all(translations(each))
    ]


def translations(message: Message) -> list[str]:
    """A sentence's translation; of a plural every form."""
    found: Any = message.string or ""
    return [found] if isinstance(found, str) else list(found)


if __name__ == "__main__":
    for language in ("ja", "ko"):
        made = update(language)
        print(f"{language}: {len(made)} sentences, {len(missing(made))} to translate")
