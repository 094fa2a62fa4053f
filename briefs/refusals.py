"""What the schema refuses, in plain words: pydantic's errors as findings with found, allowed and example."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from briefs.faults import listed, meant, said
from briefs.findings import Finding, Path, described, value_at
from briefs.marking import N_, Sentence, made, reason
from briefs.schema import Brief, EditorBasis, Quote

_BRANCHES: dict[str, type[BaseModel]] = {Quote.__name__: Quote, EditorBasis.__name__: EditorBasis}

# One example for each key of the YAML; longer paths go first.
_EXAMPLES: dict[str, str] = {
    "format": "format: 1",
    "brief": "brief: harbour-2025",
    "id": "id: raise-quay",
    "formerly": "formerly: [old-id]",
    "title": 'title: "The talks with the town"',
    "publisher": "publisher: Merrow Harbour Observatory",
    "published": "published: 2025-03-01",
    "reviewed": "reviewed: 2025-04-15",
    "language": "language: en, or pt-BR",
    "review_every": "review_every: 90 days",
    "owner": "owner: slack:T1/U1, discord:123 or web:local/owner",
    "source": "source: https://example.org/news, or source: report",
    "distribution": "distribution: team",
    "embargo_until": "embargo_until: 2025-06-01",
    "sections": "sections: and below it - {id: talks, title: The talks, passages: [talks-1]}",
    "passages": "passages: [talks-1, talks-2]",
    "passage": "passage: talks-1",
    "quote": 'quote: "a quay raised by 60 cm"',
    "command": "command: town-demands",
    "description": "description: What the town would ask",
    "lead": 'lead: {passage: talks-1, quote: "The town would ask for three things"}',
    "points": 'points: and below it - {id: raise-quay, passage: talks-1, quote: "a quay raised by 60 cm"}',
    "label": "label: The quay",
    "likelihood": "likelihood: unlikely",
    "by": "by: 2026-12-31",
    "outcome": "outcome: {result: came true, on: 2026-12-31, source: https://example.org/news}",
    "result": "result: came true",
    "on": "on: 2026-12-31",
    "note": "note: Half of it came about.",
    "word": "word: may",
    "questions": 'questions: ["What does the town want?"]',
    "reason": "reason: It speaks of the past.",
    "occurrence": "occurrence: 2026-12-18",
    "text": "text: The talks were put off.",
    "editor": "editor: Announced after the report",
    "date": "date: 2026-12-18",
    "yearly_from": "yearly_from: 1965-12-18",
    "zone": "zone: Asia/Seoul",
    "remind": "remind: [30d, 7d, 1d, 0d]",
    "basis": 'basis: {passage: talks-1, quote: "…"}, or basis: {editor: why it is here, source: https://…}',
    "touches": "touches: [town-demands]",
    "outcomes": "outcomes: and below it - {occurrence: 2026-12-18, text: …, source: https://…}",
    "cancelled": "cancelled: {editor: why, source: https://example.org/news}",
    "kind": "kind: development",
    "aliases": "aliases: and below it ROK: [South Korea]",
    "glossary": "glossary: and below it ROK: [Republic of Korea]",
    "answers": 'answers: and below it talks-1: ["What does the town want?"]',
    "not_covered": 'not_covered: ["How deep is the harbour?"]',
    "recommendations": "recommendations: and below it - {id: …, title: …, passage: …, quote: …}",
    "topics": "topics: and below it - {id: …, command: …, description: …, lead: {passage: …, quote: …}}",
    "watch_dates": "watch_dates: and below it - {id: …, title: …, date: 2026-12-18, basis: …}",
    "judgements": "judgements: and below it - {id: …, passage: …, quote: …, likelihood: likely}",
    "not_judgements": "not_judgements: and below it - {passage: …, quote: …, word: may, reason: …}",
    "notes": "notes: and below it - {id: …, kind: comment, date: …, text: …, source: …, touches: […]}",
}
_PATTERNS: dict[str, str] = {
    "command": N_("a command is lowercase letters and digits joined by single hyphens"),
    "language": N_("a language is two lowercase letters, and a country's two capitals where they matter"),
    "owner": N_("an owner is one person's address on Slack, on Discord or on the page"),
}
# An entry of answers stands at ("answers", passage, place).
_ENTRY = 3
_QUESTIONS = (
    'What does the town want?, or {quote: "a quay raised by 60 cm", questions: [What does the town want?]}'
)
_ID_PROBLEM = N_("an id is lowercase letters and digits joined by single hyphens")


def refusals(errors: Sequence[ErrorDetails], data: Mapping[str, Any]) -> list[Finding]:
    """Give a finding for each error, where a choice of two shapes counts once."""
    plain: list[ErrorDetails] = []
    choices: dict[Path, list[ErrorDetails]] = defaultdict(list)
    for error in errors:
        choice = _choice(error["loc"], data)
        if choice is None:
            plain.append(error)
        else:
            choices[choice].append(error)
    chosen = [finding for path, group in choices.items() for finding in _chosen(path, group, data)]
    return [_finding(error, data) for error in plain] + chosen


def _choice(loc: Path, data: Mapping[str, Any]) -> Path | None:
    """Give the path of the union that the error lies in: pydantic puts the branch's name behind it."""
    for at, step in enumerate(loc):
        if step in _BRANCHES and at and loc[at - 1] == "basis":
            return loc[:at]
    return None


def _chosen(path: Path, group: list[ErrorDetails], data: Mapping[str, Any]) -> list[Finding]:
    """Report the branch that was meant: the one with the fewest errors."""
    value = value_at(data, path)
    known = {name for branch in _BRANCHES.values() for name in branch.model_fields}
    if not isinstance(value, dict) or not known & value.keys():
        problem = N_("a date's basis is a quote of the report, or the editor's reason with its source")
        return [Finding(path, problem, described(value), _write(_EXAMPLES["basis"]))]
    branches: dict[str, list[ErrorDetails]] = defaultdict(list)
    for error in group:
        branches[str(error["loc"][len(path)])].append(error)
    name = min(branches, key=lambda each: len(branches[each]))
    return [
        _finding({**error, "loc": path + error["loc"][len(path) + 1 :]}, data, _BRANCHES[name])
        for error in branches[name]
    ]


def _finding(error: ErrorDetails, data: Mapping[str, Any], model: type[BaseModel] | None = None) -> Finding:
    path: Path = error["loc"]
    at_key = path[-1:] == ("[key]",)
    path = path[:-1] if at_key else path
    kind = error["type"]
    if kind == "missing":
        return _missing(path, data)
    if kind == "extra_forbidden":
        return _unknown(path, model or model_at(path[:-1]))
    say = _SAYINGS.get(kind, _otherwise)
    found = path[-1] if at_key else value_at(data, path)
    problem, cure = say(error, path, found)
    return Finding(path, problem, described(found), cure, at_key)


def _missing(path: Path, data: Mapping[str, Any]) -> Finding:
    parent = value_at(data, path[:-1])
    return Finding(
        path,
        _inside(path, N_("the key {key} is missing", key=path[-1])),
        described(parent),
        _write(_example(path)),
    )


def _unknown(path: Path, model: type[BaseModel] | None) -> Finding:
    name, known = str(path[-1]), list(model.model_fields) if model else []
    near, allowed = meant(name, known), listed(known, 30)
    cure = N_("allowed are {names}", names=allowed)
    if near:
        cure = N_("did you mean {near}? Allowed are {names}", near=near, names=allowed)
    problem = _inside(path, N_("the key {key} is not known", key=said(name)[1:-1]))
    return Finding(path, problem, said(name), cure, at_key=True)


def _inside(path: Path, problem: Sentence) -> Sentence:
    """Say of which part of the brief something is so; nothing is added for the brief itself."""
    names = [step for step in path[:-1] if isinstance(step, str)]
    if not names:
        return problem
    place: str = names[0]
    for name in names[1:]:
        place = N_("{inner} of {outer}", inner=name, outer=place)
    return N_("{problem} in {place}", problem=problem, place=place)


def _write(example: str) -> Sentence:
    return N_("write {example}", example=example)


def _example(path: Path) -> str:
    if path == ("source",):
        return "source: report.md"
    name = next((step for step in reversed(path) if isinstance(step, str) and step in _EXAMPLES), "")
    return _EXAMPLES.get(name, N_("it as the schema shows"))


def _key(path: Path) -> str:
    return next((step for step in reversed(path) if isinstance(step, str)), "")


def _text(_error: ErrorDetails, path: Path, found: Any) -> tuple[str, str]:
    if found is None:
        return N_("the key {key} has no value", key=_key(path)), N_(
            "write {example}, or leave the key out", example=_example(path)
        )
    return N_("{key} holds texts", key=_key(path)), _write(_example(path))


def _pattern(_error: ErrorDetails, path: Path, _found: Any) -> tuple[str, str]:
    name = _key(path)
    if path == ("source",):
        return N_("source is the name of a Markdown file beside the brief"), N_("write source: report.md")
    if name == "source":
        return N_("a source is a link, or the word report"), _write(_example(path))
    return _PATTERNS.get(name, _ID_PROBLEM), _write(_example(path))


def _short(_error: ErrorDetails, path: Path, _found: Any) -> tuple[str, str]:
    return N_("{key} is empty", key=_key(path)), _write(_example(path))


def _long(error: ErrorDetails, path: Path, found: Any) -> tuple[str, str]:
    limit = error["ctx"]["max_length"]
    problem = N_(
        "{key} has {count:,} characters, and at most {limit:,} are allowed",
        key=_key(path), count=len(found), limit=limit,
    )  # fmt: skip
    return problem, N_("shorten it, like {example}", example=_example(path))


def _list(_error: ErrorDetails, path: Path, _found: Any) -> tuple[str, str]:
    return N_("{key} is a list", key=_key(path)), _write(_example(path))


def _mapping(_error: ErrorDetails, path: Path, _found: Any) -> tuple[str, str]:
    if path[0] == "answers" and len(path) == _ENTRY:
        return N_("an entry of answers is a question, or a quote with its questions"), _write(_QUESTIONS)
    return N_("{key} consists of keys with values", key=_key(path)), _write(_example(path))


def _one_of(error: ErrorDetails, path: Path, found: Any) -> tuple[str, str]:
    expected = str(error["ctx"]["expected"]).replace("'", "")
    near = meant(str(found), expected.replace(" or ", ", ").split(", ")) if isinstance(found, str) else None
    example = f"{_key(path)}: {near}" if near else _example(path)
    problem = N_("{key} is not a word that is allowed here", key=_key(path))
    return problem, N_("write {expected}, for example {example}", expected=expected, example=example)


def _value(error: ErrorDetails, path: Path, _found: Any) -> tuple[str, str]:
    """Use the schema's own sentence: what is wrong, a semicolon, what to write."""
    whole = reason(error["ctx"]["error"])
    problem = made(whole, lambda words: words.partition("; ")[0])
    cure = made(whole, lambda words: words.partition("; ")[2])
    return problem, cure or _write(_example(path))


def _otherwise(error: ErrorDetails, path: Path, _found: Any) -> tuple[str, str]:
    return N_("{key} does not fit ({error})", key=_key(path), error=error["msg"]), _write(_example(path))


_Saying = Callable[[ErrorDetails, Path, Any], tuple[str, str]]
_SAYINGS: dict[str, _Saying] = {
    "string_type": _text,
    "string_pattern_mismatch": _pattern,
    "string_too_short": _short,
    "string_too_long": _long,
    "too_short": _short,
    "tuple_type": _list,
    "list_type": _list,
    "dict_type": _mapping,
    "model_type": _mapping,
    "model_attributes_type": _mapping,
    "literal_error": _one_of,
    "enum": _one_of,
    "value_error": _value,
}


def model_at(path: Path) -> type[BaseModel] | None:
    """Give the model that stands at a path of the brief."""
    model: type[BaseModel] | None = Brief
    by_key = False
    for step in path:
        if by_key:
            by_key = False  # a name that the editor chose; what stands below it is of the model
        elif isinstance(step, str):
            field = model.model_fields.get(step) if model else None
            model = _model_in(field.annotation) if field else None
            by_key = field is not None and get_origin(field.annotation) is dict
    return model


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if get_origin(annotation) in (tuple, dict, Union, UnionType, Annotated):
        return next((model for part in get_args(annotation) if (model := _model_in(part))), None)
    return None
