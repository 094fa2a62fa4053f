"""Whether what a brief quotes stands in its report, and says enough without saying all."""

from collections.abc import Iterator

from briefs.faults import said
from briefs.findings import Finding
from briefs.folding import fold
from briefs.known import Cited, Known, no_passage, quotes_of
from briefs.marking import N_
from briefs.source import Passage, find_quote, nearest, nearest_in


def quoted(known: Known) -> Iterator[Finding]:
    """Give everything that is wrong with a brief's quotes."""
    yield from _quotes(known)
    yield from _likelihoods(known)
    yield from _leads(known)


def _quotes(known: Known) -> Iterator[Finding]:
    for cited in quotes_of(known.brief):
        passage = known.source.passages.get(cited.passage)
        if passage is None and cited.path[0] == "answers":
            continue  # the entry's key names the passage: it is refused once, for all its questions
        if passage is None:
            yield from no_passage((*cited.path, "passage"), cited.passage, known)
            continue
        span = find_quote(passage, cited.quote)
        if span is None:
            yield _misquote(cited, passage, known)
        elif cited.path[0] == "topics" and _is_whole(passage, span):
            kind = "lead" if cited.path[-1] == "lead" else "point"
            yield Finding(
                (*cited.path, "quote"),
                N_("a {kind} quotes the whole passage {id}", kind=kind, id=passage.id),
                said(cited.quote),
                N_("quote the words that matter; the section shows all of it"),
            )  # fmt: skip


def _is_whole(passage: Passage, span: tuple[int, int]) -> bool:
    start, end = span
    return not fold(passage.text[:start]) and not fold(passage.text[end:])


def _misquote(cited: Cited, passage: Passage, known: Known) -> Finding:
    near = nearest_in(passage, cited.quote)
    if known.may_search():
        best = nearest(known.source, cited.quote)
        near = best if best.score > near.score else near
    return Finding(
        (*cited.path, "quote"), N_("the quote does not stand in passage {id}", id=passage.id), said(cited.quote),
        N_("the nearest text is {text} in {passage}: copy the words exactly as they stand there",
           text=said(near.text, 400), passage=near.passage),
    )  # fmt: skip


def _likelihoods(known: Known) -> Iterator[Finding]:
    for at, judgement in enumerate(known.brief.judgements):
        if fold(judgement.likelihood) not in fold(judgement.quote):
            yield Finding(
                ("judgements", at, "likelihood"), N_("the likelihood is not a part of the judgement's quote"),
                said(judgement.likelihood), N_("copy its words from {quote}", quote=said(judgement.quote, 400)),
            )  # fmt: skip
    for at, other in enumerate(known.brief.not_judgements):
        if fold(other.word) not in fold(other.quote):
            yield Finding(
                ("not_judgements", at, "word"), N_("the word is not a part of its quote"), said(other.word),
                N_("copy it from {quote}", quote=said(other.quote, 400)),
            )  # fmt: skip


def _leads(known: Known) -> Iterator[Finding]:
    first: dict[tuple[str, str], str] = {}
    for at, topic in enumerate(known.brief.topics):
        key = (topic.lead.passage, fold(topic.lead.quote))
        if key in first:
            yield Finding(
                ("topics", at, "lead"), N_("two topics have the same lead"),
                N_("{quote}, which is also the lead of {first}", quote=said(topic.lead.quote), first=first[key]),
                N_("lead with other words, or make one topic of the two"),
            )  # fmt: skip
        first.setdefault(key, topic.id)
