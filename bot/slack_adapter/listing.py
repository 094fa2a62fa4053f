"""The registry's commands as a Slack app manifest. Pure.

Shape and limits: slackapi/manifest-schema (manifest.schema.2.0.0) and docs.slack.dev, reference/app-manifest.
"""

import logging
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from commands.model import Command

COMMANDS, NAME, DESCRIPTION, HINT = 50, 32, 2000, 100
APP_NAME, BOT_NAME = 35, 80
PATH = "/slack/events"

# Everything that the product will ever ask of Slack, so that nobody has to install it again.
SCOPES = (
    "channels:history",
    "channels:join",
    "channels:read",
    "chat:write",
    "chat:write.public",
    "commands",
    "files:read",
    "files:write",
    "groups:history",
    "groups:read",
    "im:history",
    "im:read",
    "im:write",
    "mpim:history",
    "mpim:read",
    "mpim:write",
    "team:read",
    "usergroups:read",
    "users:read",
)
EVENTS = ("app_home_opened", "app_uninstalled", "member_joined_channel", "tokens_revoked")
_ROOTS = {
    "brief": ("Topics, dates and search of the briefs, and what you follow", "help"),
    "brief-admin": ("Digests, channels and publishing, for those who manage them", "health"),
}
_WELL_NAMED = re.compile(r"[a-z0-9_-]+")

Json = dict[str, Any]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Behind:
    """How an installed manifest differs from the commands there are now: names with their slash."""

    missing: tuple[str, ...]
    gone: tuple[str, ...]


def manifest(
    commands: Sequence[Command], *, socket_mode: bool, public_url: str | None, name: str = "Briefbot"
) -> Json:
    """Describe the app to Slack. In HTTP mode `public_url` is where Slack reaches this bot.

    Slack takes 50 commands: beyond that the last topics are left out, with a warning; they answer as
    `/brief topic NAME`. Raises ValueError for HTTP mode without an address.
    """
    if not socket_mode and not public_url:
        raise ValueError("HTTP mode needs PUBLIC_URL, the address at which Slack reaches this bot")
    url = None if socket_mode else f"{str(public_url).rstrip('/')}{PATH}"
    return {
        "display_information": {
            "name": name[:APP_NAME],
            "description": "Briefs your team on an analytic report, in the report's own words",
            "background_color": "#1f3a5f",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": name[:BOT_NAME], "always_online": True},
            "slash_commands": [_slash(path, words, hint, url) for path, words, hint in _listed(commands)],
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {"bot_events": list(EVENTS), **_request(url)},
            "interactivity": {"is_enabled": True, **_request(url), **_options(url)},
            "org_deploy_enabled": False,
            "socket_mode_enabled": socket_mode,
            "token_rotation_enabled": False,
        },
    }


def remembered(commands: Sequence[Command]) -> str:
    """What to remember of a printed manifest, for `behind`: its commands' names."""
    return " ".join(f"/{path}" for path, _, _ in _listed(commands, warn=False))


def behind(printed: str | None, commands: Sequence[Command]) -> Behind | None:
    """Compare the manifest that an admin printed last with the commands there are now.

    None where they agree, or where none was printed here: Slack tells a bot nothing about its manifest.
    """
    if printed is None:
        return None
    before, now = printed.split(), remembered(commands).split()
    missing = tuple(name for name in now if name not in before)
    gone = tuple(name for name in before if name not in now)
    return Behind(missing, gone) if missing or gone else None


def _listed(commands: Iterable[Command], warn: bool = True) -> list[tuple[str, str, str]]:
    """The roots and the topics: name, description, usage hint."""
    roots: dict[str, tuple[str, str, str]] = {}
    topics: list[tuple[str, str, str]] = []
    for command in commands:
        root, _, below = command.path.partition(" ")
        if below:
            words, hint = _ROOTS.get(root, (command.summary, below))
            roots.setdefault(root, (root, words, hint))
        elif _fits(command.path, warn):
            topics.append((command.path, command.summary, _hint(command)))
    room = COMMANDS - len(roots)
    if warn and len(topics) > room:
        left_out = ", ".join(f"/{path}" for path, _, _ in topics[room:])
        log.warning("Slack takes %d commands; these answer as /brief topic NAME only: %s", COMMANDS, left_out)
    return [*roots.values(), *topics[:room]]


def _fits(path: str, warn: bool) -> bool:
    if len(path) + 1 <= NAME and _WELL_NAMED.fullmatch(path):
        return True
    if warn:
        log.warning("Slack takes no command with the name %r; it answers as /brief topic %s", path, path)
    return False


def _hint(command: Command) -> str:
    words = (option.name if option.required else f"[{option.name}]" for option in command.options)
    return " ".join(words)[:HINT]


def _slash(path: str, words: str, hint: str, url: str | None) -> Json:
    return {
        "command": f"/{path}",
        "description": words[:DESCRIPTION],
        # Mentions then arrive as ids, which say more than names.
        "should_escape": True,
        **({"usage_hint": hint} if hint else {}),
        **({"url": url} if url else {}),
    }


def _request(url: str | None) -> Json:
    return {"request_url": url} if url else {}


def _options(url: str | None) -> Json:
    return {"message_menu_options_url": url} if url else {}
