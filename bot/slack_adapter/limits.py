"""Slack's limits: documented tiers as a start, lowered where Slack refuses a call for its rate.

Slack announces nothing before it refuses; a refusal says how long to wait (docs.slack.dev,
apis/web-api/rate-limits).
"""

from collections.abc import Mapping, Sequence

from bot.pacing import Budget

MINUTE = 60.0
# apis/web-api/rate-limits: calls a minute, per method and workspace.
TIERS: Mapping[int, int] = {2: 20, 3: 50, 4: 100}
# Each method's own page, reference/methods/<name>. Not among them are what has to be tried at once or is of no
# use: views.open, whose trigger lives three seconds, and apps.connections.open, without which nothing is heard.
METHODS: Mapping[str, int] = {
    "chat.postEphemeral": 4, "chat.update": 3, "conversations.history": 3, "conversations.join": 3,
    "conversations.open": 3, "conversations.replies": 3, "files.completeUploadExternal": 4,
    "files.getUploadURLExternal": 4, "usergroups.list": 2, "users.info": 4, "views.publish": 4,
}  # fmt: skip
POST = "chat.postMessage"
# reference/methods/chat.postMessage: one message a second in a channel; several hundred a minute in a workspace,
# taken for three hundred until Slack says otherwise.
POSTS, A_SECOND = 300, 1.0
# Of what a minute holds bulk leaves so much to people, who would otherwise wait for the next minute.
RESERVED = {POST: 6}
RESERVED_SHARE = 10
# Between two bulk messages the event loop is left to people's answers.
SPACING = 0.01
KEPT = 2000


class Limits:
    """The budgets that a call counts to: its method's in the workspace, and for a message its channel's."""

    def __init__(self) -> None:
        self._methods = {
            name: Budget(TIERS[tier], MINUTE, reserve=TIERS[tier] // RESERVED_SHARE)
            for name, tier in METHODS.items()
        }
        self._methods[POST] = Budget(POSTS, MINUTE, SPACING, RESERVED[POST])
        self._channels: dict[str, Budget] = {}

    def of(self, method: str, channel: str, now: float) -> Sequence[Budget]:
        """The budgets of a call at this instant of the event loop's time."""
        ours = self._methods.get(method)
        if ours is None:
            ours = self._methods[method] = Budget(1, 0.0)
        return (ours, self._channel(channel, now)) if method == POST and channel else (ours,)

    def refused(self, method: str, channel: str, wait: float, now: float) -> None:
        """Wait as a refusal asks to. Which limit it was Slack does not say: a short wait is a channel's."""
        budgets = self.of(method, channel, now)
        for budget in budgets[-1:] if wait <= 2 * A_SECOND else budgets:
            budget.close(now + wait)
        if len(budgets) == 1 or wait > 2 * A_SECOND:
            budgets[0].lower(now)

    def share(self, processes: int, now: float, fresh: bool) -> None:
        """Divide each method's calls among so many processes."""
        for budget in self._methods.values():
            budget.share(processes, now, fresh)

    def bulk_waits(self, now: float) -> bool:
        """Whether messages wait until other processes have heard of this one."""
        return self._methods[POST].bulk_waits(now)

    def _channel(self, channel: str, now: float) -> Budget:
        if channel not in self._channels:
            if len(self._channels) >= KEPT:
                self._channels = {name: each for name, each in self._channels.items() if not each.forget(now)}
            self._channels[channel] = Budget(1, A_SECOND)
        return self._channels[channel]
