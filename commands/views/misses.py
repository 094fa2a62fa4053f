"""Unanswered questions as editors read them: how often each was asked, and which passage lies nearest."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from briefs.misses import Miss
from briefs.search import Hit
from briefs.sentences import sentences
from briefs.visible import Visible
from commands.model import Action, Block, Listing, Press, Prose, Quotation, Reply, Strong, Text, text
from commands.wording import counting, filled, long_date, speaking

COMMAND = "brief-admin misses"


@dataclass(frozen=True, slots=True)
class Line:
    """One question: its brief, the nearest passage if any, and the revision that answers it by now (None: none)."""

    miss: Miss
    visible: Visible
    near: Hit | None
    answered: int | None


@dataclass(frozen=True, slots=True)
class Shown:
    """A part of the list: its lines, the place of the first (from 1), how many there are, and of how many briefs."""

    lines: Sequence[Line]
    start: int
    total: int
    briefs: int


def listing(shown: Shown, brief: str, language: str) -> Reply:
    """The questions from one place of the list on; `brief` is the one that was named."""
    _, n_ = speaking(language), counting(language)
    if not shown.lines:
        said = _("Nobody asked anything that is not covered. Questions without an answer are counted here.")
        return Reply(_("Not covered"), (Prose(text(said)),))
    said = n_("{count} question that the report does not answer; nobody knows who asked:",
              "{count} questions that the report does not answer, most asked first; nobody knows who asked:",
              shown.total)  # fmt: skip
    blocks: list[Block] = [Prose(text(said.format(count=shown.total)))]
    for line in shown.lines:
        blocks += _question(line, shown.briefs, language)
    return Reply(
        _("Not covered"), tuple(blocks), actions=_buttons(shown, brief, language),
        summary=said.format(count=shown.total),
    )  # fmt: skip


def _question(line: Line, briefs: int, language: str) -> list[Block]:
    blocks: list[Block] = [Prose((*_asked(line, briefs, language), " ", *_state(line, language)))]
    if line.near is None:
        return blocks
    passage = line.visible.source.passages[line.near.passage]
    label = speaking(language)("Nearest passage")
    return [*blocks, Quotation(_sentence(line.visible, line.near), passage.id, passage.heading, label=label)]


def _sentence(visible: Visible, near: Hit) -> str:
    """The sentence of a passage that is nearest."""
    text = visible.source.passages[near.passage].text
    spans = sentences(text)
    return text[slice(*next((span for span in spans if span[1] >= near.span[1]), spans[-1]))]


def _asked(line: Line, briefs: int, language: str) -> Text:
    n_, _ = counting(language), speaking(language)
    miss = line.miss
    said = n_("{number}. {question} Asked {count} time, {days}.", "{number}. {question} Asked {count} times, {days}.",
              miss.count)  # fmt: skip
    if briefs > 1:
        said = n_("{number}. {question} Asked {count} time of “{title}”, {days}.",
                  "{number}. {question} Asked {count} times of “{title}”, {days}.", miss.count)  # fmt: skip
    return filled(
        said, number=str(miss.id), question=Strong(f"“{miss.question}”"), count=miss.count,
        title=line.visible.brief.title, days=_days(miss.first_day, miss.last_day, language),
    )  # fmt: skip


def _days(first: date, last: date, language: str) -> str:
    _ = speaking(language)
    if first == last:
        return _("on {day}").format(day=long_date(last, language))
    return _("from {first} to {last}").format(
        first=long_date(first, language), last=long_date(last, language)
    )


def _state(line: Line, language: str) -> Text:
    _ = speaking(language)
    if line.answered is not None:
        said = _("Answered since revision {number}: it is shown today for the last time.")
        return text(said.format(number=line.answered))
    if line.near is None:
        return text(_("Not covered, and no passage is near."))
    return text(_("Not covered."))


def _buttons(shown: Shown, brief: str, language: str) -> tuple[Action, ...]:
    _ = speaking(language)
    buttons = []
    for line in shown.lines:
        number = str(line.miss.id)
        if line.near is not None:
            label = _("Add {number} to {passage}").format(number=number, passage=line.near.passage)
            given = {
                "number": number, "passage": line.near.passage, "brief": line.visible.brief.brief,
                "quote": _sentence(line.visible, line.near),
            }  # fmt: skip
            buttons.append(Action(label, _press(action="add", **given)))
        label = _("Dismiss {number}").format(number=number)
        buttons.append(Action(label, _press(action="dismiss", number=number, brief=brief)))
    after = shown.start + len(shown.lines)
    if after <= shown.total:
        buttons.append(Action(_("Next"), _press(start=str(after), brief=brief), style="primary"))
    return (*buttons, Action(_("Dismiss all…"), _press(action="dismiss-all", brief=brief), style="danger"))


def _press(**options: str) -> Press:
    given = tuple(sorted((name, value) for name, value in options.items() if value))
    return Press("open", COMMAND, given)


def dismissed(questions: Sequence[str], brief: str, language: str) -> Reply:
    """Confirm that some questions were deleted."""
    _, n_ = speaking(language), counting(language)
    said = n_("{count} question was deleted. It is counted anew if somebody asks it again.",
              "{count} questions were deleted. They are counted anew if somebody asks them again.",
              len(questions)).format(count=len(questions))  # fmt: skip
    blocks: list[Block] = [Prose(text(said))]
    if questions:
        blocks.append(Listing(tuple(text(each) for each in questions)))
    return Reply(_("Dismissed"), tuple(blocks), actions=(_back(brief, language),), summary=said)


def sure(count: int, brief: str, language: str) -> Reply:
    """Ask whether all questions are to be deleted."""
    _, n_ = speaking(language), counting(language)
    said = n_("{count} question would be deleted, with its count. Nothing brings it back.",
              "{count} questions would be deleted, with their counts. Nothing brings them back.", count)  # fmt: skip
    label = _("Dismiss all")
    button = Action(label, _press(action="dismiss-all", sure="yes", brief=brief), style="danger")
    return Reply(
        _("Dismiss all questions?"), (Prose(text(said.format(count=count))),),
        actions=(*((button,) if count else ()), _back(brief, language)),
    )  # fmt: skip


def _back(brief: str, language: str) -> Action:
    return Action(speaking(language)("The list"), _press(brief=brief))
