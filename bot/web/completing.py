"""Completion in the command box: command names first, then the values of their options."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.adapter import Front
from bot.web.incoming import ASK, completion_call
from commands import parsing
from commands.model import Choice, Command, Option, UserError
from scheduler.address import LOBBY

LIMIT = 25
# So many questions are offered beside the commands.
QUESTIONS = 6
# Stands for the word under the cursor, so that the parser itself says which option it belongs to.
_MARK = "\0"
_OPEN_QUOTE = re.compile(r'(?:^|(?<=\s))(?:[a-z][a-z0-9_-]*[=:])?"[^"]*$')
_WORD = re.compile(r"\S*$")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One line of the list: the words shown, what explains them, and what goes into the box."""

    label: str
    detail: str
    insert: str


@dataclass(frozen=True, slots=True)
class Suggestions:
    """The lines, and the span of the box that the chosen one replaces. `about` names what is asked for."""

    start: int
    end: int
    items: tuple[Suggestion, ...] = ()
    about: str = ""


async def suggestions(
    front: Front, line: str, cursor: int, accept_language: str, at: datetime
) -> Suggestions:
    """Suggest what may stand at the cursor, best first, at most 25."""
    head = line[: min(max(cursor, 0), len(line))]
    lead = len(head) - len(head.lstrip().removeprefix("/"))
    command = _written(front, head[lead:])
    if command is None:
        items = _commands(front, head[lead:])
        if "/" not in head[:lead]:
            items += await _questions(front, head[lead:], accept_language, at)
        return Suggestions(lead - head[:lead].count("/"), len(head), items[:LIMIT])
    rest_at = lead + len(command.path) + 1
    return await _options(front, command, head, rest_at, accept_language, at)


async def values(
    front: Front, path: str, name: str, partial: str, accept_language: str, at: datetime
) -> list[Choice]:
    """Suggest values for a field of a form."""
    command = front.find(path)
    option = next((each for each in command.options if each.name == name), None) if command else None
    if command is None or option is None:
        return []
    return await _choices(front, command, option, {}, partial, accept_language, at)


def _written(front: Front, body: str) -> Command | None:
    folded = body.casefold()
    found = [command for command in front.commands() if folded.startswith(f"{command.path} ")]
    return max(found, key=lambda command: len(command.path), default=None)


def _commands(front: Front, body: str) -> tuple[Suggestion, ...]:
    typed = " ".join(body.casefold().split())
    ranked = [(_rank(command, typed), command) for command in front.commands()]
    fitting = sorted((pair for pair in ranked if pair[0] is not None), key=lambda pair: pair[0] or 0)
    return tuple(
        Suggestion(f"/{c.path}", c.summary, f"/{c.path} " if c.options else f"/{c.path}")
        for _, c in fitting[:LIMIT]
    )


async def _questions(front: Front, typed: str, accept_language: str, at: datetime) -> tuple[Suggestion, ...]:
    """Suggest questions where no command is being typed: what is no command is asked."""
    command = front.find(ASK)
    if command is None or not typed.strip():
        return ()
    call = completion_call(command, {}, accept_language, at)
    found = await front.complete(call, "question", typed)
    return tuple(Suggestion(each.label, "", each.value) for each in found[:QUESTIONS])


def _rank(command: Command, typed: str) -> int | None:
    """Order commands: they begin so, a word of theirs does, they hold it, a word of their summary does."""
    words = re.split(r"[\s-]+", command.path)
    tests = (
        command.path.startswith(typed),
        any(word.startswith(typed) for word in words),
        typed in command.path,
        re.search(rf"\b{re.escape(typed)}", command.summary.casefold()) is not None,
    )
    return next((rank for rank, passed in enumerate(tests) if passed), None)


@dataclass(frozen=True, slots=True)
class _Place:
    """The option at the cursor: where its value begins in the text, and what is written of it.

    `prefix` is `name=` where the option is written by name; `given` are the other options.
    """

    option: Option
    start: int
    prefix: str
    partial: str
    given: Mapping[str, str]


async def _options(
    front: Front, command: Command, head: str, rest_at: int, accept_language: str, at: datetime
) -> Suggestions:
    rest = head[rest_at:]
    span = _OPEN_QUOTE.search(rest) or _WORD.search(rest)
    assert span is not None  # _WORD matches the empty word too
    place, given = _place(command, rest, span)
    if place is None:
        return Suggestions(rest_at + span.start(), len(head), _names(command, given, span.group()))
    found = await _choices(front, command, place.option, place.given, place.partial, accept_language, at)
    items = [
        Suggestion(c.label, "" if c.label == c.value else c.value, _insert(place.prefix, c.value))
        for c in found
    ]
    if not place.prefix and place.start == span.start():
        items += _names(command, {**place.given, place.option.name: ""}, span.group())
    about = f"{place.option.name}: {place.option.description}"
    return Suggestions(rest_at + place.start, len(head), tuple(items[:LIMIT]), about)


def _place(command: Command, rest: str, span: re.Match[str]) -> tuple[_Place | None, dict[str, str]]:
    """Find the option at the cursor, and the options written before it."""
    given, marked = _given(command, rest[: span.start()])
    known = {option.name: option for option in command.options}
    named = re.match(r"([a-z][a-z0-9_-]*)[=:]", span.group())
    if named and named[1] in known:
        partial = span.group()[named.end() :].lstrip('"')
        others = {name: value for name, value in given.items() if name not in (named[1], marked)}
        return _Place(known[named[1]], span.start(), named.group(), partial, others), given
    if not marked:
        return None, given
    start = _start_of(rest, given.pop(marked).removesuffix(_MARK), span.start())
    if start is None:
        return None, {**given, **dict.fromkeys(known, "")}
    return _Place(known[marked], start, "", rest[start:].lstrip('"'), given), given


def _given(command: Command, before: str) -> tuple[dict[str, str], str]:
    """Return the options written before the cursor, and the name of the one at it (empty for none)."""
    words = parsing.words(before)
    try:
        found = parsing.options(command, [*words, (_MARK, False)])
    except UserError:
        return _without_mark(command, words), ""
    return found, next((name for name, value in found.items() if value.endswith(_MARK)), "")


def _without_mark(command: Command, words: list[tuple[str, bool]]) -> dict[str, str]:
    try:
        return parsing.options(command, words)
    except UserError:
        return {}


def _start_of(rest: str, before: str, word: int) -> int | None:
    """Find where a value of several words begins; None where other options stand between its words."""
    if not before:
        return word
    found = re.search(r"\s+".join(map(re.escape, before.split())) + r"\s+$", rest[:word])
    return found.start() if found else None


async def _choices(
    front: Front,
    command: Command,
    option: Option,
    given: Mapping[str, str],
    partial: str,
    accept_language: str,
    at: datetime,
) -> list[Choice]:
    if option.completes is not None:
        call = completion_call(command, given, accept_language, at)
        return list(await front.complete(call, option.name, partial))[:LIMIT]
    folded = partial.casefold()
    fixed = {"boolean": (Choice("yes", "yes"), Choice("no", "no")), "channel": (Choice("lobby", str(LOBBY)),)}
    listed = option.choices or fixed.get(option.kind, ())
    return [each for each in listed if folded in each.label.casefold() or folded in each.value.casefold()]


def _names(command: Command, given: Mapping[str, str], typed: str) -> tuple[Suggestion, ...]:
    """Offer the options that are not written yet, by name."""
    return tuple(
        Suggestion(f"{option.name}=", option.description, f"{option.name}=")
        for option in command.options
        if option.name not in given and option.name.startswith(typed.casefold())
    )


def _insert(prefix: str, value: str) -> str:
    return f'{prefix}"{value}" ' if re.search(r"\s", value) or not value else f"{prefix}{value} "
