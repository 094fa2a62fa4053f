"""libyaml's composer with its dangers taken out: no type guessing, no unbounded recursion."""

from typing import NoReturn

import yaml
from yaml.cyaml import CParser  # type: ignore[attr-defined]  # the stubs leave libyaml's parser out

from briefs.faults import Fault, said
from briefs.guards import Lines, Refused
from briefs.marking import N_
from briefs.syntax import syntax_fault

MAX_DEPTH = 50
MAX_VALUES = 500_000

TEXT = "tag:yaml.org,2002:str"
NULL = "tag:yaml.org,2002:null"
LIST = "tag:yaml.org,2002:seq"
MAPPING = "tag:yaml.org,2002:map"
NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_EXAMPLE = "format: 1 and below it brief: harbour-2025, title:, published:, source: and sections:"


class _TooDeep(Exception):  # noqa: N818  # caught where the file's name is known
    """More levels than MAX_DEPTH; holds the mark of the collection that is too much."""


class _TooMany(Exception):  # noqa: N818  # caught where the file's name is known
    """More values than MAX_VALUES; holds the mark of the collection around the first one too many."""


class Loader(CParser):
    """libyaml's composer with no type guessing and a limit to its recursion.

    It recurses in C: without the limit 200,000 nested brackets overflow the stack and kill the process.
    `descend_resolver`, `ascend_resolver` and `resolve` are what CParser calls for each node.
    """

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self.depth = 0

    def descend_resolver(self, parent: yaml.Node | None, _index: object) -> None:
        """Go a level deeper."""
        self.depth += 1
        if self.depth > MAX_DEPTH and parent is not None:
            raise _TooDeep(parent.start_mark)

    def ascend_resolver(self) -> None:
        """Come back from a level."""
        self.depth -= 1

    def resolve(self, kind: type[yaml.Node], value: str, implicit: tuple[bool, bool]) -> str:
        """Give the tag of a node that has none of its own."""
        if kind is yaml.ScalarNode:
            return NULL if value in NULLS and implicit[0] else TEXT
        return LIST if kind is yaml.SequenceNode else MAPPING


class _CountingLoader(Loader):
    """The same for a file that may hold too many values."""

    values = 0

    def descend_resolver(self, parent: yaml.Node | None, index: object) -> None:
        """Count the value, and go a level deeper."""
        self.values += 1
        if self.values > MAX_VALUES and parent is not None:
            raise _TooMany(parent.start_mark)
        super().descend_resolver(parent, index)


def compose(data: bytes, text: str, file: str) -> yaml.MappingNode:
    """Give the mapping that a brief is; raise Refused where the file holds anything else."""
    # Every value but the first has one of these before it: a bound that is cheap, and far away in prose.
    bound = sum(map(data.count, (b"\n", b",", b":", b"- ", b"? ", b"[", b"{")))
    loader = (_CountingLoader if bound > MAX_VALUES else Loader)(data)
    try:
        root = loader.get_single_node()
    except _TooDeep as problem:
        _refuse(
            text, file, problem, N_("more than {max_depth} levels stand inside each other", max_depth=MAX_DEPTH),
            N_("close the brackets, or bring the indentation back; a brief needs six levels"),
        )  # fmt: skip
    except _TooMany as problem:
        _refuse(
            text, file, problem, N_("the file holds more than {max_values:,} values", max_values=MAX_VALUES),
            N_("split the report into several briefs"),
        )  # fmt: skip
    except yaml.YAMLError as problem:
        raise Refused(syntax_fault(problem, data, Lines(text), file)) from None
    if root is None or root.tag == NULL:
        found: str = N_("only comments") if text.strip() else N_("nothing")
        raise Refused(
            Fault(file, 1, 1, found, N_("the file holds no brief"), N_("write {example}", example=_EXAMPLE))
        )
    if not isinstance(root, yaml.MappingNode):
        place = Lines(text).place(root.start_mark.index)
        found = N_("a list") if isinstance(root, yaml.SequenceNode) else said(root.value)
        raise Refused(
            Fault(
                file,
                *place,
                found,
                N_("a brief consists of keys with values"),
                N_("write {example}", example=_EXAMPLE),
            )
        )
    return root


def _refuse(text: str, file: str, problem: Exception, what: str, cure: str) -> NoReturn:
    lines, offset = Lines(text), problem.args[0].index
    raise Refused(Fault(file, *lines.place(offset), said(lines.rest(offset), 40), what, cure)) from None
