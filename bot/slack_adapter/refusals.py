"""What went wrong between the bot and Slack, as outcomes and in plain words.

Error codes: docs.slack.dev, reference/methods/chat.postMessage, auth.test and apps.connections.open.
"""

import logging
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError

from briefs.marking import N_, Sentence
from scheduler.outcomes import Doubtful, Outcome, Reach, Refused, Retry

# Everything that a Web API call of slack_sdk may raise: it reads a plain-text error page as if it were a
# dictionary (AttributeError) and a broken one as JSON (ValueError).
FAILURES = (SlackClientError, aiohttp.ClientError, OSError, TimeoutError, AttributeError, ValueError)

TOKEN_ERRORS = frozenset(
    {
        "account_inactive", "invalid_auth", "not_allowed_token_type", "not_authed", "token_expired",
        "token_revoked",
    }
)  # fmt: skip
# Slack could not finish: it may have stored the message all the same.
_UNSURE = frozenset({"fatal_error", "internal_error", "request_timeout", "service_unavailable"})
_TRANSIENT = frozenset({"accesslimited", "ratelimited", "rate_limited", "team_added_to_org"})
_SENTENCES: Mapping[str, Sentence] = {
    "channel_not_found": N_(
        "the channel does not exist, or the bot is not in it: invite it with /invite @Briefbot, or "
        "choose another channel with /brief-admin channel"
    ),
    "is_archived": N_("the channel is archived: unarchive it, or choose another with /brief-admin channel"),
    "not_in_channel": N_(
        "the bot is not in the channel: invite it with /invite @Briefbot, or choose another "
        "channel with /brief-admin channel"
    ),
    "restricted_action": N_(
        "the channel's settings let only some people post: let the bot, or choose another channel"
    ),
    "restricted_action_read_only_channel": N_(
        "the channel is read-only: let the bot post, or choose another channel"
    ),
    "restricted_action_thread_only_channel": N_(
        "the channel takes replies in threads only: choose another channel"
    ),
    "user_disabled": N_("this person's account is deactivated: stop what they follow with /brief unfollow"),
    "user_not_found": N_("there is no such person in this workspace"),
    "cannot_dm_bot": N_("bots receive no direct messages: choose a person or a channel"),
    "messages_tab_disabled": N_(
        "the app's Messages tab is off: install the app again from what `briefbot slack-manifest` prints"
    ),
    "message_not_found": N_("the message is not there any more"),
    "missing_scope": N_(
        "the app lacks the scope {needed}: install the app again from what `briefbot slack-manifest` prints"
    ),
    "no_permission": N_(
        "the app may not do this: install the app again from what `briefbot slack-manifest` prints"
    ),
    "ekm_access_denied": N_("the workspace's admins have suspended messages: ask one of them"),
    "account_inactive": N_(
        "the app was removed from the workspace: install the app again from what `briefbot "
        "slack-manifest` prints"
    ),
    "token_revoked": N_(
        "the bot token was revoked: install the app again from what `briefbot slack-manifest` "
        "prints, then put the bot token from the app's page, OAuth & Permissions, into "
        "SLACK_BOT_TOKEN and start again"
    ),
    "token_expired": N_(
        "the bot token has expired: put the bot token from the app's page, OAuth & Permissions, "
        "into SLACK_BOT_TOKEN and start again"
    ),
    "invalid_auth": N_(
        "Slack does not know the bot token: put the bot token from the app's page, OAuth & "
        "Permissions, into SLACK_BOT_TOKEN and start again"
    ),
    "not_authed": N_(
        "Slack got no bot token: put the bot token from the app's page, OAuth & Permissions, into "
        "SLACK_BOT_TOKEN and start again"
    ),
    "not_allowed_token_type": N_(
        "this is no bot token (xoxb-…): put the bot token from the app's page, OAuth & "
        "Permissions, into SLACK_BOT_TOKEN and start again"
    ),
}
_OURS = frozenset({"invalid_arguments", "invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long",
                   "msg_too_long", "no_text"})  # fmt: skip

# What the app itself may not do, and what only one message meets; the rest concerns a channel or a person.
_OF_THE_TOKEN = TOKEN_ERRORS | {"missing_scope", "no_permission"}
_OF_THE_MESSAGE = _OURS | {"message_not_found"}

log = logging.getLogger(__name__)


def outcome(problem: Exception) -> Outcome:
    """Say what became of a call: certainly nothing, nothing for good, or nobody knows."""
    if isinstance(problem, SlackApiError):
        return _answered(problem)
    if isinstance(problem, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError):
        return Retry(N_("Slack could not be reached"))
    if isinstance(problem, AttributeError | ValueError):
        log.warning("Slack's answer could not be read: %r", problem)
    return Doubtful(N_("Slack's answer was lost"))


def unsent(found: Outcome) -> Outcome:
    """The same where nothing that counts was sent, so that it may simply be done again."""
    return Retry(found.reason, found.after) if isinstance(found, Doubtful) else found


def code(problem: Exception) -> str:
    """Return Slack's error code; empty where it answered none."""
    return str(_data(problem).get("error", ""))


def after(problem: Exception) -> timedelta | None:
    """Return how long Slack asks to wait."""
    headers = getattr(getattr(problem, "response", None), "headers", None) or {}
    value = headers.get("Retry-After") or headers.get("retry-after") or ""
    return timedelta(seconds=int(value)) if str(value).isdecimal() else None


def sentence(problem: Exception) -> str:
    """Say what happened and what to do."""
    error = code(problem)
    if error in _SENTENCES:
        needed = _data(problem).get("needed") or N_("that this takes")
        return Sentence(_SENTENCES[error].sentence, needed=needed)
    if error:
        return N_("Slack refused it ({error}): /brief-admin health and the log say more", error=error)
    return N_("Slack cannot be reached; the bot keeps trying")


def _answered(problem: SlackApiError) -> Outcome:
    status, error = _status(problem), code(problem)
    if status == 429 or error in _TRANSIENT:
        return Retry(N_("Slack asks the bot to slow down"), after(problem))
    if status >= 500 or error in _UNSURE or not error:
        return Doubtful(N_("Slack had an error of its own"))
    if error in _OURS:
        log.error("Slack refused the form of a message, a fault of the bot: %s", _data(problem))
    return Refused(sentence(problem), _reach(error))


def _reach(error: str) -> Reach:
    if error in _OF_THE_TOKEN:
        return "token"
    return "destination" if error in _SENTENCES and error not in _OF_THE_MESSAGE else "message"


def _status(problem: SlackApiError) -> int:
    response = problem.response
    return int(getattr(response, "status_code", 0) or getattr(response, "status", 0) or 0)


def _data(problem: Exception) -> Mapping[str, Any]:
    data = getattr(getattr(problem, "response", None), "data", None)
    return data if isinstance(data, dict) else {}
