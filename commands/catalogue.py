"""Every fixed command of the product, in the order of help."""

from commands import channels, dates, deliveries, following, health, helping, reading, topics, why
from commands.model import Command

FIXED: tuple[Command, ...] = (
    *topics.COMMANDS, *reading.COMMANDS, *dates.COMMANDS, *following.COMMANDS, *helping.COMMANDS,
    *channels.COMMANDS, *deliveries.COMMANDS, *why.COMMANDS, *health.COMMANDS,
)  # fmt: skip
