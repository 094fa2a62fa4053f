"""The log: one line an event on standard error, with no secret in it."""

import logging
from collections.abc import Sequence


class _NoSecrets(logging.Formatter):
    """Writes `***` for each secret, in messages and traces alike."""

    def __init__(self, secrets: Sequence[str]) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s: %(message)s")
        self._secrets = [secret for secret in secrets if secret]

    def format(self, record: logging.LogRecord) -> str:
        written = super().format(record)
        for secret in self._secrets:
            written = written.replace(secret, "***")
        return written


def set_up(level: str, secrets: Sequence[str]) -> None:
    """Write the log of the whole process to standard error."""
    handler = logging.StreamHandler()
    handler.setFormatter(_NoSecrets(secrets))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    # These tell each request and each job at INFO; what matters of it is told by our own loggers.
    for name in ("aiohttp.access", "apscheduler", "discord", "slack_bolt", "slack_sdk", "watchfiles"):
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLevelName(level)))
