"""Parts of a brief as YAML text, each below a comment that asks a person to confirm it."""

import textwrap
from collections.abc import Iterable, Mapping
from typing import Any

import yaml

from briefs.importing.marks import CONFIRM
from briefs.importing.proposals import Proposal

WIDTH = 106
# A longer text is folded over several lines, as the shipped brief does it.
_FOLDED = 80


class _Dumper(yaml.SafeDumper):
    """PyYAML's dumper with long texts folded, and lists indented below their key."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    style = ">" if len(text) > _FOLDED else ('"' if " " in text else None)
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)
# A brief's reader guesses no types, so that its days need no quotation marks.
_Dumper.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in known if tag != "tag:yaml.org,2002:timestamp"]
    for first, known in yaml.SafeDumper.yaml_implicit_resolvers.items()
}


def entry(proposal: Proposal) -> str:
    """Write one item of a list with its comment, indented by two."""
    item = dumped([dict(proposal.data)])
    return textwrap.indent(f"{confirm(proposal.why)}{item}", "  ")


def listed(key: str, proposals: Iterable[Proposal]) -> str:
    """Write a list under its key; nothing where it is empty."""
    entries = "\n".join(map(entry, proposals))
    return f"{key}:\n{entries}" if entries else ""


def dumped(data: Mapping[str, Any] | list[Any]) -> str:
    """Write plain data as YAML."""
    return yaml.dump(data, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=WIDTH, indent=2)


def confirm(why: str) -> str:
    """Write the comment that marks a proposal."""
    return comment(why, f"{CONFIRM} ")


def comment(words: str, first: str = "# ") -> str:
    """Write words as the lines of a comment. White space of any kind is one space: some of it ends a line."""
    lines = textwrap.wrap(
        " ".join(words.split()), WIDTH, initial_indent=first, subsequent_indent="#   ",
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip
    return "".join(f"{line}\n" for line in lines)
