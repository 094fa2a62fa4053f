"""SIGKILL to the first Discord answer of the process that is started in its place."""

import time
from contextlib import ExitStack

from bench import sides
from bench.pairs import ratio_of
from bench.processes import Peer
from bench.sides import Side
from bench.table import Row

AIM = 1.6


def seconds(side: Side) -> float:
    """Kill the bot, start it again at once, and wait for its first answer to somebody who keeps asking."""
    side.peer.begin("first_answer")
    begun = time.perf_counter()
    side.bot.kill()
    side.bot.start()
    answered: float = side.peer.finish()["answered_at"]
    side.bot.until_ready()
    return answered - begun


def measure(pairs: int = 5) -> list[Row]:
    """Measure it beside bare discord.py, whose command stands already and which asks for no gateway."""
    with ExitStack() as stack:
        slack = stack.enter_context(Peer("bench.slack_wire"))
        alone = stack.enter_context(sides.ours())
        both = stack.enter_context(sides.ours(sides.to_slack(slack, "socket")))
        bare = stack.enter_context(sides.bare(synced=False))
        contenders = (alone, both, bare)
        measured = []
        for pair in range(pairs + 1):
            order = contenders if pair % 2 else contenders[::-1]
            taken = {id(side): seconds(side) for side in order}
            measured.append([taken[id(side)] for side in contenders])
    what = "SIGKILL to the first Discord answer"
    return [
        Row(f"{what}, beside bare discord.py", ratio_of([(a, c) for a, _, c in measured[1:]]), "s", AIM),
        Row(
            f"{what}, with Slack connected as well", ratio_of([(b, c) for _, b, c in measured[1:]]), "s", AIM
        ),
    ]
