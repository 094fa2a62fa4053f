"""The repairs in their order: what a page's layout did to the text is undone, and nothing else is changed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from briefs.importing.blocks import Arrived, Block, Notes, excerpt, tidied
from briefs.importing.footnotes import Place, lifted
from briefs.importing.headings import cleaned, guessed
from briefs.importing.joining import joined_blocks
from briefs.importing.running import without_running_heads

_MOST_NOTES = 200
_SOFT_HYPHEN = "\u00ad"


@dataclass(frozen=True)
class Repaired:
    """The report's blocks without their scars, where footnotes' marks stood, and what a person is told."""

    blocks: tuple[Block, ...]
    places: tuple[Place, ...]
    notes: Notes


def repaired(arrived: Arrived) -> Repaired:
    """Undo what the layout did to a report's text.

    Running heads go first, because they stand between the halves of everything else; headings are guessed
    last, because until then a caption looks like one.
    """
    notes = Notes()
    blocks = list(cleaned(_tidied(arrived.blocks)))
    blocks = without_running_heads(blocks, notes)
    blocks, places = lifted(blocks, notes)
    blocks = joined_blocks(blocks, notes)
    blocks = guessed([block for block in map(_finished, blocks) if block.text], notes)
    notes.left += [f"Left out as a part of the page: {excerpt(words, 100)}." for words in arrived.left_out]
    return Repaired(tuple(blocks), tuple(places), Notes(_few(notes.done), _few(notes.left)))


def _tidied(blocks: Iterable[Block]) -> Iterator[Block]:
    for block in blocks:
        text = tidied(block.text)
        if text.strip() or block.kind == "page":
            yield replace(block, text=text)


def _finished(block: Block) -> Block:
    lines = (" ".join(line.replace(_SOFT_HYPHEN, "").split()) for line in block.lines)
    return replace(block, text="\n".join(line for line in lines if line))


def _few(notes: list[str]) -> list[str]:
    """Give as many notes as somebody reads, each once."""
    once = list(dict.fromkeys(notes))
    more = len(once) - _MOST_NOTES
    return once if more <= 0 else [*once[:_MOST_NOTES], f"{more} more like these."]
