"""A loopback Discord: REST API v10 and gateway, strict about what the platform refuses."""

from .asking import NotOfferedError
from .exchange import Exchange
from .messages import find_component, visible_text
from .permissions import Permission
from .server import DiscordPeer
from .state import Received, Stored, Upload
from .world import Channel, Guild, Member, Role, User

__all__ = [
    "Channel",
    "DiscordPeer",
    "Exchange",
    "Guild",
    "Member",
    "NotOfferedError",
    "Permission",
    "Received",
    "Role",
    "Stored",
    "Upload",
    "User",
    "find_component",
    "visible_text",
]
