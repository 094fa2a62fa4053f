"""Every fixed command of the product, in the order of help."""

from commands import (
    channels,
    dates,
    following,
    forgetting,
    health,
    helping,
    muting,
    reading,
    snoozing,
    topics,
    zones,
)  # fmt: skip
from commands.model import Command

FIXED: tuple[Command, ...] = (
    *topics.COMMANDS, *reading.COMMANDS, *dates.COMMANDS, *following.COMMANDS, *snoozing.COMMANDS,
    *muting.COMMANDS, *zones.COMMANDS, *forgetting.COMMANDS, *helping.COMMANDS,
    *channels.COMMANDS, *health.COMMANDS,
)  # fmt: skip
