"""Links that the platforms give to a message ("Copy link", "Copy Message Link")."""

import re
from typing import NamedTuple

# https://NAME.slack.com/archives/C1/p1700000000000100?thread_ts=…: the stamp without its point.
_SLACK = re.compile(
    r"https://[a-z0-9.-]+\.slack(?:-gov)?\.com/archives/([A-Z0-9]+)/p(\d+)(\d{6})/?(?:[?#].*)?",
    re.IGNORECASE,
)
# https://discord.com/channels/GUILD/CHANNEL/MESSAGE, @me for the guild of direct messages.
_DISCORD = re.compile(
    r"https://(?:www\.|ptb\.|canary\.)?discord(?:app)?\.com/channels/(@me|\d+)/(\d+)/(\d+)/?(?:[?#].*)?",
    re.IGNORECASE,
)


class MessageLink(NamedTuple):
    """One platform's message: `channel` is the platform's id, empty for direct messages."""

    platform: str
    channel: str
    message_id: str


def message_link(text: str) -> MessageLink | None:
    """Read the link of a message; None for anything else."""
    url = text.strip().strip("<>")
    if found := _SLACK.fullmatch(url):
        channel = found[1].upper()
        return MessageLink("slack", "" if channel.startswith("D") else channel, f"{found[2]}.{found[3]}")
    if found := _DISCORD.fullmatch(url):
        return MessageLink("discord", "" if found[1] == "@me" else found[2], found[3])
    return None
