"""What stands over a message whose date does not stand any more."""

from commands.model import Prose, Reply, text
from commands.views.amendments import marked
from commands.views.plain import block
from tests.scheduler.ground import day

SENT = Reply("The talks", (Prose(text("In 7 days.")),), summary="The talks, in 7 days.")
CANCELLATION = Reply("The talks: cancelled", (Prose(text("It is cancelled.")),), summary="It is cancelled.")


def words(reply: Reply) -> tuple[str, str, str]:
    """The title, the first block and the summary of a message."""
    return reply.title, block(reply.blocks[0]), reply.summary


def test_a_message_says_on_top_that_its_date_moved_and_keeps_its_words() -> None:
    said = marked(SENT, day("2027-01-17"), "en")
    assert words(said) == (
        "Moved: The talks", "Moved to January 17, 2027, see below.",
        "Moved to January 17, 2027, see below. The talks, in 7 days.",
    )  # fmt: skip
    assert said.blocks[1:] == SENT.blocks


def test_a_message_says_on_top_that_its_date_was_cancelled() -> None:
    assert words(marked(SENT, None, "en")) == (
        "Cancelled: The talks", "Cancelled, see below.", "Cancelled, see below. The talks, in 7 days.",
    )  # fmt: skip


def test_a_cancellation_says_on_top_that_its_date_is_on_again() -> None:
    assert words(marked(CANCELLATION, day("2027-01-17"), "en", back=True)) == (
        "On again: The talks: cancelled", "On again: January 17, 2027, see below.",
        "On again: January 17, 2027, see below. It is cancelled.",
    )  # fmt: skip
