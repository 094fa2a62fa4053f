"""Discord's numbers by their names in its documentation (docs.discord.com/developers)."""

from enum import IntEnum


class Interaction(IntEnum):
    """interactions/receiving-and-responding: Interaction Type."""

    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4
    MODAL_SUBMIT = 5


class Callback(IntEnum):
    """interactions/receiving-and-responding: Interaction Callback Type."""

    MESSAGE = 4
    DEFERRED_MESSAGE = 5
    DEFERRED_UPDATE = 6
    UPDATE = 7
    AUTOCOMPLETE = 8
    MODAL = 9


class OptionType(IntEnum):
    """interactions/application-commands: Application Command Option Type."""

    SUBCOMMAND = 1
    GROUP = 2
    STRING = 3
    INTEGER = 4
    BOOLEAN = 5
    USER = 6
    CHANNEL = 7
    ROLE = 8
    MENTIONABLE = 9
    ATTACHMENT = 11


class Component(IntEnum):
    """components/reference: Component Types."""

    ROW = 1
    BUTTON = 2
    STRING_SELECT = 3
    TEXT_INPUT = 4
    USER_SELECT = 5
    ROLE_SELECT = 6
    CHANNEL_SELECT = 8
    LABEL = 18
    FILE_UPLOAD = 19


class Permission(IntEnum):
    """topics/permissions."""

    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    MANAGE_GUILD = 1 << 5
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    SEND_MESSAGES_IN_THREADS = 1 << 38


EPHEMERAL = 1 << 6
"""resources/message: the flag of a message that only one person sees."""

GROUP_CONTEXT = 2
"""receiving-and-responding (Interaction Context Types): direct messages between other people."""

POSTABLE = (0, 5, 10, 11, 12)
"""resources/channel: text, announcement, and the three kinds of thread."""
