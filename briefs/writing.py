"""Plain data to a few lines of YAML in the way in which a brief is written.

Only what is new is written here; `briefs.splicing` puts it between the lines that stand.
"""

from collections.abc import Mapping
from typing import Any

import yaml

from briefs.composing import NULL, NULLS, TEXT

WIDTH = 110
# A text of this many characters stands below its key.
LONG = 80
_PROSE = frozenset({"title", "text", "note", "editor", "quote"})
_ENDLESS = 1 << 30


class _Prose(str):
    """Words of a person: they stand in quotation marks, or folded below their key."""


class _Dumper(yaml.SafeDumper):
    """Writes texts as `briefs.marked` reads them: a day is a text and needs no quotation marks."""

    def resolve(self, kind: type[yaml.Node], value: Any, implicit: Any) -> str:
        """Give the tag that the reader gives to a text without quotation marks."""
        if kind is yaml.ScalarNode:
            return NULL if implicit[0] and value in NULLS else TEXT
        return str(super().resolve(kind, value, implicit))  # type: ignore[no-untyped-call]  # not in the stubs

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Indent the items of a list below their key."""
        super().increase_indent(flow, False)

    def ignore_aliases(self, _data: Any) -> bool:
        """Write everything out."""
        return True


def _prose(dumper: _Dumper, words: _Prose) -> yaml.Node:
    folds = len(words) > LONG and " ".join(words.split()) == words
    return dumper.represent_scalar(TEXT, str(words), style=">" if folds else '"')


def _list(dumper: _Dumper, items: tuple[str, ...]) -> yaml.Node:
    return dumper.represent_sequence("tag:yaml.org,2002:seq", items, flow_style=True)


_Dumper.add_representer(_Prose, _prose)
_Dumper.add_representer(tuple, _list)


def block(data: Any, column: int) -> list[str]:
    """Write a mapping, or a list of mappings, as lines that begin at `column` (from 0)."""
    text = _dumped(data, default_flow_style=False, width=max(WIDTH - column, LONG))
    return [f"{' ' * column}{line}" if line else line for line in text.split("\n")]


def inline(data: Any) -> str:
    """Write a value in one line, as it stands inside brackets."""
    return _dumped([data], default_flow_style=True, width=_ENDLESS)[1:-1]


def scalar(text: str, style: str | None) -> str:
    """Write a text in one line and in the quotation marks of the one that it replaces (None: none)."""
    return _dumped(text, default_style=style, width=_ENDLESS).removesuffix("\n...")


def _dumped(data: Any, **how: Any) -> str:
    written = yaml.dump(
        _marked(data, ""), Dumper=_Dumper, allow_unicode=True, sort_keys=False, line_break="\n", **how
    )
    return str(written).removesuffix("\n")


def _marked(data: Any, key: str) -> Any:
    if isinstance(data, Mapping):
        return {name: _marked(value, name) for name, value in data.items()}
    if isinstance(data, list):
        return [_marked(value, key) for value in data]
    return _Prose(data) if key in _PROSE else data
