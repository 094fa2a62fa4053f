"""The registry's commands as Discord's application commands. Pure.

Limits: docs.discord.com/developers, interactions/application-commands.
"""

import hashlib
import logging
import unicodedata
from collections.abc import Sequence
from typing import Any

import orjson

from bot.discord_adapter.kinds import POSTABLE, OptionType, Permission
from briefs.marking import N_, spoken
from commands.model import Command, Option, OptionKind
from commands.wording import LANGUAGES, speaking

COMMANDS, SUBCOMMANDS, OPTIONS, CHOICES, DESCRIPTION, SIZE = 100, 25, 25, 25, 100, 8000
GUILD, BOT_DM, PRIVATE_CHANNEL = 0, 1, 2
GUILD_INSTALL, USER_INSTALL = 0, 1
ADMIN_ROOT = "brief-admin"

_ROOTS = {
    "brief": N_("Topics, dates and search of the briefs, and what you follow"),
    ADMIN_ROOT: N_("Digests, channels and publishing, for those who manage them"),
}
_TYPES: dict[OptionKind, OptionType] = {
    "integer": OptionType.INTEGER,
    "boolean": OptionType.BOOLEAN,
    "channel": OptionType.CHANNEL,
    "person": OptionType.USER,
    "role": OptionType.ROLE,
    "file": OptionType.ATTACHMENT,
}
_COMPLETED = (OptionType.STRING, OptionType.INTEGER)

Listed = dict[str, Any]

log = logging.getLogger(__name__)


# topics/permissions: what delivering, threads, pictures and looking a message up need, and no more.
_INVITED_WITH = (
    Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.SEND_MESSAGES_IN_THREADS
    | Permission.EMBED_LINKS
    | Permission.ATTACH_FILES
    | Permission.READ_MESSAGE_HISTORY
)


def invite_link(application: str) -> str:
    """The address that adds the bot to a server (topics/oauth2, Bot Authorization Flow)."""
    scopes = "bot+applications.commands"
    return (
        f"https://discord.com/oauth2/authorize?client_id={application}"
        f"&scope={scopes}&permissions={int(_INVITED_WITH)}"
    )


def listing(commands: Sequence[Command]) -> list[Listed]:
    """List what Discord must know: each root with its subcommands, then each topic.

    What no limit lets through is left out with a warning; a topic left out still answers as
    `/brief topic NAME`.
    """
    roots: dict[str, list[Command]] = {}
    topics: list[Command] = []
    for command in commands:
        root, _, below = command.path.partition(" ")
        if below:
            roots.setdefault(root, []).append(command)
        else:
            topics.append(command)
    whole = [_rooted(root, below) for root, below in roots.items()] + [_single(topic) for topic in topics]
    named = [listed for listed in whole if _well_named(listed["name"])]
    if len(named) > COMMANDS:
        log.warning(
            "Discord takes %d commands; these are left out: %s",
            COMMANDS,
            ", ".join(listed["name"] for listed in named[COMMANDS:]),
        )
    return [fitted(listed) for listed in named[:COMMANDS]]


def digest(listed: Sequence[Listed]) -> str:
    """A hash that changes exactly when the list does."""
    return hashlib.sha256(orjson.dumps(listed, option=orjson.OPT_SORT_KEYS)).hexdigest()


def size(listed: Listed) -> int:
    """Characters over all names, descriptions and values, as Discord counts them for its 8,000.

    Of a field's localisations only the longest counts.
    """
    inner = sum(map(size, listed.get("options") or ()))
    choices = sum(_longest(each, "name") + len(str(each["value"])) for each in listed.get("choices") or ())
    return len(listed["name"]) + _longest(listed, "description") + inner + choices


def _longest(listed: Listed, field: str) -> int:
    return max(map(len, (listed[field], *listed.get(f"{field}_localizations", {}).values())))


def fitted(listed: Listed) -> Listed:
    """Bring a command under 8,000 characters: shorten descriptions, then leave out its last options."""
    for room in (100, 60, 30, 10):
        shorter = _shortened(listed, room)
        if size(shorter) <= SIZE:
            if room < DESCRIPTION:
                log.warning(
                    "/%s is too large for Discord; its descriptions are cut to %d", listed["name"], room
                )
            return shorter
    while size(shorter) > SIZE:
        *kept, left_out = shorter["options"]
        log.warning("/%s is too large for Discord without leaving out %s", listed["name"], left_out["name"])
        shorter = {**shorter, "options": kept}
    return shorter


def _shortened(listed: Listed, room: int) -> Listed:
    made = {**listed, "description": _cut(listed["description"], room)}
    if localised := listed.get("description_localizations"):
        made["description_localizations"] = {each: _cut(words, room) for each, words in localised.items()}
    if "options" in listed:
        made["options"] = [_shortened(option, room) for option in listed["options"]]
    return made


def _rooted(root: str, commands: Sequence[Command]) -> Listed:
    if len(commands) > SUBCOMMANDS:
        left_out = ", ".join(f"/{command.path}" for command in commands[SUBCOMMANDS:])
        log.warning("Discord takes %d subcommands of /%s; left out: %s", SUBCOMMANDS, root, left_out)
    subcommands = [_subcommand(command) for command in commands[:SUBCOMMANDS]]
    description = _ROOTS.get(root, commands[0].summary)
    admin = root == ADMIN_ROOT
    return {**_top(root, description, admin), "options": subcommands}


def _subcommand(command: Command) -> Listed:
    return {
        "type": OptionType.SUBCOMMAND,
        "name": command.path.partition(" ")[2],
        **_worded("description", command.summary),
        "options": _options(command),
    }


def _single(command: Command) -> Listed:
    return {**_top(command.path, command.summary, admin=False), "options": _options(command)}


def _top(name: str, description: str, admin: bool) -> Listed:
    """A top-level command. Those for admins show for managers by default; each checks rights when it runs."""
    made: Listed = {
        "type": 1,
        "name": name,
        **_worded("description", description),
        "integration_types": [GUILD_INSTALL] if admin else [GUILD_INSTALL, USER_INSTALL],
        "contexts": [GUILD, BOT_DM] if admin else [GUILD, BOT_DM, PRIVATE_CHANNEL],
    }
    if admin:
        made["default_member_permissions"] = int(Permission.MANAGE_GUILD)
    return made


def _options(command: Command) -> list[Listed]:
    """Required options come first, as Discord asks. What a form asks for is required by the form alone."""
    ordered = sorted(command.options, key=lambda option: not option.required)
    return [_option(option, asked=command.asks) for option in ordered][:OPTIONS]


def _option(option: Option, *, asked: bool) -> Listed:
    kind = _TYPES.get(option.kind, OptionType.STRING)
    made: Listed = {
        "type": kind,
        "name": option.name,
        **_worded("description", option.description),
        "required": option.required and not asked,
    }
    if kind is OptionType.CHANNEL:
        made["channel_types"] = list(POSTABLE)
    if option.choices:
        made["choices"] = [
            {**_worded("name", choice.label), "value": choice.value} for choice in option.choices[:CHOICES]
        ]
    elif kind in _COMPLETED and (option.completes or option.kind == "zone"):
        made["autocomplete"] = True
    return made


def _worded(field: str, words: str) -> Listed:
    """A field with its localisations. A topic's words are the editor's and have none; nor has a command's name,
    which is typed, and is written in every help and document as it stands.
    """
    made: Listed = {field: _cut(words, DESCRIPTION)}
    others = {each: spoken(words, speaking(each)) for each in LANGUAGES}
    localised = {each: _cut(said, DESCRIPTION) for each, said in others.items() if said != words}
    return {**made, f"{field}_localizations": localised} if localised else made


def _well_named(name: str) -> bool:
    r"""Discord's `^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$`, lowercase where there is a lowercase."""
    if 1 <= len(name) <= 32 and name == name.lower() and all(map(_is_name_character, name)):
        return True
    log.warning("Discord takes no command with the name %r; it answers as /brief topic %s", name, name)
    return False


def _is_name_character(character: str) -> bool:
    script = unicodedata.name(character, "").partition(" ")[0]
    return (
        character in "-_'" or unicodedata.category(character)[0] in "LN" or script in {"DEVANAGARI", "THAI"}
    )


def _cut(words: str, room: int) -> str:
    return words if len(words) <= room else f"{words[: room - 1]}…"
