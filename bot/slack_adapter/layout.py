"""A reply's blocks as Block Kit: its order kept, within every limit, without losing a word.

The report's words and the bot's stand in rich text, where nothing has to be escaped and no text notifies
anybody. Limits: docs.slack.dev, reference/block-kit/blocks.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from bot.slack_adapter import markup
from bot.slack_adapter.markup import Element
from commands.model import Action, Block, EditorNote, Heading, Listing, Picture, Prose, Quotation, Reply, Text
from commands.views import frame

BLOCKS, HEADER, RICH, CONTEXT, ALT = 50, 150, 3000, 2000, 2000
BUTTONS, LABEL, ACTION_ID = 25, 75, 255
# Slack refuses messages near 12,000 characters over all blocks (slackapi/bolt-js issue 2509).
TOTAL = 10_000

Json = dict[str, Any]

_STYLES: Mapping[str, Json] = {
    "plain": {},
    "primary": {"style": "primary"},
    "danger": {"style": "danger"},
}


def blocks_of(reply: Reply, pictures: Mapping[int, str]) -> list[Json] | None:
    """Lay a reply out; None where it is longer than Slack shows.

    `pictures` gives the id of the uploaded file by a Picture's place in `reply.blocks`; a picture without
    one is shown by its words.
    """
    made = [
        *_title(reply.title),
        *(
            made
            for place, block in enumerate(reply.blocks)
            for made in _block(block, pictures.get(place), reply.language)
        ),
        *_footer(frame.footer(reply)),
        *_buttons(reply.actions),
    ]
    return made if len(made) <= BLOCKS and total(made) <= TOTAL else None


def total(value: object) -> int:
    """Count the characters of every text and address inside blocks."""
    if isinstance(value, list):
        return sum(map(total, value))
    if not isinstance(value, dict):
        return 0
    own = sum(len(value[key]) for key in ("text", "url", "alt_text") if isinstance(value.get(key), str))
    return own + sum(map(total, value.values()))


def plain(text: str) -> Json:
    """Words in a plain_text object: no mention, no emoji, no markup."""
    return {"type": "plain_text", "text": text, "emoji": False}


def shortened(words: str, room: int) -> str:
    """Cut words that a label has no room for."""
    return words if len(words) <= room else f"{words[: room - 1]}…"


def place_of(quotation: Quotation) -> str:
    """Say where in the report the words stand."""
    return " · ".join(part for part in (quotation.passage, quotation.heading) if part)


def _title(title: str) -> Iterator[Json]:
    if title.strip() and len(title) <= HEADER:
        yield {"type": "header", "text": plain(title)}
    else:
        yield from _sections(markup.words(title, bold=True))


def _block(block: Block, picture: str | None, language: str) -> Iterator[Json]:
    match block:
        case Prose():
            yield from _sections(markup.rich(block.text, language))
        case Heading():
            yield from _sections(markup.words(block.text, bold=True))
        case Quotation():
            yield from _quotation(block)
        case EditorNote():
            yield from _note(block, language)
        case Listing():
            yield from _listing(block.items, block.ordered, language)
        case Picture():
            yield from _picture(block, picture)


def _rich(*elements: Json) -> Json:
    return {"type": "rich_text", "elements": list(elements)}


def _sections(elements: Iterable[Element], kind: str = "rich_text_section") -> Iterator[Json]:
    for part in markup.parts(elements, RICH):
        if any(element["type"] != "text" or element["text"].strip() for element in part):
            yield _rich({"type": kind, "elements": part})


def _quotation(block: Quotation) -> Iterator[Json]:
    start, end = block.highlight or (0, 0)
    place = place_of(block)
    elements = [
        *markup.words(block.words[:start]),
        *markup.words(block.words[start:end], bold=True),
        *markup.words(block.words[end:]),
        *markup.words(f"\n{place}" if place else "", italic=True),
    ]
    quoted = list(_sections(elements, "rich_text_quote"))
    label = list(_sections(markup.words(block.label or "", bold=True)))
    if len(label) == 1 and quoted and markup.length(elements) + len(block.label or "") <= RICH:
        yield _rich(*label[0]["elements"], *quoted[0]["elements"])
    else:
        yield from (*label, *quoted)


def _note(note: EditorNote, language: str) -> Iterator[Json]:
    before, behind = frame.source(language)
    yield from _sections(
        [
            {"type": "emoji", "name": "pencil2"},
            *markup.words(f" {frame.note_heading(note, language)}", bold=True),
            *markup.words(f"\n{note.text}\n{before}"),
            *markup.address(note.source),
            *markup.words(behind),
        ]
    )


def _listing(items: Sequence[Text], ordered: bool, language: str) -> Iterator[Json]:
    style = "ordered" if ordered else "bullet"
    group: list[Json] = []
    first, room = 0, RICH
    for number, item in enumerate(items):
        for part in markup.parts(markup.rich(item, language), RICH):
            size = markup.length(part)
            if group and size > room:
                yield _list(style, group, first)
                group, first, room = [], number, RICH
            group.append({"type": "rich_text_section", "elements": part})
            room -= size
    if group:
        yield _list(style, group, first)


def _list(style: str, group: list[Json], first: int) -> Json:
    offset = {"offset": first} if first and style == "ordered" else {}
    return _rich({"type": "rich_text_list", "style": style, "elements": group, **offset})


def _picture(block: Picture, picture: str | None) -> Iterator[Json]:
    if picture:
        yield {"type": "image", "slack_file": {"id": picture}, "alt_text": block.within(ALT)}
    yield from _sections(markup.words(block.beyond(ALT if picture else 0)))


def _footer(words: str) -> Iterator[Json]:
    pieces = [words[at : at + CONTEXT] for at in range(0, len(words), CONTEXT)]
    if words.strip():
        yield {"type": "context", "elements": [plain(piece) for piece in pieces[:10]]}
        yield from _sections(markup.words("".join(pieces[10:])))


def _buttons(actions: Sequence[Action]) -> Iterator[Json]:
    buttons = list({action.key: _button(action) for action in actions if action.key}.values())
    for at in range(0, len(buttons), BUTTONS):
        yield {"type": "actions", "elements": buttons[at : at + BUTTONS]}


def _button(action: Action) -> Json:
    label = shortened(action.label, LABEL)
    return {"type": "button", "text": plain(label), "action_id": action.key, **_STYLES[action.style]}
