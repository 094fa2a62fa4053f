"""Where in a YAML text something new belongs, so that every other character stays what it is.

Offsets count characters of the text. A block mapping or list ends for libyaml where the next thing
begins, with the comments between; here it ends with the last character of its last value.
"""

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import yaml

from briefs import writing
from briefs.composing import Loader
from briefs.guards import Lines

# YAML 1.1, production 28 (b-char): for libyaml a line ends at these too.
_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_LINE_END = re.compile(r"\r\n|\n|\r")
_BLANK_LINE = re.compile(r"(\r\n|\n|\r(?!\n))[ \t]*[\r\n]")


class Splice(NamedTuple):
    """A piece of text to put in the place of [start, end)."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Layout:
    """A YAML text with its nodes. `root` is the mapping of the whole file."""

    text: str
    root: yaml.MappingNode

    @property
    def line_break(self) -> str:
        """What the file's first line ends with."""
        found = _LINE_END.search(self.text)
        return found[0] if found else "\n"

    def line(self, node: yaml.Node) -> int:
        """Give the line, from 1, in which a node begins."""
        return Lines(self.text).place(node.start_mark.index)[0]

    def end(self, node: yaml.Node) -> int:
        """Give the offset behind the last character that belongs to a node."""
        inner = _last(node)
        if inner is not None:
            return self.end(inner)
        end = int(node.end_mark.index)
        if isinstance(node, yaml.ScalarNode) and node.style in ("|", ">"):
            return len(self.text[:end].rstrip())
        return end

    def append(self, items: yaml.SequenceNode, item: Mapping[str, Any] | str) -> Splice:
        """Put an item behind the last one of a list, in the last one's style."""
        if not items.value:
            at = int(items.end_mark.index) - 1
            return Splice(at, at, writing.inline(item))
        last = items.value[-1]
        if items.flow_style:
            return _inside(self.end(last), writing.inline(item))
        column = int(items.start_mark.column)
        lines = writing.block([item], column)
        if getattr(last, "flow_style", False):
            lines = [f"{' ' * column}- {writing.inline(item)}"]
        return self._below(self.end(last), lines, apart=self._is_spaced(items.value))

    def add(self, mapping: yaml.MappingNode, key: str, value: Any, before: Sequence[str]) -> Splice:
        """Put a new key into a mapping, behind the last of those that come `before` it."""
        if not mapping.value:
            at = int(mapping.end_mark.index) - 1
            return Splice(at, at, writing.inline({key: value})[1:-1])
        places = [self.end(found) for name, found in mapping.value if name.value in before]
        at = max(places) if places else self.end(mapping.value[-1][1])
        if mapping.flow_style:
            return _inside(at, writing.inline({key: value})[1:-1])
        column = int(mapping.start_mark.column)
        apart = mapping is self.root and not isinstance(value, str)
        return self._below(at, writing.block({key: value}, column), apart=apart)

    def change(self, holder: yaml.MappingNode, value: yaml.ScalarNode, text: str) -> Splice:
        """Put another text in the place of a scalar of a mapping, in its quotation marks."""
        style = '"' if value.style in ("|", ">") else value.style
        plain_inside = holder.flow_style and style is None
        written = writing.inline(text) if plain_inside else writing.scalar(text, style)
        return Splice(int(value.start_mark.index), self.end(value), written)

    def drop(self, mapping: yaml.MappingNode, names: Container[str]) -> list[Splice]:
        """Take keys out of a mapping that keeps at least one."""
        entries = [(key, value, key.value in names) for key, value in mapping.value]
        if mapping.flow_style:
            return self._drop_inside(entries)
        return [
            Splice(
                int(key.start_mark.index) - int(key.start_mark.column), self._next_line(self.end(value)), ""
            )
            for key, value, goes in entries
            if goes
        ]

    def _drop_inside(self, entries: Sequence[tuple[yaml.Node, yaml.Node, bool]]) -> list[Splice]:
        """Take keys out of brackets: each with the comma behind it, the last ones with that before them."""
        splices, tail = [], len(entries)
        while entries[tail - 1][2]:
            tail -= 1
        for at, (key, _, goes) in enumerate(entries[:tail]):
            if goes:
                splices.append(
                    Splice(int(key.start_mark.index), int(entries[at + 1][0].start_mark.index), "")
                )
        if tail < len(entries):
            splices.append(Splice(self.end(entries[tail - 1][1]), self.end(entries[-1][1]), ""))
        return splices

    def _next_line(self, at: int) -> int:
        found = _BREAK.search(self.text, at)
        return found.end() if found else len(self.text)

    def _below(self, at: int, lines: list[str], *, apart: bool) -> Splice:
        """Put lines below the one in which an offset lies."""
        lines = ["", *lines] if apart else lines
        start, end = self._next_line(at), self.line_break
        written = end.join(lines)
        # The last line of a file may have no end: then the new last line has none either.
        unended = start == len(self.text) and not self.text.endswith(("\n", "\r"))
        return Splice(start, start, end + written if unended else written + end)

    def _is_spaced(self, items: Sequence[yaml.Node]) -> bool:
        if len(items) < 2:
            return False
        between = self.text[self.end(items[-2]) : items[-1].start_mark.index]
        return _BLANK_LINE.search(between) is not None


def _last(node: yaml.Node) -> yaml.Node | None:
    """Give the last value inside a block mapping or list."""
    if not isinstance(node, yaml.CollectionNode) or node.flow_style or not node.value:
        return None
    last = node.value[-1]
    found: yaml.Node = last[1] if isinstance(node, yaml.MappingNode) else last
    return found


def _inside(at: int, written: str) -> Splice:
    return Splice(at, at, f", {written}")


def spliced(text: str, splices: Iterable[Splice]) -> tuple[str, int]:
    """Give the text with the splices made, and the first line (from 1) that is new in it."""
    in_order = sorted(splices, key=lambda splice: splice.start)
    for start, end, new in reversed(in_order):
        text = text[:start] + new + text[end:]
    first = in_order[0]
    begins = first.start + len(first.text) - len(first.text.lstrip("\r\n"))
    return text, Lines(text).place(begins)[0]


def child(node: yaml.MappingNode, key: str) -> yaml.Node | None:
    """Give the value of a key."""
    return next((value for name, value in node.value if name.value == key), None)


def anchor(data: bytes) -> tuple[str, int] | None:
    """Find the first anchor of a file: its name, and the offset at which it stands."""
    for event in yaml.parse(data, Loader=Loader):  # type: ignore[arg-type]  # the stubs know PyYAML's own only
        name, mark = getattr(event, "anchor", None), event.start_mark
        if name is not None and mark is not None:
            return name, int(mark.index)
    return None
