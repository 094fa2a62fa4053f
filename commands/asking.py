"""Asking: a free question, answered in the report's own words or not at all."""

from collections.abc import Mapping, Sequence

from rapidfuzz import fuzz, process

from briefs.marking import N_
from briefs.misses import language_of_words
from briefs.visible import Visible
from commands import choosing
from commands.desk import Desk
from commands.found import best, nearest
from commands.model import Call, Choice, Command, Option, Press, Reply, UserError
from commands.questions import one_line
from commands.views import answers as views
from commands.wording import speaking

# Discord takes no completion beyond this.
COMPLETED = 100
SUGGESTED = 25
# So much (of 100) of what is typed stands in a question that is suggested.
NEAR = 80


async def ask(desk: Desk, call: Call) -> Reply:
    """Answer a question with the best passages of the brief that is named, or of all that the asker may read."""
    question = one_line(str(call.options["question"]))
    seen = _briefs(desk, call)
    given = await desk.answerings.ask(seen, question)
    found = best(seen, given)
    day, language = choosing.today(call), choosing.language(call)
    if found:
        reply = views.answered(question, found, len(seen), _share(call, question, seen), day, language)
        return reply.with_(visibility="public", actions=()) if choosing.is_share(call) else reply
    if choosing.is_share(call):
        raise UserError(
            "What answers this is not for everybody who reads this channel, so nothing was shared."
        )
    noted = await _noted(desk, call, _home(desk, seen, question), question)
    then = _then(noted, language)
    return views.unanswered(question, nearest(seen, given), seen, then, day, language)


def _then(noted: bool, language: str) -> list[str]:
    """What to do where nothing answers."""
    _ = speaking(language)
    said = [_("Ask in other words, or look for single words with /brief search.")]
    return [*said, _("The question was noted for the editors, without your name.")] if noted else said


def _briefs(desk: Desk, call: Call) -> list[Visible]:
    """The brief that the call names, or every brief that whoever reads the answer may see."""
    every = list(choosing.readable(desk, call).values())
    return every if len(every) > 1 and "brief" not in call.options else [choosing.chosen(desk, call)]


def _share(call: Call, question: str, seen: Sequence[Visible]) -> Press:
    named = (("brief", seen[0].brief.brief),) if len(seen) == 1 else ()
    brief, revision = (seen[0].brief.brief, seen[0].revision) if len(seen) == 1 else ("", 0)
    return Press("share", "brief ask", (*named, ("question", question)), brief, revision)


def _home(desk: Desk, seen: Sequence[Visible], question: str) -> Visible:
    """The brief among whose unanswered questions one belongs: where several were asked, the nearest by its words."""
    if len(seen) == 1:
        return seen[0]
    return min(
        seen,
        key=lambda each: min((hit.rank for hit in desk.indexes.of(each).search(question, 1)), default=0.0),
    )


async def _noted(desk: Desk, call: Call, brief: Visible, question: str) -> bool:
    """Count a question that nothing answers, once: what a button asks again was counted when it was typed."""
    if call.press is not None and "question" in dict(call.press.options):
        return False
    async with desk.store.transaction() as tx:
        return await desk.misses.count(tx, brief.brief.brief, question, call.at.date())


async def complete_question(desk: Desk, call: Call, partial: str) -> Sequence[Choice]:
    """Suggest questions that the editors wrote below passages, those in the asker's language first."""
    wanted = choosing.language(call)
    offered = _offered(_suggesting(desk, call))
    ordered = sorted(offered, key=lambda question: language_of_words(question) != wanted)
    typed = partial.strip().casefold()
    direct = [question for question in ordered if typed in question.casefold()]
    near = process.extract(
        typed,
        ordered,
        scorer=fuzz.token_set_ratio,
        processor=str.casefold,
        score_cutoff=NEAR,
        limit=SUGGESTED,
    )
    found = dict.fromkeys([*direct, *(question for question, *_ in near)])
    return [Choice(question, question) for question in list(found)[:SUGGESTED]]


def _suggesting(desk: Desk, call: Call) -> Mapping[str, Visible]:
    seen = choosing.readable(desk, call)
    named = seen.get(str(call.options.get("brief", "")))
    return {named.brief.brief: named} if named else seen


def _offered(seen: Mapping[str, Visible]) -> list[str]:
    """The first question that each entry lists, then the second of each, and so on."""
    lists = [
        entry.questions for v in seen.values() for entries in v.brief.answers.values() for entry in entries
    ]
    deepest = max(map(len, lists), default=0)
    return [
        each[row]
        for row in range(deepest)
        for each in lists
        if row < len(each) and len(each[row]) <= COMPLETED
    ]


QUESTION = Option(
    "question",
    N_("Your question, in your own words"),
    required=True,
    completes=complete_question,
    long=True,
    pattern=".+",
)
COMMANDS = (
    Command(
        "brief ask", N_("Ask a question; the answer is in the report's own words"), ask,
        (QUESTION, choosing.BRIEF),
        asks=True, example="/brief ask What would Kim demand of the US?",
    ),
)  # fmt: skip
