"""A report that arrived, as the draft of a brief: two files that the check accepts, and what is left to do."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath
from typing import Any

from briefs.importing.blocks import Arrived, Block, Notes, excerpt
from briefs.importing.cutting import cut
from briefs.importing.entries import comment, confirm, dumped, listed
from briefs.importing.judgements import Judged, judged
from briefs.importing.marks import unconfirmed
from briefs.importing.mentions import Mention, date_in, mentions, with_years
from briefs.importing.pieces import Cut, written
from briefs.importing.proposals import Proposal, titled
from briefs.importing.reading import NotImportable, read_report
from briefs.importing.recommendations import recommended
from briefs.importing.repair import repaired
from briefs.importing.slugs import slug, unused
from briefs.importing.topics import Topics
from briefs.importing.watching import unwatched, watched
from briefs.reading import REPORT_FILE, Document, read_brief

_HEAD = (
    "# yaml-language-server: $schema=../brief.schema.json\n#\n"
    "# A draft that briefbot import made. Each comment `# confirm:` stands above a proposal and says what it rests\n"
    "# on: keep the proposal, change it or take it out, and take the comment out with it. `briefbot check` counts\n"
    "# what is still to confirm. import-notes.md says what was done to the text and what is left to mend.\n\n"
)
_LONGEST_TITLE = 200
_YEARS = "confirm: the text names these too; a watch date needs the month at least. Which of them have a day?"
MOST_YEARS = 60


@dataclass(frozen=True)
class Draft:
    """The draft: its id, its document, the dates that the text names, and what a person is told."""

    id: str
    document: Document
    mentions: tuple[Mention, ...]
    notes: Notes

    @property
    def unconfirmed(self) -> int:
        """How many proposals wait for a person."""
        return unconfirmed(self.document.yaml)


def draft(data: bytes, name: str, today: date, id: str = "", taken: Collection[str] = ()) -> Draft:
    """Make a draft of a report's bytes; `name` is its file's name, whose ending says what it is.

    `taken` are the commands of the briefs beside it. `today` is the day of publication where the text gives
    none. Raises NotImportable with a sentence where the report cannot be read.
    """
    return _Drafting(read_report(data, name), name, today, id, taken).draft()


class _Drafting:
    """One draft being made."""

    def __init__(self, arrived: Arrived, name: str, today: date, id: str, taken: Collection[str]) -> None:
        self._arrived = arrived
        mended = repaired(arrived)
        self._notes = mended.notes
        title, blocks = _title(arrived, mended.blocks)
        self._cuts = cut(blocks, mended.places, self._notes)
        self._pieces = [piece for each in self._cuts for piece in each.pieces]
        if not self._pieces:
            raise NotImportable(
                f"{name} holds no text of a report once heads and page numbers are out; import the file that holds it."
            )
        self._published, self._dated = self._day(today)
        self._title = title
        self._id = id or _id(title or PurePath(name).stem, self._published)
        self._mentions = with_years(mentions(self._pieces), self._published)
        self._used = {each.id for each in self._cuts} | {piece.id for piece in self._pieces}
        self._taken = taken

    def draft(self) -> Draft:
        """Write the files, and read them back as the check does."""
        report = written(self._cuts)
        parts = [self._about(), *self._parts()]
        yaml = _HEAD + "\n".join(part for part in parts if part)
        document = read_brief(yaml.encode("utf-8"), report.encode("utf-8"))
        return Draft(self._id, document, tuple(self._mentions), self._notes)

    def _day(self, today: date) -> tuple[date, str]:
        """Give the day of publication, and what it rests on."""
        said = date_in(self._arrived.published)
        if said:
            return said, f"the page says that it was published on “{self._arrived.published}”."
        for piece in self._pieces:
            if piece.kind == "imprint" and (said := date_in(piece.text)):
                return said, f"the text says {excerpt(piece.text)}."
        self._notes.left.append(
            f"The text names no day of publication; the draft says {today}, the day of the import."
        )
        return today, "the text names no day of publication; this is the day of the import."

    def _about(self) -> str:
        title = self._title or titled(self._id.replace("-", " ").capitalize(), _LONGEST_TITLE)
        why = (
            "the title that the file gives."
            if self._title
            else "the text has no title; this is made of the id."
        )
        language = self._arrived.language[:2].lower()
        known = language.isascii() and language.isalpha() and len(language) == 2
        return "".join(
            (
                dumped({"format": 1, "brief": self._id}),
                confirm(why), dumped({"title": titled(title, _LONGEST_TITLE)}),
                confirm("who published it?" + (" The page says this." if self._arrived.publisher else "")),
                dumped({"publisher": titled(self._arrived.publisher, _LONGEST_TITLE) or "unknown"}),
                confirm(self._dated), dumped({"published": self._published.isoformat()}),
                confirm("the language of the text." if known else "the language of the text is not given."),
                dumped({"language": language if known else "en"}),
                confirm("a draft is for admins alone; take this line out when everything below is confirmed."),
                dumped({"distribution": "admins", "review_every": "90 days", "source": REPORT_FILE}),
            )
        )  # fmt: skip

    def _parts(self) -> list[str]:
        self._used = {piece.id for piece in self._pieces}
        shown = [each for each in self._cuts if any(piece.kind != "imprint" for piece in each.pieces)]
        sections = [self._section(each) for each in shown or self._cuts]
        advice = recommended(self._cuts, self._used)
        topics = Topics(self._id, self._taken, self._used).propose(self._cuts)
        found = judged(self._pieces, self._published, self._used)
        dates, left_out = watched(self._mentions, self._published, self._used)
        self._count(advice, found, left_out)
        return [
            listed("sections", sections),
            listed("recommendations", advice),
            listed("topics", topics),
            self._years() + listed("watch_dates", dates),
            listed("judgements", found.judgements),
            listed("not_judgements", found.others),
        ]

    def _section(self, each: Cut) -> Proposal:
        title = titled(each.heading or "What the report begins with", _LONGEST_TITLE)
        why = (
            "the report’s own heading."
            if each.heading
            else "there is no heading here; give the section a name."
        )
        data: dict[str, Any] = {
            "id": unused(each.id, self._used), "title": title, "passages": [piece.id for piece in each.pieces],
        }  # fmt: skip
        return Proposal(data, why)

    def _years(self) -> str:
        """Name the dates that are no watch dates, as a comment: a watch date needs its month at least."""
        rest = unwatched(self._mentions)
        if not rest:
            return ""
        named = [
            f"{each.words} ({each.passage}): {excerpt(each.sentence, 160)}" for each in rest[:MOST_YEARS]
        ]
        return "".join(map(comment, (_YEARS, *named)))

    def _count(self, advice: list[Proposal], found: Judged, dates: int) -> None:
        if not advice:
            self._notes.left.append("No recommendation was found; add them where the report makes any.")
        if dates:
            self._notes.left.append(
                f"{dates} more dates were found than are proposed; split the report into several briefs, or add those"
                " that matter."
            )
        if found.left_out:
            self._notes.left.append(
                f"{found.left_out} more words of likelihood were found than are proposed; split the report into"
                " several briefs, or add the judgements that matter."
            )


def _title(arrived: Arrived, blocks: tuple[Block, ...]) -> tuple[str, list[Block]]:
    """Give the report's title, and the blocks without it: its only first-level heading, or what the file says."""
    first = [block for block in blocks if block.kind == "heading" and block.mark == "1"]
    if len(first) == 1 and any(block.kind == "heading" and block.mark != "1" for block in blocks):
        rest = [block for block in blocks if block is not first[0]]
        return " ".join(first[0].text.split()), rest
    return arrived.title, list(blocks)


def _id(words: str, published: date) -> str:
    made = slug(words) or "report"
    return made if re.search(r"(?:^|-)[12]\d{3}(?:-|$)", made) else f"{made}-{published.year}"
