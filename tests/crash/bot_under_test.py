"""`briefbot run` with the run's clock and, on demand, a ledger that is broken on purpose.

Everything else is the product's own: `bot.app.serve`, its settings from the environment, its log.
"""

import asyncio
import os
from pathlib import Path

from bot.app import serve
from bot.log import set_up
from bot.settings import read_settings
from tests.crash.broken import LEDGERS
from tests.crash.clock import Ahead


def live(folder: Path, environment: dict[str, str], clock: Path, ledger: str) -> None:
    """Run in a folder until SIGTERM, or until killed; what is printed and logged goes to its `bot.log`."""
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    log = os.open("bot.log", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.dup2(log, 1)
    os.dup2(log, 2)
    settings = read_settings()
    set_up(settings.log_level, settings.secrets())
    asyncio.run(serve(settings, print, Ahead(clock).utc, LEDGERS[ledger]()))
