"""A reply's blocks as embeds: its order kept, within every limit, without losing a word.

Limits: docs.discord.com/developers, resources/message (Embed Limits).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from bot.discord_adapter.markup import address, escape, rendered, styled
from commands.model import Block, EditorNote, Heading, Listing, Picture, Prose, Quotation, Reply
from commands.views import frame

EMBEDS, TITLE, DESCRIPTION, FOOTER, TOTAL = 10, 256, 4096, 2048, 6000
ALT = 1024
# The report and the bot speak in blue; the editor's words stand in an amber embed of their own.
BLUE, AMBER = 0x2F6FAB, 0xC98A1B

Embed = dict[str, Any]


class Piece(NamedTuple):
    """A block in markdown; `picture` is the name of the file that belongs under it."""

    words: str
    colour: int = BLUE
    picture: str | None = None


def embeds_of(reply: Reply, pictures: Mapping[int, str]) -> list[Embed] | None:
    """Lay a reply out; None where it is longer than Discord shows.

    `pictures` gives the file name of a Picture by its place in `reply.blocks`; a picture without a file
    is shown by its words. Emphasis, then the editor's colour, are given up before words are.
    """
    for emphasis, coloured in ((True, True), (False, True), (False, False)):
        pieces = pieces_of(reply, pictures, emphasis)
        if not coloured:
            pieces = [piece._replace(colour=BLUE) for piece in pieces]
        embeds = _embeds(reply, pieces)
        if len(embeds) <= EMBEDS and sum(map(length, embeds)) <= TOTAL:
            return embeds
    return None


def length(embed: Embed) -> int:
    """Count the characters of an embed that its message's total of 6,000 counts."""
    return sum(map(len, (embed.get("title", ""), embed.get("description", ""), _footer_text(embed))))


def pieces_of(reply: Reply, pictures: Mapping[int, str], emphasis: bool = True) -> list[Piece]:
    """Write title and footer (where an embed cannot hold them) and every block, in order."""
    pieces = [
        _piece(block, pictures.get(place), emphasis, reply.language)
        for place, block in enumerate(reply.blocks)
    ]
    if len(escape(reply.title)) > TITLE:
        pieces.insert(0, Piece(styled("**", reply.title)))
    if len(frame.footer(reply)) > FOOTER:
        pieces.append(Piece(escape(frame.footer(reply))))
    return [piece for piece in pieces if piece.words.strip() or piece.picture]


def _footer_text(embed: Embed) -> str:
    text: str = embed.get("footer", {}).get("text", "")
    return text


def _piece(block: Block, picture: str | None, emphasis: bool, language: str) -> Piece:
    match block:
        case Prose():
            return Piece(rendered(block.text))
        case Heading():
            return Piece(styled("**", block.text))
        case Quotation():
            return Piece(_quotation(block, emphasis))
        case EditorNote():
            return Piece(_note(block, language), AMBER)
        case Listing():
            return Piece(_listing(block))
        case Picture():
            return Piece(escape(block.beyond(ALT if picture else 0)), BLUE, picture)


def _quotation(block: Quotation, emphasis: bool) -> str:
    start, end = block.highlight or (0, 0)
    style = styled if emphasis else lambda _, words: escape(words)
    words = escape(block.words[:start]) + style("**", block.words[start:end]) + escape(block.words[end:])
    place = " · ".join(part for part in (block.passage, block.heading) if part)
    quoted = f"{words}\n{styled('*', place)}" if place else words
    label = f"{styled('**', block.label)}\n" if block.label else ""
    return label + "\n".join(f"> {line}" for line in quoted.split("\n"))


def _note(block: EditorNote, language: str) -> str:
    before, behind = frame.source(language)
    head = styled("**", frame.note_heading(block, language))
    return f"{head}\n{escape(block.text)}\n{escape(before)}{address(block.source)}{escape(behind)}"


def _listing(block: Listing) -> str:
    return "\n".join(
        f"{f'{number}.' if block.ordered else '-'} {rendered(item)}"
        for number, item in enumerate(block.items, 1)
    )


def _embeds(reply: Reply, pieces: Sequence[Piece]) -> list[Embed]:
    embeds = list(_filled(pieces)) or [{"color": BLUE}]
    title, foot = escape(reply.title), frame.footer(reply)
    if title.strip() and len(title) <= TITLE:
        embeds[0]["title"] = title
    if foot and len(foot) <= FOOTER:
        embeds[-1]["footer"] = {"text": foot}
    return embeds


def _filled(pieces: Sequence[Piece]) -> Iterator[Embed]:
    """Fill embeds: a new one for another colour, behind a picture, and where one is full."""
    words, colour = "", BLUE
    for piece in pieces:
        for part in _parts(piece.words):
            joined = f"{words}\n\n{part}" if words else part
            if words and (piece.colour != colour or len(joined) > DESCRIPTION):
                yield {"color": colour, "description": words}
                joined = part
            words, colour = joined, piece.colour
        if piece.picture:
            described = {"description": words} if words else {}
            yield {"color": colour, **described, "image": {"url": f"attachment://{piece.picture}"}}
            words = ""
    if words:
        yield {"color": colour, "description": words}


def _parts(words: str) -> Iterator[str]:
    """Cut at line ends into parts that one description holds."""
    rest = words
    while len(rest) > DESCRIPTION:
        at = rest.rfind("\n", 1, DESCRIPTION + 1)
        at = at if at > 0 else _inside_line(rest)
        yield rest[:at]
        rest = rest[at:].removeprefix("\n")
    if rest.strip():
        yield rest


def _inside_line(line: str) -> int:
    """A place in a line longer than a description: behind a blank, and never behind a backslash."""
    at = max(line.rfind(" ", 1, DESCRIPTION), 0) or DESCRIPTION
    while at > 1 and line[at - 1] == "\\":
        at -= 1
    return at
