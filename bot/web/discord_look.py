"""The part of Discord's markdown that our payloads use, as HTML.

Rules: docs.discord.com/developers, reference (Message Formatting); support.discord.com, Markdown Text 101.
"""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import groupby

from markupsafe import Markup, escape

from bot.web.dated import time_element

_TOKEN = re.compile(
    r"\\(?P<escaped>[^\w\s])"
    r"|\*\*(?P<bold>(?:\\.|[^\\])+?)\*\*"
    r"|\*(?P<italic>(?:\\.|[^\\*])+?)\*"
    r"|`(?P<code>[^`]+)`"
    r"|\[(?P<label>(?:\\.|[^\\\]])+)\]\((?P<target>https?://[^)\s]+)\)"
    r"|<t:(?P<unix>-?\d+)(?::(?P<style>\w))?>"
    r"|<@(?P<mention>&?\d+)>"
    r"|<#(?P<channel>\d+)>"
    r"|(?P<address>https?://[^\s<>]+)",
    re.DOTALL,
)
_STYLES = {"D": "date", "t": "time", "R": "relative"}
_QUOTE, _ITEM, _STEP, _PLAIN = "quote", "item", "step", "plain"


def markdown(words: str) -> Markup:
    """Render a description or a message's content; everything in it is escaped."""
    return Markup().join(_blocks(words))


def _blocks(words: str) -> Iterator[Markup]:
    for kind, group in groupby(words.split("\n"), key=_kind):
        lines = list(group)
        if kind == _QUOTE:
            yield Markup("<blockquote>{}</blockquote>").format(_lines([line[2:] for line in lines]))
        elif kind == _ITEM:
            yield Markup("<ul>{}</ul>").format(_items([line[2:] for line in lines]))
        elif kind == _STEP:
            first = int(lines[0].partition(".")[0])
            steps = [line.partition(". ")[2] for line in lines]
            yield Markup('<ol start="{}">{}</ol>').format(first, _items(steps))
        else:
            yield from _paragraphs(lines)


def _kind(line: str) -> str:
    if line.startswith("> "):
        return _QUOTE
    if line.startswith("- "):
        return _ITEM
    return _STEP if re.match(r"\d+\. ", line) else _PLAIN


def _paragraphs(lines: list[str]) -> Iterator[Markup]:
    """Paragraphs; one that an empty line parts from what follows says so."""
    groups = [(empty, list(group)) for empty, group in groupby(lines, key=lambda line: not line.strip())]
    for place, (empty, group) in enumerate(groups, 1):
        if not empty:
            apart = Markup(' class="apart"') if place < len(groups) else ""
            yield Markup("<p{}>{}</p>").format(apart, _lines(group))


def _items(items: list[str]) -> Markup:
    return Markup().join(Markup("<li>{}</li>").format(inline(item)) for item in items)


def _lines(lines: list[str]) -> Markup:
    return Markup("<br>").join(map(inline, lines))


def inline(words: str) -> Markup:
    """Render one line."""
    made, at = Markup(), 0
    for token in _TOKEN.finditer(words):
        made += escape(words[at : token.start()]) + _token(token)
        at = token.end()
    return made + escape(words[at:])


def _token(token: re.Match[str]) -> Markup:
    renderers: dict[str, Callable[[str], Markup]] = {
        "escaped": escape,
        "bold": lambda found: Markup("<strong>{}</strong>").format(inline(found)),
        "italic": lambda found: Markup("<em>{}</em>").format(inline(found)),
        "code": lambda found: Markup("<code>{}</code>").format(found),
        "target": lambda found: link(found, inline(token["label"])),
        "unix": lambda found: time_element(
            datetime.fromtimestamp(int(found), UTC), _STYLES.get(token["style"] or "", "both")
        ),
        "mention": lambda found: Markup('<span class="mention">@{}</span>').format(found.removeprefix("&")),
        "channel": lambda found: Markup('<span class="mention">#{}</span>').format(found),
        "address": lambda found: link(found, escape(found)),
    }
    return next(render(token[name]) for name, render in renderers.items() if token[name] is not None)


def link(url: str, words: Markup) -> Markup:
    """Write a link that gives nothing away and opens apart."""
    return Markup('<a href="{}" target="_blank" rel="noopener noreferrer">{}</a>').format(url, words)
