"""A loopback Slack: Web API, Socket Mode and signed HTTP, with the platform's limits."""

from .clock import SteppedClock, WallClock
from .errors import ApiError, LoopbackError, UnansweredError
from .exchange import Ack, Exchange, Stored
from .manifest_rules import validate_manifest
from .server import SlackPeer
from .world import BOT_SCOPES, BOT_USER, Channel, User, UserGroup

__all__ = [
    "BOT_SCOPES",
    "BOT_USER",
    "Ack",
    "ApiError",
    "Channel",
    "Exchange",
    "LoopbackError",
    "SlackPeer",
    "SteppedClock",
    "Stored",
    "UnansweredError",
    "User",
    "UserGroup",
    "WallClock",
    "validate_manifest",
]
