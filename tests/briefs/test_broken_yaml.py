"""Each way in which a brief's file can be broken: place, what was found, and the cure, in whole sentences."""

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from briefs.composing import MAX_DEPTH, MAX_VALUES
from briefs.faults import MAX_FAULTS, BriefFaults, Fault
from briefs.guards import MAX_BYTES
from briefs.reading import read_brief
from tests.briefs.sample import SAMPLE_REPORT, SAMPLE_YAML

REPORT = SAMPLE_REPORT.encode()


def faults_of(yaml: str | bytes, report: str | bytes = REPORT) -> tuple[Fault, ...]:
    with pytest.raises(BriefFaults) as caught:
        read_brief(
            yaml.encode() if isinstance(yaml, str) else yaml,
            report.encode() if isinstance(report, str) else report,
        )
    return caught.value.faults


def sentences(yaml: str | bytes, report: str | bytes = REPORT) -> list[str]:
    return [str(fault) for fault in faults_of(yaml, report)]


def changed(old: str, new: str) -> str:
    assert SAMPLE_YAML.count(old) == 1, f"{old!r} must stand in the sample once"
    return SAMPLE_YAML.replace(old, new)


@pytest.mark.parametrize("text", ["\ufeff" + SAMPLE_YAML, SAMPLE_YAML.replace("\n", "\r\n")])
def test_a_byte_order_mark_and_foreign_line_ends_are_read(text: str) -> None:
    report = SAMPLE_REPORT.replace("\n", "\r\n")
    assert read_brief(text.encode(), ("\ufeff" + report).encode()).brief.brief == "harbour-2025"


def test_a_place_behind_a_byte_order_mark_is_counted_without_it() -> None:
    assert sentences("\ufefftitel: x")[-1].startswith("brief.yaml:1:1: the key titel is not known")


def test_utf_16_is_named() -> None:
    assert sentences(SAMPLE_YAML.encode("utf-16")) == [
        "brief.yaml:1:1: the file is in UTF-16 or UTF-32, not in UTF-8; found the byte 0xFF; "
        "save it as UTF-8 (in the editor: Save with encoding)"
    ]


def test_utf_16_without_a_byte_order_mark_is_named() -> None:
    assert sentences(SAMPLE_YAML.encode("utf-16-le")) == [
        "brief.yaml:1:2: the file is in UTF-16 or UTF-32, not in UTF-8; found the byte 0x00; "
        "save it as UTF-8 (in the editor: Save with encoding)"
    ]


def test_latin_1_names_the_place_of_the_first_foreign_byte() -> None:
    broken = changed("title: The talks with the town", "title: Thé talks").encode("latin-1")
    assert sentences(broken) == [
        "brief.yaml:22:14: the file is not in UTF-8; found the byte 0xE9; "
        "save it as UTF-8 (in the editor: Save with encoding)"
    ]


def test_a_report_in_latin_1_is_refused_beside_the_faults_of_the_brief() -> None:
    report = SAMPLE_REPORT.replace("–", "-").replace("Merrow", "Mérrow").encode("latin-1", "replace")
    assert sentences(changed("language: en", "language: NO"), report) == [
        "brief.yaml:8:11: a language is two lowercase letters, and a country's two capitals where they matter; "
        'found "NO"; write language: en, or pt-BR',
        "report.md:2:2: the file is not in UTF-8; found the byte 0xE9; "
        "save it as UTF-8 (in the editor: Save with encoding)",
    ]


def test_a_nul_byte_is_refused() -> None:
    assert sentences(changed("after sixty years", "after six\x00ty years")) == [
        "brief.yaml:4:49: a NUL character stands in the text; found the character U+0000; "
        "delete it; only tabs and line breaks are allowed among the control characters"
    ]


@pytest.mark.parametrize("sign", ["\x01", "\x0b", "\x1b", "\x7f", "\x80", "\x9f", "\ufffe", "\uffff"])
def test_control_characters_are_refused_in_both_files(sign: str) -> None:
    [in_brief] = faults_of(changed("after sixty years", f"after six{sign}ty years"))
    assert (in_brief.line, in_brief.column, in_brief.found) == (4, 49, f"the character U+{ord(sign):04X}")
    in_report = faults_of(SAMPLE_YAML, SAMPLE_REPORT.replace("two summers", f"two{sign} summers"))
    assert [(fault.file, fault.line) for fault in in_report] == [("report.md", 16)]


def test_a_control_character_that_is_written_as_an_escape_is_refused() -> None:
    assert sentences(changed('title: "Merrow Harbour: the', 'title: "Merrow\\0 Harbour: the')) == [
        "brief.yaml:4:8: a control character stands in the text; found the character U+0000; "
        "take its escape out of the quotation marks"
    ]


def test_a_tab_as_indentation_is_refused() -> None:
    assert sentences(changed("  - id: gauge\n", "\t- id: gauge\n")) == [
        "brief.yaml:15:1: a tab is used for indentation; found a tab; indent with spaces, two for each level"
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [("", "nothing"), (" \n\n", "nothing"), ("# later\n", "only comments"), ("---\n", "only comments")],
)
def test_an_empty_file_says_what_to_write(text: str, found: str) -> None:
    assert sentences(text) == [
        f"brief.yaml:1:1: the file holds no brief; found {found}; "
        "write format: 1 and below it brief: harbour-2025, title:, published:, source: and sections:"
    ]


@pytest.mark.parametrize(("text", "found"), [("\n- a\n- b\n", "a list"), ("\nhello\n", '"hello"')])
def test_a_file_without_keys_says_what_to_write(text: str, found: str) -> None:
    assert sentences(text) == [
        f"brief.yaml:2:1: a brief consists of keys with values; found {found}; "
        "write format: 1 and below it brief: harbour-2025, title:, published:, source: and sections:"
    ]


def test_a_second_document_is_refused() -> None:
    assert sentences(SAMPLE_YAML + "---\nformat: 1\n") == [
        f'brief.yaml:{SAMPLE_YAML.count(chr(10)) + 1}:1: the file holds more than one document; found "---"; '
        "keep one brief in a file and take the line --- out"
    ]


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? "])
def test_two_hundred_thousand_levels_are_refused_without_a_crash(opening: str) -> None:
    [fault] = faults_of(opening * 200_000)
    assert fault.line == 1
    assert fault.problem == f"more than {MAX_DEPTH} levels stand inside each other"
    assert fault.cure == "close the brackets, or bring the indentation back; a brief needs six levels"


def test_deep_levels_name_their_place() -> None:
    [fault] = faults_of(f"format: 1\nx: {'[' * 60}{']' * 60}\n")
    assert str(fault).startswith("brief.yaml:2:52: more than 50 levels stand inside each other; found ")


def test_too_large_a_file_is_refused() -> None:
    assert sentences(b"a: " + b"x" * MAX_BYTES) == [
        "brief.yaml:1:1: the file is larger than 16 MiB; found 16.0 MiB; split the report into several briefs"
    ]


def test_too_many_values_are_refused() -> None:
    [fault] = faults_of(b"a: [" + b"x," * (MAX_VALUES + 1) + b"]")
    assert (fault.line, fault.column) == (1, 4)
    assert fault.problem == "the file holds more than 500,000 values"


def test_an_alias_to_a_list_is_refused_where_it_stands() -> None:
    broken = changed("touches: [town-demands, talks-1]", "touches: &both [town-demands, talks-1]")
    broken = broken.replace("touches: [draft-rules]", "touches: *both")
    assert sentences(broken) == [
        'brief.yaml:88:14: only a text may be repeated by an alias; found "*both"; '
        "write out the list or the mapping that &both names"
    ]


def test_a_list_that_holds_itself_is_refused() -> None:
    assert sentences(changed("touches: [draft-rules]", "touches: &me [*me]"))[0].startswith(
        "brief.yaml:88:19: only a text may be repeated by an alias; found "
    )


def test_an_alias_bomb_is_refused_at_once() -> None:
    lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    lines += [
        f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]"
        for old, new in zip("abcdefgh", "bcdefghi", strict=True)
    ]
    assert (
        sum(
            fault.problem == "only a text may be repeated by an alias"
            for fault in faults_of("\n".join(lines))
        )
        == 72
    )


def test_an_alias_to_a_text_is_read() -> None:
    text = changed("source: https://example.org/pier\n", "source: &pier https://example.org/pier\n")
    text = text.replace("source: https://example.org/pier-open", "source: *pier")
    cancelled = read_brief(text.encode(), REPORT).brief.watch_dates[4].cancelled
    assert cancelled is not None
    assert cancelled.source == "https://example.org/pier"


def test_a_merge_key_is_refused() -> None:
    assert sentences(
        changed("    touches: [draft-rules]\n", "    touches: [draft-rules]\n    <<: {zone: UTC}\n")
    ) == [
        'brief.yaml:89:5: merging is not allowed in a brief; found "<<"; '
        "write the merged keys out where they belong"
    ]


@pytest.mark.parametrize(
    ("tag", "found"),
    [("!!python/object:os.system", "!!python/object:os.system"), ("!mine", "!mine"), ("!!int", "!!int")],
)
def test_a_tag_is_refused(tag: str, found: str) -> None:
    assert sentences(changed("language: en", f"language: {tag} en")) == [
        f'brief.yaml:8:11: tags are not allowed in a brief; found "{tag}"; take the tag out and leave its value'
    ]


def test_a_key_given_twice_names_both_places() -> None:
    assert sentences(
        changed("    likelihood: could\n", "    likelihood: could\n    likelihood: would\n")
    ) == [
        'brief.yaml:138:5: the key likelihood is given twice; found "likelihood", first given at 137:5; '
        "keep one of the two"
    ]


def test_what_a_repeated_key_hides_is_not_complained_of_as_missing() -> None:
    topics = SAMPLE_YAML[SAMPLE_YAML.index("topics:\n") : SAMPLE_YAML.index("watch_dates:\n")]
    found = sentences(SAMPLE_YAML.replace(topics, f"topics: []\n{topics}"))
    assert found == [
        'brief.yaml:40:1: the key topics is given twice; found "topics", first given at 39:1; keep one of the two'
    ]


@pytest.mark.parametrize(
    ("key", "found"), [("? [a]\n:", "a list or a mapping as key"), ("~:", "no key before the colon")]
)
def test_a_key_that_is_no_word_is_refused(key: str, found: str) -> None:
    assert sentences(changed("language: en", f"language: en\n{key} b"))[0].endswith(
        f": a key is a word; found {found}; write it like title: Future outlook"
    )


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (
            "title: Recommendations", "title: Recommendations: all",
            "25:27: a colon stands inside a text without quotation marks, or the line is indented wrongly; "
            'found ": all"; put the text into quotation marks, like title: "Outlook: the talks"',
        ),
        (
            "language: en\n", "language\n",
            "8:1: this line is neither a key with its value nor part of the text above it; "
            'found "language"; write it like title: Future outlook, with a colon and a space',
        ),
        (
            "passages: [water-1, water-2]", "passages: [water-1, water-2",
            '20:15: the list that begins here is not closed; found "[water-1, water-2"; '
            "separate its items by commas and close it with ], like [7d, 1d]",
        ),
        (
            "outcome: {result: open}", "outcome: {result: open",
            '133:14: the mapping that begins here is not closed; found "{result: open"; '
            'separate its keys by commas and close it with }, like {passage: dialogue-1, quote: "…"}',
        ),
        (
            'talks-1: ["What does the town want?"', 'talks-1: ["What does the town want?',
            "186:12: the list that begins here is not closed",
        ),
        (
            'title: "Merrow Harbour: the tide gauge after sixty years"', "title: 'Merrow Harbour",
            "4:8: a quotation mark is opened here and closed only in line 47; found \"'Merrow Harbour\"; "
            "close it where its text ends, and double each apostrophe inside single quotation marks",
        ),
        (
            "  harbour office: [port authority]", "  harbour office: 'port authority",
            "180:19: a quotation mark is opened here and never closed",
        ),
        (
            "language: en", "language: @en",
            '8:11: a text cannot begin with this character; found "@en"; put the text into quotation marks',
        ),
        (
            "language: en", "language: *en",
            '8:11: this alias names nothing; found "*en"; '
            "put the text into quotation marks if the star belongs to it",
        ),
        (
            "language: en", "language: - en",
            '8:11: a list cannot begin on the line of its key; found "- en"; '
            "begin it on the next line, each item with a dash, or write it like [7d, 1d]",
        ),
        (
            "language: en", 'language: "\\q"',
            '8:12: a backslash begins an escape that YAML does not know; found "\\q""; '
            "write a backslash twice, or put the text into single quotation marks",
        ),
        (
            "language: en", "language: }",
            '8:11: a value is missing here; found "}"; write the value, or take the stray sign out',
        ),
        (
            "language: en", "language: |en\n  x",
            '8:12: after | or > the text begins on the next line; found "en"; '
            "move the text to the next line and indent it",
        ),
        (
            "language: en", "language: en\n  x: y",
            "9:4: a colon stands inside a text without quotation marks, or the line is indented wrongly",
        ),
        (
            "language: en", "language: 'e' n",
            '8:15: the line does not fit to the keys around it; found "n"; indent it exactly like the keys '
            "beside it; a text with quotation marks ends at the second one",
        ),
    ],
)  # fmt: skip
def test_what_libyaml_cannot_read_is_said_in_plain_words(old: str, new: str, sentence: str) -> None:
    [found] = sentences(changed(old, new))
    assert found.startswith(f"brief.yaml:{sentence}")
    assert found.count("; ") >= 2


def test_a_file_with_no_end_of_faults_shows_the_first_thousand() -> None:
    found = faults_of(SAMPLE_YAML + "".join(f"k{number}: 1\n" for number in range(MAX_FAULTS + 10)))
    assert len(found) == MAX_FAULTS + 1
    assert str(found[-1]).endswith("the list of faults stops here; found more than 1,000; mend these first")


PIECES = [
    "[", "]", "{", "}", ": ", "- ", "\n", "\t", "&a ", "*a", "!!x ", '"', "'", "#", "|", ">", "%", "@", "\x00", "\x85",
    "\ufeff", "<<: ", "? ", "---\n", "  ", "é", "\u2028", "\\", "~", "null", ",", "{ordinal}",
]  # fmt: skip
REPORT_PIECES = [*PIECES, "<!--", "-->", "## "]
edits = st.lists(
    st.tuples(st.integers(0, len(SAMPLE_YAML)), st.integers(0, 12), st.sampled_from(PIECES)),
    min_size=1,
    max_size=6,
)


report_edits = st.lists(
    st.tuples(st.integers(0, len(SAMPLE_REPORT)), st.integers(0, 40), st.sampled_from(REPORT_PIECES)),
    max_size=5,
)


def check_any(yaml: bytes, report: bytes) -> None:
    """Read it: either it is right, or every fault has a place that exists, and a cure."""
    for fault in faults_or_none(yaml, report):
        data = yaml if fault.file == "brief.yaml" else report
        lines = data.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n").split("\n")
        assert 1 <= fault.line <= len(lines)
        assert 1 <= fault.column <= len(lines[fault.line - 1]) + 1
        assert fault.problem
        assert fault.found
        assert fault.cure
        assert "\n" not in str(fault)


def faults_or_none(yaml: bytes, report: bytes) -> tuple[Fault, ...]:
    try:
        read_brief(yaml, report)
    except BriefFaults as caught:
        return caught.faults
    return ()


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(edits)
def test_no_edit_of_a_brief_crashes_the_reader(changes: list[tuple[int, int, str]]) -> None:
    text = SAMPLE_YAML
    for at, length, piece in changes:
        text = text[:at] + piece + text[at + length :]
    check_any(text.encode("utf-8", "surrogatepass"), REPORT)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200), st.integers(0, len(SAMPLE_YAML)), st.integers(0, 300))
def test_no_bytes_crash_the_reader(noise: bytes, at: int, length: int) -> None:
    data = SAMPLE_YAML.encode()
    check_any(noise, REPORT)
    check_any(data[:at] + noise + data[at + length :], REPORT)


@settings(max_examples=100, deadline=None)
@given(report_edits)
def test_no_edit_of_a_report_crashes_the_reader(changes: list[tuple[int, int, str]]) -> None:
    text = SAMPLE_REPORT
    for at, length, piece in changes:
        text = text[:at] + piece + text[at + length :]
    check_any(SAMPLE_YAML.encode(), text.encode())


scalars = st.none() | st.sampled_from(["", "x", "2025-13-40", "1:30", "talks-1", "{x}", "é" * 50])
yaml_values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "quote", "x", ""]), inner, max_size=3)
    ),
    max_leaves=5,
)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_any_value_at_any_place_is_a_fault_with_a_place_or_right(data: st.DataObject) -> None:
    brief = yaml.load(SAMPLE_YAML, Loader=yaml.CBaseLoader)
    holder = brief
    while True:
        keys = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
        key = data.draw(st.sampled_from(keys))
        inner = holder[key]
        if not inner or not isinstance(inner, dict | list) or data.draw(st.booleans()):
            break
        holder = inner
    holder[key] = data.draw(yaml_values)
    check_any(yaml.dump(brief, Dumper=yaml.CSafeDumper, allow_unicode=True).encode(), REPORT)
