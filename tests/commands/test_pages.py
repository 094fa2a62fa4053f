"""Pages: a long reply is cut into screens that lose no word."""

from hypothesis import given, settings
from hypothesis import strategies as st

from commands.model import Action, EditorNote, Heading, Listing, Press, Prose, Quotation, Reply, Strong, text
from commands.pages import BUTTONS, FIRST, REST, cut, paginate, size
from commands.views.plain import block

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=3_000)
LINES = st.lists(WORDS.filter(bool).map(lambda words: text(words)), min_size=1, max_size=30)
BLOCKS = st.one_of(
    WORDS.map(lambda words: Prose(text(words))),
    WORDS.map(lambda words: Prose(text(words[:20], Strong(words)))),
    WORDS.map(lambda words: Heading(words[:200])),
    WORDS.map(lambda words: Quotation(words, "a-1", "A heading", (0, len(words) // 2))),
    WORDS.map(lambda words: EditorNote("comment", "May 1, 2026", words, "https://example.org/a")),
    LINES.map(lambda items: Listing(tuple(items))),
)


def words_of(reply: Reply) -> str:
    """Every word of a reply in order, without white space and without what a page repeats."""
    parts = []
    for each in reply.blocks:
        match each:
            case Quotation():
                parts.append(each.words)
            case EditorNote():
                parts.append(each.text)
            case Listing():
                parts.append("".join(block(Prose(item)) for item in each.items))
            case _:
                parts.append(block(each))
    return "".join("".join(parts).split())


@settings(deadline=None, max_examples=200)
@given(st.lists(BLOCKS, max_size=8))
def test_the_pages_of_any_reply_hold_every_word_in_order(blocks: list[Prose]) -> None:
    reply = Reply("Title", tuple(blocks))
    assert "".join(words_of(page) for page in paginate(reply)) == words_of(reply)


@settings(deadline=None, max_examples=200)
@given(st.lists(BLOCKS, max_size=8))
def test_no_page_is_longer_than_its_budget(blocks: list[Prose]) -> None:
    for page in paginate(Reply("Title", tuple(blocks))):
        allowed = (FIRST if page.page == 1 else REST) + 500
        assert sum(map(size, page.blocks)) <= allowed


def test_a_short_reply_is_one_page_and_stays_as_it_is() -> None:
    reply = Reply("Title", (Prose(text("Short.")),))
    assert paginate(reply) == (reply,)


def test_a_cut_falls_after_a_sentence() -> None:
    assert cut("One sentence. Another one. A third.", 28) == ("One sentence. Another one. ", "A third.")


def test_a_cut_without_a_sentence_falls_between_words() -> None:
    assert cut("one two three", 9) == ("one two ", "three")


def test_more_buttons_than_a_screen_holds_move_to_the_next() -> None:
    actions = tuple(Action(str(n), Press("open", "brief help")) for n in range(BUTTONS + 3))
    pages = paginate(Reply("Title", actions=actions))
    assert [len(page.actions) for page in pages] == [BUTTONS, 3]
