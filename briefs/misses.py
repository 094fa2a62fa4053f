"""Questions that a brief did not answer, without who asked them: the table `misses`.

A row holds the brief, the question, its language, how often it came, and the first and the last day. It
names no person, no place and no time of day.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from rapidfuzz.distance import OSA

from briefs.folding import fold
from briefs.library import Row, Transaction

# A question is kept up to this length; what is longer is cut at a word.
LONGEST = 200
# So many questions of a brief are kept; beyond, the one that was asked least and longest ago makes room.
MOST = 1_000
# Words at least this long count as the same with one letter wrong.
SPELLED = 5

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*", re.UNICODE)
_ARTICLES = frozenset({"a", "an", "the"})
_HANGUL = re.compile(r"[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]")
_KANA_OR_HAN = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")
# An account, an e-mail address, a link, or a number as long as a telephone's.
_PRIVATE = re.compile(r"@\S|<[@#!]|\bhttps?://|\bwww\.|\d(?:[ ().-]{0,2}\d){6,}", re.IGNORECASE)
_YEAR = re.compile(r"\b(?:19|20)\d{2}\b")
_COLUMNS = "id, brief, folded, question, language, count, first_day, last_day, answered_by, answered_on"


@dataclass(frozen=True, slots=True)
class Miss:
    """One question that a brief did not answer.

    `question` is its wording when it first came, `count` how often it came in any spelling. `answered_by`
    is the revision that answers it by now, `answered_on` the day on which an editor was told so.
    """

    id: int
    brief: str
    question: str
    language: str
    count: int
    first_day: date
    last_day: date
    answered_by: int | None = None
    answered_on: date | None = None


def folded(question: str) -> str:
    """Reduce a question to what its spellings have in common: its words in small letters, without articles."""
    words = _WORD.findall(fold(question).casefold())
    return " ".join([word for word in words if word not in _ARTICLES] or words)


def same(one: str, other: str) -> bool:
    """Say whether two folded questions are one in two spellings: word for word, or with a letter wrong in one.

    A digit, a short word and a word in another script always count in full.
    """
    first, second = one.split(), other.split()
    if len(first) != len(second):
        return False
    apart = [pair for pair in zip(first, second, strict=True) if pair[0] != pair[1]]
    return len(apart) <= 1 and all(_misspelled(*pair) for pair in apart)


def _misspelled(one: str, other: str) -> bool:
    if min(len(one), len(other)) < SPELLED or not (one.isascii() and other.isascii()):
        return False
    return one.isalpha() and other.isalpha() and OSA.distance(one, other, score_cutoff=1) <= 1


def language_of_words(question: str) -> str:
    """Tell Korean and Japanese by their letters; everything else counts as English."""
    if _HANGUL.search(question):
        return "ko"
    return "ja" if _KANA_OR_HAN.search(question) else "en"


def may_be_kept(question: str) -> bool:
    """Say whether a question is free of what names a person: an account, an address, a link, a long number."""
    return bool(folded(question)) and _PRIVATE.search(_YEAR.sub("", question)) is None


def shortened(question: str) -> str:
    """Write a question in one line of at most LONGEST characters."""
    line = " ".join(question.split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1].rsplit(None, 1)[0]}…"


class Misses:
    """The unanswered questions in their table."""

    async def count(self, tx: Transaction, brief: str, question: str, day: date) -> bool:
        """Count a question that a brief did not answer; False where it is not kept (see `may_be_kept`)."""
        if not may_be_kept(question):
            return False
        line = shortened(question)
        known = await self._known(tx, brief, folded(line))
        if known is not None:
            await tx.execute(
                "UPDATE misses SET count = count + 1, last_day = ?, answered_by = NULL, answered_on = NULL"
                " WHERE id = ?",
                day.isoformat(), known,
            )  # fmt: skip
            return True
        await self._make_room(tx, brief)
        await tx.execute(
            "INSERT INTO misses (brief, folded, question, language, count, first_day, last_day)"
            " VALUES (?, ?, ?, ?, 1, ?, ?)",
            brief, folded(line), line, language_of_words(line), day.isoformat(), day.isoformat(),
        )  # fmt: skip
        return True

    async def _known(self, tx: Transaction, brief: str, wanted: str) -> int | None:
        rows = await tx.fetch("SELECT id, folded FROM misses WHERE brief = ? ORDER BY count DESC", brief)
        equal = [row["id"] for row in rows if row["folded"] == wanted]
        near = equal or [row["id"] for row in rows if same(row["folded"], wanted)]
        return near[0] if near else None

    async def _make_room(self, tx: Transaction, brief: str) -> None:
        await tx.execute(
            "DELETE FROM misses WHERE id IN (SELECT id FROM (SELECT id, row_number() OVER"
            " (ORDER BY count DESC, last_day DESC, id DESC) AS place FROM misses WHERE brief = ?) AS ranked"
            " WHERE place >= ?)",
            brief, MOST,
        )  # fmt: skip

    async def of(self, tx: Transaction, briefs: Collection[str], today: date) -> list[Miss]:
        """Return the questions of some briefs, most asked first; those of which editors know the end are left out."""
        marks = ", ".join("?" for _ in briefs)
        rows = await tx.fetch(
            f"SELECT {_COLUMNS} FROM misses WHERE brief IN ({marks}) AND coalesce(answered_on, ?) >= ?"  # noqa: S608
            " ORDER BY count DESC, last_day DESC, id",
            *briefs, today.isoformat(), today.isoformat(),
        )  # fmt: skip
        return [_miss(row) for row in rows]

    async def get(self, tx: Transaction, id: int) -> Miss | None:
        """Return one question."""
        rows = await tx.fetch(f"SELECT {_COLUMNS} FROM misses WHERE id = ?", id)  # noqa: S608
        return _miss(rows[0]) if rows else None

    async def answered(self, tx: Transaction, ids: Sequence[int], revision: int, day: date) -> None:
        """Note that a revision answers some questions, as editors are told on a day."""
        await tx.execute_many(
            "UPDATE misses SET answered_by = ?, answered_on = ? WHERE id = ? AND answered_on IS NULL",
            [(revision, day.isoformat(), id) for id in ids],
        )

    async def dismiss(self, tx: Transaction, ids: Sequence[int]) -> int:
        """Delete some questions; return how many there were."""
        return await tx.execute_many("DELETE FROM misses WHERE id = ?", [(id,) for id in ids])

    async def purge(self, tx: Transaction, unasked_since: date, today: date) -> int:
        """Delete what nobody asked since a day, and what editors were told before today is answered."""
        return await tx.execute(
            "DELETE FROM misses WHERE last_day < ? OR answered_on < ?",
            unasked_since.isoformat(), today.isoformat(),
        )  # fmt: skip


def _miss(row: Row) -> Miss:
    told = row["answered_on"]
    return Miss(
        row["id"], row["brief"], row["question"], row["language"], row["count"],
        date.fromisoformat(row["first_day"]), date.fromisoformat(row["last_day"]),
        row["answered_by"], None if told is None else date.fromisoformat(told),
    )  # fmt: skip
