"""Whether a brief's quotes stand in its report, found out without the code of `briefs`.

It reads the report and folds texts by rules of its own, written from the words of `briefs/folding.py` and
`briefs/source.py`; it is stricter nowhere and shares no function with them.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

# Format characters (Unicode's Cf) and the combining grapheme joiner are never seen.
_UNSEEN = re.compile("[\u034f]")
_SIGNS = str.maketrans(
    {**dict.fromkeys("‘’‚‛‹›", "'"), **dict.fromkeys("“”„‟«»", '"'), **dict.fromkeys("‐‑‒–—―−", "-")}
)


def folded(text: str) -> str:
    """Give a text without what typing may change."""
    seen = "".join(sign for sign in _UNSEEN.sub("", text) if unicodedata.category(sign) != "Cf")
    return " ".join(unicodedata.normalize("NFKC", seen).translate(_SIGNS).split())


def passages_of(report: str) -> dict[str, str]:
    """Give the text of each paragraph by the id in the comment above it."""
    pieces = re.split(r"(?m)^<!-- (?:passage|caption|imprint) ([a-z0-9-]+) -->$", report)
    texts = {}
    for name, piece in zip(pieces[1::2], pieces[2::2], strict=True):
        paragraph = re.split(r"\n[ \t]*\n", piece.strip("\n"))[0]
        texts[name] = " ".join(line.strip() for line in paragraph.removeprefix("- ").splitlines())
    return texts


def quotes_in(data: Any) -> Iterator[tuple[str, str]]:
    """Give every quote in a brief as plain data, with its passage's id, wherever it stands."""
    if isinstance(data, dict):
        if "quote" in data and "questions" not in data:
            yield data["passage"], data["quote"]
        for key, value in data.items():
            yield from _answering(value) if key == "answers" else quotes_in(value)
    elif isinstance(data, list | tuple):
        for value in data:
            yield from quotes_in(value)


def _answering(answers: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Give the quotes that answer questions: their passage is the key that they stand under."""
    for passage, entries in answers.items():
        yield from ((passage, each["quote"]) for each in entries if isinstance(each, dict) and each["quote"])


def invented(brief: Any, report: str) -> list[str]:
    """Give the quotes of a brief (plain data) that its report does not hold in the passage that they name."""
    texts = passages_of(report)
    return [
        quote for passage, quote in quotes_in(brief) if folded(quote) not in folded(texts.get(passage, ""))
    ]
