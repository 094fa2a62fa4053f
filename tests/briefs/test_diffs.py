"""Two texts side by side: in words for readers, in lines for editors."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefs.diffs import in_lines, in_words, takes_back

sentences = st.lists(st.sampled_from(["the", "quay", "is", "not", "high", "enough"]), max_size=12).map(
    " ".join
)


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("the quay is high", "the quay is high", ()),
        ("the quay is high", "the  quay\nis high", ()),
        ("the quay is high", "the quay is low", (("high", "low"),)),
        ("the quay is high", "the quay is not high", (("is", "is not"),)),
        ("the quay is not high", "the quay is high", (("is not", "is"),)),
        ("quay is high", "the quay is high", (("quay", "the quay"),)),
        ("the quay is high", "", (("the quay is high", ""),)),
        ("a b c d", "x b y d", (("a b c", "x b y"),)),
    ],
)
def test_each_place_is_given_with_words_on_both_sides(
    old: str, new: str, found: tuple[tuple[str, str], ...]
) -> None:
    assert in_words(old, new) == found


@given(sentences, sentences)
def test_texts_differ_in_a_place_exactly_where_their_words_differ(old: str, new: str) -> None:
    places = in_words(old, new)
    assert bool(places) == (old != new)
    for was, now in places:
        assert was in old
        assert now in new
        assert was != now
        assert (was and now) or not (old and new)


def test_lines_are_compared_as_editors_show_them() -> None:
    old = "\ufefftitle: A\nreviewed: 2025-04-15\nlanguage: en\n".encode()
    new = b"title: A\r\nreviewed: 2025-07-01\r\nlanguage: en"
    assert in_lines(old, new, "revision 3", "revision 4").splitlines() == [
        "--- revision 3",
        "+++ revision 4",
        "@@ -1,3 +1,3 @@",
        " title: A",
        "-reviewed: 2025-04-15",
        "+reviewed: 2025-07-01",
        " language: en",
    ]


def test_equal_files_have_no_lines_to_show() -> None:
    assert in_lines(b"a: 1\n", b"a: 1\n", "old", "new") == ""


@pytest.mark.parametrize(
    ("now", "taken_back"),
    [
        ("a\nx\nc\nd\n", False),
        ("a\n\n  x\nd\nc\ne\n", False),
        ("a\nb\nc\n", True),
        ("a\nc\nd\n", True),
        ("a\nb\nx\nc\nd\n", True),
        ("a\nx\nc\n", True),
        ("", True),
    ],
)
def test_a_file_takes_a_change_back_where_a_new_line_is_missing_or_an_old_one_is_there(
    now: str, taken_back: bool
) -> None:
    assert takes_back(b"a\nb\nc\n", b"a\nx\nc\nd\n", now.encode()) is taken_back


def test_where_nothing_changed_nothing_is_taken_back() -> None:
    assert not takes_back(b"a\nb\n", b"a\nb\n", b"c\n")
