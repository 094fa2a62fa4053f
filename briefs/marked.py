"""YAML to plain data that remembers where everything stands.

libyaml composes the nodes; they become mappings, lists, texts and None. Every scalar but null stays the
text that was written: NO, 012, 1:30 and 2025-06-22 mean what the schema says, not what YAML 1.1 says.
Positions are looked up in the nodes only when there is something wrong.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, cast

import yaml

from briefs.composing import LIST, MAPPING, NULL, TEXT, Loader, compose
from briefs.faults import Fault, said
from briefs.findings import Path
from briefs.guards import FORBIDDEN, Lines
from briefs.marking import N_

_ALIAS = N_("an alias to a list or a mapping")
# What can write a forbidden character inside double quotation marks.
_ESCAPE = re.compile(rb"\\[0abefvxuU]")


@dataclass
class Marked:
    """A YAML file as plain data, with the nodes that know where it stands.

    `faults` is what is wrong with the YAML itself; what it spoils is None in `data`. `lost` holds the
    values that have no place there.
    """

    file: str
    lines: Lines
    root: yaml.Node
    data: Any = None
    faults: list[Fault] = field(default_factory=list)
    spoiled: set[int] = field(default_factory=set)
    lost: list[Any] = field(default_factory=list)

    def place(self, path: Path, *, at_key: bool = False) -> tuple[int, int]:
        """Give the line and column (from 1) of a value, or of its key; of its parent where it is missing."""
        mark = self.root.start_mark
        for key, value in self._along(path):
            mark = (key if at_key and key is not None else value).start_mark
        return self.lines.place(mark.index)

    def is_spoiled(self, path: Path) -> bool:
        """Tell whether the value, or what it stands in, has a fault of the YAML itself."""
        if id(self.root) in self.spoiled:
            return True
        return any(id(value) in self.spoiled for _, value in self._along(path))

    def _along(self, path: Path) -> Iterator[tuple[yaml.Node | None, yaml.Node]]:
        node = self.root
        for step in path:
            found = _step(node, step)
            if found is None:
                return
            yield found
            node = found[1]

    def fault(self, node: yaml.Node, problem: str, found: str, cure: str) -> None:
        """Note a fault of the YAML itself at a node."""
        self.spoiled.add(id(node))
        self.faults.append(Fault(self.file, *self.lines.place(node.start_mark.index), found, problem, cure))


def load(data: bytes, text: str, file: str) -> Marked:
    """Read YAML; raise Refused where nothing can be made of it.

    `data` is UTF-8 without a byte order mark, and `text` the same decoded.
    """
    marked = Marked(file, Lines(text), compose(data, text, file))
    marked.data = _Walk(marked).value(marked.root)
    if _ESCAPE.search(data):
        _refuse_forbidden(marked)
    if any(fault.found == _ALIAS for fault in marked.faults):
        marked.faults = [fault for fault in marked.faults if fault.found != _ALIAS]
        marked.faults += _aliases(data, marked)
    return marked


class _Walk:
    """Nodes to plain data. Depth is bounded by the loader, so recursion is safe."""

    def __init__(self, marked: Marked) -> None:
        self.marked = marked
        self.seen: set[int] = set()

    def value(self, node: yaml.Node) -> Any:
        """Give the plain value of a node."""
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node)
        if id(node) in self.seen:
            self.marked.fault(node, "", _ALIAS, "")
            return None
        self.seen.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            if node.tag is not LIST:
                self._tag(node, LIST)
            return [each.value if each.tag is TEXT else self.value(each) for each in node.value]
        if node.tag is not MAPPING:
            self._tag(node, MAPPING)
        return self._mapping(cast(yaml.MappingNode, node))

    def _mapping(self, node: yaml.MappingNode) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for key, value in node.value:
            name = key.value
            if key.tag is not TEXT and not self._is_name(key):
                continue
            if name in data or name == "<<":
                self._refuse_key(node, key, value)
                continue
            data[name] = value.value if value.tag is TEXT else self.value(value)
        return data

    def _scalar(self, node: yaml.ScalarNode) -> str | None:
        if node.tag is not TEXT and node.tag is not NULL:
            self._tag(node, TEXT)
        return None if node.tag is NULL else node.value

    def _tag(self, node: yaml.Node, plain: str) -> None:
        if node.tag != plain:
            self.marked.fault(
                node, N_("tags are not allowed in a brief"), said(node.tag.replace("tag:yaml.org,2002:", "!!")),
                N_("take the tag out and leave its value"),
            )  # fmt: skip

    def _is_name(self, key: yaml.Node) -> bool:
        if isinstance(key, yaml.ScalarNode) and key.tag is not NULL:
            self._tag(key, TEXT)
            return True
        kind = (
            N_("no key before the colon")
            if isinstance(key, yaml.ScalarNode)
            else N_("a list or a mapping as key")
        )
        self.marked.fault(key, N_("a key is a word"), kind, N_("write it like title: Future outlook"))
        return False

    def _refuse_key(self, node: yaml.MappingNode, key: yaml.ScalarNode, value: yaml.Node) -> None:
        if key.value == "<<":
            self.marked.fault(
                key,
                N_("merging is not allowed in a brief"),
                '"<<"',
                N_("write the merged keys out where they belong"),
            )
            return
        self.marked.lost.append(self.value(value))
        first = next(other for other, _ in node.value if other.value == key.value)
        line, column = self.marked.lines.place(first.start_mark.index)
        self.marked.fault(
            key, N_("the key {key} is given twice", key=key.value),
            N_("{key}, first given at {line}:{column}", key=said(key.value), line=line, column=column),
            N_("keep one of the two"),
        )  # fmt: skip


def _step(node: yaml.Node, step: str | int) -> tuple[yaml.Node | None, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        return next(((key, value) for key, value in node.value if key.value == step), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return None, node.value[step]
    return None


def _refuse_forbidden(marked: Marked) -> None:
    """Note each control character that was written as an escape."""
    waiting, seen = [marked.root], set[int]()
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            waiting += [part for pair in node.value for part in pair]
        elif isinstance(node, yaml.SequenceNode):
            waiting += node.value
        elif found := FORBIDDEN.search(node.value):
            marked.fault(
                node, N_("a control character stands in the text"),
                N_("the character U+{found:04X}", found=ord(found[0])),
                N_("take its escape out of the quotation marks"),
            )  # fmt: skip


def _aliases(data: bytes, marked: Marked) -> list[Fault]:
    """Find each alias to a collection: the nodes no longer know where the aliases stood."""
    anchored: dict[str, bool] = {}
    faults = []
    for event in yaml.parse(data, Loader=Loader):  # type: ignore[arg-type]  # the stubs know PyYAML's own only
        anchor, mark = getattr(event, "anchor", None), event.start_mark
        if anchor is not None and not isinstance(event, yaml.AliasEvent):
            anchored[anchor] = isinstance(event, yaml.CollectionStartEvent)
        elif anchor is not None and mark is not None and anchored.get(anchor):
            faults.append(_alias(marked, anchor, mark.index))
    return faults


def _alias(marked: Marked, anchor: str, offset: int) -> Fault:
    return Fault(
        marked.file, *marked.lines.place(offset), said(f"*{anchor}"), N_("only a text may be repeated by an alias"),
        N_("write out the list or the mapping that &{anchor} names", anchor=anchor),
    )  # fmt: skip
