"""The memory that each Discord server takes, beside a discord.py client as it comes."""

from bench import sides
from bench.pairs import Ratio, ratio_of
from bench.processes import Peer, bot
from bench.table import Row

MANY, FEW = (1_000, 2_500), 1
ROUNDS = 3
# Discord asks for a connection for each thousand servers or so; over 2,500 it requires several.
A_SHARD = 1_000


def measure(rounds: int = ROUNDS) -> list[Row]:
    """Measure both sides in fresh processes."""
    return [
        Row(f"Memory (USS) for each of {many:,} servers", _ratio(many, rounds), "kB", 0.10) for many in MANY
    ]


def _ratio(many: int, rounds: int) -> Ratio:
    pairs = []
    for _ in range(rounds):
        pairs.append(
            (_each("bot run", sides.RUNNING, many), _each("bench.floors.discord_default", "ready", many))
        )
    return ratio_of(pairs)


def _each(module: str, says: str, many: int) -> float:
    """Kilobytes for each server, of a bot with many beside the same with one."""
    return 1000 * (_memory(module, says, many) - _memory(module, says, FEW)) / (many - FEW)


def _memory(module: str, says: str, guilds: int) -> float:
    shards = -(-guilds // A_SHARD)
    with Peer("bench.guilds_wire", {"BENCH_GUILDS": str(guilds), "BENCH_SHARDS": str(shards)}) as wire:
        env = {**sides.PAGE, **sides.to_discord(wire), "BENCH_SHARDS": str(shards)}
        env["BENCH_GATEWAY"] = wire.about["gateway"]
        with bot(module, env, says) as running:
            wire.order("settled")
            return running.memory()
