"""libyaml's complaints in plain words, with a cure."""

from typing import NamedTuple

import yaml
from yaml.cyaml import CParser  # type: ignore[attr-defined]  # the stubs leave libyaml's parser out

from briefs.faults import Fault, said
from briefs.guards import Lines
from briefs.marking import N_


class _Advice(NamedTuple):
    """What a complaint means. `opening`: the fault is where the thing began, not where it was noticed."""

    problem: str
    cure: str
    opening: bool = False


_QUOTED = N_('put the text into quotation marks, like title: "Outlook: the talks"')
_ESCAPE = N_("write a backslash twice, or put the text into single quotation marks")
_DIRECTIVE = _Advice(N_("a line that begins with % is an order to the YAML reader"), N_("take the line out"))
_ANCHOR = _Advice(N_("a text cannot begin with & or * here"), N_("put the text into quotation marks"))

# libyaml 0.2.5, scanner.c and parser.c, and PyYAML 6, _yaml.pyx.
_ADVICE: dict[str, _Advice] = {
    "mapping values are not allowed in this context": _Advice(
        N_("a colon stands inside a text without quotation marks, or the line is indented wrongly"), _QUOTED
    ),
    "could not find expected ':'": _Advice(
        N_("this line is neither a key with its value nor part of the text above it"),
        N_("write it like title: Future outlook, with a colon and a space"), opening=True,
    ),
    "did not find expected ',' or ']'": _Advice(
        N_("the list that begins here is not closed"),
        N_("separate its items by commas and close it with ], like [7d, 1d]"), opening=True,
    ),
    "did not find expected ',' or '}'": _Advice(
        N_("the mapping that begins here is not closed"),
        N_(
            "separate its keys by commas and close it with {brace}, like {example}",
            brace="}", example='{passage: dialogue-1, quote: "…"}',
        ), opening=True,
    ),
    "found unexpected end of stream": _Advice(
        N_("a quotation mark is opened here and never closed"), N_("close it with the same mark"), opening=True
    ),
    "found unexpected document indicator": _Advice(
        N_("a quotation mark is opened here and not closed before the next document"),
        N_("close it with the same mark"), opening=True,
    ),
    "did not find expected key": _Advice(
        N_("the line does not fit to the keys around it"),
        N_("indent it exactly like the keys beside it; a text with quotation marks ends at the second "
           "one"),
    ),
    "did not find expected '-' indicator": _Advice(
        N_("an item of a list is needed here"), N_("begin it with a dash and a space, indented like the items above it")
    ),
    "block sequence entries are not allowed in this context": _Advice(
        N_("a list cannot begin on the line of its key"),
        N_("begin it on the next line, each item with a dash, or write it like [7d, 1d]"),
    ),
    "mapping keys are not allowed in this context": _Advice(
        N_("a key cannot stand here"), N_("begin it on the next line, indented like the keys beside it")
    ),
    "found character that cannot start any token": _Advice(
        N_("a text cannot begin with this character"), N_("put the text into quotation marks")
    ),
    "did not find expected node content": _Advice(
        N_("a value is missing here"), N_("write the value, or take the stray sign out")
    ),
    "found undefined alias": _Advice(
        N_("this alias names nothing"), N_("put the text into quotation marks if the star belongs to it")
    ),
    "second occurrence": _Advice(N_("two anchors have the same name"), N_("give the second one another name")),
    "but found another document": _Advice(
        N_("the file holds more than one document"), N_("keep one brief in a file and take the line --- out")
    ),
    "did not find expected <document start>": _Advice(
        N_("text stands after the end of the document"), N_("take the line ... out, or delete what follows it")
    ),
    "found unknown escape character": _Advice(N_("a backslash begins an escape that YAML does not know"), _ESCAPE),
    "did not find expected hexdecimal number": _Advice(N_("this escape is not a character"), _ESCAPE),
    "found invalid Unicode character escape code": _Advice(N_("this escape is not a character"), _ESCAPE),
    "found undefined tag handle": _Advice(
        N_("tags are not allowed in a brief"),
        N_("take the tag out, or put a text that begins with ! into quotation marks")
    ),
    "did not find expected alphabetic or numeric character": _ANCHOR,
    "did not find expected comment or line break": _Advice(
        N_("after | or > the text begins on the next line"), N_("move the text to the next line and indent it")
    ),
    "found unknown directive name": _DIRECTIVE,
    "found incompatible YAML document": _DIRECTIVE,
    "found extra spaces": _DIRECTIVE,
}  # fmt: skip


def syntax_fault(problem: yaml.YAMLError, data: bytes, lines: Lines, file: str) -> Fault:
    """Say in plain words why libyaml could not read the file."""
    offset = _offset(problem)
    complaint = getattr(problem, "problem", None) or getattr(problem, "reason", None) or "unreadable"
    if lines.sign(offset) == "\t":
        cure = N_("indent with spaces, two for each level")
        return Fault(file, *lines.place(offset), N_("a tab"), N_("a tab is used for indentation"), cure)
    runaway = _runaway_quote(data, offset, lines)
    if runaway is not None:
        last, _ = lines.place(offset)
        described = N_("a quotation mark is opened here and closed only in line {last}", last=last)
        cure = N_("close it where its text ends, and double each apostrophe inside single quotation marks")
        return Fault(file, *lines.place(runaway), _found(lines, runaway), described, cure)
    advice = _ADVICE.get(complaint)
    if advice is None:
        context = getattr(problem, "context", None)
        described = N_(
            "this is not valid YAML ({complaint})",
            complaint=f"{complaint} {context}" if context else complaint,
        )
        advice = _Advice(
            described, N_("compare the line with its neighbours, or put the text into quotation marks")
        )
    opening = getattr(problem, "context_mark", None)
    at = opening.index if advice.opening and opening is not None else offset
    return Fault(file, *lines.place(at), _found(lines, at), advice.problem, advice.cure)


def _runaway_quote(data: bytes, offset: int, lines: Lines) -> int | None:
    """Find the quoted text of several lines that ends in the line where the reader stumbled.

    A mark that was never closed ends at the next one, often far below, and only there something is odd.
    """
    if not {lines.sign(at) for at in range(max(0, offset - 2), offset)} & {'"', "'"}:
        return None
    last = None
    try:
        for token in yaml.scan(data, Loader=CParser):  # type: ignore[arg-type]  # not in the stubs
            if isinstance(token, yaml.ScalarToken) and token.style in ('"', "'"):
                last = token
    except yaml.YAMLError:
        pass  # the complaint that is being explained
    if last is None or not offset - 2 <= last.end_mark.index <= offset:
        return None
    return int(last.start_mark.index) if last.start_mark.line < last.end_mark.line else None


def _offset(problem: yaml.YAMLError) -> int:
    mark = getattr(problem, "problem_mark", None) or getattr(problem, "context_mark", None)
    if mark is not None:
        return int(mark.index)
    return int(getattr(problem, "position", None) or 0)


def _found(lines: Lines, offset: int) -> str:
    rest = lines.rest(offset).strip()
    if rest:
        return said(rest, 40)
    return N_("the end of the line") if lines.sign(offset) else N_("the end of the file")
