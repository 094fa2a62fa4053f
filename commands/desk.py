"""The desk: what every command handler works with."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from briefs.chronicles import Chronicles
from briefs.library import Library, Revision, Store, Transaction
from briefs.misses import Misses
from briefs.proposals import Proposal, Proposals
from briefs.search import Indexes
from commands.answerings import Answerings
from commands.model import Press, Reply
from commands.rights import Rights
from scheduler.address import Destination, Person
from scheduler.deliveries import Deliveries
from scheduler.feeds import Feeds
from scheduler.grants import Grants
from scheduler.identities import Identities
from scheduler.people import People
from scheduler.subscriptions import Subscriptions

if TYPE_CHECKING:
    from commands.registry import Registry


class Presses(Protocol):
    """What buttons ask for, by their key; it outlives a restart."""

    async def keep(self, tx: Transaction, presses: Mapping[str, Press], at: datetime) -> None:
        """Store the presses under their keys; one that is there already stays as it is."""

    async def get(self, tx: Transaction, key: str) -> Press | None:
        """Return what a button asks for, or None where nobody knows its key."""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One line of the audit log: when (aware UTC), who, where, what they did or were refused, to what.

    `actor` is a person's address, `file` or `command line`; `place` a destination or empty.
    """

    at: datetime
    actor: str
    place: str
    action: str
    subject: str = ""
    detail: str = ""


class AuditLog(Protocol):
    """Where every change and every refusal is written down."""

    async def note(self, tx: Transaction, entry: AuditEntry) -> None:
        """Add a line."""

    async def count(self, tx: Transaction, actor: str) -> int:
        """How many lines are about what one did or was refused."""

    async def latest(
        self, tx: Transaction, limit: int, before: datetime | None = None
    ) -> Sequence[AuditEntry]:
        """The last lines, newest first; those before an instant where it is given."""


@dataclass(frozen=True, slots=True)
class Part:
    """One line of the health report: what it is, whether it is well, and in words."""

    name: str
    well: bool
    words: str


# Shows a proposal in a language.
Previews = Callable[[str], Awaitable[Reply]]


class Outside(Protocol):
    """What commands ask of the running process."""

    async def health(self, language: str) -> Sequence[Part]:
        """Say how each part of the process is, in a language."""

    async def replan(self, tx: Transaction, brief_id: str, now: datetime) -> None:
        """Plan the brief's deliveries anew, in the caller's transaction."""

    async def replan_published(self, tx: Transaction, brief_id: str, now: datetime) -> None:
        """Plan anew what a revision changes, in the transaction that publishes it."""

    async def replan_subscription(self, tx: Transaction, subscription: int, now: datetime) -> None:
        """Plan the deliveries of one subscription anew, in the caller's transaction."""

    async def replan_at(self, tx: Transaction, where: Destination, now: datetime) -> None:
        """Plan all that a destination receives anew, in the caller's transaction."""

    async def forget(self, tx: Transaction, person: Person) -> None:
        """Delete what the process itself keeps about a person, in the caller's transaction."""

    async def ask_approval(self, proposal: Proposal, shown: Previews) -> None:
        """Show a proposal to every admin but its author, with the button that approves it."""

    def tell_author(self, proposal: Proposal, write: Callable[[str], Reply]) -> None:
        """Tell whoever made a proposal what became of it, where they have an account."""

    async def on_disk(self, brief_id: str) -> tuple[bytes, bytes] | None:
        """Return a brief's two files as they stand in its folder, where somebody changed them there.

        None where they are as they were published last, or where the brief has no folder.
        """

    async def write_back(self, brief_id: str) -> str:
        """Write the published revision into the brief's folder; return a sentence where that was not done."""

    async def commands_changed(self) -> None:
        """Tell the platforms that commands came or went."""

    def feeds_at(self, workspace: str) -> str:
        """Return the address under which a workspace's calendar feed can be fetched; empty where nobody can."""

    def serves(self, platform: str) -> bool:
        """Say whether messages to a platform can be sent."""

    async def send_now(self, subscription: int, now: datetime) -> str:
        """Plan one digest for this moment and return a sentence that says where it goes."""


@dataclass(frozen=True, slots=True)
class Desk:
    """The stores and rules that handlers use. Handlers hold no state of their own.

    `zones` and `languages` hold what people set, in memory, because topics are answered without I/O.
    """

    store: Store
    library: Library
    registry: "Registry"
    rights: Rights
    indexes: Indexes
    subscriptions: Subscriptions
    people: People
    deliveries: Deliveries
    presses: Presses
    outside: Outside
    zones: dict[Person, str]
    audit: AuditLog
    proposals: Proposals = field(default_factory=Proposals)
    identities: Identities = field(default_factory=Identities)
    grants: Grants = field(default_factory=Grants)
    misses: Misses = field(default_factory=Misses)
    answerings: Answerings = field(default_factory=Answerings)
    languages: dict[Person, str] = field(default_factory=dict)
    feeds: Feeds = field(default_factory=Feeds)
    chronicles: Chronicles = field(default_factory=Chronicles)

    def revisions(self) -> Mapping[str, Revision]:
        """The published revision of every brief, by the brief's id."""
        return self.library.current
