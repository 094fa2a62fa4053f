"""What readers asked and no brief answered: editors read the list, add questions to passages, and dismiss."""

from collections.abc import Mapping, Sequence
from functools import partial

from briefs import editing
from briefs.library import Transaction
from briefs.marking import N_
from briefs.misses import Miss
from briefs.visible import AUDIENCES, Visible, visible
from commands import choosing, proposing
from commands.desk import AuditEntry, Desk
from commands.model import Call, Choice, Command, Option, Reply, UserError
from commands.reading import complete_passage
from commands.views import misses as views

SHOWN = 5
# Ids in the database end far below this.
LARGEST = 10**15


async def misses(desk: Desk, call: Call) -> Reply:
    """List the unanswered questions, add one to a passage, or dismiss one or all."""
    match str(call.options["action"]):
        case "add":
            return await _add(desk, call)
        case "dismiss":
            return await _dismiss(desk, call)
        case "dismiss-all":
            return await _dismiss_all(desk, call)
    return await _list(desk, call)


def _briefs(desk: Desk, call: Call) -> dict[str, Visible]:
    """The briefs that are looked at, by their present and their former ids."""
    every = choosing.readable(desk, call)
    seen = (
        list(every.values())
        if len(every) > 1 and "brief" not in call.options
        else [choosing.chosen(desk, call)]
    )
    return {id: each for each in seen for id in (*each.brief.formerly, each.brief.brief)}


async def _list(desk: Desk, call: Call) -> Reply:
    seen, day = _briefs(desk, call), call.at.date()
    async with desk.store.reading() as tx:
        every = await desk.misses.of(tx, list(seen), day)
    start = min(max(int(call.options.get("start", 1)), 1), max(len(every), 1))
    here = every[start - 1 : start - 1 + SHOWN]
    answered = await _answered(desk, call, seen, here)
    by_revision = {
        number: [m.id for m in here if answered.get(m.id) == number] for number in answered.values()
    }
    async with desk.store.transaction() as tx:
        for number, ids in by_revision.items():
            await desk.misses.answered(tx, ids, number, day)
    lines = [_line(desk, each, seen[each.brief], answered.get(each.id)) for each in here]
    shown = views.Shown(lines, start, len(every), len({v.brief.brief for v in seen.values()}))
    return views.listing(shown, str(call.options.get("brief", "")), choosing.language(call))


async def _answered(
    desk: Desk, call: Call, seen: Mapping[str, Visible], here: Sequence[Miss]
) -> dict[int, int]:
    """The questions that their brief answers by now, to whoever may read it at all, with the revision."""
    found: dict[int, int] = {}
    for each in here:
        least = _least(desk, call, seen[each.brief])
        (answers,) = await desk.answerings.ask([least], each.question)
        if answers.answered:
            found[each.id] = least.revision
    return found


def _least(desk: Desk, call: Call, seen: Visible) -> Visible:
    """What every reader of a brief may see of it: nobody may see less."""
    document = desk.revisions()[seen.brief.brief].document
    audiences = (visible(document.brief, document.source, seen.revision, each, call.at) for each in AUDIENCES)
    return next((found for found in audiences if found is not None), seen)


def _line(desk: Desk, miss: Miss, seen: Visible, answered: int | None) -> views.Line:
    hits = desk.indexes.of(seen).search(miss.question, 1) if answered is None else []
    return views.Line(miss, seen, hits[0] if hits else None, answered)


async def _add(desk: Desk, call: Call) -> Reply:
    """Propose that a passage answers a question: an edit of the brief like any other."""
    async with desk.store.reading() as tx:
        miss = await _named(desk, tx, call)
    seen = choosing.chosen(desk, call) if "brief" in call.options else _home(desk, call, miss)
    passage = str(call.options.get("passage", ""))
    if not passage:
        raise UserError(
            "Say which passage answers it, like /brief-admin misses add {number} passage=dialogue-1.",
            number=miss.id,
        )
    if seen.passage(passage) is None:
        raise UserError(
            "There is no passage “{name}”; the nearest is {near}. /brief search finds passages by their words.",
            name=passage, near=choosing.nearest(passage, list(seen.source.passages)),
        )  # fmt: skip
    document = desk.revisions()[seen.brief.brief].document
    quote = str(call.options.get("quote", ""))
    edit = partial(editing.add_question, document.yaml, document.report, passage, miss.question, quote)
    reason = f"{passage} answers: {miss.question}"
    shown = await proposing.propose_edit(desk, call, reason, edit)
    async with desk.store.transaction() as tx:
        await _write_down(desk, tx, call, "proposed", f"{seen.brief.brief} {passage}", reason)
    return shown


def _home(desk: Desk, call: Call, miss: Miss) -> Visible:
    every = choosing.readable(desk, call).values()
    return next(each for each in every if miss.brief in (each.brief.brief, *each.brief.formerly))


async def _named(desk: Desk, tx: Transaction, call: Call) -> Miss:
    """The question that the call names, of a brief that the caller may read."""
    number = call.options.get("number")
    if number is None:
        raise UserError(
            "Say which one, like /brief-admin misses dismiss 17; /brief-admin misses lists the questions."
        )
    found = await desk.misses.get(tx, int(number)) if 0 < int(number) < LARGEST else None
    readable = choosing.readable(desk, call).values()
    if found is None or found.brief not in {
        id for v in readable for id in (v.brief.brief, *v.brief.formerly)
    }:
        raise UserError(
            "There is no unanswered question {number}; /brief-admin misses lists those there are.",
            number=number,
        )
    return found


async def _dismiss(desk: Desk, call: Call) -> Reply:
    async with desk.store.transaction() as tx:
        miss = await _named(desk, tx, call)
        await desk.misses.dismiss(tx, [miss.id])
        await _write_down(desk, tx, call, "dismissed", f"unanswered question {miss.id}")
    return views.dismissed([miss.question], str(call.options.get("brief", "")), choosing.language(call))


async def _dismiss_all(desk: Desk, call: Call) -> Reply:
    """Delete every question of the list, once it is sure that this is meant."""
    seen, brief = _briefs(desk, call), str(call.options.get("brief", ""))
    async with desk.store.transaction() as tx:
        every = await desk.misses.of(tx, list(seen), call.at.date())
        if call.options["sure"]:
            await desk.misses.dismiss(tx, [each.id for each in every])
            await _write_down(desk, tx, call, "dismissed", f"{len(every)} unanswered questions")
    if not call.options["sure"]:
        return views.sure(len(every), brief, choosing.language(call))
    return views.dismissed([each.question for each in every], brief, choosing.language(call))


async def _write_down(
    desk: Desk, tx: Transaction, call: Call, action: str, subject: str, detail: str = ""
) -> None:
    by, place = str(call.caller.person), str(call.place)
    await desk.audit.note(tx, AuditEntry(call.at, by, place, action, subject, detail))


async def complete_question(desk: Desk, call: Call, partial: str) -> Sequence[Choice]:
    """Suggest unanswered questions by their words."""
    async with desk.store.reading() as tx:
        every = await desk.misses.of(tx, list(_briefs(desk, call)), call.at.date())
    return choosing.suggested({str(each.id): f"{each.id}: {each.question}" for each in every}, partial)


ACTIONS = (
    Choice(N_("List them"), "list"),
    Choice(N_("Say which passage answers one"), "add"),
    Choice(N_("Dismiss one"), "dismiss"),
    Choice(N_("Dismiss all"), "dismiss-all"),
)  # fmt: skip
COMMANDS = (
    Command(
        "brief-admin misses", N_("What was asked and is not covered: most asked first"), misses,
        (
            Option("action", N_("What to do"), "choice", choices=ACTIONS, default="list"),
            Option("number", N_("Which question of the list"), "integer", completes=complete_question),
            Option("passage", N_("The passage that answers it"), completes=complete_passage),
            Option("quote", N_("The words of the passage that answer it")),
            Option("start", N_("From which place of the list on"), "integer"),
            Option("sure", N_("Whether all of them are to go"), "boolean", default=False), choosing.BRIEF,
        ),
        right="editor", example="/brief-admin misses",
    ),
)  # fmt: skip
