"""How soon Slack gets its acknowledgement, the answer in it, beside Bolt."""

from contextlib import ExitStack
from statistics import median

from bench import sides
from bench.pairs import ratio_of
from bench.sides import Mode, Side
from bench.table import Row

WARM, TURNS, ASKED, ASKED_STOCK = 300, 3, 200, 40
BEFORE, STOCK = 1.3, 0.1
WORDS = {"socket": "Socket Mode", "http": "HTTP"}


def p50s(mode: Mode, loop: str) -> tuple[float, float, float]:
    """Measure fresh processes in turns: milliseconds of ours, of Bolt before the response, of stock Bolt."""
    with ExitStack() as stack:
        ours = stack.enter_context(sides.ours_on_slack(mode))
        before = stack.enter_context(sides.bolt(mode, "before", loop))
        stock = stack.enter_context(sides.bolt(mode, "stock", loop))
        asked = ((ours, ASKED), (before, ASKED), (stock, ASKED_STOCK))
        taken: list[list[float]] = [[], [], []]
        for side, _ in asked[:2]:
            side.peer.order(mode, count=WARM)
        for turn in range(TURNS):
            for place in (0, 1, 2) if turn % 2 else (1, 0, 2):
                side, count = asked[place]
                taken[place] += side.peer.order(mode, count=count)["ms"]
    own, fast, plain = map(median, taken)
    return own, fast, plain


def fastest_loop(mode: Mode) -> str:
    """Say on which event loop Bolt acknowledges faster, which makes it the baseline."""
    with sides.bolt(mode, "before", "uvloop") as one, sides.bolt(mode, "before", "asyncio") as two:
        taken: dict[str, list[float]] = {"uvloop": [], "asyncio": []}
        contenders: tuple[tuple[str, Side], ...] = (("uvloop", one), ("asyncio", two))
        for _, side in contenders:
            side.peer.order(mode, count=WARM)
        for _ in range(TURNS):
            for name, side in contenders:
                taken[name] += side.peer.order(mode, count=ASKED)["ms"]
    return min(taken, key=lambda name: median(taken[name]))


def measure(pairs: int = 5) -> list[Row]:
    """Measure both modes."""
    return [row for mode in ("socket", "http") for row in _mode(mode, pairs)]


def _mode(mode: Mode, pairs: int) -> list[Row]:
    loop = fastest_loop(mode)
    measured = [p50s(mode, loop) for _ in range(pairs)]
    what = f"Slack, `/dprk-demands`, {WORDS[mode]}: p50 of the acknowledgement, beside"
    before = ratio_of([(own, fast) for own, fast, _ in measured])
    stock = ratio_of([(own, plain) for own, _, plain in measured])
    return [
        Row(f"{what} Bolt with `process_before_response` on {loop}", before, "ms", BEFORE),
        Row(f"{what} stock Bolt", stock, "ms", STOCK),
    ]
