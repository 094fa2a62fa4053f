"""What Discord's errors mean for a message, in words for those who can help.

Codes: docs.discord.com/developers, topics/opcodes-and-status-codes (JSON Error Codes).
"""

import logging
from datetime import timedelta

import aiohttp
import discord

from briefs.marking import N_
from scheduler.outcomes import Doubtful, Outcome, Refused, Retry

UNKNOWN_CHANNEL, UNKNOWN_GUILD, UNKNOWN_MESSAGE, UNKNOWN_USER = 10003, 10004, 10008, 10013
UNAUTHORIZED, OPENING_TOO_FAST, TOO_LARGE = 40001, 40003, 40005
MISSING_ACCESS, CLOSED_TO_US, MISSING_PERMISSIONS, INVALID_FORM = 50001, 50007, 50013, 50035
ARCHIVED_THREAD, NO_SHARED_SERVER, TOO_MANY_EDITS = 50083, 50278, 30046

LOGIN_REFUSED = N_(
    "Discord refuses the bot's token; make a new one in the developer portal (Bot, Reset Token), "
    "put it into DISCORD_TOKEN and start again"
)
_REFUSALS = {
    UNKNOWN_CHANNEL: N_(
        "the channel does not exist any more; follow again in another channel with /brief follow"
    ),
    UNKNOWN_GUILD: N_("the bot is no longer in this server; invite it again, then follow again"),
    UNKNOWN_MESSAGE: N_("the message is no longer there; somebody deleted it"),
    UNKNOWN_USER: N_("Discord knows no such person any more"),
    TOO_LARGE: N_("the message is larger than Discord takes here; ask for less at once"),
    MISSING_ACCESS: N_("the bot cannot see the channel; give it the permission View Channel there"),
    CLOSED_TO_US: N_(
        "this person takes no direct messages from the bot; "
        "they can allow them in their privacy settings and follow again"
    ),
    MISSING_PERMISSIONS: N_(
        "the bot may not write in the channel; "
        "give it the permissions Send Messages, Embed Links and Attach Files there"
    ),
    ARCHIVED_THREAD: N_("the thread is archived; open it again or follow in another channel"),
    NO_SHARED_SERVER: N_(
        "this person shares no server with the bot any more; "
        "they can join one, or install the bot for themselves, and follow again"
    ),
}
_OF_THE_MESSAGE = frozenset({UNKNOWN_MESSAGE, TOO_LARGE})
# A minute is what Discord's clients wait after opening direct messages too fast; it is not documented.
_SOME_TIME = timedelta(minutes=1)

log = logging.getLogger(__name__)


class NotConnectedError(Exception):
    """There is no connection to Discord just now, so nothing was sent."""


# All that a request can end with; the last two where a server answers in a shape of its own.
FAILURES = (
    NotConnectedError, discord.DiscordException, aiohttp.ClientError, OSError, RuntimeError, KeyError, TypeError,
)  # fmt: skip


def outcome(error: Exception, certain: bool) -> Outcome:
    """Say what an error means for a message. `certain`: nothing of the message itself went out."""
    match error:
        case NotConnectedError():
            return Retry(N_("Discord is not connected at the moment; the message goes out once it is"))
        case discord.RateLimited():
            return Retry(N_("Discord asks to wait"), timedelta(seconds=error.retry_after))
        case discord.HTTPException() if error.status == 429:
            return Retry(N_("Discord asks to wait"), _asked_to_wait(error))
        case discord.HTTPException() if error.status < 500:
            return _refused(error)
        case RuntimeError() if str(error) == "Session is closed":  # aiohttp's, before it sends
            return Retry(N_("the connection to Discord was just being closed"))
    if certain:
        return Retry(N_("Discord is out of reach: {error}", error=words(error)))
    return Doubtful(N_("Discord gave no clear answer, and may have the message: {error}", error=words(error)))


def words(error: Exception) -> str:
    """Name an error without its details, which may hold addresses and tokens."""
    if isinstance(error, discord.HTTPException):
        return N_("it answered {status}", status=error.status)
    return N_("no answer in time") if isinstance(error, TimeoutError) else type(error).__name__


def _refused(error: discord.HTTPException) -> Outcome:
    if error.status == 401 or error.code == UNAUTHORIZED:
        return Refused(LOGIN_REFUSED, "token")
    if error.code in (OPENING_TOO_FAST, TOO_MANY_EDITS):
        return Retry(N_("Discord asks to wait"), _SOME_TIME)
    if error.code in _REFUSALS:
        return Refused(_REFUSALS[error.code], "message" if error.code in _OF_THE_MESSAGE else "destination")
    log.error("Discord refused a message: %s %s", error.code, error.text)
    return Refused(N_("Discord refused the message (error {code}); the bot's log says why", code=error.code))


def _asked_to_wait(error: discord.HTTPException) -> timedelta:
    """The wait asked for by a refusal that discord.py does not wait out itself: Cloudflare's."""
    try:
        return timedelta(seconds=float(error.response.headers.get("Retry-After", "")))
    except ValueError:
        return _SOME_TIME
