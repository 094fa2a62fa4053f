"""The form of a rule, and the ways to state one. The rules themselves stand in the `*_rules` tables.

Sources, as in each row: D = Discord developer docs (page), O = Discord's API description (schema).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from .errors import ApiError, Json

Path = tuple[str, ...]


class Fault(NamedTuple):
    """Where a body breaks a rule, with Discord's code and sentence for it."""

    path: Path
    code: str
    message: str


@dataclass(frozen=True)
class Rule:
    """One row: `name` says what is limited, `source` where that stands, `check` finds the faults."""

    name: str
    source: str
    check: Callable[[Any], Iterable[Fault]]


def refuse(rules: Iterable[Rule], body: Any, *, under: Path = ()) -> None:
    """Raises Invalid Form Body with every fault that the rules find, as the platform does."""
    faults = [fault for rule in rules for fault in rule.check(body)]
    if faults:
        raise ApiError(50035, errors=nested(faults, under))


def invalid(path: Path, code: str, message: str) -> ApiError:
    """An Invalid Form Body with one fault."""
    return ApiError(50035, errors=nested([Fault(path, code, message)]))


def nested(faults: Iterable[Fault], under: Path = ()) -> Json:
    """Discord's error tree (docs: reference, Error Messages): keys and indices, `_errors` at the leaves."""
    tree: Json = {}
    for fault in faults:
        leaf = tree
        for key in (*under, *fault.path):
            leaf = leaf.setdefault(key, {})
        leaf.setdefault("_errors", []).append({"code": fault.code, "message": fault.message})
    return tree


def select(body: Any, pattern: str) -> Iterator[tuple[Path, Any]]:
    """Path and value of everything present and not null at a dotted pattern; `*` is any list index."""
    found: list[tuple[Path, Any]] = [((), body)]
    for key in filter(None, pattern.split(".")):
        found = [step for path, value in found for step in _steps(path, value, key)]
    return iter(found)


def _steps(path: Path, value: Any, key: str) -> Iterator[tuple[Path, Any]]:
    if key == "*" and isinstance(value, list):
        yield from (((*path, str(index)), item) for index, item in enumerate(value))
    elif isinstance(value, dict) and value.get(key) is not None:
        yield (*path, key), value[key]


def walk(parts: Any, path: Path = ("components",)) -> Iterator[tuple[Path, Json]]:
    """Every component at any depth, with its path."""
    for index, part in enumerate(parts or []):
        here = (*path, str(index))
        yield here, part
        yield from walk(part.get("components"), (*here, "components"))
        for key in ("accessory", "component"):
            if part.get(key):
                yield (*here, key), part[key]


Finder = Callable[[Any], Iterator[tuple[Path, Any]]]


def at(pattern: str) -> Finder:
    """Finds by dotted pattern."""
    return lambda body: select(body, pattern)


def part(types: set[int], pattern: str) -> Finder:
    """Finds by dotted pattern inside the components of these types."""

    def find(body: Any) -> Iterator[tuple[Path, Any]]:
        for path, component in walk(body.get("components")):
            if component.get("type") in types:
                yield from ((path + inner, value) for inner, value in select(component, pattern))

    return find


def length(name: str, where: Finder, low: int, high: int, source: str) -> Rule:
    """A text of `low` to `high` characters. Ends are trimmed first (D: resources/message, Embed Limits)."""

    def check(body: Any) -> Iterator[Fault]:
        for path, value in where(body):
            size = len(value.strip()) if isinstance(value, str) else 0
            if not low <= size <= high:
                yield _bad_length(path, low, high, size)

    return Rule(name, source, check)


def count(name: str, where: Finder, low: int, high: int, source: str) -> Rule:
    """A list of `low` to `high` entries."""

    def check(body: Any) -> Iterator[Fault]:
        for path, value in where(body):
            if not low <= len(value) <= high:
                yield _bad_length(path, low, high, len(value))

    return Rule(name, source, check)


def _bad_length(path: Path, low: int, high: int, size: int) -> Fault:
    if size == 0:
        return Fault(path, "BASE_TYPE_REQUIRED", "This field is required")
    if low:
        return Fault(path, "BASE_TYPE_BAD_LENGTH", f"Must be between {low} and {high} in length.")
    return Fault(path, "BASE_TYPE_MAX_LENGTH", f"Must be {high} or fewer in length.")


def between(name: str, where: Finder, low: float, high: float, source: str) -> Rule:
    """A number of `low` to `high`."""

    def check(body: Any) -> Iterator[Fault]:
        for path, value in where(body):
            if not low <= value <= high:
                message = f"int value should be between {low} and {high}."
                yield Fault(path, "NUMBER_TYPE_OUT_OF_RANGE", message)

    return Rule(name, source, check)


def holds(name: str, where: Finder, test: Callable[[Any], bool], code: str, says: str, source: str) -> Rule:
    """Whatever `test` says of each value."""

    def check(body: Any) -> Iterator[Fault]:
        return (Fault(path, code, says) for path, value in where(body) if not test(value))

    return Rule(name, source, check)


def unique(name: str, where: Finder, code: str, source: str) -> Rule:
    """No value occurs twice in the whole body."""

    def check(body: Any) -> Iterator[Fault]:
        seen: set[Any] = set()
        for path, value in where(body):
            if value in seen:
                yield Fault(path, code, f"{value!r} cannot be duplicated")
            seen.add(value)

    return Rule(name, source, check)
