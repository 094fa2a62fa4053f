"""`python -m bench [PART…] [--write]`: measure, and print one table; `--write` puts it into docs/performance.md."""

import argparse
import sys
import time
from collections.abc import Callable

from bench import (
    asking,
    discord_answers,
    fanout,
    guilds,
    ledger,
    memory,
    reading,
    restarts,
    slack_acks,
    stalls,
)
from bench.table import Row, machine, table, write

PARTS: dict[str, Callable[[], list[Row]]] = {
    "fanout": fanout.measure,
    "ledger": ledger.measure,
    "discord": discord_answers.measure,
    "slack": slack_acks.measure,
    "start": restarts.measure,
    "memory": memory.measure,
    "guilds": guilds.measure,
    "reading": reading.rows,
    "asking": asking.rows,
    "stalls": stalls.rows,
}


def main() -> None:
    """Measure the named parts, or all of them."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("part", nargs="*", help=f"what to measure: {', '.join(PARTS)} (default: all)")
    parser.add_argument("--write", action="store_true", help="put the table into docs/performance.md")
    arguments = parser.parse_args()
    unknown = set(arguments.part) - set(PARTS)
    if unknown:
        parser.error(f"there is no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    if arguments.write and arguments.part:
        parser.error("--write takes the whole table: name no part with it")
    rows: list[Row] = []
    for name in arguments.part or PARTS:
        begun = time.perf_counter()
        rows += PARTS[name]()
        print(f"{name}: {time.perf_counter() - begun:.0f} s", file=sys.stderr)
    print(f"{machine()}\n\n{table(rows)}")
    if arguments.write:
        write(rows)


if __name__ == "__main__":
    main()
