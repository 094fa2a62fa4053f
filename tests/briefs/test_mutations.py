"""Ten thousand broken briefs: each is refused with places and cures, or read with no quote invented."""

import time
from collections import Counter
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from briefs.faults import BriefFaults, Fault
from briefs.reading import Document, read_brief
from tests.briefs.independent import folded, invented, passages_of, quotes_in
from tests.briefs.mutating import MUTATIONS, Mutation, mutants
from tests.briefs.sample import SAMPLE_REPORT, SAMPLE_YAML
from tests.office import SHIPPED

SAMPLE = SAMPLE_YAML.encode()
SHIPPED_YAML = (SHIPPED / "brief.yaml").read_bytes()
SHIPPED_TEXT = (SHIPPED / "report.md").read_text("utf-8")
LIMIT = 1.0


def check(yaml: bytes, report: str) -> str:
    """Read a brief and hold the reader to its promises; say what came of it."""
    begun = time.perf_counter()
    found = read(yaml, report)
    assert time.perf_counter() - begun < LIMIT
    if isinstance(found, Document):
        assert invented(found.brief.model_dump(), report) == []
        return "read"
    assert found, "a refusal names its faults"
    for fault in found:
        mendable(fault, yaml)
    return "refused"


def read(yaml: bytes, report: str) -> Document | tuple[Fault, ...]:
    try:
        return read_brief(yaml, report.encode())
    except BriefFaults as problem:
        return problem.faults


def mendable(fault: Fault, yaml: bytes) -> None:
    """Hold a fault to its promise: a place that exists in the file, what was found, and a cure."""
    assert fault.file == "brief.yaml", "the report is sound"
    text = (
        yaml.removeprefix(b"\xef\xbb\xbf")
        .decode("utf-8", "replace")
        .replace("\r\n", "\n")
        .replace("\r", "\n")
    )
    lines = text.split("\n")
    assert 1 <= fault.line <= len(lines), fault
    assert 1 <= fault.column <= len(lines[fault.line - 1]) + 1, fault
    assert fault.problem.strip(), fault
    assert fault.found.strip(), fault
    assert len(fault.cure.split()) >= 2, fault
    assert "\n" not in str(fault)


def read_all(yaml: bytes, report: str, seed: int, count: int) -> Counter[str]:
    came: Counter[str] = Counter()
    for number, mutant in enumerate(mutants(yaml, seed, count)):
        try:
            came[check(mutant, report)] += 1
        except BaseException as problem:
            problem.add_note(f"mutant {number} of seed {seed}")
            raise
    return came


def test_the_independent_check_finds_what_is_invented() -> None:
    brief = read_brief(SAMPLE, SAMPLE_REPORT.encode()).brief.model_dump()
    assert len(list(quotes_in(brief))) == SAMPLE_YAML.count("quote:")
    assert invented(brief, SAMPLE_REPORT) == []
    brief["topics"][0]["lead"]["quote"] = "The town would ask for four things"
    brief["judgements"][0]["passage"] = "gauge-1"
    assert invented(brief, SAMPLE_REPORT) == [
        "The town would ask for four things",
        "It is likely that the quay will be under water on more than fifteen days in 2026",
    ]
    assert set(passages_of(SHIPPED_TEXT)) == set(
        read_brief(SHIPPED_YAML, SHIPPED_TEXT.encode()).source.passages
    )
    assert folded(" “A\u00a0b\u00ad”\n– c") == '"A b" - c'


def test_mutants_are_the_same_for_the_same_seed() -> None:
    assert list(mutants(SAMPLE, 5, 20)) == list(mutants(SAMPLE, 5, 20)) != list(mutants(SAMPLE, 6, 20))
    assert len(set(mutants(SAMPLE, 5, 200))) > 190


def test_no_mutant_of_the_sample_gets_past_the_reader() -> None:
    came = read_all(SAMPLE, SAMPLE_REPORT, seed=1, count=1_500)
    assert came["refused"] > 1_000
    assert came["read"] > 100, "mutants must reach the checks behind the YAML"


def test_no_mutant_of_the_shipped_brief_gets_past_the_reader() -> None:
    came = read_all(SHIPPED_YAML, SHIPPED_TEXT, seed=2, count=150)
    assert came["refused"] > 100
    assert came["read"] > 5


Chosen = list[tuple[Mutation, Random]]
mutations = st.lists(
    st.tuples(st.sampled_from(MUTATIONS), st.randoms(use_true_random=False)), min_size=1, max_size=5
)


def mutated(yaml: bytes, chosen: Chosen) -> bytes:
    mutant = yaml
    for mutation, chance in chosen:
        mutant = mutation(mutant or yaml, chance)
    return mutant


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(mutations)
def test_no_mutant_that_is_searched_for_gets_past_the_reader(chosen: Chosen) -> None:
    check(mutated(SAMPLE, chosen), SAMPLE_REPORT)


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", range(10, 16))
def test_of_a_thousand_mutants_of_the_sample_none_gets_past_the_reader(seed: int) -> None:
    assert read_all(SAMPLE, SAMPLE_REPORT, seed, 1_000).total() == 1_000


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", range(20, 23))
def test_of_four_hundred_mutants_of_the_shipped_brief_none_gets_past_the_reader(seed: int) -> None:
    assert read_all(SHIPPED_YAML, SHIPPED_TEXT, seed, 400).total() == 400


@pytest.mark.slow
@pytest.mark.timeout(900)
@settings(max_examples=1_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(mutations)
def test_of_a_thousand_mutants_that_are_searched_for_none_gets_past_the_reader(
    chosen: Chosen,
) -> None:
    check(mutated(SAMPLE, chosen), SAMPLE_REPORT)
