"""The scorecard: each forecast of the report in its own words, and what became of it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from briefs.overdue import is_overdue, settles_on
from briefs.schema import Judgement, OutcomeResult, Quote, WatchDate
from briefs.visible import Visible
from commands.model import Action, Block, EditorNote, Heading, Listing, Prose, Reply, Strong, Text, text
from commands.views.parts import footer, not_recorded, notes, outcome_words, quotation, warning
from commands.views.report import button
from commands.wording import counting, filled, long_date, speaking

SETTLED = (
    OutcomeResult.came_true, OutcomeResult.did_not, OutcomeResult.partly, OutcomeResult.overtaken,
)  # fmt: skip


def scorecard(visible: Visible, today: date, language: str, *, edits: bool) -> Reply:
    """Every forecast with its outcome: the settled first, then those past their date, then the open ones.

    `edits` says that the reader may record outcomes.
    """
    _ = speaking(language)
    judgements = visible.brief.judgements
    said = _summary(visible, today, language)
    blocks: list[Block] = [*warning(visible, today, language), Prose(text(said))]
    if judgements:
        blocks += [Heading(_("By the report's own words")), Listing(tuple(_rows(visible, today, language)))]
        blocks += [Heading(_("Each forecast"))]
    for each in _ordered(visible, today):
        blocks += _one(visible, each, today, language)
    return Reply(
        _("Scorecard of {title}").format(title=visible.brief.title),
        tuple(blocks),
        actions=_buttons(visible, language, edits=edits),
        footer=footer(visible, today, language, [each.passage for each in judgements]),
        summary=said,
    )


def _ordered(visible: Visible, today: date) -> list[Judgement]:
    def rank(each: Judgement) -> int:
        return 0 if _is_settled(each) else 1 if is_overdue(each, visible.brief, today) else 2

    return sorted(visible.brief.judgements, key=rank)


def _is_settled(each: Judgement) -> bool:
    return each.outcome.result is not OutcomeResult.open


def _one(visible: Visible, each: Judgement, today: date, language: str) -> list[Block]:
    """A forecast: its words, how likely it was called, and what became of it."""
    _ = speaking(language)
    blocks: list[Block] = [quotation(visible, Quote(passage=each.passage, quote=each.quote))]
    state = not_recorded(each, visible.brief, today, language) or outcome_words(each.outcome.result, language)
    said = _("In the report's words “{words}”: {state}.")
    blocks.append(Prose(filled(said, words=each.likelihood, state=Strong(state))))
    if _is_settled(each):
        return [*blocks, *_proof(each, language)]
    newest = sorted(visible.notes_on([each.id]), key=lambda note: note.date.day)[-1:]
    return [*blocks, *notes(newest, language)]


def _proof(each: Judgement, language: str) -> list[Block]:
    """The editor's note on what happened: when, and from which source."""
    settled = each.outcome
    assert settled.on is not None, "the schema asks for the day and the source of an outcome"
    assert settled.source is not None, "the schema asks for the day and the source of an outcome"
    told = speaking(language)("The outcome: {result}.")
    words = settled.note or told.format(result=outcome_words(settled.result, language))
    return [EditorNote("outcome", long_date(settled.on, language), words, settled.source)]


def _rows(visible: Visible, today: date, language: str) -> Iterable[Text]:
    """One line for each of the report's words of likelihood: how many forecasts, and what became of them."""
    groups: dict[str, list[Judgement]] = {}
    for each in visible.brief.judgements:
        groups.setdefault(each.likelihood.casefold(), []).append(each)
    for found in groups.values():
        yield text(
            Strong(f"“{found[0].likelihood}”"), f" ({len(found)}): {_tally(visible, found, today, language)}"
        )


def _tally(visible: Visible, found: Sequence[Judgement], today: date, language: str) -> str:
    """Count some forecasts by what became of them: `came true: 1; open: 2`."""
    _ = speaking(language)
    late = sum(is_overdue(each, visible.brief, today) for each in found)
    counts = Counter(each.outcome.result for each in found)
    parts = [(outcome_words(result, language), counts[result]) for result in SETTLED]
    parts += [(_("date passed, outcome not recorded"), late), (_("open"), counts[OutcomeResult.open] - late)]
    return "; ".join(f"{words}: {count}" for words, count in parts if count)


def _summary(visible: Visible, today: date, language: str) -> str:
    judgements = visible.brief.judgements
    if not judgements:
        return speaking(language)("This brief lists no forecasts of its report.")
    said = counting(language)(
        "The report makes {count} forecast: {tally}.",
        "The report makes {count} forecasts: {tally}.",
        len(judgements),
    )
    return said.format(count=len(judgements), tally=_tally(visible, judgements, today, language))


def _buttons(visible: Visible, language: str, *, edits: bool) -> tuple[Action, ...]:
    _ = speaking(language)
    recording = button(visible, _("Record an outcome"), "brief-admin outcome") if edits else None
    shown = (button(visible, _("Topics"), "brief topics"), button(visible, _("All dates"), "brief dates"))
    return (*((recording,) if recording else ()), *shown)


def question(visible: Visible, about: Judgement | WatchDate, today: date, language: str) -> Reply:
    """Ask whoever keeps the brief what became of a forecast or a watch date whose day has passed."""
    _ = speaking(language)
    by, is_forecast = settles_on(about), isinstance(about, Judgement)
    assert by is not None, "only what has a date is asked for"
    asked = _("The date of this forecast has passed ({date}). What became of it?") if is_forecast else _(
        "This watch date has passed ({date}). What happened?"
    )  # fmt: skip
    rest = _(
        "If it cannot be said yet, leave it: replies say “date passed, outcome not recorded” until it is."
    )
    said = asked.format(date=long_date(by, language))
    return Reply(
        _("What became of a forecast?") if is_forecast else _("What happened on a watch date?"),
        (
            Prose(text(said)), _asked(visible, about), *notes(visible.notes_on([about.id]), language),
            Prose(text(rest)),
        ),
        actions=(*_answers(visible, about, language), button(visible, _("Scorecard"), "brief scorecard")),
        footer=footer(visible, today, language, [about.passage] if isinstance(about, Judgement) else []),
        summary=said,
    )  # fmt: skip


def _asked(visible: Visible, about: Judgement | WatchDate) -> Block:
    if isinstance(about, Judgement):
        return quotation(visible, Quote(passage=about.passage, quote=about.quote))
    return Prose(text(Strong(about.title)))


def _answers(visible: Visible, about: Judgement | WatchDate, language: str) -> tuple[Action, ...]:
    """The buttons that open the form of the outcome, for a forecast with what became of it."""
    if not isinstance(about, Judgement):
        label = speaking(language)("Record what happened")
        return (button(visible, label, "brief-admin outcome", about=about.id),)
    return tuple(
        button(visible, _label(result, language), "brief-admin outcome", about=about.id, result=result.value)
        for result in SETTLED
    )


def _label(result: OutcomeResult, language: str) -> str:
    words = outcome_words(result, language)
    return words[0].upper() + words[1:]
