"""`briefbot run` with the run's clock and, on demand, a ledger that is broken on purpose.

Everything else is the product's own: `bot.app.serve`, its settings from the environment, its log.
"""

import argparse
import asyncio
from pathlib import Path

from bot.app import serve
from bot.log import set_up
from bot.settings import read_settings
from tests.crash.broken import LEDGERS
from tests.crash.clock import Ahead


def main() -> None:
    """Run until SIGTERM, or until killed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clock", type=Path, required=True)
    parser.add_argument("--ledger", choices=sorted(LEDGERS), default="sound")
    given = parser.parse_args()
    settings = read_settings()
    set_up(settings.log_level, settings.secrets())
    asyncio.run(serve(settings, print, Ahead(given.clock).utc, LEDGERS[given.ledger]()))


if __name__ == "__main__":
    main()
