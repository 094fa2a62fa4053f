"""Words as Discord's markdown: plain text is shown as it stands, and nothing in it notifies anybody."""

import re
from urllib.parse import quote

from commands.model import Code, Inline, Instant, Link, Mention, Place, Strong, Text

# What opens a style, a spoiler, a mention, an emoji, a timestamp or a masked link; and the colon that
# makes a link of `https://` or an emoji of `:tada:`.
_SPECIAL = re.compile(r"[\\*_~`|<\[]|:(?=//|[\w+-]+:)")
# What makes a heading, a small line, a quote or a list of a line that begins with it.
_OPENING = re.compile(r"^([ \t]*)(?=[#>+-])|^([ \t]*\d+)(?=\.)", re.MULTILINE)
_STYLES = {"date": "D", "time": "t", "both": "f", "relative": "R"}
# Longer addresses open in no browser for certain (resources/message: embed URLs hold 2048).
_LONGEST_URL = 2000
_CHANNEL = re.compile(r"discord:\d+/(\d+)")


def escape(words: str) -> str:
    """Put a backslash before everything that is markup; at most twice as long as before."""
    return _OPENING.sub(r"\1\2\\", _SPECIAL.sub(r"\\\g<0>", words))


def styled(mark: str, words: str) -> str:
    """Set `**` or `*` around the words of each line, since no style reaches over a line's end."""
    return "\n".join(_styled_line(mark, line) for line in words.split("\n"))


def _styled_line(mark: str, line: str) -> str:
    core = line.strip()
    if not core:
        return line
    start = line.index(core)
    return f"{line[:start]}{mark}{escape(core)}{mark}{line[start + len(core) :]}"


def rendered(text: Text) -> str:
    """Write inline parts in a row."""
    return "".join(map(inline, text))


def inline(part: Inline) -> str:
    """Write one inline part."""
    match part:
        case str():
            return escape(part)
        case Instant():
            return f"<t:{int(part.when.timestamp())}:{_STYLES[part.style]}>"
        case Strong():
            return styled("**", part.text)
        case Code():
            return _code(part.text)
        case Link():
            return _link(part)
        case Mention():
            return mention(part.target) or escape(part.name)
        case Place():
            return channel(part.address) or escape(part.name)


def mention(target: str) -> str:
    """Write the ping of `role:<id>` or `person:<id>`; empty for a target of another platform."""
    kind, _, id = target.partition(":")
    if not id.isascii() or not id.isdigit():
        return ""
    return {"role": f"<@&{id}>", "person": f"<@{id}>"}.get(kind, "")


def channel(place: str) -> str:
    """Write a channel of Discord so that it is shown by its name; empty for any other place."""
    found = _CHANNEL.fullmatch(place)
    return f"<#{found[1]}>" if found else ""


def address(url: str) -> str:
    """Write an address so that Discord makes a link of all of it; escaped where it is none."""
    if len(url) <= _LONGEST_URL and re.fullmatch(r"https?://[^\s<>]+", url):
        return url
    return escape(url)


def _code(words: str) -> str:
    if not words.strip() or "`" in words:
        return escape(words)
    return f"`{words}`"


def _link(link: Link) -> str:
    url = quote(link.url, safe="!#$%&'*+,/:;=?@[]~")
    if len(url) > _LONGEST_URL or not url.startswith(("https://", "http://")) or not link.text.strip():
        return f"{escape(link.text)} ({escape(link.url)})"
    if link.text == link.url:
        return address(link.url)
    # A closing bracket inside the words would end them early.
    words = escape(link.text).replace("]", r"\]")
    return f"[{words}]({url})"
