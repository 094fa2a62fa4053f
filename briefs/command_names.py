"""Which names a topic's command may have, and another one where its own is taken."""

import re
from collections.abc import Collection, Iterator
from itertools import count

from briefs.schema import COMMAND_PATTERN

LONGEST = 31
ROOTS = frozenset({"brief", "brief-admin"})
# Slack's own slash commands (slack.com/help, "Use shortcuts and commands"): an app's command of the same
# name is never reached there.
SLACK_OWN = frozenset(
    {
        "active", "apps", "archive", "away", "call", "canvas", "collapse", "dm", "dnd", "expand", "feed", "feedback",
        "help", "huddle", "invite", "join", "keys", "kick", "leave", "me", "msg", "mute", "open", "part", "prefs",
        "remind", "remove", "rename", "search", "shortcuts", "shrug", "star", "status", "todo", "topic",
        "unarchive", "who",
    }
)  # fmt: skip

_FITS = re.compile(COMMAND_PATTERN)


def free_name(wanted: str, brief: str, taken: Collection[str]) -> str:
    """Propose a command that nobody has: the wanted one, with words of the brief's id, or with a number."""
    return next(
        name
        for name in _candidates(wanted, brief)
        if name not in taken and name not in ROOTS | SLACK_OWN and len(name) <= LONGEST and _FITS.match(name)
    )


def _candidates(wanted: str, brief: str) -> Iterator[str]:
    yield wanted
    words = brief.split("-")
    for number in range(1, len(words) + 1):
        yield f"{'-'.join(words[:number])}-{wanted}"
    stem = wanted if _FITS.match(wanted) else "topic"
    for number in count(2):
        yield f"{stem[: LONGEST - 1 - len(str(number))].rstrip('-_')}-{number}"
