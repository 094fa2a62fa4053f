"""The composition: every part of the running bot, opened in the order in which it is needed."""

import asyncio
import contextlib
import functools
import hashlib
import logging
import secrets
import signal
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from bot.actions import Actions
from bot.adapter import Adapter
from bot.audit import Audit
from bot.database import Database
from bot.drafts import PageDrafts
from bot.duties import Duties
from bot.embargoes import Embargoes
from bot.encoding import encoding
from bot.facts import Facts
from bot.feeds import CalendarFeeds
from bot.filing import Filing
from bot.folder import BriefsFolder
from bot.front import BotFront
from bot.housekeeping import Housekeeping
from bot.manifest import ManifestWatch
from bot.notices import Notices
from bot.outside import Outside
from bot.public import Handler, PublicListener
from bot.publishing import Publishing
from bot.seen import Seen
from bot.sender import Sender
from bot.settings import Settings
from bot.stopped import Stopped
from bot.upkeep import Upkeep
from bot.web.lobby import Lobby
from bot.web.transport import WebAdapter
from briefs.faults import Fault
from briefs.library import Library, Store
from briefs.search import Indexes
from commands.catalogue import FIXED
from commands.desk import Desk
from commands.dispatch import Dispatcher
from commands.model import Listing, Prose, Reply, text
from commands.registry import Registry
from commands.wording import speaking, warm
from scheduler.address import Person
from scheduler.deliveries import Deliveries
from scheduler.grants import Grants
from scheduler.people import People
from scheduler.runner import Runner, utc_now
from scheduler.subscriptions import Subscriptions

if TYPE_CHECKING:
    from bot.membership import Membership
    from bot.postgres import Postgres

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class App:
    """The running bot: its link, and the parts that tests look at."""

    link: str
    database: "Database | Postgres"
    desk: Desk
    front: BotFront
    adapters: dict[str, Adapter]
    runner: Runner
    folder: BriefsFolder
    upkeep: Upkeep
    public: PublicListener | None
    membership: "Membership | None" = None


def opening(settings: Settings) -> contextlib.AbstractAsyncContextManager["Database | Postgres"]:
    """The installation's database, still to be opened: a file of this process, or a server that several share."""
    if not settings.server:
        return Database(settings.database)
    from bot.postgres import Postgres  # a tenth of a second that a file need not wait for

    return Postgres(settings.server)


def desk_of(
    database: Store, library: Library, outside: Outside, settings: Settings, zones: dict[Person, str],
    deliveries: Deliveries,
) -> Desk:  # fmt: skip
    """Put together what command handlers work with."""
    return Desk(
        store=database, library=library, registry=Registry(FIXED), rights=settings.rights, indexes=Indexes(),
        subscriptions=Subscriptions(), people=People(), deliveries=deliveries, presses=Actions(), outside=outside,
        zones=zones, audit=Audit(),
    )  # fmt: skip


@contextlib.asynccontextmanager
async def running(
    settings: Settings, clock: Callable[[], datetime] = utc_now, ledger: Deliveries | None = None
) -> AsyncIterator[App]:
    """Open everything, serve, and on leaving close it in reverse; what is in flight is finished.

    `ledger` takes the place of the delivery ledger; the crash harness proves with it that it finds faults.
    """
    deliveries = ledger or Deliveries()
    adapters: dict[str, Adapter] = {}
    secret = secrets.token_urlsafe(24)
    async with contextlib.AsyncExitStack() as ladder:
        database = await ladder.enter_async_context(opening(settings))
        outside = Outside(database, Library(), Subscriptions(), deliveries, adapters, clock)
        desk = await _loaded(database, outside, settings, deliveries)
        dispatcher = Dispatcher(desk)
        front = BotFront(desk, dispatcher, Seen(), Facts(), clock)
        notices = Notices(database, Facts(), adapters, settings.admins, clock, desk.languages)
        ladder.push_async_callback(notices.close)
        manifest = ManifestWatch(settings, front, notices, clock)
        notices.dispatcher = dispatcher
        led: list[Membership] = []
        changed = functools.partial(_commands_changed, adapters, manifest, led)
        publishing = Publishing(desk, Filing(database, desk.library), notices, clock, changed)
        folder = _folder(settings, desk, publishing, outside, notices, clock)
        publishing.folder = outside.folder = folder
        outside.publishing = publishing
        if isinstance(database, Database):
            await folder.scan()
        lobby = Lobby(database)
        sender = Sender(desk, dispatcher, adapters, clock)
        stopped = Stopped(database, deliveries, notices, clock)
        runner = Runner(
            database, desk.library, desk.subscriptions, desk.deliveries, sender.deliver, sender.find, clock=clock,
            together=sender.together, mark=sender.mark, stopped=stopped, housekeep=Housekeeping(database, lobby),
        )  # fmt: skip
        drafts = PageDrafts(desk, dispatcher)
        feeds = CalendarFeeds(desk, clock)
        public = await _enter_adapters(
            ladder, settings, front, lobby, outside, drafts, feeds, secret, adapters, clock
        )
        notices.begin()
        duties = Duties(
            adapters, folder, manifest, runner, stopped, publishing, Upkeep(desk, notices, settings.admins, clock),
            Embargoes(desk.library, clock, changed),
        )  # fmt: skip
        ladder.push_async_callback(runner.stop)
        warming = asyncio.create_task(asyncio.to_thread(warm), name="languages")
        ladder.push_async_callback(asyncio.wait, {warming})
        if settings.encoder == "auto":
            await ladder.enter_async_context(encoding(desk, settings.data_dir, clock))
        if isinstance(database, Database):
            await ladder.enter_async_context(duties.held())
            await runner.start(leads=False)
        else:
            from bot.crew import Crew

            crew = Crew(database, desk, outside, lobby, duties)
            led.append(crew.membership)
            await ladder.enter_async_context(crew.working())
        page = adapters["web"]
        assert isinstance(page, WebAdapter)
        yield App(
            page.link, database, desk, front, adapters, runner, folder, duties.upkeep, public, *led
        )  # fmt: skip


async def _loaded(
    database: Store, outside: Outside, settings: Settings, deliveries: Deliveries
) -> Desk:  # fmt: skip
    """Read what the last process stored, and lay it on the desk."""
    async with database.reading() as tx:
        outside.unreadable = await outside.library.load(tx)
        zones = await People().zones(tx)
        languages = await People().languages(tx)
        granted = await Grants().all(tx)
    for faults in outside.unreadable:
        log.error("a stored revision cannot be read by this version, the one before it serves: %s", faults)
    desk = desk_of(database, outside.library, outside, settings, zones, deliveries)
    desk.rights.grants.update(granted)
    desk.languages.update(languages)
    return desk


async def _commands_changed(
    adapters: dict[str, Adapter], manifest: ManifestWatch, led: Sequence["Membership"]
) -> None:
    """Tell open pages, and the platforms where this process leads; else the one that does hears of it."""
    leads = all(each.leads for each in led)
    for adapter in adapters.values():
        if leads or adapter.platform == "web":
            await adapter.refresh()
    if leads and "slack" in adapters:
        await manifest.look()


def _folder(
    settings: Settings, desk: Desk, publishing: Publishing, outside: Outside, notices: Notices,
    clock: Callable[[], datetime],
) -> BriefsFolder:  # fmt: skip
    def published() -> list[str]:
        folder = outside.folder
        return [
            id_ for id_, revision in desk.revisions().items()
            if revision.origin == "file" or (folder is not None and folder.folder_of(id_))
        ]  # fmt: skip

    async def tell(name: str, faults: tuple[Fault, ...]) -> None:
        serves = outside.folder is not None and outside.folder.brief_in(name) in desk.revisions()
        notices.tell(
            f"faults of {name}: {digest(faults)}",
            lambda language: faulty(name, faults, language, serves=serves),
        )

    return BriefsFolder(
        settings.briefs_dir, publishing.take, tell, publishing.changed, clock, published, publishing.settle
    )


def digest(faults: tuple[Fault, ...]) -> str:
    """Return a short name of a set of faults, the same on every start."""
    return hashlib.sha256("\n".join(map(str, faults)).encode()).hexdigest()[:12]


def faulty(name: str, faults: tuple[Fault, ...], language: str, *, serves: bool) -> Reply:
    """Tell the admins that an edit is not published, with every fault."""
    _ = speaking(language)
    said = _(
        "The edit of {name} is not published; nothing of it serves until it is mended. Mend these and save again:"
    )
    if serves:
        said = _(
            "The edit of {name} is not published; the last good revision keeps serving. Mend these and save again:"
        )
    said = said.format(name=name)
    items = tuple(text(fault.said(_)) for fault in faults)
    return Reply(_("{name} has faults").format(name=name), (Prose(text(said)), Listing(items)), summary=said)


async def _enter_adapters(
    ladder: contextlib.AsyncExitStack, settings: Settings, front: BotFront, lobby: Lobby, outside: Outside,
    drafts: PageDrafts, feeds: CalendarFeeds, secret: str, adapters: dict[str, Adapter],
    clock: Callable[[], datetime],
) -> PublicListener | None:  # fmt: skip
    """Open the page, then each platform whose token is set; each library is imported only then.

    Where several processes share a server they stand by at first.
    """
    leads = not settings.server
    page = WebAdapter(
        front,
        settings.web_host,
        settings.web_port,
        lobby,
        outside,
        secret,
        clock,
        drafts=drafts,
        calendar=feeds.local,
    )
    adapters["web"] = await ladder.enter_async_context(page)
    outside.page = page.address.rstrip("/")
    slack_events: Handler | None = None
    if settings.discord_token:
        from bot.discord_adapter.transport import DiscordAdapter

        token = settings.discord_token.get_secret_value()
        discord = DiscordAdapter(front, token, settings.discord_api_base, clock, leads=leads)
        adapters["discord"] = await ladder.enter_async_context(discord)
    if settings.slack_bot_token:
        from bot.slack_adapter.transport import SlackAdapter

        app_token, signing = settings.slack_app_token, settings.slack_signing_secret
        slack = SlackAdapter(
            front, settings.slack_bot_token.get_secret_value(), app_token.get_secret_value() if app_token else None,
            signing.get_secret_value() if signing else None, settings.slack_api_base, clock, leads=leads,
        )  # fmt: skip
        adapters["slack"] = await ladder.enter_async_context(slack)
        slack_events = slack.slack_events
    if settings.public_port is None:
        return None
    outside.public = (settings.public_url or "").rstrip("/")
    return await ladder.enter_async_context(
        PublicListener(settings.public_port, slack_events, calendar=feeds.public)
    )


async def serve(
    settings: Settings, announce: Callable[[str], None], clock: Callable[[], datetime] = utc_now,
    ledger: Deliveries | None = None,
) -> None:  # fmt: skip
    """Run until SIGTERM or SIGINT; print the page's link when it can be opened."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError):  # Windows has no signal handlers on the loop
            loop.add_signal_handler(name, stop.set)
    async with running(settings, clock, ledger) as app:
        announce(app.link)
        await stop.wait()
        log.info("stopping; what is in flight is finished first")
    log.info("stopped")
