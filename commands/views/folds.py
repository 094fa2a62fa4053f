"""Several messages of one kind as one: what they share is said once, the rest stands in numbered parts."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import takewhile

from commands.model import Action, Block, EditorNote, Heading, Prose, Quotation, Reply, text
from commands.wording import counting
from scheduler.planner import Kind

_DOT = " · "
# What a part's own "About this date" leads to as well.
_ELSEWHERE = "brief calendar"


def fold(parts: Sequence[Reply], kind: Kind, shown: Sequence[Reply] = ()) -> Reply:
    """Put messages together, in their order.

    `shown` are the parts as they are to be read now, with what was put over some of them since they were sent;
    each begins where its part does, or before. One message alone comes back as it is.
    """
    now = shown or parts
    if len(parts) == 1:
        return now[0]
    foot = _common([_foot(each) for each in parts])
    return replace(
        now[0],
        title=_title(kind, len(parts), now[0].language),
        blocks=tuple(_blocks(parts, now, len(foot))),
        actions=tuple(_actions(parts)),
        files=tuple(file for each in now for file in each.files),
        footer=_DOT.join(foot),
        summary=" ".join(each.summary or each.title for each in now),
    )


def _blocks(parts: Sequence[Reply], now: Sequence[Reply], foot: int) -> Iterator[Block]:
    """What all begin with, each part under its heading, then the quotations and notes that several hold."""
    shared, several = _shared(parts), _several(parts)
    yield from parts[0].blocks[:shared]
    for number, (part, each) in enumerate(zip(parts, now, strict=True), 1):
        yield Heading(f"{number}. {each.title}")
        yield from each.blocks[: len(each.blocks) - len(part.blocks)]
        yield from (block for block in part.blocks[shared:] if block not in several)
        rest = _foot(part)[foot:]
        if rest:
            yield Prose(text(_DOT.join(rest)))
    yield from several


def _several(parts: Sequence[Reply]) -> list[Block]:
    """The report's words and the editor's that stand in more than one part."""
    words = (Quotation, EditorNote)
    every = [
        block for each in parts for block in dict.fromkeys(b for b in each.blocks if isinstance(b, words))
    ]
    return [block for block in dict.fromkeys(every) if every.count(block) > 1]


def _title(kind: Kind, count: int, language: str) -> str:
    n_ = counting(language)
    if kind == "correction":
        said = n_("{count} watch date moved", "{count} watch dates moved", count)
    elif kind == "cancellation":
        said = n_("{count} watch date cancelled", "{count} watch dates cancelled", count)
    else:
        said = n_("{count} watch date ahead", "{count} watch dates ahead", count)
    return said.format(count=count)


def _shared(parts: Sequence[Reply]) -> int:
    """With how many blocks all of them begin: a ping, a warning, how late they are."""
    alike = takewhile(
        lambda blocks: blocks.count(blocks[0]) == len(blocks), zip(*_leads(parts), strict=False)
    )
    return len(list(alike))


def _leads(parts: Sequence[Reply]) -> list[tuple[Block, ...]]:
    """The paragraphs that each of them begins with, at least one block left to its part."""
    return [tuple(takewhile(lambda block: isinstance(block, Prose), each.blocks[:-1])) for each in parts]


def _foot(part: Reply) -> list[str]:
    return part.footer.split(_DOT) if part.footer else []


def _common(feet: Sequence[list[str]]) -> list[str]:
    alike = takewhile(lambda segments: segments.count(segments[0]) == len(segments), zip(*feet, strict=False))
    return [segments[0] for segments in alike]


def _actions(parts: Sequence[Reply]) -> Iterator[Action]:
    """Each part's buttons under its number, then those that belong to several of them, once each."""
    owners: dict[str, set[int]] = {}
    for number, part in enumerate(parts):
        for each in part.actions:
            owners.setdefault(each.key or repr(each.press), set()).add(number)
    common: dict[str, Action] = {}
    for number, part in enumerate(parts, 1):
        for each in part.actions:
            name = each.key or repr(each.press)
            if len(owners[name]) > 1:
                common.setdefault(name, each)
            elif each.press.command != _ELSEWHERE:
                yield replace(each, label=f"{number}. {each.label}")
    yield from common.values()
