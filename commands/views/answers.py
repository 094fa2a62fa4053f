"""Answers to a question as replies: the report's own words in their context, with what the editor knows since."""

from collections.abc import Iterable, Sequence
from datetime import date

from briefs.schema import Judgement, Note, NoteKind, Quote, Recommendation, Section
from briefs.search import window
from briefs.source import find_quote
from briefs.visible import Visible
from commands.found import Found
from commands.model import Action, Block, Heading, Listing, Press, Prose, Quotation, Reply, Text, text
from commands.views.parts import footer, notes, outcome, warning
from commands.views.report import button
from commands.wording import speaking

# A quotation with the sentences around it is at most so long, so that it stands on the first screen.
CONTEXT = 480


def answered(
    question: str, found: Sequence[Found], among: int, asked: Press, today: date, language: str
) -> Reply:
    """The passages that answer, best first, each with the editor's notes on it.

    `among` is how many briefs were asked: with several, each quotation says of which one it is. `asked` is what
    asks the same again.
    """
    blocks: list[Block] = []
    shown: set[str] = set()
    for each in found:
        blocks += _block(each, shown, among, today, language)
    best = found[0].answer
    return Reply(
        question,
        tuple(blocks),
        actions=_buttons(found, asked, language),
        footer=_footers(found, today, language),
        summary=f"{question} “{best.quote}” ({best.passage})",
    )


def _block(each: Found, shown: set[str], among: int, today: date, language: str) -> list[Block]:
    """One answer with what belongs beside it; `shown` holds the briefs and notes that came before, and grows."""
    id, title = each.visible.brief.brief, each.visible.brief.title
    old = [] if id in shown else _warning(each.visible, among, today, language)
    fresh = [note for note in _touching(each) if f"{id}/{note.id}" not in shown]
    shown |= {id, *(f"{id}/{note.id}" for note in fresh)}
    label = _label(title if among > 1 else "", fresh, language)
    return [*old, _quoted(each, label), *notes(fresh, language), *_judged(each, today, language)]


def _warning(visible: Visible, among: int, today: date, language: str) -> list[Block]:
    """What an expired brief says before anything of it is quoted; among several it names itself."""
    said = warning(visible, today, language)
    return [Heading(visible.brief.title), *said] if said and among > 1 else said


def _briefs(found: Iterable[Found]) -> list[Visible]:
    return list({each.visible.brief.brief: each.visible for each in found}.values())


def _footers(found: Sequence[Found], today: date, language: str) -> str:
    """The footer of each brief that is quoted, one a line."""
    return "\n".join(
        footer(visible, today, language, [f.answer.passage for f in found if f.visible is visible])
        for visible in _briefs(found)
    )


def _context(each: Found) -> tuple[int, int]:
    """The span to print: the answering sentences, with the one before and the one behind as far as they fit."""
    (start, end), (first, last) = window(each.answer.text, each.answer.span), each.answer.span
    start = start if last - start <= CONTEXT else first
    return start, end if end - start <= CONTEXT else last


def _label(title: str, found: Sequence[Note], language: str) -> str | None:
    """Name the brief where there are several, and say at once that a note behind the quotation bears on it.

    A long quotation may fill a screen, and its note stands on the next one.
    """
    _ = speaking(language)
    kinds = {note.kind for note in found}
    if NoteKind.erratum in kinds:
        alone, named = (
            _("Corrected by the editor, see the erratum below"),
            _("{title}: corrected by the editor, see the erratum below"),
        )
    elif NoteKind.development in kinds:
        alone, named = (
            _("More happened since, see the note below"),
            _("{title}: more happened since, see the note below"),
        )
    else:
        return title or None
    return named.format(title=title) if title else alone


def _quoted(each: Found, label: str | None) -> Quotation:
    start, end = _context(each)
    first, last = each.answer.span
    answer = each.answer
    return Quotation(
        answer.text[start:end], answer.passage, answer.heading, (first - start, last - start), label
    )


def _touching(each: Found) -> list[Note]:
    """The notes on a passage, its section, and the parts that quote the printed words: errata, then newest first."""
    visible, passage = each.visible, each.answer.passage
    section = visible.section_of(passage)
    ids = {passage, *([section.id] if section else []), *_parts_on(each)}
    found = visible.notes_on(ids)
    newest = sorted(found, key=lambda note: note.date.day, reverse=True)
    return sorted(newest, key=lambda note: note.kind is not NoteKind.erratum)


def _parts_on(each: Found) -> set[str]:
    """The ids of topics, points, recommendations and judgements that quote the printed words."""
    brief, found = each.visible.brief, set()
    for topic in brief.topics:
        points = {point.id for point in topic.points if _prints(each, point)}
        found |= points | ({topic.id} if points or _prints(each, topic.lead) else set())
    quoting: tuple[Recommendation | Judgement, ...] = (*brief.recommendations, *brief.judgements)
    return found | {part.id for part in quoting if _prints(each, part)}


def _prints(each: Found, quote: Quote | Recommendation | Judgement) -> bool:
    """Say whether any of a part's quoted words are printed."""
    if quote.passage != each.answer.passage:
        return False
    start, end = _context(each)
    span = find_quote(each.visible.source.passages[quote.passage], quote.quote)
    return span is not None and span[0] < end and start < span[1]


def _judged(each: Found, today: date, language: str) -> list[Block]:
    """What became of the forecasts that are printed, or that their dates passed without a word of it."""
    judged = [part for part in each.visible.brief.judgements if _prints(each, part)]
    return [block for part in judged for block in outcome(part, each.visible.brief, today, language)]


def _buttons(found: Sequence[Found], asked: Press, language: str) -> tuple[Action, ...]:
    _ = speaking(language)
    visible, best = found[0]
    section, topic = visible.section_of(best.passage), _topic(found[0])
    buttons = [button(visible, _("Full section"), "brief show", name=section.id)] if section else []
    buttons.append(button(visible, _("Source"), "brief source", passage=best.passage))
    # Two answers may stand in one passage, and one button opens it.
    others = {(each.visible.brief.brief, each.answer.passage): each for each in reversed(found)}
    del others[visible.brief.brief, best.passage]
    for each in reversed(others.values()):
        label = _("Source: {passage}").format(passage=each.answer.passage)
        buttons.append(button(each.visible, label, "brief source", passage=each.answer.passage))
    if topic is not None:
        buttons.append(button(visible, _("Related topic"), "brief topic", name=topic))
    return (*buttons, Action(_("Share to channel"), asked))


def _topic(each: Found) -> str | None:
    """The topic that quotes the printed words, or one that quotes the same passage."""
    topics = each.visible.brief.topics
    on_words = [t for t in topics if any(_prints(each, quote) for quote in (t.lead, *t.points))]
    on_passage = [t for t in topics if each.answer.passage in {q.passage for q in (t.lead, *t.points)}]
    return next((topic.id for topic in (*on_words, *on_passage)), None)


def unanswered(
    question: str, nearest: Sequence[tuple[Visible, Section]], seen: Sequence[Visible], then: Sequence[str],
    today: date, language: str,
) -> Reply:  # fmt: skip
    """Say that no brief of those asked answers, offer the nearest sections, and say what to do `then`."""
    _ = speaking(language)
    blocks: list[Block] = [Prose(text(_nothing(question, seen, language)))]
    if nearest:
        items: tuple[Text, ...] = tuple(text(_place(v, s, len(seen))) for v, s in nearest)
        blocks += [Prose(text(_("The nearest sections:"))), Listing(items)]
    blocks += [Prose(text(said)) for said in then]
    alone = [warning(visible, today, language) for visible in seen] if len(seen) == 1 else []
    return Reply(
        _("Not in this report") if len(seen) == 1 else _("Not in these reports"),
        (*(block for each in alone for block in each), *blocks),
        actions=tuple(button(v, s.title, "brief show", name=s.id) for v, s in nearest),
        footer="\n".join(footer(visible, today, language) for visible in seen),
        summary=_nothing(question, seen, language),
    )


def _nothing(question: str, seen: Sequence[Visible], language: str) -> str:
    _ = speaking(language)
    if len(seen) == 1:
        said = _("“{title}” does not answer the question “{question}”.")
        return said.format(title=seen[0].brief.title, question=question)
    return _("None of the {count} briefs answers the question “{question}”.").format(
        count=len(seen), question=question
    )


def _place(visible: Visible, section: Section, among: int) -> str:
    return section.title if among == 1 else f"{section.title} ({visible.brief.title})"
