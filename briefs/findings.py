"""A fault before its place is known."""

from collections.abc import Iterable
from typing import Any, NamedTuple, TypeAlias

from briefs.faults import said
from briefs.marking import N_

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
        return N_("nothing")
    if isinstance(value, dict):
        return (
            N_("the keys {names}", names=", ".join(list(value)[:8]))
            if value
            else N_("a mapping without keys")
        )
    if isinstance(value, list):
        return N_("a list of {count}", count=len(value)) if value else N_("an empty list")
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
