"""A brief's timeline as a reply: pictures of what was and what comes, each with the same list beside it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from briefs.timeline import Entry
from commands.drawing.sheet import Sheet
from commands.model import Action, Block, Heading, Listing, Picture, Press, Prose, Reply, text
from commands.pages import FIRST, paginate, size
from commands.views.parts import footer, warning
from commands.views.report import button
from commands.views.timeline_picture import Wanted, picture, sheet, span
from commands.views.timeline_pieces import pieces
from commands.views.timeline_words import Line, Teller
from commands.wording import long_date, speaking

SPANS = ("3 months", "1 year", "since the report", "all")
USUAL = "1 year"

Paint = Callable[[Sheet], bytes]


def timeline(entries: Sequence[Entry], wanted: Wanted, teller: Teller, paint: Paint, page: int = 1) -> Reply:
    """The picture around today first, then those of what comes later, then those of what was earlier.

    Only what stands on `page` of the reply is painted: a picture takes a tenth of a second.
    """
    _, language = speaking(teller.language), teller.language
    lines = [teller.line(each) for each in entries]
    blocks: list[Block] = [
        *warning(teller.visible, teller.today, language), Prose(text(_intro(lines, wanted, teller)))
    ]  # fmt: skip
    sheets: dict[str, Sheet] = {}
    for heading, piece in pieces(lines, wanted, teller, FIRST - sum(map(size, blocks))):
        shown = picture(piece, wanted, teller)
        sheets[shown.alt] = sheet(piece, wanted, teller)
        blocks += [Heading(heading)] if heading else []
        blocks += [shown, Listing(tuple(line.said for line in piece.lines))]
    reply = Reply(
        _("Timeline of {title}").format(title=teller.visible.brief.title),
        tuple(blocks),
        actions=_buttons(wanted, teller),
        footer=footer(teller.visible, teller.today, language),
        summary=_summary(lines, wanted, teller),
    )
    return reply.with_(blocks=tuple(_painted(reply, page, sheets, wanted.theme, paint)))


def _painted(reply: Reply, page: int, sheets: dict[str, Sheet], theme: str, paint: Paint) -> Iterator[Block]:
    """The blocks of a reply with the pictures of one page painted."""
    shown = paginate(reply)
    wanted = {each.alt for each in shown[min(page, len(shown)) - 1].blocks if isinstance(each, Picture)}
    for block in reply.blocks:
        if isinstance(block, Picture) and block.alt in wanted:
            light = sheets[block.alt]
            dark = replace(light, dark=True)
            png = paint(dark if theme == "dark" else light)
            yield replace(block, png=png, dark=paint(dark) if theme == "auto" else b"")
        else:
            yield block


def _intro(lines: Sequence[Line], wanted: Wanted, teller: Teller) -> str:
    _ = speaking(teller.language)
    days = span(wanted, teller.language)
    if lines:
        return _("{span}; today is {today}.").format(
            span=days, today=long_date(teller.today, teller.language)
        )
    said = _("Nothing of this brief falls into these days ({span}). Ask for more with span=all.")
    return said.format(span=days)


def _summary(lines: Sequence[Line], wanted: Wanted, teller: Teller) -> str:
    """One sentence for notifications: how much was, how much comes, and what comes next."""
    _ = speaking(teller.language)
    coming = [line for line in lines if line.row.tense != "past"]
    if not coming:
        return _intro(lines, wanted, teller)
    said = _("To come: {coming}; past: {past}. Next is {day} ({far}): {words}")
    next_ = coming[0]
    return said.format(
        past=len(lines) - len(coming), coming=len(coming), day=next_.day, far=next_.row.far, words=next_.row.words
    )  # fmt: skip


def span_words(span: str, language: str) -> str:
    """Name one of SPANS."""
    _ = speaking(language)
    return {
        "3 months": _("3 months"), "1 year": _("1 year"),
        "since the report": _("Since the report"), "all": _("All"),
    }[span]  # fmt: skip


def _buttons(wanted: Wanted, teller: Teller) -> tuple[Action, ...]:
    _, visible = speaking(teller.language), teller.visible
    theme = {} if wanted.theme == "auto" else {"theme": wanted.theme}
    spans = tuple(
        button(visible, span_words(span, teller.language), "brief timeline", span=span, **theme)
        for span in SPANS
        if span != wanted.span
    )
    options = tuple(sorted({"brief": visible.brief.brief, "span": wanted.span, **theme}.items()))
    if not wanted.span:
        given = {"from": str(wanted.first), "to": str(wanted.last), "brief": visible.brief.brief, **theme}
        options = tuple(sorted(given.items()))
    share = Press("share", "brief timeline", options, visible.brief.brief, visible.revision)
    return (
        *spans,
        button(visible, _("All dates"), "brief dates"),
        button(visible, _("Remind me"), "brief follow"),
        Action(_("Share to channel"), share),
    )
