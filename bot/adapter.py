"""What an adapter is, and what it may ask of the bot.

An adapter is two translators and a transport: payload to `Call`, `Reply` to payload, `async with`. The
Slack folder and the Discord folder hold the same files in the same order.
"""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Protocol, Self

from bot.pacing import Turn
from commands.model import Answer, Call, Choice, Command, Press, Reply
from scheduler.address import Destination, Person
from scheduler.deliveries import Outcome


@dataclass(frozen=True, slots=True)
class Status:
    """How an adapter is: connected or not, in words, and since when."""

    connected: bool
    words: str
    since: datetime


class Front(Protocol):
    """The bot as an adapter sees it. Implemented by `bot.front`."""

    def commands(self) -> tuple[Command, ...]:
        """Every command there is now, topics included, in the order to show them."""

    def find(self, path: str) -> Command | None:
        """Return the command with this path (`brief show`, `dprk-demands`)."""

    def parse(self, line: str) -> tuple[Command, Mapping[str, str]]:
        """Split a typed line (`/brief show yoon-1`) into its command and its options as text.

        Raises UserError with a sentence for the user.
        """

    async def answer(self, call: Call) -> Answer:
        """Run a call and return one page of its reply, or a form; never raises.

        Topic commands return the very same Reply object for the same revision, audience, language and
        day, so that a rendering may be kept by identity.
        """

    async def press(self, key: str, call: Call) -> Answer:
        """Run what the button with this key asks for. `call.command` and its options are filled in here."""

    async def submit(self, key: str, call: Call) -> Answer:
        """Run the form with this key; `call.options` and `call.uploads` are the answers."""

    async def complete(self, call: Call, option: str, partial: str) -> Sequence[Choice]:
        """Suggest up to 25 values for an option, best first; empty after 2 s."""

    def knows(self, key: str) -> Press | None:
        """Return a button's press from memory, without I/O, or None."""

    def language(self, who: Person, locale: str) -> str:
        """Return the language that a person chose, or the one that the platform's locale means."""

    def choice(self, who: Person) -> str:
        """Return the language that a person chose; empty where they chose none."""

    async def first_time(self, request: str, at: datetime) -> bool:
        """Say whether a request is new, and remember it."""

    async def greeting(self, workspace: str, at: datetime, locale: str = "en") -> Reply | None:
        """Return the hello for a workspace, or None where it was said already.

        It counts as said once `greeted` is called.
        """

    async def greeted(self, workspace: str, at: datetime) -> None:
        """Remember that the hello of a workspace arrived."""

    async def fact(self, name: str) -> str | None:
        """Read a remembered fact (the hash of the commands that were synced last)."""

    async def remember(self, name: str, value: str) -> None:
        """Store a fact."""


class Adapter(Protocol):
    """A platform. Entering it returns at once; it connects, and connects again, by itself."""

    platform: str

    async def __aenter__(self) -> Self:
        """Start connecting."""

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop receiving, finish answering, close."""

    def turn(self, destination: Destination) -> AbstractAsyncContextManager[Turn]:
        """Wait until one more message there fits the platform's limits, and hold its place for a block."""

    def fits(self, reply: Reply) -> bool:
        """Whether one message there holds a reply, every word and button of it."""

    async def send(
        self, destination: Destination, reply: Reply, key: str, turn: Turn | None = None
    ) -> Outcome:
        """Send one message. `key` (at most 16 characters) is what `find` looks for.

        `turn` is the one that was waited for; without it the sending waits for its own.
        """

    async def find(self, destination: Destination, key: str, since: datetime) -> Outcome:
        """Look for the message with this key: `Sent` if it is there, `Retry` if it is certainly not.

        `Doubtful` where the platform cannot be asked now.
        """

    async def edit(self, destination: Destination, message: str, reply: Reply) -> Outcome:
        """Replace the content of a message that was sent."""

    async def lead(self) -> None:
        """Hold the connection over which people are heard: the bot's other processes do not."""

    async def stand_by(self) -> None:
        """Send, find and edit, and leave hearing people to another process of the bot."""

    async def refresh(self) -> None:
        """The commands changed: tell the platform where it must know."""

    def sends(self) -> bool:
        """Whether it can send now; where it cannot, another process of the bot may."""

    def share(self, processes: int, *, fresh: bool = False) -> None:
        """Keep to one part of the bot's limits, which so many processes have in common; `fresh`: it joined just now."""

    def status(self) -> Status:
        """How the adapter is."""
