"""Destinations in words."""

from commands.model import Place
from commands.wording import speaking
from scheduler.address import LOBBY, PLATFORMS, Destination

_NAMES = {"discord": "Discord", "slack": "Slack"}


def place(where: Destination, language: str) -> Place:
    """A destination as a reply shows it."""
    return Place(str(where), place_name(where, language))


def place_name(where: Destination, language: str) -> str:
    """Name a destination where its platform cannot: `the page`, `channel C1 of T1 on Slack`."""
    _ = speaking(language)
    if where == LOBBY:
        return _("the page")
    platform = _NAMES.get(where.platform, where.platform)
    if where.person:
        return _("the direct messages of {person} on {platform}").format(
            person=where.person.id, platform=platform
        )
    channel = f"{where.channel}/{where.thread}" if where.thread else where.channel
    return _("channel {channel} of {space} on {platform}").format(
        channel=channel, space=where.space, platform=platform
    )


def platform_name(place_: str) -> str:
    """The name of a platform (`discord`) as people write it; other words stay as they are."""
    return _NAMES.get(place_, place_) if place_ in PLATFORMS else place_
