"""The report's text as passages, and the check that a quote stands in one of them.

A report is Markdown with `## Heading` lines and, before each paragraph, a comment line that names it:
`<!-- passage dialogue-1 -->`, `<!-- caption dialogue-photo -->` or `<!-- imprint dated -->`. The
paragraph runs to the next blank line; a list item is a paragraph of its own.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, cast

from rapidfuzz import fuzz, process

from briefs.faults import MAX_FAULTS, BriefFaults, Fault, said
from briefs.folding import REACH, fold, folded_span, parts_here
from briefs.marking import N_
from briefs.schema import ID_PATTERN

Kind = Literal["passage", "caption", "imprint"]

LINE_BREAK = re.compile(r"\r\n|\n|\r")
MAX_ID = 64
_HEADING = re.compile(r"^(#{1,6})(?:[ \t]+(.*?))?[ \t]*#*$")
_NAMED = re.compile(r"^<!--\s*(passage|caption|imprint)\b(.*?)-->\s*$")
_COMMENT = re.compile(r"^<!--(?:(?!-->).)*-->\s*$")
_ITEM = re.compile(r"^[-*][ \t]+")
_WORD = re.compile(r"\S+")
_ID = re.compile(ID_PATTERN)
_EXAMPLE = "<!-- passage dialogue-1 -->"


@dataclass(frozen=True, slots=True)
class Passage:
    """One paragraph of the report under its heading.

    `text` is verbatim, except that a line break inside the paragraph is one space and a list item's
    leading dash is left out. `line` (from 1) is where the paragraph begins in the report's file.
    """

    id: str
    heading: str
    text: str
    kind: Kind
    line: int


@dataclass(frozen=True)
class Source:
    """The report, or the part of it that somebody may see: passages by id, in the order of the text."""

    passages: Mapping[str, Passage]

    @property
    def headings(self) -> tuple[str, ...]:
        """The headings that stand above passages, each once, in the order of the text."""
        return tuple(dict.fromkeys(each.heading for each in self.passages.values() if each.heading))


@dataclass(frozen=True, slots=True)
class Nearest:
    """The verbatim text of the source that a misquote is most like; `score` is 0 to 100."""

    passage: str
    text: str
    score: float


def read_source(report: str, name: str = "report.md") -> Source:
    """Read the report's text; raise BriefFaults with every fault and its line."""
    source, faults = scan_source(report, name)
    if faults:
        raise BriefFaults(faults)
    return source


def scan_source(report: str, name: str = "report.md") -> tuple[Source, list[Fault]]:
    """Read what can be read of the report, and collect the faults."""
    scan = _Scan(name)
    for number, line in enumerate(LINE_BREAK.split(report.removeprefix("\ufeff")), start=1):
        scan.take(number, line)
    return scan.finish(), scan.faults


def find_quote(passage: Passage, quote: str) -> tuple[int, int] | None:
    """Find where a quote stands in a passage.

    The span (start, end) is of the passage's own text; its folded form (`briefs.folding`) equals the
    quote's. None where the quote does not stand there, and for an empty quote.
    """
    wanted = quote.strip()
    text = passage.text
    start = text.find(wanted) if wanted else -1
    end = start + len(wanted)
    if (
        start >= 0
        and parts_here(text[max(0, start - REACH) : start], wanted)
        and parts_here(wanted[-REACH:], text[end : end + 1])
    ):
        return start, end
    return folded_span(text, fold(wanted))


def nearest(source: Source, quote: str) -> Nearest:
    """Find the verbatim text of the source that is most like a misquote, cut at word borders.

    A source without passages gives an empty text with score 0.
    """
    texts = {passage.id: passage.text for passage in source.passages.values()}
    if not texts:
        return Nearest("", "", 0.0)
    best = process.extractOne(quote, texts, scorer=fuzz.partial_ratio)
    return nearest_in(source.passages[best[2]], quote)


def nearest_in(passage: Passage, quote: str) -> Nearest:
    """Find the part of one passage that is most like a misquote, cut at word borders."""
    text = passage.text
    found = fuzz.partial_ratio_alignment(quote, text)
    if found is None or found.dest_start == found.dest_end:
        return Nearest(passage.id, "", 0.0)
    return Nearest(passage.id, _whole_words(text, found.dest_start, found.dest_end), found.score)


def _whole_words(text: str, start: int, end: int) -> str:
    """Move both ends to the border of the word that they cut: outwards where more than half of it is inside."""
    words = [found.span() for found in _WORD.finditer(text) if found.end() > start and found.start() < end]
    inside = [
        (first, last) for first, last in words if 2 * (min(last, end) - max(first, start)) > last - first
    ]
    kept = inside or words
    return text[kept[0][0] : kept[-1][1]] if kept else ""


@dataclass(frozen=True, slots=True)
class _Mark:
    """A comment that names the paragraph after it."""

    kind: Kind
    id: str
    line: int


@dataclass
class _Scan:
    """The report being read line by line."""

    file: str
    passages: dict[str, Passage] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    mark: _Mark | None = None
    lines: list[str] = field(default_factory=list)
    begun: int = 1
    in_item: bool = False
    heading: str = ""
    bare_heading: int | None = None

    def take(self, number: int, line: str) -> None:
        """Read one line."""
        if not line or line.isspace():
            self._end_paragraph()
        elif line.startswith("<!--"):
            self._end_paragraph()
            self._comment(number, line)
        elif line.startswith("#") and (heading := _HEADING.match(line)):
            self._end_paragraph()
            self._heading(number, line, heading)
        else:
            self._text(number, line)

    def finish(self) -> Source:
        """End the text and give what was read."""
        self._end_paragraph()
        self._drop_mark()
        self._drop_heading()
        if not self.passages and not self.faults:
            self._fault(
                1, N_("the report holds no passage"), N_("no paragraph with an id"),
                N_("write {example} on a line of its own before each paragraph", example=_EXAMPLE),
            )  # fmt: skip
        return Source(MappingProxyType(self.passages))

    def _text(self, number: int, line: str) -> None:
        item = _ITEM.match(line)
        if item:
            self._end_paragraph()
            if not line[item.end() :].strip():
                return
        if not self.lines:
            self.begun = number
            self.in_item = item is not None
            self.lines.append(line[item.end() :] if item else line)
        else:
            self.lines.append(line.lstrip(" \t") if self.in_item else line)

    def _heading(self, number: int, line: str, heading: re.Match[str]) -> None:
        self._drop_mark()
        self._drop_heading()
        if heading[1] != "##" or not heading[2]:
            self._fault(
                number, N_("a heading of the report is written with two number signs and its words"), said(line),
                N_("write it like ## {value}", value=heading[2] or 'Future outlook'),
            )  # fmt: skip
        self.heading = heading[2] or ""
        self.bare_heading = number

    def _comment(self, number: int, line: str) -> None:
        named = _NAMED.match(line)
        if named:
            self._drop_mark()
            self.mark = _Mark(cast(Kind, named[1]), named[2].strip(), number)
        elif not _COMMENT.match(line):
            self._fault(
                number, N_("a comment of the report stands alone on one line"), said(line),
                N_("close it with --> at the end of the line, like {example}, and write the text below it",
                   example=_EXAMPLE),
            )  # fmt: skip

    def _end_paragraph(self) -> None:
        if not self.lines:
            return
        text, self.lines = " ".join(self.lines), []
        self.bare_heading = None
        mark, self.mark = self.mark, None
        if mark is None:
            self._fault(
                self.begun, N_("a paragraph of the report has no id"), said(text, 40),
                N_("write a line like {example} before it", example=_EXAMPLE),
            )  # fmt: skip
        else:
            self._keep(mark, text)

    def _keep(self, mark: _Mark, text: str) -> None:
        name = mark.id
        if not _ID.match(name) or len(name) > MAX_ID:
            self._fault(
                mark.line,
                N_(
                    "a {kind}'s id is lowercase letters and digits joined by single hyphens, {most} characters at most",
                    kind=mark.kind, most=MAX_ID,
                ),
                said(mark.id), N_("write it like {example}", example=_EXAMPLE),
            )  # fmt: skip
            # What quotes it may have the id that was meant: then there is one fault and not a dozen.
            name = "-".join(re.findall(r"[a-z0-9]+", name.lower())) or name
        first = self.passages.get(name)
        if first is None:
            self.passages[name] = Passage(name, self.heading, text, mark.kind, self.begun)
        elif name == mark.id:
            self._fault(
                mark.line, N_("two paragraphs of the report have the same id"),
                N_("{name}, which is also the paragraph of line {line}", name=said(name), line=first.line),
                N_("give one of them another id, like {name}-2", name=name),
            )  # fmt: skip

    def _drop_mark(self) -> None:
        mark, self.mark = self.mark, None
        if mark is not None:
            self._fault(
                mark.line, N_("an id of the report names no paragraph"), said(f"{mark.kind} {mark.id}"),
                N_("write the paragraph below it, or take the line out"),
            )  # fmt: skip

    def _drop_heading(self) -> None:
        line, self.bare_heading = self.bare_heading, None
        if line is not None:
            self._fault(
                line, N_("a heading of the report has no paragraph below it"), said(self.heading),
                N_("write its paragraph, or take the heading out"),
            )  # fmt: skip

    def _fault(self, line: int, problem: str, found: str, cure: str) -> None:
        if len(self.faults) <= MAX_FAULTS:
            self.faults.append(Fault(self.file, line, 1, found, problem, cure))
