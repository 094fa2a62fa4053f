"""The report's parts as replies: topics, sections, recommendations, passages, search results."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from briefs.schema import Judgement, Named, Note, NoteKind, Point, Quote, Recommendation, Section, Topic
from briefs.search import Hit, window
from briefs.source import Passage
from briefs.visible import Visible
from commands.model import Action, Block, Code, Heading, Listing, Press, Prose, Quotation, Reply, text
from commands.views.parts import footer, notes, outcome, quotation, span_of, warning, whole
from commands.wording import filled, long_date, speaking


def button(visible: Visible, label: str, command: str, style: str = "plain", **options: str) -> Action:
    """Make a button that runs a command on this brief."""
    given = (*sorted(options.items()), ("brief", visible.brief.brief))
    press = Press("open", command, tuple(sorted(given)), visible.brief.brief, visible.revision)
    return Action(label, press, style="primary" if style == "primary" else "plain")


def _touching_ids(visible: Visible, part: Named, passages: Iterable[str]) -> set[str]:
    sections = {s.id for id in passages if (s := visible.section_of(id))}
    points = {point.id for point in part.points} if isinstance(part, Topic) else set()
    return {part.id, *passages, *sections, *points}


def _judged(visible: Visible, quotes: Sequence[Quote], today: date, language: str) -> list[Block]:
    """Outcomes of the forecasts whose words overlap the quoted ones, or that they are missing."""
    spoken = {(quote.passage, quote.quote) for quote in quotes}
    found: list[Block] = []
    for judgement in visible.brief.judgements:
        if any(judgement.passage == passage and _overlap(judgement, words) for passage, words in spoken):
            found += outcome(judgement, visible.brief, today, language)
    return found


def _overlap(judgement: Judgement, words: str) -> bool:
    return judgement.quote in words or words in judgement.quote


def topic(visible: Visible, part: Topic, today: date, language: str) -> Reply:
    """A topic: its lead, its points, and what the editor knows about the passages it leans on.

    An erratum stands under the first quote of the passage that it corrects, the newest development under
    the lead, the older ones at the end.
    """
    quotes: list[Quote] = [part.lead, *part.points]
    passages = list(dict.fromkeys(quote.passage for quote in quotes))
    touching = visible.notes_on(_touching_ids(visible, part, passages))
    errata = [note for note in touching if note.kind is NoteKind.erratum]
    later = sorted((n for n in touching if n not in errata), key=lambda note: note.date.day, reverse=True)
    blocks: list[Block] = [*warning(visible, today, language)]
    for quote in quotes:
        blocks.append(_placed(visible, quote, blocks))
        blocks += notes(_taken(errata, quote.passage), language)
        blocks += notes(later[:1], language) if quote is part.lead else []
    blocks += [*_judged(visible, quotes, today, language), *notes([*errata, *later[1:]], language)]
    return Reply(
        part.description,
        tuple(blocks),
        actions=_topic_buttons(visible, part, language),
        footer=footer(visible, today, language, passages),
        summary=f"{part.description}: {quotation(visible, part.lead).words}",
    )


def _placed(visible: Visible, quote: Quote, before: Sequence[Block]) -> Quotation:
    """Quote; the heading is left out where the quotation before stands in the same passage."""
    found = quotation(visible, quote, quote.label if isinstance(quote, Point) else None)
    last = next((block for block in reversed(before) if isinstance(block, Quotation)), None)
    return replace(found, heading="") if last and last.passage == found.passage else found


def _taken(errata: list[Note], passage: str) -> list[Note]:
    """Take the errata of a passage out of the list, so that each is shown once."""
    found = [note for note in errata if passage in note.touches]
    errata[:] = [note for note in errata if note not in found]
    return found


def _topic_buttons(visible: Visible, part: Topic, language: str) -> tuple[Action, ...]:
    _ = speaking(language)
    buttons = []
    if section := visible.section_of(part.lead.passage):
        buttons.append(button(visible, _("Full section"), "brief show", name=section.id))
    buttons.append(button(visible, _("Source"), "brief source", passage=part.lead.passage))
    if any(part.id in watch_date.touches for watch_date in visible.brief.watch_dates):
        buttons.append(button(visible, _("Related dates"), "brief dates", topic=part.id))
    return (*buttons, _share(visible, part, _("Share to channel")))


def _share(visible: Visible, part: Topic, label: str) -> Action:
    options = (("brief", visible.brief.brief), ("name", part.id))
    return Action(label, Press("share", "brief topic", options, visible.brief.brief, visible.revision))


def topics(visible: Visible, today: date, language: str) -> Reply:
    """Every topic with its command."""
    _ = speaking(language)
    items = tuple(text(Code(f"/{part.command}"), f": {part.description}") for part in visible.brief.topics)
    return Reply(
        _("Topics of {title}").format(title=visible.brief.title),
        (
            *warning(visible, today, language),
            Listing(items),
            Prose(filled(_("Each also answers as {command}."), command=Code("/brief topic NAME"))),
        ),
        footer=footer(visible, today, language),
    )


def section(visible: Visible, part: Section, today: date, language: str) -> Reply:
    """A section: all its passages, then the editor's notes on them."""
    passages = [visible.source.passages[id] for id in part.passages if visible.passage(id)]
    blocks = _passages(passages, language)
    here = [each for each in visible.brief.judgements if each.passage in part.passages]
    judged = [block for each in here for block in outcome(each, visible.brief, today, language)]
    found = notes(visible.notes_on(_touching_ids(visible, part, part.passages)), language)
    return Reply(
        part.title,
        (*warning(visible, today, language), *blocks, *judged, *found),
        footer=footer(visible, today, language, [passage.id for passage in passages]),
    )


def _passages(passages: Iterable[Passage], language: str) -> list[Block]:
    _ = speaking(language)
    labels = {"passage": None, "caption": _("Photo caption"), "imprint": _("Date line")}
    return [
        Quotation(passage.text, passage.id, passage.heading, label=labels[passage.kind])
        for passage in passages
    ]


def recommendation(visible: Visible, part: Recommendation, today: date, language: str) -> Reply:
    """One recommendation: the whole passage, its shortest words highlighted."""
    blocks = _recommended(visible, part, language)
    return Reply(
        part.title,
        (*warning(visible, today, language), *blocks),
        footer=footer(visible, today, language, [part.passage]),
    )


def _recommended(visible: Visible, part: Recommendation, language: str) -> list[Block]:
    passage = visible.source.passages[part.passage]
    ids = _touching_ids(visible, part, [part.passage]) - {s.id for s in visible.brief.sections}
    return [whole(passage, span_of(passage, part.quote)), *notes(visible.notes_on(ids), language)]


def recommendations(visible: Visible, today: date, language: str) -> Reply:
    """All recommendations, each whole."""
    _ = speaking(language)
    blocks: list[Block] = [*warning(visible, today, language)]
    for number, part in enumerate(visible.brief.recommendations, 1):
        blocks += [Heading(f"{number}. {part.title}"), *_recommended(visible, part, language)]
    if not visible.brief.recommendations:
        blocks.append(Prose(text(_("This report makes no recommendations."))))
    passages = [part.passage for part in visible.brief.recommendations]
    return Reply(
        _("Recommendations of {title}").format(title=visible.brief.title),
        tuple(blocks),
        footer=footer(visible, today, language, passages),
    )


def source(visible: Visible, passage: Passage, today: date, language: str) -> Reply:
    """A whole passage as it stands in the report, and where the report came from."""
    _ = speaking(language)
    brief = visible.brief
    publisher = _("publisher unknown") if brief.publisher == "unknown" else brief.publisher
    origin = _("{title}, {publisher}, dated {date}.").format(
        title=brief.title, publisher=publisher, date=long_date(brief.published, language)
    )
    section_ = visible.section_of(passage.id)
    ids = {passage.id, *([section_.id] if section_ else [])}
    return Reply(
        _("Source: {passage}").format(passage=passage.id),
        (
            *warning(visible, today, language), *_passages([passage], language), Prose(text(origin)),
            *notes(visible.notes_on(ids), language),
        ),
        footer=footer(visible, today, language, [passage.id]),
    )  # fmt: skip


def found(visible: Visible, query: str, hits: Sequence[Hit], today: date, language: str) -> Reply:
    """What a search found: whole sentences, those that match highlighted, with the notes on them."""
    _ = speaking(language)
    blocks: list[Block] = [*warning(visible, today, language)]
    for hit in hits:
        blocks.append(_excerpt(visible.source.passages[hit.passage], hit.span))
    passages = [hit.passage for hit in hits]
    blocks += notes(visible.notes_on(passages), language)
    return Reply(
        _("Passages on “{query}”").format(query=query),
        tuple(blocks),
        actions=tuple(button(visible, _("Source: {passage}").format(passage=id), "brief source", passage=id)
                      for id in passages[:3]),
        footer=footer(visible, today, language, passages),
    )  # fmt: skip


def _excerpt(passage: Passage, span: tuple[int, int]) -> Quotation:
    start, end = window(passage.text, span)
    highlight = (span[0] - start, span[1] - start)
    return Quotation(passage.text[start:end], passage.id, passage.heading, highlight)


def not_found(visible: Visible, query: str, nearest: Sequence[Section], today: date, language: str) -> Reply:
    """Say that nothing matches, and offer the nearest sections."""
    _ = speaking(language)
    said = _("Nothing in “{title}” matches “{query}”. The nearest sections:").format(
        title=visible.brief.title, query=query
    )
    return Reply(
        _("Nothing found"),
        (
            *warning(visible, today, language),
            Prose(text(said)),
            Listing(tuple(text(s.title) for s in nearest)),
        ),
        actions=tuple(button(visible, s.title, "brief show", name=s.id) for s in nearest),
        footer=footer(visible, today, language),
    )
