"""A reply as Slack and as Discord would show it, drawn from the very payloads that their adapters send."""

from collections.abc import Callable
from dataclasses import dataclass

from jinja2 import Environment
from markupsafe import Markup

from bot.discord_adapter import outgoing as discord
from bot.slack_adapter import outgoing as slack
from bot.web import discord_look, slack_look
from commands.model import Reply

Address = Callable[[str, bytes], str]


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture: where the browser fetches it, and the words that say all it shows."""

    address: str
    alt: str


class Previews:
    """Draws payloads with the page's templates."""

    def __init__(self, templates: Environment) -> None:
        templates.filters.update(
            discord=discord_look.markdown,
            discord_line=discord_look.inline,
            slack_rich=slack_look.rich_text,
            slack_buttons=slack_look.buttons,
        )
        self._discord = templates.get_template("discord.html")
        self._slack = templates.get_template("slack.html")

    def discord(self, reply: Reply, address: Address) -> Markup:
        """Draw the Discord message of a reply."""
        made = discord.message(reply)
        alts = {each["filename"]: each["description"] for each in made.payload.get("attachments", ())}
        used = {embed["image"]["url"] for embed in made.payload["embeds"] if "image" in embed}
        pictures = {
            f"attachment://{name}": Shown(address(name, content), alts[name])
            for name, content in made.files
            if f"attachment://{name}" in used
        }
        files = [name for name, _ in made.files if f"attachment://{name}" not in used]
        return _drawn(self._discord.render(payload=made.payload, pictures=pictures, files=files))

    def slack(self, reply: Reply, address: Address) -> Markup:
        """Draw the Slack message of a reply; files stand under it, as Slack puts uploads."""
        pictures = {place: address(block.name, block.png) for place, block in slack.pictures_of(reply)}
        made = slack.message(reply, pictures=pictures)
        files = [file.title or file.name for file in made.files]
        return _drawn(self._slack.render(payload=made.payload, files=files, undrawn=_undrawn))


def _undrawn(kind: str) -> str:
    raise ValueError(f"the page draws no {kind} block of Slack's")


def _drawn(html: str) -> Markup:
    return Markup(html)  # noqa: S704  # an autoescaping template wrote it
