"""What Slack tells without being asked: invitations, the Home tab, the end of an installation."""

import logging
from collections.abc import Callable
from typing import Any

from bot.slack_adapter import incoming
from bot.slack_adapter.hello import Hello
from bot.slack_adapter.home import Home
from bot.slack_adapter.incoming import Payload
from bot.slack_adapter.recent import Recent
from bot.slack_adapter.tasks import Tasks
from briefs.marking import N_
from scheduler.address import Destination, Person

REMOVED = N_(
    "the app was removed from the workspace: install it again from what `briefbot slack-manifest` prints,"
    " put its new token into SLACK_BOT_TOKEN and start again"
)

log = logging.getLogger(__name__)


class Events:
    """Handles events. `me` returns the bot's own user id, `removed` is told when the bot is thrown out."""

    def __init__(
        self, hello: Hello, home: Home, tasks: Tasks, me: Callable[[], str], removed: Callable[[str], None]
    ) -> None:
        self._hello, self._home, self._tasks = hello, home, tasks
        self._me, self._removed = me, removed
        self._recent = Recent()

    def receive(self, payload: Payload) -> None:
        """Begin what an event asks for; Slack sends each again until it is acknowledged."""
        if not self._recent.first_time(incoming.request_id(payload)):
            return
        event: dict[str, Any] = payload["event"]
        team = payload.get("team_id", "")
        match event.get("type"):
            case "member_joined_channel" if event.get("user") == self._bot(payload):
                where = Destination("slack", event.get("team") or team, event["channel"])
                self._tasks.start(self._hello.joined(where), "hello")
            case "app_home_opened" if event.get("tab", "home") == "home":
                self._tasks.start(self._home.open(Person("slack", team, event["user"])), "the Home tab")
            case "app_uninstalled":
                self._gone()
            case "tokens_revoked" if (event.get("tokens") or {}).get("bot"):
                self._gone()

    def _bot(self, payload: Payload) -> str:
        """The bot's user id: as auth.test said, or as the event says for whom it was sent."""
        authorizations = payload.get("authorizations") or [{}]
        return self._me() or str(authorizations[0].get("user_id", ""))

    def _gone(self) -> None:
        log.error("Slack stays off: %s", REMOVED)
        self._removed(REMOVED)
