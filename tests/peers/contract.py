"""Checks requests against Discord's own API description, where that file is at hand.

The file (discord/discord-api-spec, OpenAPI 3.1) is no part of this repository; it is looked for beside it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Self

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

DEFAULT_FILE = Path(__file__).resolve().parents[3] / "shared" / "discord-openapi.json"
_DOCUMENT = "urn:discord-openapi"


@dataclass(frozen=True)
class Tolerance:
    """What the real platform takes although its description says otherwise: `where` (dotted, `*` for any
    index) is changed by `change` before the check, for the given reason."""

    where: str
    change: Callable[[Any], Any]
    reason: str


TOLERANCES: tuple[Tolerance, ...] = (
    Tolerance(
        "attachments.*.id",
        str,
        "described as a snowflake string; the docs' own upload examples and discord.py send the file's index "
        "as an integer",
    ),
    Tolerance("data.attachments.*.id", str, "the same inside an interaction's response"),
    *(
        Tolerance(
            where,
            str,
            "described as a snowflake string; the platform takes the integers that discord.py sends",
        )
        for where in (
            "recipient_id",
            "message_reference.message_id",
            "message_reference.channel_id",
            "message_reference.guild_id",
            "allowed_mentions.users.*",
            "allowed_mentions.roles.*",
            "data.allowed_mentions.users.*",
            "data.allowed_mentions.roles.*",
        )
    ),
)


@dataclass
class Contract:
    """The description's operations. `reason` says why nothing is checked, None while it is."""

    document: dict[str, Any] = field(default_factory=dict)
    reason: str | None = None
    _paths: list[tuple[re.Pattern[str], str]] = field(default_factory=list)
    _validators: dict[tuple[str, str], Draft202012Validator | None] = field(default_factory=dict)

    @classmethod
    def from_file(cls, file: Path = DEFAULT_FILE) -> Self:
        """The contract of this file; one that is off, with the reason, where there is none."""
        if not file.is_file():
            return cls.off(f"{file.name} is not at hand beside the repository")
        return cls(_load(file), _paths=_compiled(file))

    @classmethod
    def off(cls, reason: str) -> Self:
        """A contract that finds nothing."""
        return cls(reason=reason)

    def check(self, method: str, path: str, body: Any) -> list[str]:
        """Sentences for whatever in this request contradicts the description."""
        if self.reason is not None:
            return []
        template = next((template for pattern, template in self._paths if pattern.match(path)), None)
        if template is None or method.lower() not in self.document["paths"][template]:
            return [f"{method} {path}: the API description has no such operation"]
        validator = self._validator(method.lower(), template)
        if validator is None:
            return [] if body is None else [f"{method} {template}: the description takes no body"]
        fault = best_match(validator.iter_errors(_tolerated(body)))
        return [f"{method} {template}: {fault.json_path}: {fault.message[:300]}"] if fault else []

    def _validator(self, method: str, template: str) -> Draft202012Validator | None:
        key = (method, template)
        if key not in self._validators:
            content = self.document["paths"][template][method].get("requestBody", {}).get("content", {})
            described = "application/json" in content
            self._validators[key] = self._build(method, template) if described else None
        return self._validators[key]

    def _build(self, method: str, template: str) -> Draft202012Validator:
        escaped = template.replace("~", "~0").replace("/", "~1").replace("{", "%7B").replace("}", "%7D")
        pointer = f"/paths/{escaped}/{method}/requestBody/content/application~1json/schema"
        resource = Resource.from_contents(self.document, default_specification=DRAFT202012)
        registry: Registry[Any] = Registry().with_resource(_DOCUMENT, resource)
        return Draft202012Validator({"$ref": f"{_DOCUMENT}#{pointer}"}, registry=registry)


@cache
def _load(file: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return document


@cache
def _compiled(file: Path) -> list[tuple[re.Pattern[str], str]]:
    # Fixed paths before those with parameters: /users/@me is not /users/{user_id}
    templates = sorted(_load(file)["paths"], key=lambda template: template.count("{"))
    return [
        (re.compile("^" + re.sub(r"\{\w+\}", "[^/]+", template) + "$"), template) for template in templates
    ]


def _tolerated(body: Any) -> Any:
    changed = json.loads(json.dumps(body))
    for tolerance in TOLERANCES:
        _change(changed, tolerance.where.split("."), tolerance.change)
    return changed


def _change(value: Any, where: list[str], change: Callable[[Any], Any]) -> None:
    key, rest = where[0], where[1:]
    keys: list[Any] = list(range(len(value))) if key == "*" and isinstance(value, list) else [key]
    for step in keys:
        if isinstance(value, list) != isinstance(step, int) or (
            isinstance(value, dict) and step not in value
        ):
            continue
        if not isinstance(value, dict | list):
            continue
        if rest:
            _change(value[step], rest, change)
        else:
            value[step] = change(value[step])
