"""A brief with one value changed, whatever the rules say: comparing asks nothing of a brief but its shape."""

from dataclasses import dataclass
from types import UnionType
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel

from briefs.reading import Document, read_brief
from briefs.schema import (
    Brief,
)
from briefs.source import Source
from tests.briefs.sample import SAMPLE_REPORT, SAMPLE_YAML

Path = tuple[str | int, ...]
Edits = dict[Path, Any]


@dataclass(frozen=True)
class Version:
    """A brief with its report."""

    brief: Brief
    source: Source


def sample() -> Document:
    return read_brief(SAMPLE_YAML.encode(), SAMPLE_REPORT.encode())


def altered(whole: Any, path: Path, value: Any) -> Any:
    """Give a copy of a model or a tuple in which one value is another."""
    if not path:
        return value
    step, rest = path[0], path[1:]
    if isinstance(step, int):
        return (*whole[:step], altered(whole[step], rest, value), *whole[step + 1 :])
    return whole.model_copy(update={step: altered(getattr(whole, step), rest, value)})


def fields_of(model: type[BaseModel], known: set[str] | None = None) -> set[str]:
    """Give every field that a model has or that lies within it, like Topic.lead."""
    known = set() if known is None else known
    for name, field in model.model_fields.items():
        said = f"{model.__name__}.{name}"
        if said not in known:
            known.add(said)
            for inner in models_in(field.annotation):
                fields_of(inner, known)
    return known


def models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    if get_origin(annotation) in (tuple, dict, Union, UnionType):
        return [model for part in get_args(annotation) for model in models_in(part)]
    return []
