"""The part of Slack's Block Kit that our payloads use, as HTML.

Shapes: docs.slack.dev, reference/block-kit/blocks/rich-text-block.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from markupsafe import Markup, escape

from bot.web.dated import time_element
from bot.web.discord_look import link

Element = Mapping[str, Any]

_STYLES = (
    ("code", Markup("<code>{}</code>")),
    ("bold", Markup("<strong>{}</strong>")),
    ("italic", Markup("<em>{}</em>")),
)
_GROUPS = {
    "rich_text_section": Markup("<p>{}</p>"),
    "rich_text_quote": Markup("<blockquote>{}</blockquote>"),
}
_EMOJI = {"pencil2": "✏️"}


def rich_text(block: Element) -> Markup:
    """Render a rich_text block; everything in it is escaped."""
    return Markup().join(_group(element) for element in block["elements"])


def _group(element: Element) -> Markup:
    if element["type"] != "rich_text_list":
        return _GROUPS[element["type"]].format(_leaves(element["elements"]))
    items = Markup().join(
        Markup("<li>{}</li>").format(_leaves(item["elements"])) for item in element["elements"]
    )
    if element["style"] == "bullet":
        return Markup("<ul>{}</ul>").format(items)
    return Markup('<ol start="{}">{}</ol>').format(element.get("offset", 0) + 1, items)


def _leaves(parts: Sequence[Element]) -> Markup:
    return Markup().join(map(_styled, parts))


def _styled(part: Element) -> Markup:
    made = _leaf(part)
    for name, wrapped in _STYLES:
        if part.get("style", {}).get(name):
            made = wrapped.format(made)
    return made


def _leaf(part: Element) -> Markup:
    match part["type"]:
        case "text":
            return escape(part["text"])
        case "link":
            return link(part["url"], escape(part.get("text", part["url"])))
        case "date":
            return _moment(part)
        case "emoji":
            return escape(_EMOJI.get(part["name"], f":{part['name']}:"))
        case "user" | "usergroup" as kind:
            return Markup('<span class="mention">@{}</span>').format(part[f"{kind}_id"])
        case "channel":
            return Markup('<span class="mention">#{}</span>').format(part["channel_id"])
    raise ValueError(f"the page draws no {part['type']} of Slack's rich text")


def _moment(part: Element) -> Markup:
    """Render a date; the words of Slack's format become the page's style."""
    form = part["format"]
    dated = "both" if "time" in form else "date"
    style = "relative" if "ago" in form else dated if "date" in form else "time"
    return time_element(datetime.fromtimestamp(part["timestamp"], UTC), style)


def buttons(block: Element) -> Iterator[Element]:
    """Give each button of an actions block as the template takes it."""
    for element in block["elements"]:
        yield {
            "key": element["action_id"],
            "label": element["text"]["text"],
            "style": element.get("style", "plain"),
        }
