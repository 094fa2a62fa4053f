"""Reading the report: sections, recommendations, passages, and the search through them."""

from collections.abc import Sequence

from briefs.marking import N_
from commands import choosing
from commands.desk import Desk
from commands.model import Call, Choice, Command, Option, Reply, UserError
from commands.views import report


async def show(desk: Desk, call: Call) -> Reply:
    """Show a section, a recommendation or a passage in full."""
    seen = choosing.chosen(desk, call)
    name, day, language = str(call.options["name"]), choosing.today(call), choosing.language(call)
    for recommendation in seen.brief.recommendations:
        if name in (recommendation.id, *recommendation.formerly):
            return report.recommendation(seen, recommendation, day, language)
    passage = seen.passage(name)
    if passage is not None:
        return report.source(seen, passage, day, language)
    section = choosing.part(seen.brief.sections, name)
    if section is None:
        ids = [part.id for part in (*seen.brief.sections, *seen.brief.recommendations)]
        raise UserError(
            "There is no section, recommendation or passage “{name}”; the nearest is {near}.",
            name=name,
            near=choosing.nearest(name, [*ids, *seen.source.passages]),
        )
    return report.section(seen, section, day, language)


async def recommendations(desk: Desk, call: Call) -> Reply:
    """Show every recommendation of the report."""
    seen = choosing.chosen(desk, call)
    return report.recommendations(seen, choosing.today(call), choosing.language(call))


async def source(desk: Desk, call: Call) -> Reply:
    """Show a passage as it stands in the report, with its origin."""
    seen = choosing.chosen(desk, call)
    name = str(call.options["passage"])
    passage = seen.passage(name)
    if passage is None:
        raise UserError(
            "There is no passage “{name}”; the nearest is {near}. /brief search finds passages by their words.",
            name=name,
            near=choosing.nearest(name, list(seen.source.passages)),
        )
    return report.source(seen, passage, choosing.today(call), choosing.language(call))


async def search(desk: Desk, call: Call) -> Reply:
    """Find the passages that use some words; say so when none does, and offer the nearest sections."""
    seen = choosing.chosen(desk, call)
    words = str(call.options["words"]).strip()
    index = desk.indexes.of(seen)
    hits = index.search(words)
    day, language = choosing.today(call), choosing.language(call)
    if not hits:
        return report.not_found(seen, words, index.nearest_sections(words), day, language)
    return report.found(seen, words, hits, day, language)


async def complete_part(desk: Desk, call: Call, partial: str) -> Sequence[Choice]:
    """Suggest sections, recommendations and passages."""
    names: dict[str, str] = {}
    for seen in choosing.readable(desk, call).values():
        names |= {part.id: part.title for part in seen.brief.sections}
        names |= {part.id: f"Recommendation: {part.title}" for part in seen.brief.recommendations}
        names |= {id: f"{id}: {passage.text[:80]}" for id, passage in seen.source.passages.items()}
    return choosing.suggested(names, partial)


async def complete_passage(desk: Desk, call: Call, partial: str) -> Sequence[Choice]:
    """Suggest passages by their id and first words."""
    names = {
        id: f"{id}: {passage.text[:80]}"
        for seen in choosing.readable(desk, call).values()
        for id, passage in seen.source.passages.items()
    }
    return choosing.suggested(names, partial)


COMMANDS = (
    Command(
        "brief show", N_("Show a section, a recommendation or a passage in full"), show,
        (Option("name", N_("Its id"), required=True, completes=complete_part), choosing.BRIEF),
        quick=True, asks=True, example="/brief show dialogue-1",
    ),
    Command(
        "brief recommendations", N_("Show every recommendation of the report"), recommendations,
        (choosing.BRIEF,), quick=True, example="/brief recommendations",
    ),
    Command(
        "brief search", N_("Find the passages that use some words"), search,
        (Option("words", N_("The words to look for"), required=True), choosing.BRIEF),
        asks=True, example="/brief search abduction issue",
    ),
    Command(
        "brief source", N_("Show a passage as it stands in the report, and where it comes from"), source,
        (Option("passage", N_("The passage's id"), required=True, completes=complete_passage), choosing.BRIEF),
        quick=True, asks=True, example="/brief source dialogue-1",
    ),
)  # fmt: skip
