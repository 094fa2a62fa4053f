"""A fault before its place is known."""

from collections.abc import Iterable
from typing import Any, NamedTuple, TypeAlias

from briefs.faults import said

Path: TypeAlias = tuple[str | int, ...]


class Finding(NamedTuple):
    """What is wrong with the value at a path of the brief's data, or with its key."""

    path: Path
    problem: str
    found: str
    cure: str
    at_key: bool = False


def described(value: Any) -> str:
    """Say what a value of the YAML is, shortly."""
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return f"the keys {', '.join(list(value)[:8])}" if value else "a mapping without keys"
    if isinstance(value, list):
        return f"a list of {len(value)}" if value else "an empty list"
    return said(value)


def value_at(data: Any, path: Iterable[str | int]) -> Any:
    """Give the value at a path of plain data; None where there is none."""
    for step in path:
        if isinstance(data, dict):
            data = data.get(step)
        elif isinstance(data, list) and isinstance(step, int) and step < len(data):
            data = data[step]
        else:
            return None
    return data
