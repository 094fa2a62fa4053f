"""What no single key shows: whether a brief agrees with its report and with itself.

Each check gives findings whose paths are those of the brief's own data. `Known` holds the names that
exist, with those of parts that the schema refused: what may exist after all is not complained of.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence

from briefs.command_names import ROOTS, SLACK_OWN, free_name
from briefs.date_checks import dates
from briefs.faults import meant, said
from briefs.findings import Finding, Path
from briefs.known import Known, former_ids_of, ids_of, no_passage, quotes_of
from briefs.marking import N_
from briefs.quote_checks import quoted
from briefs.schema import Brief, Note, Questions, WatchDate
from briefs.source import Source


def check(brief: Brief, source: Source, spared: frozenset[str] = frozenset()) -> list[Finding]:
    """Give everything in which a brief contradicts its report or itself."""
    known = Known(brief, source, spared)
    checks: tuple[Callable[[Known], Iterable[Finding]], ...] = (
        quoted, _passages, _unique_ids, _commands, _touched, _reached, _answers, _not_covered, _words,
    )  # fmt: skip
    return [finding for each in checks for finding in each(known)] + list(dates(brief))


def _passages(known: Known) -> Iterator[Finding]:
    for at, section in enumerate(known.brief.sections):
        seen: set[str] = set()
        for number, id in enumerate(section.passages):
            path = ("sections", at, "passages", number)
            if id not in known.source.passages:
                yield from no_passage(path, id, known)
            elif id in seen:
                yield Finding(
                    path,
                    N_("section {id} holds a passage twice", id=section.id),
                    said(id),
                    N_("name it once"),
                )
            seen.add(id)


def _unique_ids(known: Known) -> Iterator[Finding]:
    first: dict[str, Path] = {}
    for path, id in ids_of(known.brief):
        if id in first:
            yield Finding(
                (*path, "id"), N_("two parts of the brief have the same id"),
                N_("{id}, which is also an id in {first}", id=said(id), first=first[id][0]),
                N_("give one of them another id, like {id}-2", id=id),
            )  # fmt: skip
        first.setdefault(id, path)
    former: set[str] = set()
    for path, id, now in former_ids_of(known.brief):
        if id in first or id in former:
            yield Finding(
                path, N_("a former id is in use elsewhere in the brief"), said(id),
                N_("take it out of formerly of {now}, or give the other part another id", now=now),
            )  # fmt: skip
        former.add(id)


def _commands(known: Known) -> Iterator[Finding]:
    first: dict[str, str] = {}
    for at, topic in enumerate(known.brief.topics):
        name = topic.command
        said_of = _taken(name, first)
        if said_of:
            free = free_name(name, known.brief.brief, {each.command for each in known.brief.topics})
            yield Finding(
                ("topics", at, "command"), *said_of, N_("choose another name, like {free}", free=free)
            )
        first.setdefault(name, topic.id)


def _taken(name: str, first: dict[str, str]) -> tuple[str, str] | None:
    """Say whose command it is already, and what was found; None where it is free."""
    if name in ROOTS:
        return N_("the command {name} belongs to the bot itself", name=name), said(name)
    if name in SLACK_OWN:
        return N_("the command {name} belongs to Slack itself", name=name), said(name)
    if name in first:
        return N_("two topics have the same command"), N_(
            "{name}, which is also the command of {first}", name=said(name), first=first[name]
        )
    return None


def _touched(known: Known) -> Iterator[Finding]:
    kinds: dict[str, Sequence[WatchDate | Note]] = {
        "watch_dates": known.brief.watch_dates,
        "notes": known.brief.notes,
    }
    for kind, parts in kinds.items():
        for at, part in enumerate(parts):
            for number, id in enumerate(part.touches):
                if id not in known.ids and id not in known.source.passages and id not in known.spared:
                    yield _touches_nothing((kind, at, "touches", number), id, known)
    for at, note in enumerate(known.brief.notes):
        if not note.touches:
            yield Finding(
                ("notes", at, "touches"), N_("the note {id} touches nothing, so nobody would see it", id=note.id),
                N_("no touches"), N_("write the ids of what it is about, like touches: [talks-1]"),
            )  # fmt: skip


def _touches_nothing(path: Path, id: str, known: Known) -> Finding:
    now = known.former.get(id)
    near = meant(id, [*known.ids, *known.source.passages]) if known.may_search() else None
    if now:
        hint = N_("it is called {now} now: write that", now=now)
    else:
        hint = (
            N_("did you mean {near}?", near=near)
            if near
            else N_("write the id of a part, a point or a passage")
        )
    return Finding(path, N_("no part and no passage has the id {id}", id=id), said(id), hint)


def _reached(known: Known) -> Iterator[Finding]:
    """Find what no reader would ever be shown. Where the report comes from (an imprint) stands apart."""
    reached = {id for section in known.brief.sections for id in section.passages} | known.spared
    reached |= {cited.passage for cited in quotes_of(known.brief) if cited.path[0] == "topics"}
    for passage in known.source.passages.values():
        if passage.id not in reached and passage.kind != "imprint":
            yield Finding(
                ("sections",), N_("the {kind} {id} is in no section and in no topic", kind=passage.kind, id=passage.id),
                N_("it only in the report, line {line}", line=passage.line),
                N_("add its id to the passages of a section"),
            )  # fmt: skip


def _answers(known: Known) -> Iterator[Finding]:
    for id in known.brief.answers:
        if id not in known.source.passages:
            for finding in no_passage(("answers", id), id, known):
                yield finding._replace(at_key=True)


def _not_covered(known: Known) -> Iterator[Finding]:
    answered = {
        asked.casefold(): id
        for id, entries in known.brief.answers.items()
        for entry in entries
        for asked in entry.questions
    }
    for at, question in enumerate(known.brief.not_covered):
        if not question.strip():
            yield Finding(
                ("not_covered", at),
                N_("one of the questions of not_covered is empty"),
                '""',
                N_("write it, or take it out"),
            )
        elif question.casefold() in answered:
            yield Finding(
                ("not_covered", at), N_("a question of not_covered is answered all the same"), said(question),
                N_("take it out here, or out of the answers of {passage}", passage=answered[question.casefold()]),
            )  # fmt: skip


def _texts_of(words: Sequence[str | Questions]) -> Iterator[tuple[Path, str]]:
    """Give every text of an entry of aliases, glossary or answers with its path inside the entry."""
    for number, word in enumerate(words):
        if isinstance(word, str):
            yield (number,), word
        elif len(word.questions) == 1 and word.quote is None:
            yield (number,), word.questions[0]
        else:
            yield from (((number, "questions", at), asked) for at, asked in enumerate(word.questions))


def _words(known: Known) -> Iterator[Finding]:
    for kind in ("aliases", "glossary", "answers"):
        for key, words in getattr(known.brief, kind).items():
            what = N_("questions") if kind == "answers" else N_("words")
            if not key.strip():
                yield Finding(
                    (kind, key),
                    N_("an entry of {kind} has no name", kind=kind),
                    '""',
                    N_("write its name"),
                    at_key=True,
                )
            if not words:
                yield Finding(
                    (kind, key),
                    N_("{key} in {kind} has no {what}", key=said(key)[1:-1], kind=kind, what=what),
                    N_("an empty list"),
                    N_("write its {what}, or take the entry out", what=what),
                )  # fmt: skip
            for number, word in enumerate(words):
                if isinstance(word, Questions) and not word.questions:
                    yield Finding(
                        (kind, key, number, "questions"),
                        N_("a quote of {key} in answers has no questions", key=said(key)[1:-1]),
                        N_("an empty list"), N_("write the questions that it answers, or take the entry out"),
                    )  # fmt: skip
            for place, word in _texts_of(words):
                if not word.strip():
                    yield Finding(
                        (kind, key, *place),
                        N_("one of the {what} of {key} in {kind} is empty", what=what, key=said(key)[1:-1], kind=kind),
                        '""',
                        N_("write it, or take it out"),
                    )  # fmt: skip
