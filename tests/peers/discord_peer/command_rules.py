"""What Discord refuses in a command (D: interactions/application-commands)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Any

from .errors import Json
from .rules import Fault, Path, Rule, at, between, count, holds, length, unique

COMMANDS = "D: interactions/application-commands"
SUBCOMMAND, GROUP, STRING, INTEGER, NUMBER = 1, 2, 3, 4, 10
LOCALES = frozenset({
    *("ar", "bg", "cs", "da", "de", "el", "en-GB", "en-US", "es-419", "es-ES", "fi", "fr", "he", "hi", "hr"),
    *("hu", "id", "it", "ja", "ko", "lt", "nl", "no", "pl", "pt-BR", "ro", "ru", "sv-SE", "th", "tr", "uk"),
    *("vi", "zh-CN", "zh-TW"),
})  # fmt: skip


def options(holder: Json, path: Path = ()) -> Iterator[tuple[Path, Json]]:
    """Every option at any depth, with its path."""
    for index, option in enumerate(holder.get("options") or []):
        here = (*path, "options", str(index))
        yield here, option
        yield from options(option, here)


def _holders(command: Json) -> Iterator[tuple[Path, Json]]:
    yield (), command
    yield from options(command)


def _inside(pattern: str, types: set[int] | None = None) -> Any:
    """Finds by pattern in the options of these types, at any depth."""
    find = at(pattern)

    def finder(command: Json) -> Iterator[tuple[Path, Any]]:
        for path, option in options(command):
            if types is None or option.get("type") in types:
                yield from ((path + inner, value) for inner, value in find(option))

    return finder


def _everywhere(pattern: str) -> Any:
    """Finds by pattern in the command and in each of its options."""
    find = at(pattern)

    def finder(command: Json) -> Iterator[tuple[Path, Any]]:
        for path, holder in _holders(command):
            yield from ((path + inner, value) for inner, value in find(holder))

    return finder


def is_name(name: str) -> bool:
    r"""Discord's ``^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$``, lowercase where a lowercase exists."""
    return 1 <= len(name) <= 32 and name == name.lower() and all(map(_is_name_character, name))


def _is_name_character(character: str) -> bool:
    script = unicodedata.name(character, "").split(" ")[0]
    in_category = unicodedata.category(character)[0] in "LN"
    return character in "-_'" or in_category or script in ("DEVANAGARI", "THAI")


def _names(command: Json) -> Iterator[Fault]:
    slash = (command.get("type") or 1) == 1
    for path, holder in _holders(command):
        name = holder.get("name") or ""
        if not (is_name(name) if slash else 1 <= len(name) <= 32):
            yield Fault((*path, "name"), "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")


def _descriptions(command: Json) -> Iterator[Fault]:
    if (command.get("type") or 1) != 1:
        if command.get("description"):
            yield Fault(("description",), "BASE_TYPE_BAD_LENGTH", "Context menu commands have no description")
        return
    for path, holder in _holders(command):
        if not 1 <= len((holder.get("description") or "").strip()) <= 100:
            message = "Must be between 1 and 100 in length."
            yield Fault((*path, "description"), "BASE_TYPE_BAD_LENGTH", message)


def _required_first(command: Json) -> Iterator[Fault]:
    for path, holder in _holders(command):
        wants = [bool(option.get("required")) for option in holder.get("options") or []]
        if wants != sorted(wants, reverse=True):
            code = "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID"
            yield Fault(
                (*path, "options"), code, "Required options must be placed before non-required options"
            )


def _option_names(command: Json) -> Iterator[Fault]:
    for path, holder in _holders(command):
        names = [option.get("name") for option in holder.get("options") or []]
        if len(set(names)) < len(names):
            code = "APPLICATION_COMMAND_OPTIONS_NAME_INVALID"
            yield Fault((*path, "options"), code, "Option names must be unique")


def _nesting(command: Json) -> Iterator[Fault]:
    yield from _mixed(command, ())
    for path, option in options(command):
        depth, kind = path.count("options"), option.get("type")
        # command > group > subcommand > plain option, and nothing deeper
        under_group = depth == 2 and path[1] in _groups(command)
        misplaced = (kind == GROUP and depth > 1) or (kind == SUBCOMMAND and depth > 1 and not under_group)
        if misplaced or (under_group and kind != SUBCOMMAND):
            yield Fault((*path, "type"), "UNION_TYPE_CHOICES", "This option type cannot be nested here")
        yield from _mixed(option, path)


def _groups(command: Json) -> set[str]:
    listed = enumerate(command.get("options") or [])
    return {str(index) for index, option in listed if option.get("type") == GROUP}


def _mixed(holder: Json, path: Path) -> Iterator[Fault]:
    kinds = {option.get("type") in (SUBCOMMAND, GROUP) for option in holder.get("options") or []}
    if len(kinds) > 1:
        message = "Sub-command and sub-command group option types are mutually exclusive to all other types"
        yield Fault((*path, "options"), "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", message)


def _choices_or_completion(command: Json) -> Iterator[Fault]:
    for path, option in options(command):
        if option.get("autocomplete") and option.get("choices"):
            message = "autocomplete and choices cannot be used together"
            yield Fault(path, "APPLICATION_COMMAND_AUTOCOMPLETE_AND_CHOICES", message)


def size(command: Json) -> int:
    """Characters over names, descriptions and values; of each field the longest localisation only."""
    total = 0
    for _, holder in _holders(command):
        total += _longest(holder, "name") + _longest(holder, "description")
        for choice in holder.get("choices") or []:
            total += _longest(choice, "name") + len(str(choice.get("value", "")))
    return total


def _longest(holder: Json, key: str) -> int:
    texts = [holder.get(key) or "", *(holder.get(f"{key}_localizations") or {}).values()]
    return max(map(len, texts))


def _total(command: Json) -> Iterator[Fault]:
    if size(command) > 8000:
        code = "APPLICATION_COMMAND_TOO_LARGE"
        yield Fault((), code, "Command exceeds maximum size (8000)")


def _locales(command: Json) -> Iterator[Fault]:
    for path, holder in _holders(command):
        for key in ("name_localizations", "description_localizations"):
            unknown = set(holder.get(key) or {}) - LOCALES
            if unknown:
                message = f"Unknown locale {sorted(unknown)[0]}"
                yield Fault((*path, key), "APPLICATION_COMMAND_LOCALE_INVALID", message)


def _localised(key: str, high: int) -> Any:
    def check(command: Json) -> Iterator[Fault]:
        for path, holder in _holders(command):
            for locale, text in (holder.get(f"{key}_localizations") or {}).items():
                if not (is_name(text) if key == "name" else 1 <= len(text) <= high):
                    where = (*path, f"{key}_localizations", locale)
                    yield Fault(where, "APPLICATION_COMMAND_INVALID_NAME", f"Must be 1 to {high} in length.")

    return check


EXACT = 2**53 - 1
OPTION_TYPES = "D: application-commands (Option Type)"
COMMAND_RULES: tuple[Rule, ...] = (
    Rule("names", f"{COMMANDS} (Naming)", _names),
    Rule("descriptions", f"{COMMANDS}; O: ApplicationCommandCreateRequest", _descriptions),
    Rule("required options first", COMMANDS, _required_first),
    Rule("option names differ", COMMANDS, _option_names),
    Rule("nesting", f"{COMMANDS} (Subcommands)", _nesting),
    Rule("completion excludes choices", f"{COMMANDS} (Autocomplete)", _choices_or_completion),
    Rule("size of one command", f"{COMMANDS} (Slash Commands)", _total),
    Rule("locale codes", "O: AvailableLocalesEnum", _locales),
    Rule("localised names", f"{COMMANDS} (Localization)", _localised("name", 32)),
    Rule("localised descriptions", f"{COMMANDS} (Localization)", _localised("description", 100)),
    count("options", _everywhere("options"), 0, 25, COMMANDS),
    count("choices", _inside("choices"), 0, 25, COMMANDS),
    length("choice name", _inside("choices.*.name"), 1, 100, f"{COMMANDS} (Option Choice)"),
    length("choice value", _inside("choices.*.value", {STRING}), 1, 100, f"{COMMANDS} (Option Choice)"),
    between("least text length", _inside("min_length"), 0, 6000, COMMANDS),
    between("most text length", _inside("max_length"), 1, 6000, COMMANDS),
    between("least integer", _inside("min_value", {INTEGER}), -EXACT, EXACT, OPTION_TYPES),
    between("most integer", _inside("max_value", {INTEGER}), -EXACT, EXACT, OPTION_TYPES),
    between("least number", _inside("min_value", {NUMBER}), -(2**53), 2**53, OPTION_TYPES),
    between("most number", _inside("max_value", {NUMBER}), -(2**53), 2**53, OPTION_TYPES),
    count("file types", _inside("file_types"), 0, 10, "D: reference (File Type Filtering)"),
    holds("contexts", at("contexts.*"), lambda c: c in (0, 1, 2), "BASE_TYPE_CHOICES",
          "Value must be one of (0, 1, 2).", f"{COMMANDS} (Contexts)"),
    holds("install types", at("integration_types.*"), lambda kind: kind in (0, 1), "BASE_TYPE_CHOICES",
          "Value must be one of (0, 1).", COMMANDS),
)  # fmt: skip

LIST_RULES: tuple[Rule, ...] = (
    count("commands in one overwrite", at(""), 0, 130, "O: PUT /applications/{id}/commands"),
    unique(
        "command names differ",
        lambda body: (((str(i), "name"), (c.get("type") or 1, c.get("name"))) for i, c in enumerate(body)),
        "APPLICATION_COMMANDS_DUPLICATE_NAME",
        f"{COMMANDS} (Registering)",
    ),
)
