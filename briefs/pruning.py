"""A faulty brief without its faulty values, so that the rest can be checked in the same go."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from briefs.faults import MAX_FAULTS
from briefs.findings import Finding, Path, value_at
from briefs.refusals import model_at, refusals
from briefs.schema import Brief

# What is dropped can make the list or the part around it invalid, and so on outwards.
_ROUNDS = 6
_WORDS_BY_KEY = ("aliases", "glossary", "answers")
_UNKNOWN = "unknown"
# Valid values in the place of required ones that the schema refused. Nothing is said about them.
_STAND_INS: dict[str, Any] = {
    "format": 1,
    "brief": _UNKNOWN,
    "published": "1800-01-01",
    "sections": [{"id": _UNKNOWN, "title": _UNKNOWN, "passages": [_UNKNOWN]}],
    "id": _UNKNOWN,
    "title": _UNKNOWN,
    "command": _UNKNOWN,
    "description": _UNKNOWN,
    "likelihood": _UNKNOWN,
    "word": _UNKNOWN,
    "reason": _UNKNOWN,
    "text": _UNKNOWN,
    "editor": _UNKNOWN,
    "source": "report",
    "kind": "comment",
    "result": "open",
    "date": "2199-12-31",
    "occurrence": "2199-12-31",
}


@dataclass
class Pruned:
    """What is left of a brief. `brief` is None where nothing could be saved.

    `spared` holds every text that was dropped: a name among them may exist after all. `kept` says for
    each list which of its items are left.
    """

    brief: Brief | None
    findings: list[Finding] = field(default_factory=list)
    spared: frozenset[str] = frozenset()
    stand_ins: frozenset[Path] = frozenset()
    kept: Mapping[Path, list[int]] = field(default_factory=dict)

    def original(self, path: Path) -> Path:
        """Give a path of the pruned brief as it is in the YAML."""
        found: Path = ()
        for step in path:
            places = self.kept.get(found) if isinstance(step, int) else None
            found += (places[step],) if places and isinstance(step, int) else (step,)
        return found

    def hides(self, path: Path) -> bool:
        """Tell whether nothing can be said about a value: it is not, or no longer, what the YAML holds."""
        return self.is_stand_in(path) or self.is_emptied(path)

    def is_emptied(self, path: Path) -> bool:
        """Tell whether a list of the YAML lost all that stood in it: its items were refused already."""
        return self.kept.get(path) == []

    def is_stand_in(self, path: Path) -> bool:
        """Tell whether a value of the YAML was replaced, so that nothing can be said about it."""
        return any(path[:length] in self.stand_ins for length in range(1, len(path) + 1))


def validated(data: dict[str, Any], lost: Sequence[Any] = ()) -> Pruned:
    """Validate a brief; where it is faulty give its faults and what is left without them.

    `lost` is what the YAML held besides `data`, such as the value of a key that is given twice.
    """
    try:
        return Pruned(Brief.model_validate(data), spared=frozenset(_texts(lost)))
    except ValidationError as problem:
        return _pruned(data, lost, problem)


def _pruned(data: dict[str, Any], lost: Sequence[Any], problem: ValidationError) -> Pruned:
    errors = _errors(problem)
    pruned = Pruned(None, refusals(errors[: MAX_FAULTS + 1], data))
    if len(errors) > MAX_FAULTS:
        return pruned
    cuts: set[Path] = set()
    left: Any = data
    for _ in range(_ROUNDS):
        cuts |= {pruned.original(_cut(error, left)) for error in errors}
        stand_ins = frozenset(cut for cut in cuts if _is_replaced(cut))
        left, pruned.kept = _without(data, cuts, stand_ins)
        pruned.stand_ins = stand_ins
        pruned.spared = frozenset(_texts([*(value_at(data, cut) for cut in cuts), *lost]))
        try:
            pruned.brief = Brief.model_validate(left)
        except ValidationError as again:
            errors = _errors(again)
        else:
            break
    return pruned


def _errors(problem: ValidationError) -> list[ErrorDetails]:
    return problem.errors(include_url=False, include_input=False)


def _cut(error: ErrorDetails, data: Any) -> Path:
    """Give the smallest thing to drop or replace for an error: a value, or the part that needs it."""
    loc: Path = error["loc"]
    whole: Path = loc[:1]
    path: Path = ()
    for step in loc:
        known = (isinstance(data, dict) and step in data) or (
            isinstance(data, list) and isinstance(step, int)
        )
        if not known:
            break
        path, data = (*path, step), data[step]
        if isinstance(step, int) or path[0] in _WORDS_BY_KEY:
            whole = path
    if path == loc and (error["type"] == "extra_forbidden" or _is_optional(loc)):
        return path
    return loc if len(path) >= len(loc) - 1 and _is_replaced(loc) else whole


def _is_optional(path: Path) -> bool:
    model = model_at(path[:-1])
    wanted = model.model_fields.get(str(path[-1])) if model and isinstance(path[-1], str) else None
    return wanted is not None and not wanted.is_required()


def _is_replaced(path: Path) -> bool:
    """Tell whether a required value has a stand-in: then the part around it can stay."""
    model = model_at(path[:-1])
    return (
        bool(path)
        and path[-1] in _STAND_INS
        and model is not None
        and path[-1] in model.model_fields
        and not _is_optional(path)
    )


def _without(
    data: dict[str, Any], cuts: set[Path], stand_ins: frozenset[Path]
) -> tuple[dict[str, Any], dict[Path, list[int]]]:
    kept: dict[Path, list[int]] = {}
    added: dict[Path, dict[str, Any]] = defaultdict(dict)
    for *parent, name in stand_ins:
        added[tuple(parent)][str(name)] = (
            "report.md" if (*parent, name) == ("source",) else _STAND_INS[str(name)]
        )

    def copy(value: Any, path: Path) -> Any:
        if isinstance(value, dict):
            left = {key: copy(each, (*path, key)) for key, each in value.items() if (*path, key) not in cuts}
            return left | added.get(path, {})
        if isinstance(value, list) and value:
            kept[path] = [at for at in range(len(value)) if (*path, at) not in cuts]
            return [copy(value[at], (*path, at)) for at in kept[path]]
        return value

    return copy(data, ()), kept


def _texts(values: Iterable[Any]) -> set[str]:
    found: set[str] = set()
    waiting = list(values)
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            found.add(value)
        elif isinstance(value, dict):
            found |= value.keys()
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
    return found
