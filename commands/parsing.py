"""Typed lines and option values: one reading for Slack's text, the page's box and Discord's fields."""

import re
from collections.abc import Mapping, Sequence

from rapidfuzz import fuzz, process

from briefs.marking import N_, reason
from briefs.schema import ZONES, calendar_date
from commands.model import Command, Option, OptionValue, UserError

_OPENERS = {'"': '"', "“": "”", "'": "'", "‘": "’", "«": "»"}
_NAMED = re.compile(r"^([a-z][a-z0-9_-]*)[=:](.*)$", re.DOTALL)
_YES = frozenset({"yes", "true", "on", "1", "y"})
_NO = frozenset({"no", "false", "off", "0", "n"})


def words(line: str) -> list[tuple[str, bool]]:
    """Split a line at white space; a quoted part is one word. Each word says whether it was quoted.

    A quotation mark opens only at the start of a word or after `name=`, so that an apostrophe inside a
    word stays what it is. An opening mark without its partner is an ordinary character.
    """
    found: list[tuple[str, bool]] = []
    rest = line.strip()
    while rest:
        word, quoted, rest = _next_word(rest)
        found.append((word, quoted))
        rest = rest.lstrip()
    return found


def _next_word(rest: str) -> tuple[str, bool, str]:
    named = re.match(r"[a-z][a-z0-9_-]*[=:]", rest)
    head = named.group() if named and rest[named.end() : named.end() + 1] in _OPENERS else ""
    body = rest[len(head) :]
    closer = _OPENERS.get(body[:1])
    end = body.find(closer, 1) if closer else -1
    if end > 0 and (end + 1 == len(body) or body[end + 1].isspace()):
        return head + body[1:end], not head, body[end + 1 :]
    plain = rest.split(None, 1)
    return plain[0], False, plain[1] if len(plain) > 1 else ""


def options(command: Command, given: Sequence[tuple[str, bool]]) -> dict[str, str]:
    """Give each word its option: `name=value` by name, the others in the command's order.

    Required free text takes all that is left. Raises UserError for a word too many.
    """
    known = {option.name: option for option in command.options}
    found: dict[str, str] = {}
    loose: list[str] = []
    for word, quoted in given:
        named = None if quoted else _NAMED.match(word)
        if named and named[1] in known:
            found[named[1]] = named[2]
        else:
            loose.append(word)
    _place(command, [option for option in command.options if option.name not in found], loose, found)
    return found


def _place(command: Command, free: Sequence[Option], loose: list[str], found: dict[str, str]) -> None:
    for option in free:
        if not loose:
            return
        count = _width(option, loose)
        found[option.name] = " ".join(loose[:count])
        del loose[:count]
    if loose:
        raise UserError(
            "/{command} does not know what to do with “{words}”; {usage}",
            command=command.path,
            words=" ".join(loose),
            usage=usage(command),
        )


def _width(option: Option, loose: list[str]) -> int:
    """Count the words that an option takes: free text all of them, a pattern as many as match it."""
    if option.kind == "text" and option.required and option.completes is None:
        return len(loose)
    matched = re.match(rf"(?:{option.pattern})(?=\s|$)", " ".join(loose)) if option.pattern else None
    return len(matched.group().split()) if matched else 1


def usage(command: Command) -> str:
    """Say how a command is written, with an example."""
    parts = [option.name if option.required else f"[{option.name}]" for option in command.options]
    line = " ".join([f"/{command.path}", *parts])
    if command.example:
        return N_("write {line}, for example {example}", line=line, example=command.example)
    return N_("write {line}", line=line)


def coerce(command: Command, given: Mapping[str, OptionValue]) -> dict[str, OptionValue]:
    """Turn each value into its option's type; raise UserError naming the option, the value and an example.

    Options left out get their default where they have one.
    """
    typed: dict[str, OptionValue] = {
        option.name: option.default for option in command.options if option.default is not None
    }
    known = {option.name: option for option in command.options}
    for name, value in given.items():
        if name not in known:
            raise UserError(
                "/{command} has no option “{name}”; {usage}",
                command=command.path,
                name=name,
                usage=usage(command),
            )
        if value != "":
            typed[name] = _typed(known[name], value)
    return typed


def _typed(option: Option, value: OptionValue) -> OptionValue:
    match option.kind:
        case "integer":
            return _integer(option, value)
        case "boolean":
            return _boolean(option, value)
        case "choice":
            return _choice(option, str(value))
        case "date":
            return _date(option, str(value))
        case "zone":
            return _zone(str(value))
    return value if isinstance(value, str) else str(value)


def _integer(option: Option, value: OptionValue) -> int:
    try:
        return int(value)
    except ValueError:
        raise UserError(
            "{option} is a whole number, not “{value}”; write it like {option}=5.",
            option=option.name,
            value=value,
        ) from None


def _boolean(option: Option, value: OptionValue) -> bool:
    if isinstance(value, bool):
        return value
    folded = str(value).casefold()
    if folded in _YES | _NO:
        return folded in _YES
    raise UserError(
        "{option} is yes or no, not “{value}”; write it like {option}=yes.", option=option.name, value=value
    )


def _choice(option: Option, value: str) -> str:
    for choice in option.choices:
        if value.casefold() in {choice.value.casefold(), choice.label.casefold()}:
            return choice.value
    allowed = ", ".join(choice.value for choice in option.choices)
    raise UserError(
        "{option} is one of {allowed}, not “{value}”; write it like {option}={first}.",
        option=option.name,
        allowed=allowed,
        value=value,
        first=option.choices[0].value,
    )


def _date(option: Option, value: str) -> str:
    try:
        return str(calendar_date(value))
    except ValueError as problem:
        raise UserError(
            "{option}: “{value}” is {problem}.", option=option.name, value=value, problem=reason(problem)
        ) from None


def _zone(value: str) -> str:
    by_fold = {zone.casefold(): zone for zone in ZONES}
    found = by_fold.get(value.casefold().replace(" ", "_"))
    if found is None:
        near = process.extractOne(value, by_fold.values(), scorer=fuzz.WRatio)
        raise UserError(
            "“{value}” is no time zone of the IANA list; the nearest is {near}. Write it like zone=Asia/Tokyo.",
            value=value, near=near[0],
        )  # fmt: skip
    return found
