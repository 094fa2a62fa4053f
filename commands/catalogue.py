"""Every fixed command of the product, in the order of help."""

from commands import (
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
    muting,
    noting,
    reading,
    roles,
    scoring,
    snoozing,
    timeline,
    topics,
    why,
    zones,
)
from commands.model import Command

FIXED: tuple[Command, ...] = (
    *topics.COMMANDS, *reading.COMMANDS, *dates.COMMANDS, *timeline.COMMANDS, *scoring.COMMANDS,
    *changing.COMMANDS, *following.COMMANDS, *snoozing.COMMANDS,
    *muting.COMMANDS, *zones.COMMANDS, *forgetting.COMMANDS, *helping.COMMANDS,
    *channels.COMMANDS, *deliveries.COMMANDS, *why.COMMANDS, *health.COMMANDS, *linking.COMMANDS,
    *editing.COMMANDS, *history.COMMANDS, *noting.COMMANDS, *roles.COMMANDS, *auditing.COMMANDS,
)  # fmt: skip
