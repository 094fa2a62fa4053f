"""One passage worth reading again, and why just now."""

from collections.abc import Iterator
from datetime import date

from briefs.dates import coming
from briefs.sentences import sentences
from briefs.visible import Visible
from commands.model import Block, Heading, Prose, Quotation, Reply, text
from commands.views.parts import bare
from commands.wording import long_date, speaking

# A quotation as long as this is read; a longer one is skipped, and a button leads to the whole.
LONGEST = 320


def reread(visible: Visible, before: str, today: date, ahead: int, language: str) -> tuple[list[Block], str]:
    """Return a passage's first sentences with the reason, and its id; nothing and "" where there is none.

    The choice depends on the day, so that a rehearsal foretells it, and is not `before`, the passage that was
    shown last, where there is another.
    """
    _ = speaking(language)
    found = dict(_reasons(visible, today, ahead, language))
    choices = [id_ for id_ in found if id_ != before] or list(found)
    if not choices:
        return [], ""
    id_ = choices[today.toordinal() % len(choices)]
    passage = visible.source.passages[id_]
    quoted = Quotation(_opening(passage.text), id_, passage.heading)
    return [Heading(_("Worth reading again")), quoted, Prose(text(found[id_]))], id_


def shown_in(digest: Reply) -> str:
    """The passage that a digest showed to be read again; "" where it showed none."""
    quoted = [block for block in digest.blocks if isinstance(block, Quotation)]
    return quoted[-1].passage if quoted else ""


def _reasons(visible: Visible, today: date, ahead: int, language: str) -> Iterator[tuple[str, str]]:
    """The passages that a coming date or a note touches, each with its reason; all where none is."""
    _ = speaking(language)
    dated = [
        (id_, _("A watch date touches it: {title}, {date}.").format(
            title=bare(each.watch_date.title), date=long_date(each.date, language)))
        for each in coming(visible.brief, today, ahead) for id_ in each.watch_date.touches
    ]  # fmt: skip
    noted = [
        (id_, _("The newest note on it is of {date}.").format(date=long_date(note.date, language)))
        for note in sorted(visible.brief.notes, key=lambda note: note.date.day, reverse=True)
        for id_ in note.touches if note.date.day <= today
    ]  # fmt: skip
    readable = {id_ for id_, each in visible.source.passages.items() if each.kind == "passage"}
    found = dict(reversed([each for each in (*dated, *noted) if each[0] in readable]))
    rest = _("Taken in turn from the report.")
    yield from sorted(found.items()) or ((id_, rest) for id_ in sorted(readable))


def _opening(words: str) -> str:
    """The first whole sentences of a passage, at least one."""
    ends = [end for _start, end in sentences(words)]
    return words[: max((end for end in ends if end <= LONGEST), default=ends[0])]
