"""A reply in a terminal: quotations apart from the editor's notes, what answers in bold."""

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from commands.model import Block, EditorNote, Heading, Quotation, Reply
from commands.views import plain


def show(reply: Reply, console: Console) -> None:
    """Print all of a reply but its buttons. What goes into a file or a pipe is not wrapped."""
    _print(console, Text(reply.title, style="bold underline"))
    for block in reply.blocks:
        console.print()
        for line, indent in _lines(block):
            _print(console, line, indent)
    if reply.footer:
        console.print()
        _print(console, Text(reply.footer, style="dim"))


def _print(console: Console, line: Text, indent: int = 0) -> None:
    if console.is_terminal:
        console.print(Padding(line, (0, 0, 0, indent), expand=False))
    else:
        console.print(Text(" " * indent) + line, soft_wrap=True)


def _lines(block: Block) -> list[tuple[Text, int]]:
    """The lines of a block, each with its indentation."""
    match block:
        case Quotation():
            return _quotation(block)
        case EditorNote():
            note = Text(plain.block(block))
            note.highlight_words([block.source], f"link {block.source}")
            return [(note, 2)]
        case Heading():
            return [(Text(block.text, style="bold"), 0)]
    return [(Text(plain.block(block)), 0)]


def _quotation(block: Quotation) -> list[tuple[Text, int]]:
    words = Text(f"“{block.words}”")
    if block.highlight is not None:
        start, end = block.highlight
        words.stylize("bold", start + 1, end + 1)  # behind the opening mark
    place = f"{block.passage}, {block.heading}" if block.heading else block.passage
    label = [(Text(block.label, style="bold"), 0)] if block.label else []
    return [*label, (words, 2), (Text(place, style="dim"), 2)]
