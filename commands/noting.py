"""Small edits without YAML: a note, an outcome, a watch date, a review."""

from collections.abc import Sequence

from briefs import editing
from briefs.dates import previous_occurrence
from briefs.marking import N_
from briefs.schema import NoteKind, OutcomeResult
from briefs.visible import Visible
from commands import choosing, proposing
from commands.desk import Desk
from commands.model import Call, Choice, Command, Option, Reply, UserError
from commands.views.parts import bare

KINDS = tuple(Choice(kind.value.capitalize(), kind.value) for kind in NoteKind)
RESULTS = tuple(Choice(result.value.capitalize(), result.value) for result in OutcomeResult)


async def note(desk: Desk, call: Call) -> Reply:
    """Add an editor's note: what it is, its date, its words and their source."""
    yaml, report, seen = _files(desk, call)
    touches = _touched(seen, _text(call, "touches"))
    kind = _text(call, "kind")
    return await proposing.propose_edit(desk, call, f"{kind}: {_text(call, 'text')}", lambda: editing.add_note(
        yaml, report, kind=kind, date=_text(call, "date"), text=_text(call, "text"), source=_text(call, "source"),
        touches=touches,
    ))  # fmt: skip


async def outcome(desk: Desk, call: Call) -> Reply:
    """Record what became of a forecast, or what happened on a watch date."""
    yaml, report, seen = _files(desk, call)
    about, source = _text(call, "about"), _text(call, "source")
    on, words = _text(call, "date") or None, _text(call, "text")
    if date := choosing.part(seen.brief.watch_dates, about):
        last = previous_occurrence(date, choosing.today(call))
        occurrence = on if date.yearly_from is None or last is None else str(last.date)
        return await proposing.propose_edit(desk, call, f"outcome of {date.id}", lambda: editing.add_occurrence_outcome(
            yaml, report, date.id, occurrence=occurrence or str(date.date), text=words, source=source, on=on,
        ))  # fmt: skip
    found = choosing.part(seen.brief.judgements, about)
    if found is None:
        raise UserError(
            "There is no forecast and no watch date “{about}”; the nearest is {near}.",
            about=about, near=choosing.nearest(about, list(_subjects(seen))),
        )  # fmt: skip
    result = _text(call, "result") or OutcomeResult.open.value
    return await proposing.propose_edit(desk, call, f"outcome of {found.id}: {result}", lambda: editing.set_outcome(
        yaml, report, found.id, result=result, on=on, note=words or None, source=source or None,
    ))  # fmt: skip


async def add_date(desk: Desk, call: Call) -> Reply:
    """Add a watch date with its reason and source."""
    yaml, report, _seen = _files(desk, call)
    title = _text(call, "title")
    basis = {"editor": _text(call, "why"), "source": _text(call, "source")}
    return await proposing.propose_edit(desk, call, f"watch date: {title}", lambda: editing.add_watch_date(
        yaml, report, title=title, basis=basis, date=_text(call, "date"), zone=_text(call, "zone") or "UTC",
        remind=_text(call, "remind").replace(",", " ").split(),
    ))  # fmt: skip


async def reviewed(desk: Desk, call: Call) -> Reply:
    """Record that the whole brief was reviewed today."""
    yaml, report, _seen = _files(desk, call)
    day = choosing.today(call)
    return await proposing.propose_edit(
        desk, call, f"reviewed on {day}", lambda: editing.set_reviewed(yaml, report, day)
    )


def _files(desk: Desk, call: Call) -> tuple[bytes, bytes, Visible]:
    seen = choosing.chosen(desk, call)
    document = desk.revisions()[seen.brief.brief].document
    return document.yaml, document.report, seen


def _text(call: Call, name: str) -> str:
    return str(call.options.get(name, ""))


def _touched(seen: Visible, words: str) -> list[str]:
    known = set(seen.source.passages) | {part.id for part in seen.brief.parts()}
    named = words.replace(",", " ").split()
    for name in named:
        if name not in known:
            raise UserError(
                "There is no part or passage “{name}” to touch; the nearest is {near}.",
                name=name, near=choosing.nearest(name, sorted(known)),
            )  # fmt: skip
    return named


def _subjects(seen: Visible) -> dict[str, str]:
    """What an outcome can be of: forecasts and watch dates, by their id."""
    judged = {each.id: f"{each.likelihood}: {each.quote}" for each in seen.brief.judgements}
    return judged | {each.id: bare(each.title) for each in seen.brief.watch_dates}


async def complete_subject(desk: Desk, call: Call, partial: str) -> Sequence[Choice]:
    """Suggest forecasts and watch dates."""
    names: dict[str, str] = {}
    for seen in choosing.readable(desk, call).values():
        names |= _subjects(seen)
    return choosing.suggested(names, partial)


async def complete_part(desk: Desk, call: Call, partial: str) -> Sequence[Choice]:
    """Suggest the passages and parts that a note can touch."""
    names: dict[str, str] = {}
    for seen in choosing.readable(desk, call).values():
        names |= {id: f"{id}: {passage.heading}" for id, passage in seen.source.passages.items()}
        names |= {topic.id: f"/{topic.command}" for topic in seen.brief.topics}
        names |= {date.id: bare(date.title) for date in seen.brief.watch_dates}
    return choosing.suggested(names, partial)


SOURCE = Option("source", N_("A link to where it stands, or the word report"), required=True)
COMMANDS = (
    Command(
        "brief-admin note", N_("Add an erratum, a development or a comment"), note,
        (
            Option("kind", N_("What it is"), "choice", required=True, choices=KINDS),
            Option("date", N_("The day that it is of, like 2026-11-25"), "date", required=True),
            Option("text", N_("The note in your own words"), required=True, long=True), SOURCE,
            Option("touches", N_("The passages or parts that it is about"), required=True, completes=complete_part),
            choosing.BRIEF,
        ),
        right="editor", asks=True, audited=True,
        example="/brief-admin note kind=comment date=2026-11-25 touches=dialogue-1",
    ),
    Command(
        "brief-admin outcome", N_("Record what became of a forecast or a watch date"), outcome,
        (
            Option("about", N_("The forecast or the watch date"), required=True, completes=complete_subject), SOURCE,
            Option("result", N_("What became of a forecast"), "choice", choices=RESULTS),
            Option("date", N_("The day on which it was settled"), "date"),
            Option("text", N_("What happened, in your own words"), long=True), choosing.BRIEF,
        ),
        right="editor", asks=True, audited=True, example="/brief-admin outcome about=camp-david-summit",
    ),
    Command(
        "brief-admin add-date", N_("Add a watch date"), add_date,
        (
            Option("title", N_("What is watched"), required=True),
            Option("date", N_("The day, like 2027-06-22"), "date", required=True),
            Option("why", N_("Why it is here, in your own words"), required=True, long=True), SOURCE,
            Option("remind", N_("Lead times, like 30d,7d,0d")),
            Option("zone", N_("Its time zone, like Asia/Seoul"), "zone"),
            choosing.BRIEF,
        ),
        right="editor", asks=True, audited=True, example="/brief-admin add-date title=Summit date=2027-06-22",
    ),
    Command("brief-admin reviewed", N_("Record that the brief was reviewed today"), reviewed, (choosing.BRIEF,),
            right="editor", audited=True, example="/brief-admin reviewed"),
)  # fmt: skip
