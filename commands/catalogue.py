"""Every fixed command of the product, in the order of help."""

from commands import (
    asking,
    auditing,
    calendars,
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
    languages,
    linking,
    misses,
    muting,
    noting,
    overview,
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
    *asking.COMMANDS, *topics.COMMANDS, *reading.COMMANDS, *overview.COMMANDS, *dates.COMMANDS,
    *timeline.COMMANDS, *calendars.COMMANDS, *scoring.COMMANDS, *changing.COMMANDS, *following.COMMANDS,
    *snoozing.COMMANDS, *muting.COMMANDS, *zones.COMMANDS, *languages.COMMANDS, *forgetting.COMMANDS,
    *helping.COMMANDS,
    *channels.COMMANDS, *deliveries.COMMANDS, *why.COMMANDS, *health.COMMANDS, *linking.COMMANDS,
    *editing.COMMANDS, *history.COMMANDS, *noting.COMMANDS, *misses.COMMANDS, *roles.COMMANDS,
    *auditing.COMMANDS,
)  # fmt: skip
