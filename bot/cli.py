"""The command line: `briefbot run`, `check`, `import`, `schema`, `rehearse`, `dates`, `slack-manifest`."""

import asyncio
import gc
import json
import sqlite3
import sys
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from bot.checking import check_briefs, neighbours
from bot.settings import Settings, SettingsError, read_settings
from briefs.faults import BriefFaults
from briefs.reading import read_folder
from briefs.schema import Brief

Result = TypeVar("Result")

app = typer.Typer(
    help="Briefs a team on an analytic report in Slack, in Discord and on a local page.",
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
)  # fmt: skip


class Exit(IntEnum):
    """What an exit code means (numbers as in BSD's sysexits.h)."""

    OK = 0
    FAULTS = 65  # a brief has faults
    FAILED = 70  # something unexpected; the log has the trace
    IN_USE = 75  # another process has the database open, or the page's port
    SETTINGS = 78  # a setting is missing or wrong


def fail(code: Exit, message: str) -> typer.Exit:
    """Print a message on standard error and return the exit to raise."""
    print(message, file=sys.stderr)
    return typer.Exit(code)


def causes(error: BaseException) -> str:
    """Write an error and the chain of its causes in plain words, one a line."""
    lines = []
    current: BaseException | None = error
    while current is not None:
        lines.append(str(current) or type(current).__name__)
        current = current.__cause__
    return "\nbecause: ".join(lines)


def settings_or_exit() -> Settings:
    """Read the settings, or end with every problem of theirs."""
    try:
        return read_settings()
    except SettingsError as problem:
        raise fail(
            Exit.SETTINGS, f"The settings have faults:\n{problem}\n.env.example explains each."
        ) from None


@app.command()
def run() -> None:
    """Run the bot: the page always, Slack and Discord when their tokens are set."""
    from bot.app import serve  # the other commands start faster without it
    from bot.database import DatabaseMoved
    from bot.filelock import InUse
    from bot.log import set_up
    from bot.server import ServerUnusable
    from bot.versions import DatabaseTooNew
    from bot.web.transport import PageUnavailable

    settings = settings_or_exit()
    set_up(settings.log_level, settings.secrets())
    try:
        _run(serve(settings, _announce))
    except (InUse, DatabaseTooNew, DatabaseMoved, PageUnavailable) as problem:
        raise fail(Exit.IN_USE, str(problem)) from None
    except ServerUnusable as problem:
        raise fail(Exit.FAILED, str(problem)) from None
    except sqlite3.DatabaseError as problem:
        cure = "move it away to begin anew, or put a copy of it back"
        raise fail(
            Exit.FAILED, f"The database {settings.database} cannot be used ({problem}); {cure}."
        ) from None
    except OSError as problem:
        where = f"DATA_DIR is {settings.data_dir}, WEB_PORT {settings.web_port}"
        raise fail(Exit.FAILED, f"Briefbot could not start: {causes(problem)} ({where}).") from None


def _announce(link: str) -> None:
    gc.freeze()
    gc.enable()
    print(f"Briefbot is running. Open the page: {link}", flush=True)


def _run(work: Coroutine[Any, Any, None]) -> None:
    """Run on uvloop where there is one."""
    try:
        import uvloop
    except ImportError:
        asyncio.run(work)
    else:
        uvloop.run(work)


@app.command()
def check(
    files: Annotated[list[Path] | None, typer.Argument(help="brief.yaml files or their folders")] = None,
) -> None:
    """Check briefs: every fault with its file, line, column and cure."""
    settings = settings_or_exit()
    paths = files or sorted(path.parent for path in settings.briefs_dir.glob("*/brief.yaml"))
    if not paths:
        raise fail(
            Exit.FAULTS, f"There is no brief in {settings.briefs_dir}; a brief is a folder with a brief.yaml."
        )
    if not check_briefs(paths, settings.briefs_dir):
        raise typer.Exit(Exit.FAULTS)


@app.command("import")
def import_(
    report: Annotated[Path, typer.Argument(help="The report: Markdown, text or HTML")],
    id_: Annotated[
        str, typer.Option("--id", help="The brief's id; made of the title where it is not given")
    ] = "",
    into: Annotated[Path, typer.Option(help="The folder in which the draft's folder is made")] = Path(
        "drafts"
    ),
) -> None:
    """Make the draft of a brief from a report, with every proposal marked for a person to confirm."""
    from bot.drafting import import_report
    from briefs.importing.reading import NotImportable

    beside = [document.brief for document in neighbours(settings_or_exit().briefs_dir)]
    try:
        print(import_report(report, id_, into, beside, datetime.now(UTC).date()))
    except NotImportable as problem:
        raise fail(Exit.FAULTS, str(problem)) from None


@app.command()
def schema() -> None:
    """Print the JSON Schema of brief.yaml, for editors."""
    from briefs.schema import json_schema

    print(json.dumps(json_schema(), indent=2, ensure_ascii=False))


@app.command()
def rehearse(
    since: Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="First day")] = None,
    until: Annotated[datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="Last day")] = None,
    digest: Annotated[
        list[str] | None, typer.Option(help="Like “weekly sun 01:30 Asia/Tokyo”; may repeat")
    ] = None,
    text: Annotated[bool, typer.Option(help="Print the messages' text, or only when and what")] = True,
) -> None:
    """Print every message that the brief and the subscriptions would send: when, where, and the text."""
    from bot.rehearsal import rehearse as play
    from bot.rehearsal import summary

    now = datetime.now(UTC)
    first = since.date() if since else now.date()
    last = until.date() if until else first + timedelta(days=90)
    if last < first:
        raise fail(Exit.FAULTS, f"--to {last} lies before --from {first}; give the earlier day to --from.")
    messages = _told(lambda: asyncio.run(play(settings_or_exit(), first, last, digest or [], now)))
    for message in messages:
        print(message if text else message.head)
    print(summary(messages))


def _told(work: Callable[[], Result]) -> Result:
    try:
        return work()
    except BriefFaults as problem:
        raise fail(Exit.FAULTS, str(problem)) from None
    except ValueError as problem:
        raise fail(Exit.FAULTS, causes(problem)) from None


@app.command()
def dates(
    days: Annotated[int, typer.Option(min=1, help="How many days ahead")] = 400,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON")] = False,
    as_ics: Annotated[bool, typer.Option("--ics", help="Print an iCalendar file")] = False,
) -> None:
    """Print the watch dates to come, but for those under embargo."""
    from briefs.dates import coming

    now = datetime.now(UTC)
    if as_ics:
        from bot.command_line import dates_file

        written = _told(lambda: asyncio.run(dates_file(settings_or_exit(), now, days)))
        typer.get_binary_stream("stdout").write(written)
        return
    found = [
        {
            "brief": brief.brief,
            "id": o.watch_date.id,
            "date": str(o.date),
            "title": o.title,
            "zone": o.watch_date.zone,
        }
        for brief in _shown(now)
        for o in coming(brief, now.date(), days)
    ]
    if as_json:
        print(json.dumps(found, ensure_ascii=False, indent=2))
        return
    for each in found:
        print(f"{each['date']}  {each['title']} ({each['zone']})")
    if not found:
        print(f"No watch date falls within {days} days; ask for a longer span with --days 800.")


def _shown(now: datetime) -> list[Brief]:
    """The briefs of the folder without what is under embargo."""
    from briefs.visible import visible

    folders = [path.parent for path in sorted(settings_or_exit().briefs_dir.glob("*/brief.yaml"))]
    documents = _told(lambda: [read_folder(folder) for folder in folders])
    seen = (visible(each.brief, each.source, 0, "admins", now) for each in documents)
    return [each.brief for each in seen if each]


@app.command("slack-manifest")
def slack_manifest() -> None:
    """Print the Slack app manifest with every command, to paste when creating or updating the app."""
    from bot.manifest import current_manifest

    print(
        json.dumps(
            _told(lambda: asyncio.run(current_manifest(settings_or_exit(), datetime.now(UTC)))), indent=2
        )
    )
