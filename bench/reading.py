"""How long a 5 MB brief takes to read and check, beside loading and validating its YAML alone.

Ours is `read_brief`: guards, positions, schema, the report's passages, each quote, all cross checks.
Theirs is PyYAML's CSafeLoader with the collector off, then the same pydantic models: no report, no quotes.
"""

import gc
from time import perf_counter

import yaml

from bench.pairs import Ratio, interleaved
from bench.table import Row
from briefs.reading import read_brief
from briefs.schema import Brief

SECTIONS = 4000
AIM = 1.3

_WORDS = (
    "harbour", "tide", "gauge", "water", "level", "quay", "storm", "surge", "survey", "benchmark", "summer",
    "reading", "radar", "sensor", "float", "pier", "record", "flood", "market", "warning", "town", "office",
    "study", "draft", "rule", "season", "current", "channel", "buoy", "signal", "chart", "depth",
)  # fmt: skip


def make(sections: int = SECTIONS) -> tuple[bytes, bytes]:
    """Give brief.yaml and report.md: for each section two passages, a topic, a judgement and a note."""
    report = [_report_part(number) for number in range(sections)]
    brief = [
        "format: 1\nbrief: large\ntitle: A large brief\npublished: 2025-03-01\nsource: report.md\nsections:\n",
        *(_section(number) for number in range(sections)),
        "topics:\n",
        *(_topic(number) for number in range(sections)),
        "judgements:\n",
        *(_judgement(number) for number in range(sections)),
        "notes:\n",
        *(_note(number) for number in range(sections)),
    ]
    return "".join(brief).encode(), "".join(report).encode()


def _prose(number: int, words: int) -> str:
    """Write words that differ from one number to the next, in the same way on every run."""
    return " ".join(_WORDS[(number * 7 + at * at * 3 + at) % len(_WORDS)] for at in range(words))


def _sentences(number: int) -> tuple[str, str, str, str]:
    return (
        f"In year {number} the {_prose(number, 10)} rose by 2.1 mm.",
        f"The office’s {_prose(number + 1, 12)} – as case {number} shows – is likely to return.",
        f"Nobody measured {number} times the {_prose(number + 2, 15)} before.",
        f"Of {number} readings, the {_prose(number + 3, 20)} were kept.",
    )


def _report_part(number: int) -> str:
    first, second, third, fourth = _sentences(number)
    return (
        f"## Part {number} of the record\n\n<!-- passage part-{number}-a -->\n{first} {second}\n{third}\n\n"
        f"<!-- passage part-{number}-b -->\n{fourth}\nIt ends with case {number}.\n\n"
    )


def _section(number: int) -> str:
    return (
        f"  - id: section-{number}\n    title: Part {number} of the record\n"
        f"    passages: [part-{number}-a, part-{number}-b]\n"
    )


def _topic(number: int) -> str:
    first, _, third, fourth = _sentences(number)
    break_at = fourth.index(" ", 60)
    return (
        f"  - id: topic-{number}\n    command: topic-{number}\n    description: What part {number} records\n"
        f'    lead: {{passage: part-{number}-a, quote: "{first}"}}\n    points:\n'
        f'      - {{id: point-{number}-a, passage: part-{number}-a, quote: "{third}", label: Measured}}\n'
        f"      - id: point-{number}-b\n        passage: part-{number}-b\n        quote: >-\n"
        f"          {fourth[:break_at]}\n          {fourth[break_at + 1 :]}\n"
    )


def _judgement(number: int) -> str:
    second = _sentences(number)[1].replace("’", "'").replace("–", "-")
    return (
        f"  - id: judgement-{number}\n    passage: part-{number}-a\n    quote: >-\n      {second}\n"
        f"    likelihood: likely\n    by: 2026-12-31\n"
    )


def _note(number: int) -> str:
    return (
        f"  - id: note-{number}\n    kind: comment\n    date: 2025-03-05\n"
        f"    text: The editor looked at part {number} and at the {_prose(number + 4, 12)} beside it.\n"
        f"    source: https://example.org/notes/{number}\n    touches: [section-{number}, part-{number}-b]\n"
    )


def measure(sections: int = SECTIONS, pairs: int = 5) -> Ratio:
    """Measure both ways in seconds of wall time."""
    brief, report = make(sections)

    def ours() -> float:
        gc.collect()
        begun = perf_counter()
        document = read_brief(brief, report)
        taken = perf_counter() - begun
        assert len(document.brief.sections) == sections
        return taken

    def theirs() -> float:
        gc.collect()
        gc.disable()
        begun = perf_counter()
        loaded = Brief.model_validate(yaml.load(brief, Loader=yaml.CSafeLoader))
        taken = perf_counter() - begun
        gc.enable()
        assert len(loaded.sections) == sections
        return taken

    return interleaved(ours, theirs, pairs)


def rows(pairs: int = 5) -> list[Row]:
    """Measure both ways, as a row of the table."""
    brief, report = make()
    size = f"{len(brief) / 1e6:.1f} MB of YAML, {len(report) / 1e6:.1f} MB of report, {SECTIONS:,} sections"
    what = f"Reading and checking a brief ({size}), beside CSafeLoader with the collector off, and pydantic"
    return [Row(what, measure(pairs=pairs), "s", AIM)]
