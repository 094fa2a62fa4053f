"""Every fixed command of the product, in the order of help."""

from commands import (
    asking,
    auditing,
    changing,
    channels,
    dates,
    deliveries,
    editing,
    following,
    forgetting,
    health,
    helping,
    history,
    linking,
    misses,
    muting,
    noting,
    reading,
    roles,
    scoring,
    snoozing,
    topics,
    why,
    zones,
)
from commands.model import Command

FIXED: tuple[Command, ...] = (
    *asking.COMMANDS, *topics.COMMANDS, *reading.COMMANDS, *dates.COMMANDS, *scoring.COMMANDS, *changing.COMMANDS,
    *following.COMMANDS, *snoozing.COMMANDS,
    *muting.COMMANDS, *zones.COMMANDS, *forgetting.COMMANDS, *helping.COMMANDS,
    *channels.COMMANDS, *deliveries.COMMANDS, *why.COMMANDS, *health.COMMANDS, *linking.COMMANDS,
    *editing.COMMANDS, *history.COMMANDS, *noting.COMMANDS, *misses.COMMANDS, *roles.COMMANDS,
    *auditing.COMMANDS,
)  # fmt: skip
