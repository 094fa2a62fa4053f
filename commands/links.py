"""Links to messages, as the platforms' own "Copy link" gives them."""

import re
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

from scheduler.address import Destination

_SLACK = re.compile(r"/archives/([CDG][A-Z0-9]+)/p(\d{10})(\d{6})/?")
_DISCORD = re.compile(r"/channels/(\d+|@me)/(\d+)(?:/(\d+))?/?")
_DISCORD_HOSTS = frozenset({"discord.com", "discordapp.com"})


class Linked(NamedTuple):
    """A message that a link leads to: its channel or thread, and its id there (empty: the channel itself)."""

    where: Destination
    message: str


def read(link: str, here: Destination) -> Linked | None:
    """Read a link; None for what is none of the platforms'.

    A Slack link does not name its workspace by id, so that it is taken for that of `here`.
    """
    parts = urlsplit(link)
    host = parts.hostname or ""
    if parts.scheme == "https" and host.endswith(".slack.com") and (found := _SLACK.fullmatch(parts.path)):
        thread = parse_qs(parts.query).get("thread_ts", [""])[0]
        message = f"{found[2]}.{found[3]}"
        root = "" if thread == message else thread
        return Linked(Destination("slack", here.space, found[1], root), message)
    ours = any(host == known or host.endswith(f".{known}") for known in _DISCORD_HOSTS)
    if parts.scheme == "https" and ours and (found := _DISCORD.fullmatch(parts.path)):
        return Linked(Destination("discord", found[1], found[2]), found[3] or "")
    return None


def thread_of(link: str, here: Destination) -> Destination | None:
    """The thread that answers a linked message: a Slack message's own; on Discord a thread is a channel."""
    found = read(link, here)
    if found is None or found.where.thread or found.where.platform != here.platform:
        return found.where if found else None
    return found.where._replace(thread=found.message) if _has_threads(found.where) else found.where


def _has_threads(where: Destination) -> bool:
    """Whether a thread hangs on a message there, rather than being a channel of its own."""
    return not where.channel.isdecimal()
