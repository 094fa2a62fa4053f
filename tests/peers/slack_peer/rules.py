"""The form of a rule, and the ways to state one. The rules themselves stand in the tables beside this file.

Sources, as in each row: S = docs.slack.dev/<page>, N = slackapi/node-slack-sdk type comments,
P = slackapi/python-slack-sdk, M = slackapi/manifest-schema, (2nd) = a third party quoting the official page.

Two forms. A `Shape` says which keys an object has and how large each may be; a `Rule` says what no single
key can say. Both find faults in the words that Slack uses, each with its JSON pointer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from .errors import ApiError, Json

SCALARS: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "boolean": bool,
    "integer": int,
    "object": dict,
    "list": list,
    "anything": object,
}


class Fault(NamedTuple):
    """What is wrong, and where."""

    pointer: str
    message: str

    def __str__(self) -> str:
        return f"[ERROR] {self.message} [json-pointer:{self.pointer}]"


@dataclass(frozen=True)
class Field:
    """One key. `kind` is a scalar or the family of shapes that may stand there.

    low, high: characters of a string or of a text object, number of entries where `many`, value of an
    integer. each: the most characters of every entry of a list of texts or strings.
    """

    kind: str
    required: bool = False
    low: int | None = None
    high: int | None = None
    many: bool = False
    each: int | None = None
    one_of: tuple[str, ...] = ()


@dataclass(frozen=True)
class Shape:
    """An object: its keys, and the source of their limits. Every shape but an untyped one has a `type`."""

    source: str
    fields: Mapping[str, Field]
    typed: bool = True


@dataclass(frozen=True)
class Rule:
    """One row: `name` says what is limited, `source` where that stands, `check` finds the faults."""

    name: str
    source: str
    check: Callable[[Any], Iterable[Fault]]


class Node(NamedTuple):
    """An object found inside blocks, with the name of its shape."""

    pointer: str
    shape: str
    value: Json


@dataclass(frozen=True)
class Schema:
    """Shapes by name, and families: the names that may stand in one place."""

    shapes: Mapping[str, Shape]
    families: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def faults(self, kind: Field, value: Any, pointer: str) -> Iterator[Fault]:
        """Everything wrong with the value of a field."""
        if not kind.many:
            yield from self._one(kind, value, pointer)
        elif not isinstance(value, list):
            yield Fault(pointer, "must be an array")
        else:
            yield from _counted(kind, len(value), pointer)
            single = Field(kind.kind, low=1 if kind.each else None, high=kind.each)
            for index, item in enumerate(value):
                yield from self._one(single, item, f"{pointer}/{index}")

    def _one(self, kind: Field, value: Any, pointer: str) -> Iterator[Fault]:
        if kind.kind in SCALARS:
            yield from _scalar(kind, value, pointer)
            return
        name = self.shape_of(kind.kind, value)
        if name is None:
            found = value.get("type") if isinstance(value, dict) else value
            yield Fault(f"{pointer}/type", f"unsupported type: {found}")
            return
        yield from self._object(self.shapes[name], value, pointer)
        text = value.get("text")
        if (kind.low is not None or kind.high is not None) and isinstance(text, str):
            yield from _sized(kind, text, f"{pointer}/text")

    def _object(self, shape: Shape, value: Json, pointer: str) -> Iterator[Fault]:
        known = {*shape.fields, *(("type",) if shape.typed else ())}
        for key in value.keys() - known:
            yield Fault(pointer, f"invalid additional property: {key}")
        for key, kind in shape.fields.items():
            if key in value:
                yield from self.faults(kind, value[key], f"{pointer}/{key}")
            elif kind.required:
                yield Fault(pointer, f"missing required field: {key}")

    def shape_of(self, family: str, value: Any) -> str | None:
        """The name of the shape of this value where one of the family is wanted; None if it fits none."""
        if not isinstance(value, dict):
            return None
        names = self.families.get(family, (family,))
        untyped = [name for name in names if not self.shapes[name].typed]
        if untyped:
            return untyped[0]
        found = value.get("type")
        return next((name for name in names if name.rpartition(":")[2] == found), None)

    def nodes(self, kind: Field, value: Any, pointer: str) -> Iterator[Node]:
        """Every object of a known shape, outermost first; what is malformed is passed over."""
        if kind.kind in SCALARS:
            return
        if kind.many:
            for index, item in enumerate(value if isinstance(value, list) else ()):
                yield from self.nodes(Field(kind.kind), item, f"{pointer}/{index}")
            return
        name = self.shape_of(kind.kind, value)
        if name is None:
            return
        yield Node(pointer, name, value)
        for key, inner in self.shapes[name].fields.items():
            if key in value:
                yield from self.nodes(inner, value[key], f"{pointer}/{key}")


def _scalar(kind: Field, value: Any, pointer: str) -> Iterator[Fault]:
    wanted = SCALARS[kind.kind]
    if not isinstance(value, wanted) or (kind.kind == "integer" and isinstance(value, bool)):
        yield Fault(pointer, f"must provide a {kind.kind}")
    elif kind.one_of and value not in kind.one_of:
        yield Fault(pointer, f"value must be one of {', '.join(kind.one_of)}")
    elif isinstance(value, str):
        yield from _sized(kind, value, pointer)
    elif isinstance(value, int) and kind.kind == "integer":
        yield from _between(kind, value, pointer)


def _sized(kind: Field, text: str, pointer: str) -> Iterator[Fault]:
    if kind.high is not None and len(text) > kind.high:
        yield Fault(pointer, f"must be less than {kind.high + 1} characters")
    if kind.low is not None and len(text) < kind.low:
        yield Fault(pointer, f"must be more than {kind.low - 1} characters")


def _counted(kind: Field, size: int, pointer: str) -> Iterator[Fault]:
    if kind.high is not None and size > kind.high:
        yield Fault(pointer, f"no more than {kind.high} items allowed")
    if kind.low is not None and size < kind.low:
        yield Fault(pointer, f"must have at least {kind.low} items")


def _between(kind: Field, number: int, pointer: str) -> Iterator[Fault]:
    if kind.high is not None and number > kind.high:
        yield Fault(pointer, f"must be at most {kind.high}")
    if kind.low is not None and number < kind.low:
        yield Fault(pointer, f"must be at least {kind.low}")


def refuse(error: str, faults: Iterable[Fault]) -> None:
    """Raises the error with every fault in `response_metadata.messages`, as the platform does."""
    messages = [str(fault) for fault in faults]
    if messages:
        raise ApiError(error, errors=messages, response_metadata={"messages": messages})
