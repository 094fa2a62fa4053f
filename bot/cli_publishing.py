"""The command line of publishing: `briefbot publish`, `history`, `export`, `audit`."""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.cli import Exit, app, fail, settings_or_exit
from briefs.faults import BriefFaults
from briefs.reading import Document, read_folder


@app.command()
def publish(
    path: Annotated[Path, typer.Argument(help="A brief.yaml or its folder")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask")] = False,
) -> None:
    """Show what a brief would change and send, then put it into the briefs folder, which the bot publishes."""
    from bot.command_line import preview, put
    from bot.files import FileChanged
    from commands.model import UserError

    settings, document = settings_or_exit(), _read(path)
    try:
        print(asyncio.run(preview(settings, document, datetime.now(UTC))))
        if not yes and not typer.confirm("\nPublish it?"):
            raise fail(Exit.OK, "Nothing was published.")
        folder = put(settings, document)
    except UserError as refusal:
        raise fail(Exit.OK, str(refusal)) from None
    except (BriefFaults, FileChanged) as problem:
        raise fail(Exit.FAULTS, str(problem)) from None
    print(
        f"\nWritten into {folder}. A running bot takes it up within two seconds, others at their next start: it"
        " publishes it, or proposes it to the admins where REVIEW asks for a second person."
    )


def _read(path: Path) -> Document:
    folder = path if path.is_dir() else path.parent
    try:
        return read_folder(folder) if path.is_dir() else read_folder(folder, path.name)
    except BriefFaults as problem:
        raise fail(Exit.FAULTS, str(problem)) from None


@app.command()
def history(
    brief: Annotated[str, typer.Argument(help="The brief's id")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON")] = False,
) -> None:
    """Print the revisions of a brief: when, who, from where, why."""
    from bot import command_line

    found = [
        {
            "revision": each.number, "at": each.at.isoformat(), "author": each.author, "origin": each.origin,
            "reason": each.reason,
        }
        for each in command_line.history(settings_or_exit(), brief, datetime.now(UTC))
    ]  # fmt: skip
    if not found:
        raise fail(
            Exit.FAULTS, f"No revision of {brief} is stored; briefbot check names the briefs there are."
        )
    if as_json:
        print(json.dumps(found, ensure_ascii=False, indent=2))
        return
    for each in found:
        print(f"{each['revision']:>4}  {each['at']}  {each['author']} ({each['origin']}): {each['reason']}")


@app.command()
def export(
    brief: Annotated[str, typer.Argument(help="The brief's id")],
    revision: Annotated[int, typer.Argument(help="The revision's number")],
    into: Annotated[Path, typer.Argument(help="A folder that is not there yet")],
    with_embargoed: Annotated[
        bool, typer.Option("--with-embargoed", help="Although parts of it are not to be shown yet")
    ] = False,
) -> None:
    """Write the two files of a revision into a new folder, to the letter."""
    from bot.command_line import UnderEmbargoError, exported

    if into.exists():
        raise fail(Exit.FAULTS, f"{into} is there already, and nothing is overwritten; name another folder.")
    now = datetime.now(UTC)
    try:
        there = exported(settings_or_exit(), brief, revision, into, now, with_embargoed=with_embargoed)
    except UnderEmbargoError as problem:
        raise fail(
            Exit.FAULTS,
            f"Revision {revision} of {brief} is not exported: {problem}. --with-embargoed exports it all the same.",
        ) from None
    if not there:
        raise fail(
            Exit.FAULTS, f"There is no revision {revision} of {brief}; briefbot history {brief} lists them."
        )
    print(f"Revision {revision} of {brief} stands in {into}.")


@app.command()
def audit(
    count: Annotated[int, typer.Option(min=1, help="How many lines, the newest first")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON")] = False,
) -> None:
    """Print every change and every refusal, the newest first."""
    from bot.command_line import audit_log

    found = audit_log(settings_or_exit(), count, datetime.now(UTC))
    if as_json:
        shown = [
            {
                "at": each.at.isoformat(), "actor": each.actor, "place": each.place, "action": each.action,
                "subject": each.subject, "detail": each.detail,
            }
            for each in found
        ]  # fmt: skip
        print(json.dumps(shown, ensure_ascii=False, indent=2))
        return
    for each in found:
        tail = " ".join(part for part in (each.subject, f"({each.detail})" if each.detail else "") if part)
        print(
            f"{each.at:%Y-%m-%d %H:%M:%S} UTC  {each.actor}  {each.place or '-'}  {each.action}  {tail}".rstrip()
        )
    if not found:
        print("Nothing was changed or refused yet.")
