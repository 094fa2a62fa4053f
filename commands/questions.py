"""A question as it is typed: one line, of a length that somebody means."""

from commands.model import UserError

# What anybody asks in one breath.
LONGEST = 300


def one_line(typed: str) -> str:
    """Return a question in one line; raise UserError where it is empty or longer than LONGEST."""
    question = " ".join(typed.split())
    if not question:
        raise UserError("The question is empty; write it like “What would Kim demand of the US?”.")
    if len(question) > LONGEST:
        raise UserError(
            "A question has at most {limit} characters, and this one has {count}; ask about one thing at a time.",
            limit=LONGEST, count=len(question),
        )  # fmt: skip
    return question
