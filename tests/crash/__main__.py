"""`make crash`: kill the bot many times on a platform, and count what was lost and what came twice."""

import argparse
import asyncio
import contextlib
import sys
import tempfile
import time
from pathlib import Path

from tests import postgresql
from tests.crash.broken import BROKEN
from tests.crash.harness import Harness, Result
from tests.engines import ENGINES


def main() -> int:
    """Run what the command line asks for; 1 where anything is wrong.

    With a broken ledger a run stops at the first fault, and it is wrong where none was found.
    """
    parser = argparse.ArgumentParser(prog="python -m tests.crash", description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--platform", choices=("discord", "slack", "both"), default="both")
    parser.add_argument("--broken", choices=(*BROKEN, "all", ""), help="a ledger that is broken on purpose")
    parser.add_argument("--keep", type=Path, help="an empty folder to keep the data and the bot's log in")
    parser.add_argument("--engine", choices=ENGINES, default="sqlite")
    given = parser.parse_args()
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(postgresql.server()) if given.engine == "postgresql" else ""
        return _all(given, server)


def _all(given: argparse.Namespace, server: str) -> int:
    platforms = ("discord", "slack") if given.platform == "both" else (given.platform,)
    ledgers = (BROKEN if given.broken == "all" else (given.broken,)) if given.broken else ("sound",)
    results = [_run(platform, ledger, given, server) for ledger in ledgers for platform in platforms]
    lost = sum(len(each.verdict.lost) for each in results)
    doubled = sum(len(each.verdict.doubled) for each in results)
    print(f"lost={lost} doubled={doubled} kills={sum(each.kills for each in results)}")
    if given.broken:
        return int(not all(each.verdict for each in results))
    return int(not all(each.sound and each.aimed for each in results))


def _run(platform: str, ledger: str, given: argparse.Namespace, server: str) -> Result:
    began = time.monotonic()
    empty = postgresql.database(server) if server else contextlib.nullcontext("")
    with empty as url, tempfile.TemporaryDirectory(prefix="crash-") as scratch:
        folder = Path(scratch) if given.keep is None else given.keep / f"{platform}-{ledger}"
        folder.mkdir(parents=True, exist_ok=True)
        harness = Harness(platform, folder, given.seed, ledger, server=url)
        result = asyncio.run(harness.run(given.kills, _say, early=ledger != "sound"))
    _tell(result, ledger, time.monotonic() - began)
    broken = "" if ledger == "sound" else f" BROKEN={ledger}"
    broken += f" ENGINE={given.engine}" if server else ""
    print(f"  again with: make crash KILLS={given.kills} SEED={given.seed} PLATFORM={platform}{broken}")
    return result


def _tell(result: Result, ledger: str, seconds: float) -> None:
    share = 100 * result.between // max(result.kills, 1)
    print(f"{result.platform}, ledger {ledger}: {result.due} deliveries due, {seconds:.0f} s")
    print(f"  corrections and cancellations that arrived: {result.amended}")
    print("  what the kills found:", *result.histogram, sep="\n    ")
    print(f"  between sending and sent: {result.between} of {result.kills} kills, {share} %")
    print(f"  triggered by a request: {result.fell} of {result.kills} kills")
    if not result.aimed:
        print("  this is less than half of the kills, so the run proves too little")
    faults = {
        "lost": result.verdict.lost, "doubled": result.verdict.doubled, "misleading": result.verdict.misleading,
        "unlawful": result.unlawful,
    }  # fmt: skip
    for name, found in faults.items():
        print(f"  {name}: {len(found)}", *found[:20], sep="\n    ")
    if ledger != "sound":
        print(f"  {'caught after' if result.verdict else 'NOT caught in'} {result.kills} kills")


def _say(line: str) -> None:
    print(f"  {line}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
