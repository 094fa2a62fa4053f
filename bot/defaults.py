"""What a fresh installation follows: the page's lobby is reminded of each brief's watch dates."""

from datetime import datetime

from tzlocal import get_localzone_name

from briefs.schema import ZONES
from scheduler.address import LOBBY
from scheduler.subscriptions import Subscription, subscription


def local_zone() -> str:
    """Return this machine's zone, UTC where it has none of the IANA list."""
    local = get_localzone_name() or "UTC"
    return local if local in ZONES else "UTC"


def of_lobby(brief_id: str, at: datetime) -> Subscription:
    """Return the lobby's own subscription to a new brief (docs/decisions/0006)."""
    return subscription(brief_id, "reminders", LOBBY, "", at, zone=local_zone())
