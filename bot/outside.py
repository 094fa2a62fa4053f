"""The running process as commands and the page see it: its health, its plans, its briefs."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime

from bot.adapter import Adapter
from bot.facts import Facts
from bot.folder import BriefsFolder
from bot.notices import Written
from bot.publishing import Publishing
from bot.web.overview import BriefLine, PlannedLine
from briefs.dates import occurrence_of
from briefs.faults import BriefFaults
from briefs.freshness import freshness
from briefs.library import Library, Store, Transaction
from briefs.marking import N_, Sentence, spoken
from briefs.proposals import Proposal
from briefs.visible import Visible, visible
from commands.desk import Part, Previews
from commands.model import UserError
from commands.views.dates import kind_words
from commands.views.parts import freshness_words
from commands.wording import Translate, counting, recalling, speaking
from scheduler.address import LOBBY, Destination, Person
from scheduler.deliveries import Deliveries, Delivery, State
from scheduler.planner import digest_now
from scheduler.replanner import Replanner
from scheduler.subscriptions import Subscriptions

NAMES = {"discord": "Discord", "slack": "Slack", "web": N_("The page")}
# So many times the rows that are shown are read, since those about what is under embargo are left out.
LOOK_PAST = 4
_COUNTED: Mapping[State, Sentence] = {
    "planned": N_("{count} planned"), "sending": N_("{count} sending"), "sent": N_("{count} sent"),
    "retrying": N_("{count} retrying"), "failed": N_("{count} failed"), "cancelled": N_("{count} cancelled"),
    "skipped": N_("{count} skipped"),
}  # fmt: skip
TOKENS = {"discord": "DISCORD_TOKEN", "slack": "SLACK_BOT_TOKEN"}


def _where(destination: Destination, language: str) -> str:
    return speaking(language)("this page") if destination == LOBBY else str(destination)


class Outside:
    """Implements `commands.desk.Outside` and `bot.web.overview.Overview`."""

    def __init__(
        self, store: Store, library: Library, subscriptions: Subscriptions, deliveries: Deliveries,
        adapters: Mapping[str, Adapter], clock: Callable[[], datetime],
    ) -> None:  # fmt: skip
        self._store, self.library = store, library
        self._subscriptions, self._deliveries = subscriptions, deliveries
        self._adapters = adapters
        self._clock = clock
        self._replanner = Replanner(library, subscriptions, deliveries)
        self.folder: BriefsFolder | None = None
        self.publishing: Publishing | None = None
        self.unreadable: Sequence[BriefFaults] = ()
        self.crew: Callable[[str], Awaitable[Sequence[Part]]] | None = None
        # Where calendars reach us: on this machine alone, and from outside.
        self.page, self.public = "", ""

    async def replan(self, tx: Transaction, brief_id: str, now: datetime) -> None:
        """Plan the brief's deliveries anew, in the caller's transaction."""
        await self._replanner.replan(tx, brief_id, now)

    async def replan_published(self, tx: Transaction, brief_id: str, now: datetime) -> None:
        """Plan anew what a revision changes, in the transaction that publishes it."""
        await self._replanner.replan_published(tx, brief_id, now)

    async def replan_subscription(self, tx: Transaction, subscription: int, now: datetime) -> None:
        """Plan the deliveries of one subscription anew, in the caller's transaction."""
        await self._replanner.replan_subscription(tx, subscription, now)

    async def replan_at(self, tx: Transaction, where: Destination, now: datetime) -> None:
        """Plan all that a destination receives anew, in the caller's transaction."""
        await self._replanner.replan_at(tx, where, now)

    async def forget(self, tx: Transaction, person: Person) -> None:
        """Delete that the person was told something as an admin."""
        await Facts().forget_about(tx, person)

    async def ask_approval(self, proposal: Proposal, shown: Previews) -> None:
        """Show a proposal to every admin but its author."""
        if self.publishing is not None:
            await self.publishing.ask_approval(proposal, shown)

    def tell_author(self, proposal: Proposal, write: Written) -> None:
        """Tell whoever made a proposal what became of it."""
        if self.publishing is not None:
            self.publishing.tell_author(proposal, write)

    async def on_disk(self, brief_id: str) -> tuple[bytes, bytes] | None:
        """Return a brief's files as somebody changed them in its folder; None where nobody did."""
        return await self.publishing.on_disk(brief_id) if self.publishing else None

    async def write_back(self, brief_id: str) -> str:
        """Write the published revision into the brief's folder; a sentence where that was not done."""
        return await self.publishing.write_back(brief_id) if self.publishing else ""

    async def commands_changed(self) -> None:
        """Tell the platforms that commands came or went."""
        if self.publishing is not None:
            await self.publishing.changed()

    async def send_now(self, subscription: int, now: datetime) -> str:
        """Plan one digest for this moment."""
        async with self._store.transaction() as tx:
            standing = await self._subscriptions.get(tx, subscription)
            if standing is None:
                raise UserError("That digest was stopped meanwhile; /brief-admin digest sets it again.")
            brief = self.library.current[standing.brief].brief
            await self._deliveries.add(tx, digest_now(brief, standing, now), now)
        return N_(
            "The digest goes to {place} now; the schedule ({schedule}) stays as it is.",
            place=standing.destination, schedule=standing.schedule,
        )  # fmt: skip

    async def health(self, language: str) -> Sequence[Part]:
        """Say how each part of the process is, in a language."""
        stops, ledger = await self._stops(language), await self._ledger(language)
        crew = await self.crew(language) if self.crew else ()
        return [*self._platforms(language), *self._briefs(language), *stops, ledger, *crew]

    def _platforms(self, language: str) -> list[Part]:
        _, found = speaking(language), []
        for platform, name in NAMES.items():
            adapter, said = self._adapters.get(platform), spoken(name, _)
            if adapter is None:
                setting = TOKENS.get(platform, "WEB_PORT")
                words = _("not in use; set {setting} to use it").format(setting=setting)
                found.append(Part(said, True, words))
            else:
                status = adapter.status()
                words = _("{words} since {when} UTC").format(
                    words=spoken(status.words, _), when=f"{status.since:%Y-%m-%d %H:%M}"
                )
                found.append(Part(said, status.connected, words))
        return found

    def _briefs(self, language: str) -> list[Part]:
        _ = speaking(language)
        return [
            Part(_("Brief {id}").format(id=line.id), not line.faults, _state(line, language))
            for line in self._lines(language)
        ]

    async def _stops(self, language: str) -> list[Part]:
        _, recall = speaking(language), recalling(language)
        async with self._store.reading() as tx:
            stops = await self._deliveries.stops.all(tx)
        return [
            Part(
                _("Messages to {place}").format(place=stop.place),
                False,
                _("stopped since {when} UTC: {reason}").format(
                    when=f"{stop.since:%Y-%m-%d %H:%M}", reason=recall(stop.reason)
                ),
            )
            for stop in stops
        ]

    async def _ledger(self, language: str) -> Part:
        _ = speaking(language)
        async with self._store.reading() as tx:
            counts = await self._deliveries.counts(tx)
        words = ", ".join(_COUNTED[state].said(_).format(count=number) for state, number in counts.items())
        return Part(_("Deliveries"), not counts.get("failed"), words or _("empty"))

    def feeds_at(self, workspace: str) -> str:
        """Return the address of a workspace's feed: the page's is for this machine alone."""
        return self.page if workspace == LOBBY.workspace else self.public

    def serves(self, platform: str) -> bool:
        """Say whether messages to a platform can be sent."""
        return platform in self._adapters

    async def planned(self, limit: int, language: str) -> Sequence[PlannedLine]:
        """Return the next messages, the soonest first, but for those about what is under embargo."""
        async with self._store.reading() as tx:
            rows = await self._deliveries.upcoming(tx, limit * LOOK_PAST)
        told = [(row, self._what(row, language)) for row in rows]
        return [
            PlannedLine(row.due_at, _where(row.destination, language), what) for row, what in told if what
        ][:limit]

    def _what(self, row: Delivery, language: str) -> str:
        """Say what a message will be about; empty where that is not shown yet."""
        seen = self._seen(row.brief)
        if row.kind == "digest":
            return speaking(language)("Digest: {title}").format(title=seen.brief.title) if seen else ""
        if row.brief in self.library.current and not self._names(row):
            return row.item
        found = occurrence_of(seen.brief.watch_dates, row.item, row.occurrence) if seen else None
        words = kind_words(row.kind, row.lead, language)
        return f"{found.title} ({words})" if found else ""

    def _names(self, row: Delivery) -> bool:
        """Whether the brief still has the date of a message, shown or not."""
        dates = self.library.current[row.brief].brief.watch_dates
        return occurrence_of(dates, row.item, row.occurrence) is not None

    def _seen(self, brief_id: str) -> Visible | None:
        """What of a brief is shown now to those who may see the most."""
        revision = self.library.current.get(brief_id)
        if revision is None:
            return None
        source = revision.document.source
        return visible(revision.brief, source, revision.number, "admins", self._clock())

    async def briefs(self, language: str) -> Sequence[BriefLine]:
        """Return every brief with the faults of its folder."""
        return self._lines(language)

    def _faults(self, _: Translate) -> dict[str, list[str]]:
        """The faults on disk by the brief's id; by the folder's name where it never was a brief."""
        found: dict[str, list[str]] = {}
        for name, faults in self.folder.faults.items() if self.folder else ():
            id_ = self.folder.brief_in(name) if self.folder else name
            found.setdefault(id_, []).extend(fault.said(_) for fault in faults)
        for unreadable in self.unreadable:
            found.setdefault("database", []).extend(fault.said(_) for fault in unreadable.faults)
        return found

    def _lines(self, language: str) -> list[BriefLine]:
        _, today = speaking(language), self._clock().date()
        faults = self._faults(_)
        known = [
            BriefLine(
                r.brief_id,
                r.brief.title if self._seen(r.brief_id) else _("{id} (under embargo)").format(id=r.brief_id),
                r.brief.published, freshness_words(freshness(r.brief, today), language),
                r.number, faults.pop(r.brief_id, ()),
            )
            for r in self.library.current.values()
        ]  # fmt: skip
        unpublished = [
            BriefLine(name, name, today, _("not published"), 0, found) for name, found in faults.items()
        ]
        return [*known, *unpublished]


def _state(line: BriefLine, language: str) -> str:
    _, n_ = speaking(language), counting(language)
    published = line.freshness
    if line.revision:
        published = _("revision {number}, {freshness}").format(number=line.revision, freshness=line.freshness)
    if not line.faults:
        return published
    count = len(line.faults)
    return n_(
        "{published}, {count} fault on disk, the first: {first}",
        "{published}, {count} faults on disk, the first: {first}",
        count,
    ).format(published=published, count=count, first=line.faults[0])
