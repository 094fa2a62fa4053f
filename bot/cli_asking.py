"""The command line of answers: `briefbot ask`, from the files of the briefs alone."""

import json
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.cli import Exit, app, causes, fail, settings_or_exit
from bot.settings import Settings
from briefs.answering import Answering, Answers, Meaning
from briefs.answering.semantic import installed
from briefs.faults import BriefFaults
from briefs.reading import BRIEF_FILE, Document, read_folder
from briefs.visible import Visible, visible
from commands.found import best, nearest
from commands.model import Press, UserError
from commands.questions import one_line


@app.command()
def ask(
    question: Annotated[list[str], typer.Argument(help="The question, in your own words")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON")] = False,
    brief: Annotated[str, typer.Option(help="The brief to ask; all of them where it is not given")] = "",
) -> None:
    """Answer a question in the words of the briefs on disk; no bot has to run."""
    # Where the locale knows ASCII alone, the report's quotation marks would end the program.
    sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]  # a text file
    now = datetime.now(UTC)
    try:
        line = one_line(_decoded(" ".join(question)))
        settings = settings_or_exit()
        seen = _readable(settings.briefs_dir, brief, now)
    except UserError as refusal:
        raise fail(Exit.FAULTS, str(refusal)) from None
    except OSError as problem:
        raise fail(Exit.FAILED, f"The briefs could not be read: {causes(problem)}.") from None
    meaning = _meaning(settings)
    given = [Answering(each, meaning).ask(line) for each in seen]
    if as_json:
        print(json.dumps(_data(seen, given), ensure_ascii=False, indent=2))
    else:
        _print(line, seen, given, now)


def _meaning(settings: Settings) -> Meaning | None:
    """The encoder, where it is installed and wanted; what it has not read yet it reads first."""
    if settings.encoder == "off" or not installed():
        return None
    from bot.encoding_process import Here

    def begun(texts: int) -> None:
        print(
            f"The encoder reads {texts} texts for the first time; later questions wait less.", file=sys.stderr
        )

    return Here(settings.data_dir, begun)


def _decoded(question: str) -> str:
    """Read an argument as UTF-8, which terminals write even where the locale (LANG=C) says otherwise."""
    try:
        return os.fsencode(question).decode()
    except UnicodeError:
        return question


def _readable(folder: Path, brief: str, now: datetime) -> list[Visible]:
    """The briefs to ask, as their operator may see them now; ends with a sentence where that is none."""
    documents = _documents(folder, brief)
    found = [visible(each.brief, each.source, 0, "admins", now) for each in documents]
    seen = [each for each in found if each is not None]
    if not seen:
        ids = ", ".join(each.brief.brief for each in documents)
        raise fail(Exit.FAULTS, f"{ids} is under embargo; embargo_until in {BRIEF_FILE} says until when.")
    return seen


def _documents(folder: Path, brief: str) -> list[Document]:
    """Every brief of a folder, or the one that is named; faults of others do not matter to it."""
    documents, problems = [], []
    for path in sorted(folder.glob(f"*/{BRIEF_FILE}")):
        try:
            documents.append(read_folder(path.parent))
        except BriefFaults as problem:
            problems.append(f"{path.parent.name} has faults:\n{problem}")
    named = [each for each in documents if brief in (each.brief.brief, *each.brief.formerly)]
    if named:
        return named
    if problems:
        raise fail(Exit.FAULTS, "\n".join(problems))
    if not documents:
        raise fail(Exit.FAULTS, f"There is no brief in {folder}; a brief is a folder with a {BRIEF_FILE}.")
    if brief:
        ids = ", ".join(each.brief.brief for each in documents)
        raise fail(Exit.FAULTS, f"There is no brief {brief} in {folder}; there is {ids}.")
    return documents


def _data(seen: Sequence[Visible], given: Sequence[Answers]) -> dict[str, object]:
    found = [each.answer for each in best(seen, given)]
    return {
        "answered": bool(found),
        "passages": [
            {
                "passage": each.passage, "heading": each.heading, "text": each.text, "quote": each.quote,
                "score": each.score,
            }
            for each in found
        ],
    }  # fmt: skip


def _print(question: str, seen: Sequence[Visible], given: Sequence[Answers], now: datetime) -> None:
    from rich.console import Console

    from bot.terminal import show
    from commands.views import answers as views

    found, today = best(seen, given), now.date()
    if found:
        reply = views.answered(question, found, len(seen), Press("share", "brief ask"), today, "en")
        quoted = list({each.visible.brief.brief: each.visible for each in found}.values())
    else:
        then = ["Ask in other words."]
        reply = views.unanswered(question, nearest(seen, given), seen, then, today, "en")
        quoted = list(seen)
    age = "\n".join(_age(each, now) for each in quoted)
    show(reply.with_(footer=age), Console(file=sys.stdout, highlight=False))


def _age(seen: Visible, now: datetime) -> str:
    """As a reply's footer, but a file has no revision."""
    from briefs.freshness import freshness
    from commands.views.parts import freshness_words
    from commands.wording import long_date

    fresh = freshness(seen.brief, now.date())
    return f"{seen.brief.title} · as of {long_date(fresh.as_of, 'en')} · {freshness_words(fresh, 'en')}"
