"""`python -m bot` and the `briefbot` command."""

import gc

# Nothing of what a start loads becomes garbage, and the collector would walk it dozens of times; a tenth of
# the start. `briefbot run` turns it on again when it serves.
gc.disable()

import bot.cli_asking  # noqa: E402
import bot.cli_moving  # noqa: E402
import bot.cli_publishing  # noqa: E402, F401  # they add their commands
from bot.cli import app  # noqa: E402


def main() -> None:
    """Run the command line."""
    app()


if __name__ == "__main__":
    main()
