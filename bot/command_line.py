"""What the command line asks of an installation, running or not: previews, the folder, the log, old files."""

import asyncio
import contextlib
import sqlite3
import tempfile
from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from bot.actions import Actions
from bot.audit import Audit
from bot.database import Database
from bot.files import replace
from bot.filing import raw
from bot.outside import Outside
from bot.settings import Settings
from briefs.faults import BriefFaults
from briefs.library import Entry, Library
from briefs.reading import BRIEF_FILE, Document, read_brief, read_folder
from briefs.search import Indexes
from commands import proposing
from commands.catalogue import FIXED
from commands.desk import AuditEntry, Desk
from commands.model import Call, Caller
from commands.radius import effects
from commands.registry import Registry
from commands.views import radius as views
from commands.views.plain import plain
from scheduler.address import LOBBY, Person
from scheduler.deliveries import Deliveries
from scheduler.grants import Grants
from scheduler.people import People
from scheduler.subscriptions import Subscriptions

_SHELL = Caller(Person("web", "local", "command line"), "command line")


@contextlib.asynccontextmanager
async def copied(settings: Settings, now: datetime) -> AsyncIterator[Desk]:
    """Open a copy of the installation's database, which a running bot may be writing to; it is thrown away."""
    with tempfile.TemporaryDirectory(prefix="briefbot-") as scratch:
        path = Path(scratch) / "copy.sqlite3"
        if not settings.server:
            copy_database(settings.database, path)
        async with Database(path) as database:
            if settings.server:
                await _copy_server(settings.server, database)
            library, deliveries = Library(), Deliveries()
            async with database.reading() as tx:
                await library.load(tx)
                settings.rights.grants.update(await Grants().all(tx))
            outside = Outside(database, library, Subscriptions(), deliveries, {}, lambda: now)
            yield Desk(
                store=database, library=library, registry=Registry(FIXED), rights=settings.rights,
                indexes=Indexes(), subscriptions=Subscriptions(), people=People(), deliveries=deliveries,
                presses=Actions(), outside=outside, zones={}, audit=Audit(),
            )  # fmt: skip


async def _copy_server(url: str, scratch: Database) -> None:
    """Copy what a server holds as of one moment into a file that is thrown away."""
    from bot import copying  # loads the server's library
    from bot.postgres import Postgres

    async with scratch.reading() as tx:
        tables = await copying.tables_of(tx)
    async with Postgres(url) as server, server.reading() as old, scratch.transaction() as new:
        for table, columns in tables.items():
            await copying.copy(old, copying.of_server, new, table, columns)


def copy_database(source: Path, target: Path) -> None:
    """Copy a database that a running bot may be writing to, by SQLite's own backup; none is no error."""
    if not source.exists():
        return
    with (
        contextlib.closing(sqlite3.connect(f"{source.as_uri()}?mode=ro", uri=True)) as there,
        contextlib.closing(sqlite3.connect(target)) as here,
    ):
        there.backup(here)


async def preview(settings: Settings, document: Document, now: datetime) -> str:
    """Say what publishing a document would change and send. Raises UserError, BriefFaults."""
    async with copied(settings, now) as desk:
        proposing.check(desk, document)
        call = Call("briefbot publish", _SHELL, LOBBY, now)
        found = await effects(desk, document, now)
        differs = proposing.compared(desk, call, document)
        shown = differs.with_(blocks=(*differs.blocks, *views.radius(found, "en")), footer="")
        return plain(shown)


def put(settings: Settings, document: Document) -> Path:
    """Write a document into its folder of the briefs folder, where a running bot takes it up; return the folder.

    Raises bot.files.FileChanged where somebody edits the same file at this moment.
    """
    folder = _folder_of(settings.briefs_dir, document.brief.brief)
    folder.mkdir(parents=True, exist_ok=True)
    yaml, report = raw(folder, document.brief.source)
    if report != document.report:
        replace(folder / document.brief.source, document.report, report or None)
    if yaml != document.yaml:
        replace(folder / BRIEF_FILE, document.yaml, yaml or None)
    return folder


def _folder_of(root: Path, brief_id: str) -> Path:
    """The folder that holds a brief, or one of its name."""
    for path in sorted(root.glob(f"*/{BRIEF_FILE}")):
        with contextlib.suppress(BriefFaults):
            if read_folder(path.parent).brief.brief == brief_id:
                return path.parent
    return root / brief_id


def _refuse_embargoed(files: tuple[bytes, bytes], now: datetime) -> None:
    """Raise UnderEmbargoError where a revision holds what is withheld now; one that nobody can read may as well."""
    try:
        embargoes = read_brief(*files).brief.embargoes
    except BriefFaults:
        raise UnderEmbargoError(
            "this version of the bot cannot read it, and cannot tell what is withheld"
        ) from None
    if embargoes and embargoes[-1] > now:
        raise UnderEmbargoError(f"parts of it are under embargo until {embargoes[-1]:%Y-%m-%d %H:%M} UTC")


def audit_log(settings: Settings, count: int, now: datetime) -> Sequence[AuditEntry]:
    """Return the last lines of the audit log, newest first."""

    async def read() -> Sequence[AuditEntry]:
        async with copied(settings, now) as desk, desk.store.reading() as tx:
            return await desk.audit.latest(tx, count)

    return asyncio.run(read())


def history(settings: Settings, brief_id: str, now: datetime) -> list[Entry]:
    """Return the revisions of a brief, newest first; empty where there is none."""

    async def read() -> list[Entry]:
        async with copied(settings, now) as desk, desk.store.reading() as tx:
            return await desk.library.history(tx, brief_id)

    return asyncio.run(read())


class UnderEmbargoError(Exception):
    """A revision holds parts that are not to be shown yet."""


def exported(
    settings: Settings, brief_id: str, number: int, into: Path, now: datetime, *, with_embargoed: bool
) -> bool:
    """Write the two files of a revision into a new folder, to the letter; False where there is no such revision.

    Raises UnderEmbargoError, with the instant from which everything may be shown, unless that is asked for.
    """

    async def read() -> tuple[bytes, bytes] | None:
        async with copied(settings, now) as desk, desk.store.reading() as tx:
            return await desk.library.raw(tx, brief_id, number)

    found = asyncio.run(read())
    if found is None:
        return False
    if not with_embargoed:
        _refuse_embargoed(found, now)
    into.mkdir(parents=True, exist_ok=False)
    (into / BRIEF_FILE).write_bytes(found[0])
    (into / "report.md").write_bytes(found[1])
    return True


async def dates_file(settings: Settings, now: datetime, days: int) -> bytes:
    """Write the dates of the folder's briefs for so many days as a calendar, numbered by what was published.

    Raises BriefFaults where a brief on disk has faults.
    """
    from bot.rehearsal import published_in
    from commands.calendars import events_of, still
    from commands.views.ics import ics

    last = now.date() + timedelta(days=days)
    async with copied(settings, now) as desk:
        folder = await published_in(desk, settings, now)
        found = [e for id_ in folder for e in still(await events_of(desk, "admins", now, id_), now.date())]
    return ics([event for event in found if event.occurrence.date.day <= last], "Watch dates", "en")
