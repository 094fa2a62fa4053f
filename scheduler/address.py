"""Addresses: one spelling for a place, a person and a workspace on every platform."""

import re
from typing import NamedTuple

from briefs.marking import N_

PLATFORMS = ("discord", "slack", "web")
_PATTERN = re.compile(r"^(discord|slack|web):([^/\s]+)/([^/\s]+)(?:/([^/\s]+))?$")


class Destination(NamedTuple):
    """A channel, thread or direct message.

    `slack:T1/C123`, `slack:T1/C123/1700000000.000100` (a thread), `slack:T1/@U7` (a person),
    `discord:1/2` (a thread is a channel of its own), `discord:@me/@42` (a person), `web:local/lobby`.
    """

    platform: str
    space: str
    channel: str
    thread: str = ""

    def __str__(self) -> str:
        """Write the address as it is stored and shown."""
        tail = f"/{self.thread}" if self.thread else ""
        return f"{self.platform}:{self.space}/{self.channel}{tail}"

    @property
    def workspace(self) -> str:
        """The workspace's address: `slack:T1`, `discord:1`, `web:local`."""
        return f"{self.platform}:{self.space}"

    @property
    def person(self) -> "Person | None":
        """The person whose direct messages this is, or None for a channel."""
        if not self.channel.startswith("@"):
            return None
        space = "" if self.platform == "discord" else self.space
        return Person(self.platform, space, self.channel[1:])


class Person(NamedTuple):
    """One person on one platform: `slack:T1/U1`, `discord:42`, `web:local/reader`."""

    platform: str
    space: str
    id: str

    def __str__(self) -> str:
        """Write the address as it is stored and as ADMINS lists it."""
        return f"{self.platform}:{self.space}/{self.id}" if self.space else f"{self.platform}:{self.id}"

    @property
    def inbox(self) -> Destination:
        """Where this person's direct messages go."""
        if self.platform == "web":
            return LOBBY
        return Destination(self.platform, self.space or "@me", f"@{self.id}")


# The page's one room, and who reads it.
LOBBY = Destination("web", "local", "lobby")
READER = Person("web", "local", "reader")


def destination(text: str) -> Destination:
    """Read an address; raise ValueError with an example for anything else."""
    found = _PATTERN.match(text)
    if not found:
        raise ValueError(
            N_(
                "{text!r} is no address; write it like slack:T1/C123, discord:1/2 or web:local/lobby",
                text=text,
            )
        )
    return Destination(found[1], found[2], found[3], found[4] or "")


def person(text: str) -> Person:
    """Read a person's address; raise ValueError with an example for anything else."""
    platform, _, rest = text.partition(":")
    space, _, name = rest.rpartition("/")
    well_formed = name and not re.search(r"\s", rest) and "/" not in space
    if platform == "discord" and well_formed and not space and name.isdigit():
        return Person(platform, "", name)
    if platform in {"slack", "web"} and well_formed and space:
        return Person(platform, space, name)
    raise ValueError(N_("{text!r} is no person; write it like slack:T1/U1 or discord:123", text=text))
