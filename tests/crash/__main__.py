"""`make crash`: kill the bot many times on a platform, and count what was lost and what came twice."""

import argparse
import asyncio
import sys
import tempfile
import time
from pathlib import Path

from tests.crash.broken import BROKEN
from tests.crash.harness import Harness, Result


def main() -> int:
    """Run what the command line asks for; 1 where anything was lost or doubled."""
    parser = argparse.ArgumentParser(prog="python -m tests.crash", description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--platform", choices=("discord", "slack", "both"), default="both")
    parser.add_argument("--broken", choices=(*BROKEN, "all"), help="a ledger that is broken on purpose")
    parser.add_argument("--keep", type=Path, help="an empty folder to keep the data and the bot's log in")
    given = parser.parse_args()
    platforms = ("discord", "slack") if given.platform == "both" else (given.platform,)
    ledgers = (BROKEN if given.broken == "all" else (given.broken,)) if given.broken else ("sound",)
    results = [_run(platform, ledger, given) for ledger in ledgers for platform in platforms]
    lost = sum(len(each.verdict.lost) for each in results)
    doubled = sum(len(each.verdict.doubled) for each in results)
    print(f"lost={lost} doubled={doubled} kills={sum(each.kills for each in results)}")
    return int(bool(lost or doubled))


def _run(platform: str, ledger: str, given: argparse.Namespace) -> Result:
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="crash-") as scratch:
        folder = Path(scratch) if given.keep is None else given.keep / f"{platform}-{ledger}"
        folder.mkdir(parents=True, exist_ok=True)
        result = asyncio.run(Harness(platform, folder, given.seed, ledger).run(given.kills, _say))
    _tell(result, ledger, given, time.monotonic() - began)
    return result


def _tell(result: Result, ledger: str, given: argparse.Namespace, seconds: float) -> None:
    print(f"{result.platform}, ledger {ledger}, {result.deliveries} deliveries due, {seconds:.0f} s")
    print(
        f"  between sending and sent: {result.between} of {result.kills} kills ({result.aimed} triggered by a request)"
    )
    print("  what the kills found:", *result.histogram, sep="\n    ")
    for name, found in (
        ("lost", result.verdict.lost),
        ("doubled", result.verdict.doubled),
        ("unlawful", result.unlawful),
    ):
        print(*(f"  {name}: {each}" for each in found[:20]), sep="\n", end="\n" if found else "")
    broken = "" if ledger == "sound" else f" BROKEN={ledger}"
    again = f"make crash KILLS={given.kills} SEED={given.seed} PLATFORM={result.platform}{broken}"
    print(f"  lost={len(result.verdict.lost)} doubled={len(result.verdict.doubled)}; again with: {again}")


def _say(line: str) -> None:
    print(f"  {line}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
